/** Detector counters: how many vehicles have passed since they were last read. */

/** Counters are 16 bits wide (`detector.actuationCounts`). */
const COUNTER_MODULUS = 65_536
/** More actuations in one step are a counter that began anew, not traffic: ten a second is beyond any lane. */
const COUNT_STEP_MAX = 10

/** `before`: null where it was not read, or not trusted. */
export function passedSince(before: number | null, now: number): number {
  if (before === null) return 0
  const passed = (now - before + COUNTER_MODULUS) % COUNTER_MODULUS
  return passed > COUNT_STEP_MAX ? 0 : passed
}
