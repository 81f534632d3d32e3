/** The lamps by channel, as a controller tells them: of the channels themselves, or, where it does not, of what drives them. */
import { bitsOf, hasBit, withBit, type Bits } from '#base/bits.ts'
import { oncePer } from '#base/once-per.ts'
import type { Channel, HeadSource } from '#signal/heads.ts'
import type { SignalStatus } from '#signal/status.ts'

/** Of a pedestrian channel red is don't walk, yellow its clearance, green walk. */
export interface ShownLamps {
  readonly reds: Bits
  readonly yellows: Bits
  readonly greens: Bits
  /** Channels of which anything is told. */
  readonly read: Bits
}

/** Which of its lamps a controller tells. */
export interface LampSources {
  readonly channels: boolean
  readonly overlaps: boolean
}

type Lamp = 'reds' | 'yellows' | 'greens'

/** The outputs of the channels are what the street sees, broken lamps included; phases and overlaps are what was meant. */
export function shownLamps(signal: SignalStatus, channels: readonly Channel[], told: LampSources): ShownLamps {
  if (told.channels)
    return {
      reds: signal.channelReds,
      yellows: signal.channelYellows,
      greens: signal.channelGreens,
      read: allOf(channels),
    }
  const read = channels.filter(({ source }) => told.overlaps || !('overlap' in source))
  const lit = (lamp: Lamp) =>
    read.reduce((bits, { id, source }) => (isLit(signal, source, lamp) ? withBit(bits, id) : bits), 0)
  return { reds: lit('reds'), yellows: lit('yellows'), greens: lit('greens'), read: bitsOf(read.map(({ id }) => id)) }
}

const allOf = oncePer((channels: readonly Channel[]): Bits => bitsOf(channels.map(({ id }) => id)))

function isLit(signal: SignalStatus, source: HeadSource, lamp: Lamp): boolean {
  switch (source.kind) {
    case 'vehicle':
      return hasBit(signal[lamp] | (lamp === 'greens' ? 0 : signal.redAmbers), source.phase)
    case 'pedestrian':
      return hasBit(signal[WALKERS[lamp]], source.phase)
    case 'overlap':
      return hasBit(signal[OVERLAPS[lamp]], source.overlap)
    case 'flashingArrow':
      return lamp === 'yellows' && hasBit(signal.overlapFlashes, source.overlap)
    default:
      return source satisfies never
  }
}

const WALKERS = { reds: 'dontWalks', yellows: 'pedClears', greens: 'walks' } as const
const OVERLAPS = { reds: 'overlapReds', yellows: 'overlapYellows', greens: 'overlapGreens' } as const
