/** Intersections of a city that hear each other in one memory. */
import { beforeAll, expect, test } from 'vitest'
import type { SiteConfig } from '#config/site.ts'
import { actuated } from '#control/actuated.ts'
import { adaptive } from '#control/adaptive/adaptive.ts'
import { maxPressure } from '#control/max-pressure/max-pressure.ts'
import type { Strategy } from '#control/strategy.ts'
import type { DeviceProfile } from '#devices/profile/schema.ts'
import type { Outlook } from '#signal/outlook.ts'
import { closeLoop, type LoopStart } from '#sim/closed-loop/close-loop.ts'
import { telemetrySink } from '#sim/closed-loop/telemetry-sink.ts'
import { loadHamadan, loadProfiles, MORNING_EPOCH_MS } from '#test/sim/hamadan.ts'

/** Until the edge is trusted everywhere, and a few platoons more. */
const STREET_MS = 200_000

let site: SiteConfig
let profiles: ReadonlyMap<string, DeviceProfile>
beforeAll(async () => {
  site = await loadHamadan()
  profiles = await loadProfiles()
})

interface Heard {
  /** By intersection: the neighbours of its last decision. */
  readonly by: Map<string, readonly string[]>
  readonly told: Map<string, Outlook>
}

/** The strategy, with somebody who writes down what it heard and told. */
function overheard<Memory>(strategy: Strategy<Memory>): { strategy: Strategy<Memory>; heard: Heard } {
  const heard: Heard = { by: new Map(), told: new Map() }
  const decide: Strategy<Memory>['decide'] = (view, memory) => {
    const decision = strategy.decide(view, memory)
    heard.by.set(view.intersection.id, [...view.neighbours.keys()])
    if (decision.outlook) heard.told.set(view.intersection.id, decision.outlook)
    return decision
  }
  return { strategy: { ...strategy, decide }, heard }
}

function lived(strategy: Strategy<unknown>, more: Partial<LoopStart> = {}): unknown[] {
  const events: unknown[] = []
  const telemetry = telemetrySink({ onEvents: (some) => events.push(...some) })
  const start = { site, profiles, seed: 3, epochMs: MORNING_EPOCH_MS, strategies: [strategy], telemetry }
  closeLoop({ ...start, ...more }).live(STREET_MS)
  return events
}

test('each hears all others a second later, and what it tells is who left it', { timeout: STREET_MS }, () => {
  const { strategy, heard } = overheard(adaptive)
  lived(strategy)
  const all = site.intersections.map(({ database }) => database.intersection.id)
  for (const id of all) expect(heard.by.get(id)?.toSorted()).toEqual(all.toSorted())
  const left = [...heard.told.values()].flatMap(({ movements }) => movements.flatMap((movement) => movement.left))
  expect(left.reduce((sum, vehicles) => sum + vehicles, 0)).toBeGreaterThan(50)
  const rooms = [...heard.told.values()].flatMap(({ approaches }) => approaches)
  expect(rooms.some(({ free, storage }) => free < storage)).toBe(true)
})

test('nobody hears anybody once it is switched off', { timeout: STREET_MS }, () => {
  const { strategy, heard } = overheard(maxPressure)
  lived(strategy, { neighbours: 'off' })
  expect(new Set([...heard.by.values()].flat())).toEqual(new Set())
})

test(
  'the same run is lived again to the last event, and a strategy that does not listen lives the same one alone',
  { timeout: STREET_MS },
  () => {
    expect(lived(actuated, { neighbours: 'off' })).toEqual(lived(actuated))
  },
)
