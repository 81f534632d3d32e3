/** How greens end and begin: through a yellow, and long enough before whoever conflicts; judged by the longest that it can have been. */
import { at } from '#base/at.ts'
import { lowestOf, type Bits } from '#base/bits.ts'
import { noteShown, nothingLasts, provenFor, type Lasting, type Moment } from './lasting.ts'
import { CHANNELS, type MonitorProgram } from './program.ts'
import type { ShownLamps } from './shown-lamps.ts'

/** Least yellow, and least time between conflicting greens: 2.7 s ± 0.1 s as in NEMA TS 2. */
export const CHANGE_MS = 2_600
/** A shorter green is a flicker that nobody drives by: it owes no yellow, and ends nobody's clearance. */
const GREEN_MS = 200

export interface Changes {
  /** Greens that are more than a flicker. */
  established: Bits
  readonly young: Lasting
  /** By channel: when the last look that saw its green was asked for; of the green before this one, when it had ended. */
  readonly seenMonoMs: number[]
  readonly endedMonoMs: number[]
  /** Vehicle channels whose green has ended, and which have shown neither red nor another green since; those with yellow. */
  changing: Bits
  yellowed: Bits
}

export interface ChangeFindings {
  /** Yellow too short, or left out. */
  readonly short: Bits
  /** Greens that began too soon after a conflicting one, and those. */
  readonly tooSoon: Bits
}

export const noChanges = (): Changes => ({
  established: 0,
  young: nothingLasts(),
  seenMonoMs: Array.from({ length: CHANNELS }, () => 0),
  endedMonoMs: Array.from({ length: CHANNELS }, () => Number.NEGATIVE_INFINITY),
  changing: 0,
  yellowed: 0,
})

/** One look. Whatever was missed between two looks makes a change look longer, never shorter. */
export function followChanges(
  changes: Changes,
  program: MonitorProgram,
  lamps: ShownLamps,
  moment: Moment,
): ChangeFindings {
  // Who turns in gaps while an arrow flashes owes nothing when it ends.
  const greens = lamps.greens & ~program.flashing
  followEnds(changes, greens, program)
  const short = followYellows(changes, lamps, moment)
  for (let rest = greens; rest !== 0; rest &= rest - 1) changes.seenMonoMs[lowestOf(rest)] = moment.askedMonoMs
  noteShown(changes.young, greens & ~changes.established, moment)
  const begun = provenFor(changes.young, () => GREEN_MS, moment)
  const tooSoon = begunTooSoon(changes, program, begun)
  changes.established |= begun
  return { short, tooSoon }
}

function followEnds(changes: Changes, greens: Bits, { vehicles }: MonitorProgram): void {
  const ended = changes.established & ~greens
  for (let rest = ended; rest !== 0; rest &= rest - 1) {
    const channel = lowestOf(rest)
    changes.endedMonoMs[channel] = at(changes.seenMonoMs, channel)
  }
  changes.established &= greens
  changes.changing |= ended & vehicles
  changes.yellowed &= ~ended
}

function followYellows(changes: Changes, { reds, yellows, greens }: ShownLamps, { answeredMonoMs }: Moment): Bits {
  changes.yellowed |= changes.changing & yellows
  const over = changes.changing & ~yellows & (reds | greens)
  changes.changing &= ~over
  // Dark for a moment and green again is the same green, and still owes its yellow.
  const same = over & greens & ~reds & ~changes.yellowed
  changes.established |= same
  let short: Bits = 0
  for (let rest = over & ~same; rest !== 0; rest &= rest - 1)
    if (answeredMonoMs - at(changes.endedMonoMs, lowestOf(rest)) < CHANGE_MS) short |= rest & -rest
  return short >>> 0
}

function begunTooSoon({ young, endedMonoMs }: Changes, { conflicts }: MonitorProgram, begun: Bits): Bits {
  let tooSoon: Bits = 0
  for (let rest = begun; rest !== 0; rest &= rest - 1) {
    const channel = lowestOf(rest)
    const latestMonoMs = at(young.sinceMonoMs, channel) - CHANGE_MS
    for (let others = at(conflicts, channel); others !== 0; others &= others - 1)
      if (at(endedMonoMs, lowestOf(others)) > latestMonoMs) tooSoon |= (others & -others) | (rest & -rest)
  }
  return tooSoon >>> 0
}
