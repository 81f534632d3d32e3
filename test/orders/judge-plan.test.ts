/** Which plans an edge follows, and by what name it refuses each of the others. */
import { beforeAll, describe, expect, test } from 'vitest'
import type { SiteConfig } from '#config/site.ts'
import { configurationHash } from '#config/configuration-hash.ts'
import { ORDER_BYTES_MAX } from '#contract/signed-order.ts'
import type { PlanBundle } from '#contract/plan-bundle.ts'
import { signedBy } from '#app/orders/sign-order.ts'
import { PlanInbox } from '#edge/orders/plan-inbox.ts'
import type { ControllerDatabase } from '#signal/database.ts'
import { loadHamadan } from '#test/sim/hamadan.ts'
import {
  ALI,
  changedSite,
  dutyFor,
  HOUR_MS,
  KEYS,
  longerMinimum,
  longerPassage,
  MARYAM,
  memoryFile,
  NOW,
  planBody,
  signedPlan,
  STRANGER,
  trusted,
} from '#test/support/signed-orders.ts'

let site: SiteConfig
let body: PlanBundle

beforeAll(async () => {
  const loaded = await loadHamadan()
  // One of them with a preempt.
  const sorted = loaded.intersections.toSorted((a, b) => b.database.preempts.length - a.database.preempts.length)
  site = { ...loaded, intersections: sorted.slice(0, 2) }
  body = planBody(site, changedSite(site, longerPassage(200)), { version: 5 })
})

const inbox = (keys = KEYS) => new PlanInbox({ duty: dutyFor(site, keys), file: memoryFile(), log: () => {} })

function verdictOn(text: string, { nowEpochMs = NOW, keys = KEYS } = {}): string {
  const received = inbox(keys).receive(text, nowEpochMs)
  return received.ok ? 'followed' : received.fault.code
}

type Change = (body: PlanBundle) => object

const changed =
  (fields: object): Change =>
  (plan) => ({ ...plan, ...fields })

/** The first intersection of the plan with another database, signed as if it were sound. */
const unsafe =
  (change: (database: ControllerDatabase) => ControllerDatabase): Change =>
  () =>
    planBody(site, changedSite(site, change), { version: 5 })

const firstWith =
  (fields: object): Change =>
  (plan) => ({
    ...plan,
    intersections: plan.intersections.map((each, index) => (index === 0 ? { ...each, ...fields } : each)),
  })

const timed = (fields: object) => (database: ControllerDatabase) => ({
  ...database,
  intersection: {
    ...database.intersection,
    phases: database.intersection.phases.map((phase) => ({ ...phase, timing: { ...phase.timing, ...fields } })),
  },
})

describe('a plan that two people have signed', () => {
  test.each<[string, string, Change]>([
    ['sound', 'followed', changed({})],
    ['of the version before ours', 'followed', changed({ v: 0 })],
    ['of the version after ours, with a field that nobody here knows', 'followed', changed({ v: 2, weather: 'rain' })],
    ['of a version that is too far', 'ORDER_OF_OTHER_VERSION', changed({ v: 3 })],
    ['without a version of its own', 'ORDER_MALFORMED', changed({ version: 0 })],
    ['with half a version', 'ORDER_MALFORMED', changed({ version: 1.5 })],
    ['for another site', 'ORDER_FOREIGN', changed({ site: 'tehran' })],
    ['for another edge', 'ORDER_FOREIGN', changed({ edge: 'hamadan-2' })],
    ['for an intersection that is not ours', 'ORDER_FOREIGN', firstWith({ id: 'IX-99' })],
    [
      'that names an intersection twice',
      'ORDER_MALFORMED',
      (plan) => firstWith({ id: plan.intersections[1]?.id })(plan),
    ],
    ['that somebody else has issued', 'ISSUER_NOT_SIGNER', changed({ issuedBy: '0123456789abcdef' })],
    ['made for another base', 'PLAN_BASE_DIFFERS', firstWith({ baseHash: 1 })],
    ['that says another hash than its timing has', 'PLAN_HASH_DIFFERS', firstWith({ hash: 1 })],
    [
      'that touches the conflicts',
      'PLAN_BEYOND_TIMING',
      (plan) => firstWith({ timing: { ...plan.intersections[0]?.timing, extraConflicts: [] } })(plan),
    ],
    [
      'that lights other lamps',
      'PLAN_BEYOND_TIMING',
      (plan) => firstWith({ timing: { ...plan.intersections[0]?.timing, channels: [] } })(plan),
    ],
    [
      'with the timing of the other intersection',
      'PLAN_BEYOND_TIMING',
      (plan) => firstWith({ timing: plan.intersections[1]?.timing ?? {} })(plan),
    ],
    ['with a minimum green below the floor', 'PLAN_BELOW_FLOOR', unsafe(longerMinimum(-1))],
    ['with a minimum green at the floor', 'followed', unsafe(longerMinimum(0))],
    ['with a yellow of 2 s', 'PLAN_TIMING_REFUSED', unsafe(timed({ yellowMs: 2_000 }))],
    ['without red clearance', 'PLAN_BELOW_FLOOR', unsafe(timed({ redClearMs: 0 }))],
    ['without plans', 'PLAN_TIMING_REFUSED', unsafe((database) => ({ ...database, plans: [] }))],
    ['with bounds for a plan that is not there', 'PLAN_LIMITS_REFUSED', firstWith({ adaptive: [limitsOf(250)] })],
    [
      'with bounds that leave no cycle',
      'PLAN_LIMITS_REFUSED',
      firstWith({ adaptive: [{ ...limitsOf(1), cycleMostMs: 5_000 }] }),
    ],
    ['with the bounds of a plan twice', 'PLAN_LIMITS_REFUSED', firstWith({ adaptive: [limitsOf(1), limitsOf(1)] })],
  ])('%s is %s', (_, verdict, change) => {
    expect(verdictOn(signedPlan(change(body)))).toBe(verdict)
  })

  test.each([
    ['an hour and a millisecond early', NOW - HOUR_MS - 1, 'ORDER_NOT_YET_VALID'],
    ['in its first millisecond', NOW - HOUR_MS, 'followed'],
    ['in its last millisecond', NOW + HOUR_MS - 1, 'followed'],
    ['a millisecond late', NOW + HOUR_MS, 'ORDER_EXPIRED'],
  ])('that comes %s is judged by its validity', (_, nowEpochMs, verdict) => {
    expect(verdictOn(signedPlan(body), { nowEpochMs })).toBe(verdict)
  })

  test('that would end greens early under a preempt is below the floor too', () => {
    const shorter = unsafe((database) => ({
      ...database,
      preempts: database.preempts.map((preempt) => ({
        ...preempt,
        entry: { ...preempt.entry, minGreenMs: preempt.entry.minGreenMs - 1 },
      })),
    }))
    expect(verdictOn(signedPlan(shorter(body)))).toBe('PLAN_BELOW_FLOOR')
  })

  test('is handed on with what would run: its database, and limits that allow its plans', () => {
    const received = inbox().receive(signedPlan(body), NOW)
    const timing =
      received.ok && received.value?.timings.get(site.intersections[0]?.database.intersection.id ?? ('' as never))
    if (!timing) throw new Error('it is followed')
    expect(configurationHash(timing.database)).toBe(timing.limits.configurationHash)
    expect(timing.database.intersection.extraConflicts).toEqual(
      site.intersections[0]?.database.intersection.extraConflicts,
    )
    expect(timing.limits.minGreenMs).toEqual(site.intersections[0]?.limits.minGreenMs)
    expect(timing.database.intersection.phases[0]?.timing.passageMs).toBe(
      (site.intersections[0]?.database.intersection.phases[0]?.timing.passageMs ?? 0) + 200,
    )
  })
})

describe('signatures', () => {
  const people = { holder: 'Maryam' }
  test.each([
    ['one person', [MARYAM], KEYS, 'SIGNERS_TOO_FEW'],
    ['two people', [MARYAM, ALI], KEYS, 'followed'],
    ['one person with two keys', [MARYAM, ALI], [trusted(MARYAM, people), trusted(ALI, people)], 'SIGNERS_TOO_FEW'],
    ['a stranger beside two people', [MARYAM, ALI, STRANGER], KEYS, 'KEY_UNKNOWN'],
    [
      'somebody whose key has run out',
      [MARYAM, ALI],
      [trusted(MARYAM), trusted(ALI, { untilEpochMs: NOW })],
      'KEY_RUN_OUT',
    ],
    [
      'somebody whose key runs out next',
      [MARYAM, ALI],
      [trusted(MARYAM), trusted(ALI, { untilEpochMs: NOW + 1 })],
      'followed',
    ],
    [
      'somebody who may give commands only',
      [MARYAM, ALI],
      [trusted(MARYAM), trusted(ALI, { may: ['command'] })],
      'KEY_NOT_FOR_THIS',
    ],
    ['people of a site that trusts nobody', [MARYAM, ALI], [], 'KEY_UNKNOWN'],
  ])('of %s', (_, keys, ring, verdict) => {
    expect(verdictOn(signedPlan(body, keys), { keys: ring })).toBe(verdict)
  })

  test('under a command are none under a plan', () => {
    expect(verdictOn(signedBy('command', body, [MARYAM, ALI]))).toBe('SIGNATURE_WRONG')
  })
})

describe('texts that are no plan', () => {
  test.each([
    ['nothing', '', 'ORDER_NOT_CANONICAL'],
    ['no JSON', 'hello', 'ORDER_NOT_CANONICAL'],
    ['a list', '[]', 'ORDER_MALFORMED'],
    ['an order that nobody has signed', '{"body":{},"signatures":[]}', 'ORDER_MALFORMED'],
    ['brackets without end', '['.repeat(100_000), 'ORDER_NOT_CANONICAL'],
    ['brackets in brackets', `${'['.repeat(50_000)}${']'.repeat(50_000)}`, 'ORDER_NOT_CANONICAL'],
    ['a character too many', ' '.repeat(ORDER_BYTES_MAX + 1), 'ORDER_TOO_LARGE'],
    ['a key of the prototype', '{"__proto__":{},"body":{},"signatures":[]}', 'ORDER_NOT_CANONICAL'],
  ])('%s', (_, text, verdict) => {
    expect(verdictOn(text)).toBe(verdict)
  })
})

const limitsOf = (pattern: number) => ({
  ...{ pattern, allowed: true, order: 'free', cycleLeastMs: null, cycleMostMs: null },
  ...{ splitsMs: [], weights: [], pedestrianWeight: 1, transitWeight: 1 },
})
