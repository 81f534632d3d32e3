/** The part of the sceptic that looks at overlaps: what each kind may show after what, for how long, and beside whom. */
import { hasBit, type Bits } from '#base/bits.ts'
import { EVENT } from '#signal/events.ts'
import type { Overlap } from '#signal/heads.ts'
import type { Intersection } from '#signal/intersection.ts'
import type { Phase } from '#signal/phase.ts'
import type { SignalStatus } from '#signal/status.ts'

type Lamp = 'red' | 'redAmber' | 'green' | 'yellow' | 'flash'

/** What each lamp may be followed by. Steps may skip a red clearance of 0. */
const NEXT: Readonly<Record<Overlap['kind'], Readonly<Partial<Record<Lamp, readonly Lamp[]>>>>> = {
  normal: { red: ['redAmber', 'green'], redAmber: ['green'], green: ['yellow'], yellow: ['red'] },
  minusGreenYellow: { red: ['redAmber', 'green'], redAmber: ['green'], green: ['yellow'], yellow: ['red'] },
  flashingYellowArrow: {
    red: ['redAmber', 'green', 'flash'],
    redAmber: ['green'],
    green: ['yellow'],
    yellow: ['red', 'flash'],
    flash: ['green', 'yellow'],
  },
  pedestrian: { red: ['green'], green: ['yellow'], yellow: ['red', 'green'] },
}

const LOGS: Readonly<Record<number, Lamp>> = {
  [EVENT.arrowFlashBegin]: 'flash',
  [EVENT.overlapGreen]: 'green',
  [EVENT.overlapTrailing]: 'green',
  [EVENT.overlapYellow]: 'yellow',
  [EVENT.overlapRedClear]: 'red',
  [EVENT.overlapOff]: 'red',
  [EVENT.pedOverlapWalk]: 'green',
  [EVENT.pedOverlapClear]: 'yellow',
  [EVENT.pedOverlapDontWalk]: 'red',
}

/** What one overlap shows, and since when. */
interface Shown {
  readonly overlap: Overlap
  readonly included: readonly Phase[]
  lamp: Lamp
  lampMs: number
  logged: Lamp
  /** Its right of way, or the yellow after it, is that of the flashing section. */
  flashed: boolean
}

export class OverlapWatch {
  readonly faults: string[] = []
  readonly #intersection: Intersection
  readonly #overlaps: readonly Shown[]

  constructor(intersection: Intersection) {
    this.#intersection = intersection
    this.#overlaps = intersection.overlaps.map((overlap) => ({
      overlap,
      included: intersection.phases.filter(({ id }) => overlap.included.includes(id)),
      lamp: 'red',
      lampMs: 0,
      logged: 'red',
      flashed: false,
    }))
  }

  record(code: number, parameter: number): void {
    const lamp = LOGS[code]
    if (lamp === undefined) return
    const shown = this.#overlaps.find(({ overlap }) => overlap.id === parameter)
    if (shown === undefined) this.faults.push(`event ${code} of unknown overlap ${parameter}`)
    else shown.logged = lamp
  }

  see(status: SignalStatus, elapsedMs: number): void {
    for (const shown of this.#overlaps) {
      shown.lampMs += elapsedMs
      const lamp = lampOf(status, shown.overlap.id)
      if (lamp !== 'redAmber' && lamp !== shown.logged)
        this.#fault(shown, `shows ${lamp}, its log says ${shown.logged}`)
      this.#seeBeside(shown, lamp, status)
      if (lamp !== shown.lamp) this.#seeChange(shown, lamp)
      this.#seeSections(shown, status)
    }
  }

  /** The channels that have right of way, a yellow after flashing counted as the section's that flashed. */
  movingChannels({ channelGreens, channelYellows, channelReds }: SignalStatus): Bits {
    let moving = channelGreens | (channelYellows & ~channelReds)
    for (const { overlap, flashed, lamp } of this.#overlaps) {
      if (!flashed) continue
      const { arrow, flash } = this.#channelsOf(overlap)
      moving &= ~arrow
      if (lamp === 'yellow' || lamp === 'flash') moving |= flash
    }
    return moving >>> 0
  }

  #seeBeside(shown: Shown, lamp: Lamp, status: SignalStatus): void {
    const { overlap, included } = shown
    const { greens, yellows, walks, pedClears } = status
    const some = (those: Bits, phases: readonly number[]) => phases.some((phase) => hasBit(those, phase))
    if (overlap.kind === 'normal' && some(greens, overlap.included) && lamp !== 'green')
      this.#fault(shown, `shows ${lamp} beside a green phase`)
    if (overlap.kind === 'minusGreenYellow' && lamp !== 'red' && some(greens | yellows, overlap.modifiers))
      this.#fault(shown, `shows ${lamp} beside a modifier`)
    if (overlap.kind === 'flashingYellowArrow') {
      if (some(greens, overlap.modifiers) && lamp !== 'green')
        this.#fault(shown, `shows ${lamp} beside its protected green`)
      if (lamp === 'green' && some(greens | yellows, this.#against(overlap)))
        this.#fault(shown, 'is green beside the oncoming street')
    }
    if (overlap.kind !== 'pedestrian') return
    const numbers = included.map(({ id }) => id)
    const walk = some(walks, numbers) ? 'green' : some(pedClears, numbers) ? 'yellow' : 'red'
    if (walk !== lamp) this.#fault(shown, `shows ${lamp}, its phases ${walk}`)
  }

  /** Permissive phases that may run with none of the protected ones. */
  #against({ included, modifiers }: Overlap): number[] {
    const { phases } = this.#intersection
    const ringAndBarrier = (id: number) => phases.find((phase) => phase.id === id)
    return included.filter((id) =>
      modifiers.every((other) => {
        const [a, b] = [ringAndBarrier(id), ringAndBarrier(other)]
        return a?.ring === b?.ring || a?.barrier !== b?.barrier
      }),
    )
  }

  #seeChange(shown: Shown, lamp: Lamp): void {
    const { overlap, included, lamp: before, lampMs } = shown
    if (!NEXT[overlap.kind][before]?.includes(lamp)) this.#fault(shown, `goes from ${before} to ${lamp}`)
    const isVehicle = overlap.kind !== 'pedestrian'
    const shortest = (time: 'yellowMs' | 'minGreenMs') =>
      Math.min(...this.#lighting(shown).map(({ timing }) => timing[time]))
    const yellowMs = overlap.trailingYellowMs || shortest('yellowMs')
    if (isVehicle && before === 'yellow' && lampMs < yellowMs) this.#fault(shown, `cuts its yellow to ${lampMs} ms`)
    const minGreenMs = Math.min(...included.map(({ timing }) => timing.minGreenMs))
    const flashEnds = before === 'flash' && lamp === 'yellow'
    const greenEnds = before === 'green' && overlap.kind === 'minusGreenYellow'
    if ((flashEnds || greenEnds) && lampMs < minGreenMs) this.#fault(shown, `shows ${before} for ${lampMs} ms only`)
    if (lamp !== 'yellow') shown.flashed = lamp === 'flash'
    shown.lamp = lamp
    shown.lampMs = 0
  }

  #lighting({ overlap, included }: Shown): readonly Phase[] {
    const protecting = overlap.kind === 'flashingYellowArrow' ? overlap.modifiers : []
    return [...included, ...this.#intersection.phases.filter(({ id }) => protecting.includes(id))]
  }

  /** The section that flashes is lit while it flashes, on and off, and never beside another lamp of the arrow. */
  #seeSections(shown: Shown, { channelReds, channelYellows, channelGreens }: SignalStatus): void {
    if (shown.overlap.kind !== 'flashingYellowArrow') return
    const { arrow, flash } = this.#channelsOf(shown.overlap)
    const lit = (channelReds | channelYellows | channelGreens) & arrow
    if (shown.lamp === 'flash' ? lit !== 0 : lit !== arrow)
      this.#fault(shown, 'shows the arrow wrongly beside its flash')
    if (shown.lamp !== 'flash' && (channelGreens & flash) !== 0) this.#fault(shown, 'lights its flash beside the arrow')
    if (shown.lamp === 'flash' && shown.lampMs === 0 && (channelGreens & flash) === 0)
      this.#fault(shown, 'begins to flash dark')
    if (((channelReds | channelYellows) & flash) !== 0)
      this.#fault(shown, 'lights what its flashing section does not have')
  }

  #channelsOf({ id }: Overlap): { arrow: Bits; flash: Bits } {
    const of = (kind: string) =>
      this.#intersection.channels
        .filter(({ source }) => source.kind === kind && 'overlap' in source && source.overlap === id)
        .reduce((bits, channel) => bits | (1 << (channel.id - 1)), 0)
    return { arrow: of('overlap'), flash: of('flashingArrow') }
  }

  #fault({ overlap }: Shown, message: string): void {
    this.faults.push(`overlap ${overlap.id} (${overlap.kind}) ${message}`)
  }
}

function lampOf(status: SignalStatus, overlap: number): Lamp {
  if (hasBit(status.overlapGreens, overlap)) return 'green'
  if (hasBit(status.overlapFlashes, overlap)) return 'flash'
  if (!hasBit(status.overlapYellows, overlap)) return 'red'
  return hasBit(status.overlapReds, overlap) ? 'redAmber' : 'yellow'
}
