/** A plan that is deployed into a living city: it comes to run at each intersection when its street is clear, and nobody is cut short. */
import { beforeAll, describe, expect, test } from 'vitest'
import type { SiteConfig } from '#config/site.ts'
import type { DeviceProfile } from '#devices/profile/schema.ts'
import { EVENT } from '#signal/events.ts'
import { CITY_STEP_MS } from '#sim/city.ts'
import { closeLoop, type ClosedLoop } from '#sim/closed-loop/close-loop.ts'
import { ladderOf } from '#sim/closed-loop/ladders.ts'
import { loadHamadan, loadProfiles, MORNING_EPOCH_MS } from '#test/sim/hamadan.ts'
import { newOrderFiles, peopleOfEdge, type PeopleOfEdge } from '#test/support/order-desk-of-edge.ts'
import {
  changedSite,
  commandBody,
  HOUR_MS,
  longerPassage,
  planBody,
  signedCommand,
  signedPlan,
} from '#test/support/signed-orders.ts'
import { testTelemetry, type TestTelemetry } from '#test/support/test-telemetry.ts'

const MINUTE_MS = 60_000

let site: SiteConfig
let profiles: ReadonlyMap<string, DeviceProfile>
beforeAll(async () => {
  const loaded = await loadHamadan()
  site = { ...loaded, intersections: loaded.intersections.slice(0, 2) }
  profiles = await loadProfiles()
})

interface Living extends ClosedLoop {
  readonly people: PeopleOfEdge
  readonly telemetry: TestTelemetry
}

type Start = { readonly strategy?: 'coordinated' | 'max-pressure'; readonly files?: ReturnType<typeof newOrderFiles> }

function live({ strategy = 'coordinated', files = newOrderFiles() }: Start = {}): Living {
  const telemetry = testTelemetry()
  const start = { nowMs: MORNING_EPOCH_MS }
  const people = peopleOfEdge({ site, epochMs: () => start.nowMs, files })
  const loop = closeLoop({
    site,
    profiles,
    seed: 1,
    epochMs: MORNING_EPOCH_MS,
    telemetry,
    orders: people,
    strategies: ladderOf(strategy) ?? [],
  })
  const step = () => {
    loop.step()
    start.nowMs = loop.city.epochMs
  }
  return {
    ...loop,
    step,
    live(ms) {
      for (let passed = 0; passed < ms; passed += CITY_STEP_MS) step()
    },
    people,
    telemetry,
  }
}

const plan = (version: number, ms: number) =>
  signedPlan(
    planBody(site, changedSite(site, longerPassage(ms)), {
      version,
      validFromEpochMs: MORNING_EPOCH_MS - HOUR_MS,
      validUntilEpochMs: MORNING_EPOCH_MS + HOUR_MS,
    }),
  )

const statesOf = ({ people }: Living) =>
  [...people.progress.values()].map(({ state, running }) => `${state} ${running}`)
const hashesOf = ({ city }: Living) => [...city.junctions.values()].map(({ cabinet }) => cabinet.configurationHash)
const countOf = ({ telemetry }: Living, code: number) => telemetry.events.filter((event) => event.code === code).length
const modesOf = ({ telemetry }: Living) =>
  new Set(
    site.intersections.map(
      ({ database }) =>
        telemetry.states.findLast(({ intersection }) => intersection === database.intersection.id)?.mode,
    ),
  )

/** Nobody lost supervision, was refused, or was cut short; no monitor tripped. */
const soundness = (city: Living) => ({
  shortGreens: shortGreens(city),
  alarms: countOf(city, EVENT.alarmOn),
  refused: countOf(city, EVENT.commandRefused),
  lost: countOf(city, EVENT.supervisionLost),
})
const SOUND = { shortGreens: [], alarms: 0, refused: 0, lost: 0 }

function untilAllRun(city: Living, version: number, mostMs = 20 * MINUTE_MS): void {
  for (let ms = 0; ms < mostMs; ms += CITY_STEP_MS) {
    const states = statesOf(city)
    if (states.length === site.intersections.length && states.every((state) => state === `running ${version}`)) return
    city.step()
  }
  throw new Error(`version ${version} does not run everywhere: ${statesOf(city).join(', ')}`)
}

/** Every green that a controller has ended, held against the minimum green of its phase: none was cut short. */
function shortGreens({ telemetry }: Living): string[] {
  const begun = new Map<string, number>()
  return telemetry.events.flatMap(({ intersection, code, parameter, epochMs }) => {
    const key = `${intersection} ${parameter}`
    if (code === EVENT.beginGreen) begun.set(key, epochMs)
    const sinceMs = begun.get(key)
    if (code !== EVENT.beginYellow || sinceMs === undefined) return []
    const phases = site.intersections.find(({ database }) => database.intersection.id === intersection)?.database
      .intersection.phases
    const minGreenMs = phases?.find(({ id }) => id === parameter)?.timing.minGreenMs ?? 0
    begun.delete(key)
    return epochMs - sinceMs < minGreenMs ? [`${key}: ${epochMs - sinceMs} ms`] : []
  })
}

test('in a morning peak a plan comes to run at every intersection, each by itself, and back: no green is short, no monitor trips', () => {
  const city = live()
  city.live(4 * MINUTE_MS)
  const before = hashesOf(city)
  city.people.plan(plan(1, 200))
  untilAllRun(city, 1)
  expect(hashesOf(city)).not.toEqual(before)
  expect(soundness(city)).toEqual(SOUND)
  expect(modesOf(city)).toEqual(new Set(['coordinated']))

  city.people.plan(plan(2, 0))
  untilAllRun(city, 2)
  expect(hashesOf(city)).toEqual(before)
  city.people.plan(plan(1, 200))
  city.live(10_000)
  expect(city.people.reported()?.refused?.code).toBe('PLAN_VERSION_OLD')
  expect(statesOf(city)).toEqual(['running 2', 'running 2'])
  expect(soundness(city)).toEqual(SOUND)
  expect([EVENT.planAccepted, EVENT.timingActivated, EVENT.planActive].map((code) => countOf(city, code))).toEqual([
    4, 4, 4,
  ])
})

test('where stages are chosen a plan comes to run too: whoever steers lets go until the street is clear', () => {
  const city = live({ strategy: 'max-pressure' })
  city.live(4 * MINUTE_MS)
  city.people.plan(plan(1, 200))
  untilAllRun(city, 1)
  city.live(MINUTE_MS)
  expect(soundness(city)).toEqual(SOUND)
  expect(modesOf(city)).toEqual(new Set(['maxPressure']))
})

test('a plan that was accepted and not taken over when the edge ended comes to run after its restart; the newest version is remembered', () => {
  const files = newOrderFiles()
  const first = live({ files })
  first.people.plan(plan(4, 200))
  first.step()
  expect(countOf(first, EVENT.timingActivated)).toBe(0)
  const second = live({ files })
  second.people.plan(plan(3, 400))
  expect(second.people.reported()?.refused?.code).toBe('PLAN_VERSION_OLD')
  second.people.plan(plan(4, 200))
  untilAllRun(second, 4)
  expect(countOf(second, EVENT.planAccepted)).toBe(0)
  expect(countOf(second, EVENT.planActive)).toBe(2)
})

describe('orders of people', () => {
  const order = (command: string, parameters: object, correlation: string, city: Living) =>
    city.people.command(
      command,
      signedCommand(
        commandBody({
          command,
          parameters,
          correlation,
          intersections: site.intersections.map(({ database }) => database.intersection.id),
          issuedAtEpochMs: city.city.epochMs,
          expiresAtEpochMs: city.city.epochMs + MINUTE_MS,
        }),
      ),
    )

  test('release leaves every cabinet to its own plan for as long as was said, then supervision comes back by itself', () => {
    const city = live()
    city.live(4 * MINUTE_MS)
    expect(modesOf(city)).toEqual(new Set(['coordinated']))
    order('release', { forMs: 2 * MINUTE_MS }, 'release-1', city)
    city.live(MINUTE_MS)
    expect(modesOf(city)).toEqual(new Set(['local']))
    expect(city.telemetry.states.at(-1)?.ladder?.code).toBe('RELEASED_BY_ORDER')
    city.live(4 * MINUTE_MS)
    expect(modesOf(city)).toEqual(new Set(['coordinated']))
    expect([countOf(city, EVENT.orderBegun), countOf(city, EVENT.orderEnded)]).toEqual([2, 2])
  })

  test('hold-rung keeps control at a rung or below, and take-back ends it', () => {
    const city = live({ strategy: 'max-pressure' })
    city.live(4 * MINUTE_MS)
    expect(modesOf(city)).toEqual(new Set(['maxPressure']))
    order('hold-rung', { rung: 'coordinated', forMs: HOUR_MS }, 'hold-0001', city)
    city.live(10_000)
    expect(modesOf(city)).toEqual(new Set(['coordinated']))
    order('take-back', {}, 'back-0001', city)
    city.live(30_000)
    expect(modesOf(city)).toEqual(new Set(['maxPressure']))
    expect(city.people.results.map(({ accepted }) => accepted)).toEqual([true, true])
  })

  test('special-event runs a plan that the schedule does not ask for, and the clock is followed again afterwards', () => {
    const city = live()
    city.live(4 * MINUTE_MS)
    const plans = () =>
      new Set(
        site.intersections.map(
          ({ database }) =>
            city.telemetry.states.findLast(({ intersection }) => intersection === database.intersection.id)?.plan,
        ),
      )
    const [usual] = plans()
    const keys = site.intersections.map(({ database }) => database.plans.map(({ key }) => key))
    const event = keys[0]?.find((key) => key !== usual && keys.every((each) => each.includes(key)))
    order('special-event', { plan: event, forMs: 2 * MINUTE_MS }, 'event-001', city)
    city.live(90_000)
    expect(plans()).toEqual(new Set([event]))
    city.live(2 * MINUTE_MS)
    expect(plans()).toEqual(new Set([usual]))
  })
})
