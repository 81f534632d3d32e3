/**
 * The software conflict monitor: repeats on what is read of the street what the monitor of a cabinet checks on its wires. It can
 * only tell; it commands nothing. A finding is a proof: what may have been shorter than its limit between two looks is not told.
 */
import { lowestOf, type Bits } from '#base/bits.ts'
import { at } from '#base/at.ts'
import { followChanges, noChanges, type ChangeFindings, type Changes } from './changes.ts'
import { noteShown, nothingLasts, provenFor, type Lasting, type Moment } from './lasting.ts'
import type { MonitorProgram } from './program.ts'
import type { ShownLamps } from './shown-lamps.ts'

/** Never below 200 ms, always at 500 ms: conflict and two indications of one channel. */
export const CONFLICT_MS = 200
/** Never below 700 ms, always at 1,000 ms: no indication of a channel. */
export const DARK_MS = 700
/** How much longer than the site's a red-amber may be: a controller that acts once a second still ends it in time. */
const RED_AMBER_SPARE_MS = 1_000
/** Two looks further apart than two lost answers say nothing of what lay between them: the controller may have lost its power and begun anew. */
export const LOOKS_APART_MS = 300

export type LampCheck = 'displayedConflict' | 'dualIndication' | 'missingRed' | 'shortYellow' | 'skippedClearance'

export interface LampFinding {
  readonly check: LampCheck
  readonly channels: Bits
}

export interface Look {
  readonly lamps: ShownLamps
  readonly moment: Moment
}

/** Plain data: all that it remembers. */
export interface LampMonitor {
  readonly program: MonitorProgram
  lastAnsweredMonoMs: number
  readonly conflict: Lasting
  readonly dual: Lasting
  readonly redAmber: Lasting
  readonly dark: Lasting
  changes: Changes
  /** Of the last look: told once the next one shows that it was no way into flash. */
  pending: ChangeFindings
}

export const createLampMonitor = (program: MonitorProgram): LampMonitor => ({
  program,
  lastAnsweredMonoMs: Number.NEGATIVE_INFINITY,
  conflict: nothingLasts(),
  dual: nothingLasts(),
  redAmber: nothingLasts(),
  dark: nothingLasts(),
  changes: noChanges(),
  pending: NOTHING_PENDING,
})

const NOTHING_PENDING: ChangeFindings = { short: 0, tooSoon: 0 }

/** The flasher has the lamps, or the controller began anew or was not seen: what was seen before says nothing of what comes. */
export function forgetLamps(monitor: LampMonitor): void {
  const { conflict, dual, redAmber, dark } = monitor
  for (const lasting of [conflict, dual, redAmber, dark]) lasting.shown = 0
  monitor.changes = noChanges()
  monitor.pending = NOTHING_PENDING
}

/** One look at lamps that the controller has; looks come in the order in which they were asked for. */
export function lookAtLamps(monitor: LampMonitor, { lamps, moment }: Look): readonly LampFinding[] {
  if (moment.askedMonoMs - monitor.lastAnsweredMonoMs > LOOKS_APART_MS) forgetLamps(monitor)
  monitor.lastAnsweredMonoMs = moment.answeredMonoMs
  const { program, pending } = monitor
  const findings = [
    ...watchIndications(monitor, lamps, moment),
    ...findingOf('shortYellow', pending.short),
    ...findingOf('skippedClearance', pending.tooSoon),
  ]
  monitor.pending = followChanges(monitor.changes, program, lamps, moment)
  return findings
}

function watchIndications(monitor: LampMonitor, lamps: ShownLamps, moment: Moment): readonly LampFinding[] {
  const { program, conflict, dual, redAmber, dark } = monitor
  const { reds, yellows, greens, read } = lamps
  const together = reds & yellows & program.vehicles
  const lawful = withRedAmber(together, program)
  noteShown(conflict, conflictsAmong(program, lamps), moment)
  noteShown(dual, (greens & (reds | yellows) & ~program.flashing) | (together & ~lawful), moment)
  noteShown(redAmber, lawful, moment)
  noteShown(dark, read & ~(reds | yellows | greens | program.flashing | program.arrows), moment)
  const overlong = provenFor(redAmber, (channel) => at(program.redAmberMs, channel) + RED_AMBER_SPARE_MS, moment)
  return [
    ...findingOf(
      'displayedConflict',
      provenFor(conflict, () => CONFLICT_MS, moment),
    ),
    ...findingOf('dualIndication', provenFor(dual, () => CONFLICT_MS, moment) | overlong),
    ...findingOf(
      'missingRed',
      provenFor(dark, () => DARK_MS, moment),
    ),
  ]
}

const findingOf = (check: LampCheck, channels: Bits): readonly LampFinding[] =>
  channels === 0 ? [] : [{ check, channels: channels >>> 0 }]

/** Of those that show red and yellow together: channels of a site that has red-amber. */
function withRedAmber(together: Bits, { redAmberMs }: MonitorProgram): Bits {
  let lawful: Bits = 0
  for (let rest = together; rest !== 0; rest &= rest - 1) if (at(redAmberMs, lowestOf(rest)) > 0) lawful |= rest & -rest
  return lawful
}

/**
 * Somebody may go by green, walk, pedestrian clearance, by a yellow that is no red-amber, and by an arrow that flashes. Whether the
 * yellow of an arrow follows its green or its flashing is not known for sure: it is judged by what bars both.
 */
function conflictsAmong(program: MonitorProgram, { reds, yellows, greens }: ShownLamps): Bits {
  const { vehicles, flashing, arrows, conflicts, yellowConflicts } = program
  const clearing = yellows & ~greens & ~(reds & vehicles)
  const arrowYellows = clearing & arrows
  const others = greens | (clearing & ~arrowYellows) | (flashing & reds)
  let conflicting: Bits = 0
  for (let rest = others; rest !== 0; rest &= rest - 1) conflicting |= at(conflicts, lowestOf(rest)) & others
  for (let rest = arrowYellows; rest !== 0; rest &= rest - 1) {
    const beside = at(yellowConflicts, lowestOf(rest)) & (others | arrowYellows)
    if (beside !== 0) conflicting |= beside | (rest & -rest)
  }
  return conflicting
}
