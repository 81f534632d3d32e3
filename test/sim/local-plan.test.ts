/** What must hold at every cabinet: supervision that asks for what the schedule asks for is not to be seen in the street. */
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { nextUniform, randomStream } from '#base/random.ts'
import { controlGroup, STEP_MS } from './crossing-cabinet.ts'
import { MONITORED, MonitoredCabinet } from './monitored-cabinet.ts'

/** The nightly run multiplies the streets. */
const SCALE = process.env['NIGHTLY'] === undefined ? 1 : 40
const STREETS = 25 * SCALE
const STEPS = 3_000
const TIMEOUT_MS = 60_000 * SCALE

const lampsOf = ({ cabinet: { signal } }: MonitoredCabinet): string =>
  [signal.channelReds, signal.channelYellows, signal.channelGreens].join(' ')

/** Supervisors that come at any moment, stay for a while, and fall silent or hand over. */
const visits = fc.array(
  fc.record({
    quietMs: fc.nat(40_000),
    staysMs: fc.integer({ min: 100, max: 60_000 }),
    leaseMs: fc.constantFrom(1, 500, 3_000),
  }),
  { minLength: 1, maxLength: 12 },
)

test(
  'whenever supervision comes or goes, no lamp is another than without it, at no moment',
  () =>
    fc.assert(
      fc.property(visits, fc.integer(), fc.constantFrom(0, 3), (times, seed, pattern) => {
        const [supervised, alone] = [new MonitoredCabinet(), new MonitoredCabinet()]
        const random = randomStream(seed, 'street')
        const supervisor = new Supervisor(times)
        for (let step = 0; step < STEPS; step++) {
          for (const { id } of MONITORED.intersection.detectors)
            if (nextUniform(random) < 0.02) alone.occupied[id] = nextUniform(random) < 0.4 ? 1 : 0
          supervised.occupied.set(alone.occupied)
          supervisor.ask(supervised, pattern)
          supervised.run(STEP_MS)
          alone.run(STEP_MS)
          if (lampsOf(supervised) !== lampsOf(alone))
            expect.fail(`step ${step}: ${lampsOf(supervised)} with supervision, ${lampsOf(alone)} without`)
        }
        expect(supervised.cabinet.signal.coordination).toEqual(alone.cabinet.signal.coordination)
      }),
      { numRuns: STREETS, endOnFailure: true },
    ),
  TIMEOUT_MS,
)

test('a cabinet that nobody supervises is coordinated to the clock: two that came up at different times are in step', () => {
  const [early, late] = [new MonitoredCabinet().run(300_000), new MonitoredCabinet()]
  late.cabinet.syncClock(early.cabinet.clock.epochMs)
  early.run(300_000)
  late.run(300_000)
  expect(late.cabinet.signal.coordination).toEqual(early.cabinet.signal.coordination)
  expect(late.cabinet.signal.coordination).toMatchObject({ pattern: 3, transition: 'inStep' })
})

class Supervisor {
  readonly #visits: { quietMs: number; staysMs: number; leaseMs: number }[]
  #epoch = 0
  #sequence = 0

  constructor(times: readonly { quietMs: number; staysMs: number; leaseMs: number }[]) {
    this.#visits = times.map((visit) => ({ ...visit }))
  }

  ask({ cabinet }: MonitoredCabinet, pattern: number): void {
    const [visit] = this.#visits
    if (visit === undefined) return
    if (visit.quietMs > 0) {
      visit.quietMs -= STEP_MS
      return
    }
    if (cabinet.asked === null) this.#epoch++
    const { leaseMs } = visit
    cabinet.controller.writeControl(controlGroup({ epoch: this.#epoch, sequence: ++this.#sequence, leaseMs, pattern }))
    visit.staysMs -= STEP_MS
    if (visit.staysMs <= 0) this.#visits.shift()
  }
}
