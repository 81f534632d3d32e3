/**
 * Which values may be believed of several answers to one question. Modbus TCP has no checksum of its own, and that of TCP lets
 * one changed segment of some ten millions pass (Stone and Partridge, SIGCOMM 2000), which at ten scans a second is every few
 * days: so each question is asked twice, and what the answers agree on is believed.
 */
import type { PointImage, PointName, PointValue } from '../points.ts'

/** Times go on between two answers: by the way there and back at its shortest, and by one step of a controller that counts in tenths. */
export const RUN_MS_MAX = 150
export const RUNNING: ReadonlySet<PointName> = new Set([
  'unit.clockEpochMs',
  'unit.uptimeMs',
  'ring.1.elapsedMs',
  'ring.2.elapsedMs',
  'ring.3.elapsedMs',
  'ring.4.elapsedMs',
  'coordination.localCycleMs',
  'supervision.leaseRemainingMs',
])

/** A log that is written while it is read: some thousand records a second, more than any has. */
export const RUN_RECORDS_MAX = 16

/** The image that is believed: of each value the newest on which `needed` answers in a row agree; times by as much as they may run on. null while one has none. */
export function agreedPoints(answers: readonly PointImage[], needed: number, runMs = RUN_MS_MAX): PointImage | null {
  const newest = answers.at(-1)
  if (newest === undefined || answers.length < needed) return null
  const image = new Map<PointName, PointValue>()
  for (const [name, value] of newest) {
    const told = answers.map((answer) => answer.get(name) ?? value)
    const agreed =
      typeof value === 'object' ? agreedList(told as List[], needed) : agreedSingle(name, told, { needed, runMs })
    if (agreed === null) return null
    image.set(name, agreed)
  }
  return image
}

type List = readonly number[]

/** Each channel for itself: in a busy street there is always one that changes. */
function agreedList(told: readonly List[], needed: number): List | null {
  const whole = newestRun(told.slice(-needed), needed, isSameList)
  if (whole !== null) return whole
  const channels = (told.at(-1) ?? []).map((_, channel) =>
    newestRun(
      told.map((list) => list[channel] ?? 0),
      needed,
      (a, b) => a === b,
    ),
  )
  return channels.every((channel) => channel !== null) ? channels : null
}

function agreedSingle(
  name: PointName,
  told: readonly PointValue[],
  { needed, runMs }: { readonly needed: number; readonly runMs: number },
): PointValue | null {
  if (RUNNING.has(name)) return newestRun(told, needed, (a, b) => Math.abs(Number(b) - Number(a)) <= runMs)
  return newestRun(told, needed, name === 'eventLog.head' ? isSameHead : (a, b) => a === b)
}

/** The newest of what so many in a row agree on. */
export function newestRun<T>(told: readonly T[], needed: number, agree: (before: T, after: T) => boolean): T | null {
  for (let end = told.length; end >= needed; end--) {
    const run = told.slice(end - needed, end)
    const last = run.at(-1)
    if (last !== undefined && run.every((each, i) => i === 0 || agree(run[i - 1] ?? each, each))) return last
  }
  return null
}

const isSameHead = (before: PointValue, after: PointValue): boolean => {
  const written = Number(after) - Number(before)
  return written >= 0 && written <= RUN_RECORDS_MAX
}

const isSameList = (a: List, b: List): boolean => a.length === b.length && a.every((value, i) => value === b[i])
