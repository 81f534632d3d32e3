/** The part of the sceptic that looks at nothing but lamps: each shows what it is driven by, and conflicting ones are cleared. */
import { at } from '#base/at.ts'
import { hasBit, listBits, type Bits } from '#base/bits.ts'
import { channelConflicts } from '#signal/conflicts.ts'
import type { Channel, HeadSource } from '#signal/heads.ts'
import type { Intersection } from '#signal/intersection.ts'
import type { SignalStatus } from '#signal/status.ts'

interface Watched {
  readonly channel: Channel
  /** After its yellow, before a conflicting channel may begin. */
  readonly redClearMs: number
  moving: boolean
  /** Since the end of its right of way, or of the yellow after it. */
  restMs: number
}

export class ChannelWatch {
  readonly faults: string[] = []
  readonly #conflicts: readonly Bits[]
  readonly #channels: readonly Watched[]

  constructor(intersection: Intersection) {
    this.#conflicts = channelConflicts(intersection)
    this.#channels = intersection.channels.map((channel) => ({
      channel,
      redClearMs: redClearOf(intersection, channel.source),
      moving: false,
      restMs: Infinity,
    }))
  }

  /** `moving`: the channels that have right of way, or the yellow after it. */
  see(status: SignalStatus, moving: Bits, elapsedMs: number): void {
    for (const channel of listBits(moving))
      if ((at(this.#conflicts, channel) & moving) !== 0) this.faults.push(`channel ${channel} conflicts with another`)
    for (const { channel } of this.#channels) this.#seeLamps(channel, status)
    for (const watched of this.#channels) watched.restMs = watched.moving ? 0 : watched.restMs + elapsedMs
    for (const watched of this.#channels)
      if (!watched.moving && hasBit(moving, watched.channel.id)) this.#seeBegin(watched.channel.id, status)
    for (const watched of this.#channels) watched.moving = hasBit(moving, watched.channel.id)
  }

  #seeBegin(begun: number, { overlapGreens }: SignalStatus): void {
    for (const { channel, redClearMs, restMs } of this.#channels) {
      const { id, source } = channel
      if (!hasBit(at(this.#conflicts, begun), id) || restMs >= redClearMs) continue
      // An arrow that turns from flashing to green is not cleared before the phase that protects it, and who runs with that.
      if (source.kind === 'flashingArrow' && hasBit(overlapGreens, source.overlap)) continue
      this.faults.push(`channel ${begun} begins ${restMs} of ${redClearMs} ms after channel ${id}`)
    }
  }

  #seeLamps({ id, source }: Channel, status: SignalStatus): void {
    const lit = [status.channelReds, status.channelYellows, status.channelGreens].map((bits) => hasBit(bits, id))
    const driven = drivenLamps(source, status)
    // The section that flashes is dark every other half second.
    const agrees = lit.every((lamp, index) => lamp === driven[index] || (!lamp && source.kind === 'flashingArrow'))
    if (!agrees) this.faults.push(`channel ${id} does not show what ${source.kind} ${numberOf(source)} says`)
  }
}

/** Red, yellow and green, as its phase or overlap stands in the status. */
function drivenLamps(source: HeadSource, status: SignalStatus): boolean[] {
  const of = (...fields: readonly Bits[]) => fields.map((bits) => hasBit(bits, numberOf(source)))
  const { reds, redAmbers, yellows, greens } = status
  if (source.kind === 'vehicle') return of(reds | redAmbers, yellows | redAmbers, greens)
  if (source.kind === 'pedestrian') return of(status.dontWalks, status.pedClears, status.walks)
  if (source.kind === 'overlap') return of(status.overlapReds, status.overlapYellows, status.overlapGreens)
  return of(0, 0, status.overlapFlashes)
}

const numberOf = (source: HeadSource): number => ('overlap' in source ? source.overlap : source.phase)

/** At least: an overlap clears with its own time, or with that of the phase that carried it last. */
function redClearOf({ phases, overlaps }: Intersection, source: HeadSource): number {
  if (source.kind === 'pedestrian') return 0
  const overlap = 'overlap' in source ? overlaps.find(({ id }) => id === source.overlap) : undefined
  if (overlap?.kind === 'pedestrian') return 0
  if (overlap !== undefined && overlap.trailingRedMs > 0) return overlap.trailingRedMs
  const lighting = overlap ? [...overlap.included, ...overlap.modifiers] : [numberOf(source)]
  return Math.min(
    ...phases.filter(({ id }) => lighting.some((each) => each === id)).map(({ timing }) => timing.redClearMs),
  )
}
