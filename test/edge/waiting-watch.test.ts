/** Who waits, and who is let go, as the loops tell it. */
import { expect, test } from 'vitest'
import { NOBODY_WATCHED, watchWaiting, type Waiting } from '#edge/waiting-watch.ts'
import { CROSSING, empty, occupied, viewOf, type DetectorPicture } from '#test/support/boulevard-crossing.ts'

const stopBars = CROSSING.detectors.filter(({ kind }) => kind === 'stop-bar')
const [loop] = stopBars
const queues = (vehicles: number) =>
  CROSSING.approaches.flatMap(({ lanes }) => lanes.map(({ id }, i) => ({ lane: id, vehicles: i === 0 ? vehicles : 0 })))

function watchLoop(seconds: readonly DetectorPicture[], counted: readonly { lane: string; vehicles: number }[] = []) {
  let memory = NOBODY_WATCHED
  return seconds.map((picture, second): Waiting => {
    const view = viewOf({ nowMonoMs: second * 1_000, detectors: { [loop!.id]: picture } })
    const step = watchWaiting(view, counted, { before: memory, elapsedMs: second === 0 ? 0 : 1_000 })
    memory = step.memory
    return step.waiting
  })
}

test('of lanes that are counted, the queues are what waits', () => {
  const lanes = CROSSING.approaches.flatMap(({ lanes: own }) => own).length
  expect(lanes).toBeGreaterThan(0)
  const [first] = watchLoop([occupied()], queues(4))
  expect(first?.vehicles).toBe(queues(4).reduce((sum, { vehicles }) => sum + vehicles, 0))
})

test('of others, whoever stands at the stop line waits', () => {
  expect(watchLoop([empty(), occupied(), empty()]).map(({ vehicles }) => vehicles)).toEqual([0, 1, 0])
})

test('behind one who stands as many have come as lately left', () => {
  const going = Array.from({ length: 600 }, (_, second) => empty(Math.floor(second / 10)))
  const standing = Array.from({ length: 41 }, () => occupied(60))
  const waited = watchLoop([...going, ...standing]).at(-1)?.vehicles ?? 0
  expect(waited).toBeGreaterThan(3)
  expect(waited).toBeLessThan(1 + 40 / 10)
})

test('each vehicle over the stop line is counted once, also over the end of the counter', () => {
  const counts = [65_534, 65_535, 0, 0, 2]
  expect(watchLoop(counts.map((count) => empty(count))).map(({ left }) => left)).toEqual([0, 1, 1, 0, 2])
})

test('a counter that began anew lets nobody go', () => {
  expect(watchLoop([empty(500), empty(0)]).map(({ left }) => left)).toEqual([0, 0])
})
