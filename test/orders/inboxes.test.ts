/** What an edge remembers of plans and orders: through redelivery, restarts, full disks and damaged files. */
import { beforeEach, describe, expect, test } from 'vitest'
import { intersectionId } from '#base/id.ts'
import type { CommandOrder } from '#contract/command-order.ts'
import { edgeTopics } from '#contract/topics.ts'
import { CommandInbox } from '#edge/orders/command-inbox.ts'
import { PlanInbox } from '#edge/orders/plan-inbox.ts'
import { CROSSING } from '#test/support/boulevard-crossing.ts'
import {
  ALI,
  changedSite,
  commandBody,
  CROSSING_SITE,
  dutyFor,
  EDGE,
  HOUR_MS,
  longerPassage,
  MARYAM,
  memoryFile,
  NOW,
  planBody,
  signedCommand,
  signedPlan,
  SITE,
  STRANGER,
  type Head,
} from '#test/support/signed-orders.ts'

const site = CROSSING_SITE
const here = intersectionId(CROSSING.id)
const plan = (version: number, head: Head = {}) =>
  signedPlan(planBody(site, changedSite(site, longerPassage(100 * version)), { version, ...head }))

describe('plans', () => {
  let file: ReturnType<typeof memoryFile>
  const codes: string[] = []
  const open = () => new PlanInbox({ duty: dutyFor(site), file, log: (_, code) => void codes.push(code) })
  const verdict = (inbox: PlanInbox, text: string, nowEpochMs = NOW) => {
    const received = inbox.receive(text, nowEpochMs)
    if (!received.ok) return received.fault.code
    return received.value === null ? 'known' : 'followed'
  }

  beforeEach(() => {
    file = memoryFile()
    codes.length = 0
  })

  test('a retained plan that is delivered again is known, also after a restart', () => {
    expect([verdict(open(), plan(2)), verdict(open(), plan(2)), verdict(open(), plan(2))]).toEqual([
      'followed',
      'known',
      'known',
    ])
    expect(open().plansOf(here)).toMatchObject({ desired: 2, ran: 0 })
  })

  test('a plan that was refused for its content keeps older ones out as well', () => {
    const inbox = open()
    const unsafe = signedPlan({
      ...planBody(site, site, { version: 9 }),
      intersections: [{ ...planBody(site, site).intersections[0], baseHash: 1 }],
    })
    expect(verdict(inbox, unsafe)).toBe('PLAN_BASE_DIFFERS')
    expect(verdict(open(), plan(8))).toBe('PLAN_VERSION_OLD')
    expect(verdict(open(), plan(10))).toBe('followed')
  })

  test('a plan that came too early is followed when its time has come', () => {
    const early = plan(3, { validFromEpochMs: NOW + 1_000 })
    const inbox = open()
    expect(verdict(inbox, early, NOW + 999)).toBe('ORDER_NOT_YET_VALID')
    expect(verdict(inbox, early, NOW + 1_000)).toBe('followed')
  })

  test('what a full disk does not take is not followed; it is when there is room', () => {
    const inbox = open()
    file.isFull = true
    expect(verdict(inbox, plan(2))).toBe('ORDER_NOT_KEPT')
    expect(inbox.plansOf(here).desired).toBe(0)
    file.isFull = false
    expect(verdict(inbox, plan(2))).toBe('followed')
  })

  test('whoever cannot read what he followed follows nothing, and says so', () => {
    open().receive(plan(5), NOW)
    file.text = file.text?.slice(0, -10) ?? null
    const blind = open()
    expect(codes).toEqual(['ORDERS_UNREADABLE'])
    expect(verdict(blind, plan(6))).toBe('ORDER_NOT_KEPT')
    expect(blind.plansOf(here)).toMatchObject({ known: [], desired: 0 })
  })

  test('the text of a plan is kept as long as it runs or is wanted somewhere, and no longer', () => {
    const inbox = open()
    inbox.receive(plan(1), NOW)
    inbox.noteRunning(here, 1)
    inbox.receive(plan(2), NOW)
    expect(
      open()
        .plansOf(here)
        .known.map(({ version }) => version),
    ).toEqual([1, 2])
    inbox.noteRunning(here, 2)
    expect(
      open()
        .plansOf(here)
        .known.map(({ version }) => version),
    ).toEqual([2])
  })

  test('a plan for a street that has been commissioned anew since is not restored, and is named', () => {
    open().receive(plan(1), NOW)
    const anew = changedSite(site, longerPassage(0))
    const [first] = anew.intersections
    if (first === undefined) throw new Error('there is an intersection')
    const other = { ...anew, intersections: [{ ...first, limits: { ...first.limits, configurationHash: 4 } }] }
    const inbox = new PlanInbox({ duty: dutyFor(other), file, log: (_, code) => void codes.push(code) })
    expect(codes).toEqual(['PLAN_BASE_DIFFERS'])
    expect(inbox.plansOf(here)).toMatchObject({ known: [], desired: 0 })
    expect(verdict(inbox, plan(0 + 1))).toBe('PLAN_BASE_DIFFERS')
  })
})

describe('orders', () => {
  let file: ReturnType<typeof memoryFile>
  const open = () =>
    new CommandInbox({ duty: dutyFor(site), file, log: () => {}, streets: () => dutyFor(site).intersections })
  const body = (changed: Partial<CommandOrder> = {}) => commandBody({ intersections: [here], ...changed })
  const verdict = (changed: Partial<CommandOrder>, keys = [MARYAM], nowEpochMs = NOW) => {
    const order = body(changed)
    const received = open().receive(signedCommand(order, keys), order.command, nowEpochMs)
    return received.ok ? received.value.result.code || 'followed' : received.fault.code
  }

  beforeEach(() => {
    file = memoryFile()
  })

  const { result } = edgeTopics(SITE, EDGE)
  test.each<[string, string, Partial<CommandOrder>]>([
    ['release for an hour', 'followed', {}],
    ['release for a second less than nothing', 'COMMAND_OUT_OF_RANGE', { parameters: { forMs: 999 } }],
    ['release for a second', 'followed', { parameters: { forMs: 1_000 } }],
    ['release for a day', 'followed', { parameters: { forMs: 24 * HOUR_MS } }],
    ['release for longer than a day', 'COMMAND_OUT_OF_RANGE', { parameters: { forMs: 24 * HOUR_MS + 1 } }],
    ['hold at a rung', 'followed', { command: 'hold-rung', parameters: { rung: 'coordinated', forMs: HOUR_MS } }],
    [
      'hold at a rung that nobody has',
      'COMMAND_OUT_OF_RANGE',
      { command: 'hold-rung', parameters: { rung: 'magic', forMs: HOUR_MS } },
    ],
    [
      'a priority that the site does not allow',
      'COMMAND_OUT_OF_RANGE',
      { command: 'priority', parameters: { number: 16, forMs: 60_000 } },
    ],
    [
      'an event without its plan',
      'COMMAND_OUT_OF_RANGE',
      { command: 'special-event', parameters: { plan: 'carnival', forMs: HOUR_MS } },
    ],
    ['take back', 'followed', { command: 'take-back', parameters: {} }],
    ['flash', 'COMMAND_NOT_OFFERED', { command: 'flash', parameters: {} }],
    [
      'flash of two sites by one',
      'ORDER_FOREIGN',
      { command: 'flash', parameters: {}, intersections: [here, 'IX-98'] },
    ],
    ['something else', 'COMMAND_UNKNOWN', { command: 'explode', parameters: {} }],
    ['an order for another edge', 'ORDER_FOREIGN', { edge: 'hamadan-2' }],
    ['an order that has expired', 'ORDER_EXPIRED', { expiresAtEpochMs: NOW }],
    ['an order that expires next', 'followed', { expiresAtEpochMs: NOW + 1 }],
    ['an order that lives for ten minutes', 'followed', { expiresAtEpochMs: NOW + 600_000 }],
    ['an order that lives for longer', 'COMMAND_OUT_OF_RANGE', { expiresAtEpochMs: NOW + 600_001 }],
    ['an answer below the result', 'followed', { responseTopic: `${result}/desk-7` }],
    ['an answer elsewhere', 'COMMAND_ANSWER_FOREIGN', { responseTopic: 'sabz/v1/hamadan/hamadan-2/result' }],
    ['an answer to everybody', 'COMMAND_ANSWER_FOREIGN', { responseTopic: `${result}/#` }],
  ])('%s is %s', (_, expected, changed) => {
    expect(verdict(changed)).toBe(expected)
  })

  test('of a stranger is not answered at all', () => {
    expect(verdict({}, [STRANGER])).toBe('KEY_UNKNOWN')
    expect(verdict({}, [ALI])).toBe('ISSUER_NOT_SIGNER')
  })

  test('by the topic of another command is foreign', () => {
    const received = open().receive(signedCommand(body()), 'take-back', NOW)
    expect(received.ok ? '' : received.fault.code).toBe('ORDER_FOREIGN')
  })

  test('that comes again is answered again and followed once, also when it was taken back meanwhile and the edge restarted', () => {
    const inbox = open()
    const order = signedCommand(body())
    inbox.receive(order, 'release', NOW)
    inbox.receive(
      signedCommand(body({ command: 'take-back', parameters: {}, correlation: 'back-0001' })),
      'take-back',
      NOW,
    )
    const again = open().receive(order, 'release', NOW + 1)
    expect(again).toMatchObject({ ok: true, value: { isRepeated: true, fault: null } })
    expect(open().standingAt(here)).toEqual([])
  })

  test('takes the place of an earlier one of its kind, and holds through a restart', () => {
    const inbox = open()
    inbox.receive(signedCommand(body({ parameters: { forMs: HOUR_MS } })), 'release', NOW)
    inbox.receive(signedCommand(body({ parameters: { forMs: 5_000 }, correlation: 'order-0002' })), 'release', NOW)
    expect(open().standingAt(here)).toEqual([
      { command: 'release', correlation: 'order-0002', untilEpochMs: NOW + 5_000 },
    ])
  })

  test('that the disk does not take is refused, and does not hold', () => {
    file.isFull = true
    expect(verdict({})).toBe('ORDER_NOT_KEPT')
    file.isFull = false
    expect(open().standingAt(here)).toEqual([])
  })

  test('beyond a thousand in ten minutes are refused, and no more when those have expired', () => {
    const answered = Object.fromEntries(
      Array.from({ length: 1_000 }, (_, i) => [`order-x${i}`, { expiresAtEpochMs: NOW + 1_000, code: '', detail: '' }]),
    )
    file.text = JSON.stringify({ v: 1, answered, standing: {} })
    expect(verdict({})).toBe('COMMANDS_TOO_MANY')
    expect(verdict({}, [MARYAM], NOW + 1_000)).toBe('followed')
  })
})
