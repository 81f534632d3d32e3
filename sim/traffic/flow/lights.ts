/** What the lamps of a cabinet say to the drivers of each way, and to people at the kerb. */
import { hasBit, type Bits } from '#base/bits.ts'
import type { HeadSource } from '#signal/heads.ts'
import type { SignalStatus } from '#signal/status.ts'
import type { JunctionNumber, StreetNetwork } from '../streets/street-network.ts'
import { LAMP } from './flow.ts'

/** The lamps of a junction as they are seen from the street. */
export type Lamps = Pick<
  SignalStatus,
  'greens' | 'yellows' | 'walks' | 'overlapGreens' | 'overlapYellows' | 'overlapFlashes'
> & {
  /** All flash, or are dark: who is shown no yellow stops and looks. */
  readonly flashes?: boolean
  /** Phases whose lamps flash yellow: bit field. */
  readonly flashYellows?: Bits
}

/** Nothing lets anybody go. */
export const DARK_LAMPS: Lamps = {
  greens: 0,
  yellows: 0,
  walks: 0,
  overlapGreens: 0,
  overlapYellows: 0,
  overlapFlashes: 0,
  flashes: true,
}

/** Writes what each way of the junction is shown. */
export function readLamps(network: StreetNetwork, junction: JunctionNumber, lamps: Lamps, into: Uint8Array): void {
  for (const way of network.junctions[junction]?.ways ?? []) {
    const head = network.ways[way]?.head ?? null
    into[way] = head === null ? LAMP.go : lampFor(head, lamps)
  }
}

/** Whether people may begin to cross. */
export function walkIsOn(head: HeadSource, lamps: Lamps): boolean {
  if (lamps.flashes === true) return true
  return head.kind === 'pedestrian' ? hasBit(lamps.walks, head.phase) : lampFor(head, lamps) === LAMP.go
}

/** Red-amber is still red to a driver who keeps to the law; a flashing arrow lets him go, as a green does where lefts give way. */
function lampFor(head: HeadSource, lamps: Lamps): number {
  if (lamps.flashes === true) return flashesYellow(head, lamps) ? LAMP.go : LAMP.stopAndGo
  const overlap = 'overlap' in head
  const number = overlap ? head.overlap : head.phase
  if (hasBit(overlap ? lamps.overlapGreens | lamps.overlapFlashes : lamps.greens, number)) return LAMP.go
  return hasBit(overlap ? lamps.overlapYellows : lamps.yellows, number) ? LAMP.caution : LAMP.stop
}

const flashesYellow = (head: HeadSource, { flashYellows = 0 }: Lamps): boolean =>
  head.kind === 'vehicle' && hasBit(flashYellows, head.phase)
