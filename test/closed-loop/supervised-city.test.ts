/** Pictures of the whole city under supervision: the edge reads, decides and asks, and everybody is served. */
import { beforeAll, expect, test } from 'vitest'
import type { SiteConfig } from '#config/site.ts'
import { actuated } from '#control/actuated.ts'
import { coordinated } from '#control/coordinated.ts'
import type { Strategy } from '#control/strategy.ts'
import type { DeviceProfile } from '#devices/profile/schema.ts'
import { EVENT } from '#signal/events.ts'
import { CITY_STEP_MS } from '#sim/city.ts'
import { closeLoop } from '#sim/closed-loop/close-loop.ts'
import { loadHamadan, loadProfiles, MORNING_EPOCH_MS } from '#test/sim/hamadan.ts'
import { StopLineWatch } from '#test/support/stop-line-watch.ts'
import { testTelemetry, type TestTelemetry } from '#test/support/test-telemetry.ts'

const MINUTE_MS = 60_000
/** An hour of the peak at night; otherwise four cycles. */
const STREET_MS = (process.env['NIGHTLY'] ? 60 : 8) * MINUTE_MS
/** Of the machine's own time: a loaded one takes a tenth of the street's. */
const TIME_OUT_MS = STREET_MS

let site: SiteConfig
let profiles: ReadonlyMap<string, DeviceProfile>
beforeAll(async () => {
  site = await loadHamadan()
  profiles = await loadProfiles()
})

const longestCycleMs = (): number =>
  Math.max(...site.intersections.flatMap(({ database }) => database.plans.map(({ cycleMs }) => cycleMs)))

const ladders: readonly [string, readonly Strategy<unknown>[]][] = [
  ['coordinated', [coordinated, actuated]],
  ['actuated', [actuated]],
]

test.each(ladders)(
  'in the morning peak under %s supervision the city moves and nobody waits longer than twice the longest cycle',
  (rung, strategies) => {
    const telemetry = testTelemetry()
    const loop = closeLoop({ site, profiles, seed: 1, epochMs: MORNING_EPOCH_MS, strategies, telemetry })
    const watch = new StopLineWatch(loop.city.traffic)
    for (let ms = 0; ms < STREET_MS; ms += CITY_STEP_MS) {
      loop.step()
      watch.look()
    }
    expect(new Set(lastModes(telemetry).values())).toEqual(new Set([rung]))
    const { movements } = watch
    // Who still stands at a stop line at the end is among those who wait.
    expect(movements.reduce((sum, { crossed }) => sum + crossed, 0)).toBeGreaterThan(STREET_MS / 500)
    expect(movements.filter(({ longestWaitMs }) => longestWaitMs > 2 * longestCycleMs())).toEqual([])
    expect(telemetry.events.filter(({ code }) => code === EVENT.commandRefused)).toEqual([])
    expect([...longestQueues(telemetry)].filter(([, vehicles]) => vehicles < 2)).toEqual([])
  },
  TIME_OUT_MS,
)

function lastModes(telemetry: TestTelemetry): Map<string, string> {
  return new Map(telemetry.states.map(({ intersection, mode }) => [intersection, mode]))
}

/** The longest queue that the edge has counted in any lane of each intersection. */
function longestQueues(telemetry: TestTelemetry): Map<string, number> {
  const longest = new Map<string, number>(site.intersections.map(({ database }) => [database.intersection.id, 0]))
  for (const { intersection, queues } of telemetry.states)
    for (const { vehicles } of queues) longest.set(intersection, Math.max(vehicles, longest.get(intersection) ?? 0))
  return longest
}
