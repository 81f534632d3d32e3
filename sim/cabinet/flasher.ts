/** The flasher of a cabinet: what the lamps do without any controller, by right or because the monitor has tripped. */
import { bitsOf, type Bits } from '#base/bits.ts'
import type { PhaseId } from '#base/id.ts'
import type { Channel } from '#signal/heads.ts'
import type { Intersection } from '#signal/intersection.ts'
import type { ChannelLamps } from './conflict-monitor/sample.ts'

/** Sixty flashes a minute, half of each lit; MUTCD wants 50 to 60 of them. */
const FLASH_MS = 1_000

export interface FlashProgram {
  readonly yellows: Bits
  readonly reds: Bits
}

/**
 * Yellow for the main street, red for all who have to give way to it, dark for pedestrians (MUTCD 2009, 4E.06). The main
 * street is the channels that only `yellowPhases` can light: a group that is green with a side street too has to give way.
 */
export function programFlash({ channels, overlaps }: Intersection, yellowPhases: readonly PhaseId[]): FlashProgram {
  const overlapOf = ({ source }: Channel) =>
    'overlap' in source ? overlaps.find(({ id }) => id === source.overlap) : undefined
  const isMain = (channel: Channel): boolean => {
    if (!('overlap' in channel.source)) return yellowPhases.includes(channel.source.phase)
    const included = overlapOf(channel)?.included ?? []
    return included.length > 0 && included.every((phase) => yellowPhases.includes(phase))
  }
  // The flashing section of a yellow arrow has no lamp but its green output; the arrow's own channel flashes instead.
  const forVehicles = channels.filter(
    (channel) =>
      (channel.source.kind === 'vehicle' || channel.source.kind === 'overlap') &&
      overlapOf(channel)?.kind !== 'pedestrian',
  )
  return {
    yellows: bitsOf(forVehicles.filter(isMain).map(({ id }) => id)),
    reds: bitsOf(forVehicles.filter((channel) => !isMain(channel)).map(({ id }) => id)),
  }
}

const DARK: ChannelLamps = { reds: 0, yellows: 0, greens: 0 }

/** `atMs`: of any time that goes on while it flashes. */
export const flashLamps = ({ reds, yellows }: FlashProgram, atMs: number): ChannelLamps =>
  atMs % FLASH_MS < FLASH_MS / 2 ? { reds, yellows, greens: 0 } : DARK
