/** Lamps as pictures, seen by the software monitor through looks of any kind. */
import { bit, bitsOf, listBits, type Bits } from '#base/bits.ts'
import { createLampMonitor, lookAtLamps, type LampCheck } from '#safety/monitor/monitor.ts'
import type { MonitorProgram } from '#safety/monitor/program.ts'
import type { ShownLamps } from '#safety/monitor/shown-lamps.ts'

/**
 * Channels 1 and 2 of vehicles conflict; 3 is a crossing beside 1, against 2; 4 has a red-amber of 2 s, and conflicts with nobody.
 * 5 is an arrow and 6 its flashing section: the arrow conflicts with 1 and 2, the section with 2 alone.
 */
const TABLE = (rows: Readonly<Record<number, Bits>>) => Array.from({ length: 33 }, (_, channel) => rows[channel] ?? 0)
export const PROGRAM: MonitorProgram = {
  vehicles: bitsOf([1, 2, 4, 5, 6]),
  flashing: bit(6),
  arrows: bit(5),
  conflicts: TABLE({ 1: bitsOf([2, 5]), 2: bitsOf([1, 3, 5, 6]), 3: bit(2), 5: bitsOf([1, 2]), 6: bit(2) }),
  yellowConflicts: TABLE({ 1: bitsOf([2, 5]), 2: bitsOf([1, 3, 5, 6]), 3: bit(2), 5: bit(2), 6: bit(2) }),
  redAmberMs: TABLE({ 4: 2_000 }),
}

type Letter = 'R' | 'Y' | 'G' | 'A' | '.' | 'X' | 'r'
const LIT: Readonly<Record<Letter, readonly (keyof ShownLamps)[]>> = {
  R: ['reds'],
  Y: ['yellows'],
  G: ['greens'],
  A: ['reds', 'yellows'],
  X: ['greens', 'yellows'],
  r: ['reds', 'greens'],
  '.': [],
}

/** The lamps of channels 1 to 6, a letter each; what is left out shows red, an arrow that is left out too, its section nothing. */
export function lamps(letters: string): ShownLamps {
  const shown = { reds: 0, yellows: 0, greens: 0, read: bitsOf([1, 2, 3, 4, 5, 6]) }
  for (const [i, letter] of [...letters.padEnd(5, 'R').padEnd(6, '.')].entries())
    for (const lamp of LIT[letter as Letter]) shown[lamp] |= bit(i + 1)
  return shown
}

/** What the street shows from a moment on. */
export type Timeline = readonly (readonly [fromMs: number, letters: string])[]

const at = (timeline: Timeline, ms: number): ShownLamps => lamps(timeline.findLast(([from]) => from <= ms)?.[1] ?? 'RR')

export interface Seen {
  readonly check: LampCheck
  readonly channels: readonly number[]
  readonly atMs: number
}

/** Looks as `[asked, taken, answered]`. */
export function watch(timeline: Timeline, looks: Iterable<readonly [number, number, number]>): Seen[] {
  const monitor = createLampMonitor(PROGRAM)
  const seen: Seen[] = []
  for (const [askedMonoMs, takenMs, answeredMonoMs] of looks) {
    const look = { lamps: at(timeline, takenMs), moment: { askedMonoMs, answeredMonoMs } }
    for (const { check, channels } of lookAtLamps(monitor, look))
      if (!seen.some((each) => each.check === check))
        seen.push({ check, channels: listBits(channels), atMs: answeredMonoMs })
  }
  return seen
}

/** A wire without any delay, ten times a second. */
export const exactly = (untilMs: number, everyMs = 100) =>
  Array.from({ length: Math.floor(untilMs / everyMs) + 1 }, (_, i) => [i * everyMs, i * everyMs, i * everyMs] as const)
