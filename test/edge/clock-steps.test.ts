/** The clock on the wall is set while an edge supervises: no tick is missed, no event lost or doubled, and control goes on. */
import { expect, test } from 'vitest'
import { queueCount } from '#control/queue-count.ts'
import { startEdge } from '#edge/edge.ts'
import { Machine, Thread, World } from '#test/deterministic/world.ts'
import { superviseStreet } from '#test/support/supervised-street.ts'
import { testTelemetry } from '#test/support/test-telemetry.ts'

const SECOND_MS = 1_000
const HOUR_MS = 3_600_000
const DAY_MS = 24 * HOUR_MS
const LEAP_SECOND_MS = -SECOND_MS

/** Steps of both clocks, of the edge alone, and back. */
const STEPS_MS = [SECOND_MS, LEAP_SECOND_MS, HOUR_MS, -HOUR_MS, DAY_MS, -DAY_MS]

test.each(STEPS_MS.flatMap((ms) => [[ms, 'both'] as const, [ms, 'the edge'] as const]))(
  'by %i ms, of %s: every tick renews the same lease, and every record of the cabinet is told once, in its order',
  async (ms, whose) => {
    const street = await superviseStreet()
    await street.liveUntil(() => street.cabinet.unit.controlStatus === 'supervised', 10_000)
    await street.live(1_000)
    const { leaseEpoch, leaseSequence } = street.cabinet.unit
    street.setWall(ms, whose === 'both' ? undefined : 'left')
    await street.live(10_000)
    street.setWall(0, whose === 'both' ? undefined : 'left')
    await street.live(10_000)
    const now = street.cabinet.unit
    expect([now.leaseEpoch, now.leaseSequence - leaseSequence]).toEqual([leaseEpoch, 200])
    const sequences = street.telemetry.events.flatMap(({ deviceSequence }) =>
      deviceSequence === 0 ? [] : deviceSequence,
    )
    expect(sequences).toEqual(sequences.map((_, i) => (sequences[0] ?? 0) + i))
    expect(sequences.length).toBeGreaterThan(10)
  },
)

test.each(STEPS_MS)('by %i ms: an edge that times its own ticks goes on ten times a second', async (ms) => {
  const world = new World({ wholeTrace: false })
  const machine = new Machine(world, 'edge')
  const { clock } = new Thread(machine)
  const edge = startEdge({
    ...{ intersections: [], telemetry: testTelemetry(), strategies: [], queues: queueCount, clock },
    log: () => {},
  })
  await world.live(5_050)
  machine.wallOffsetMs = ms
  await world.live(10_050)
  const { ticks, missed } = edge.stats()
  expect([ticks, missed]).toEqual([101, 0])
  await edge.stop()
})
