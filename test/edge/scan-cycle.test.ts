/** The heartbeat: who waits for whom, and what a broken step costs. */
import { describe, expect, test } from 'vitest'
import type { Clock } from '#base/clock.ts'
import { PERIOD_MS, ScanCycle } from '#edge/scan-cycle.ts'
import type { Tick } from '#edge/intersection-parts.ts'

/** An intersection that notes what it is asked to do. */
function noting(
  notes: string[],
  name: string,
  changes: Partial<{ read: () => Promise<void>; decide: (tick: Tick) => void }> = {},
) {
  return {
    read: async () => {
      notes.push(`${name} reads`)
      await changes.read?.()
    },
    decide: (tick: Tick) => {
      notes.push(`${name} decides`)
      changes.decide?.(tick)
    },
    write: async () => void notes.push(`${name} writes`),
    abandon: (error: unknown) => void notes.push(`${name} abandons: ${String(error)}`),
  }
}

const still = { monoMs: () => 0, epochMs: () => 0 }

test('all read, then all decide, then all write', async () => {
  const notes: string[] = []
  await new ScanCycle(still, [noting(notes, 'A'), noting(notes, 'B')]).tick()
  expect(notes).toEqual(['A reads', 'B reads', 'A decides', 'B decides', 'A writes', 'B writes'])
})

test('a device that never answers does not keep the others from being written', async () => {
  const notes: string[] = []
  const dead = noting(notes, 'A', { read: () => new Promise(() => {}) })
  await new ScanCycle(still, [dead, noting(notes, 'B')]).tick()
  expect(notes).toEqual(['A reads', 'B reads', 'A decides', 'B decides', 'A writes', 'B writes'])
})

test('an intersection whose step breaks off is not written, so that its lease runs out; the others go on', async () => {
  const notes: string[] = []
  const broken = noting(notes, 'A', {
    decide: () => {
      throw new Error('a bug')
    },
  })
  await new ScanCycle(still, [broken, noting(notes, 'B')]).tick()
  expect(notes).toEqual(['A reads', 'B reads', 'A decides', 'A abandons: Error: a bug', 'B decides', 'B writes'])
})

describe('a stall of our own', () => {
  test.each([
    [2_500, null],
    [2_501, 2_501],
  ])('of %d ms between two ticks is told as %s', async (gapMs, stalledMs) => {
    const ticks: Tick[] = []
    let nowMs = 0
    const cycle = new ScanCycle({ monoMs: () => nowMs, epochMs: () => nowMs }, [
      noting([], 'A', { decide: (tick) => void ticks.push(tick) }),
    ])
    await cycle.tick()
    nowMs = gapMs
    await cycle.tick()
    expect(ticks.map((tick) => tick.stalledMs)).toEqual([null, stalledMs])
  })
})

test.each([
  [0, 15],
  [30, 15],
  [31, 14],
  [45, 0],
  [46, 0],
])(
  'when reading and deciding took %d ms, devices that do not take what is written are waited for %d ms',
  async (tookMs, waitedMs) => {
    let nowMs = 0
    const waits: number[] = []
    const clock: Clock = {
      monoMs: () => nowMs,
      epochMs: () => nowMs,
      after: (ms, act) => {
        waits.push(ms)
        if (waits.length === 2) act()
        return () => {}
      },
    }
    const slow = {
      ...noting([], 'A', { decide: () => void (nowMs = tookMs) }),
      write: () => new Promise<void>(() => {}),
    }
    await new ScanCycle(clock, [slow]).tick()
    expect(waits).toEqual([30, waitedMs])
  },
)

test('it runs ten times a second until it is stopped, and measures itself', async () => {
  let ticks = 0
  const clock = { monoMs: () => performance.now(), epochMs: () => Date.now() }
  const cycle: ScanCycle = new ScanCycle(clock, [
    noting([], 'A', { decide: () => void (++ticks === 4 && cycle.stop()) }),
  ])
  const startedMs = performance.now()
  await cycle.run()
  expect(performance.now() - startedMs).toBeGreaterThanOrEqual(3 * PERIOD_MS - 5)
  const stats = cycle.stats()
  expect(stats.ticks).toBe(4)
  expect(stats.duration.maxMs).toBeGreaterThanOrEqual(stats.duration.p50Ms)
})
