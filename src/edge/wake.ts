/** Waking up later: by the clock's own timers where it has some, as a virtual one does, else by the machine's. */
import type { CallOff, Clock } from '#base/clock.ts'

/** A clock as far as it wakes. */
export type Waker = Pick<Clock, 'after'>

export function wakeAfter(clock: Waker, ms: number, act: () => void): CallOff {
  if (clock.after) return clock.after(ms, act)
  const timer = setTimeout(act, ms)
  return () => clearTimeout(timer)
}

export function wakeEvery(clock: Waker, periodMs: number, act: () => void): CallOff {
  const turn = () => {
    callOff = wakeAfter(clock, periodMs, turn)
    act()
  }
  let callOff = wakeAfter(clock, periodMs, turn)
  return () => callOff()
}
