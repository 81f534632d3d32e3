/** Which batches go out when: live at once, the backlog beside it, and everything again until central has it. */
import { beforeEach, describe, expect, test } from 'vitest'
import {
  ACK_TIMEOUT_MAX_MS,
  ACK_TIMEOUT_MS,
  BACKLOG_EVENTS_PER_S,
  BACKLOG_IN_FLIGHT_MAX,
  BatchSender,
  IN_FLIGHT_MAX,
  LIVE_LAG_EVENTS_MAX,
  LIVE_SLOW_MS,
  OFFER_ALL_AGAIN_MS,
} from '#edge/telemetry/batch-sender.ts'
import type { OutgoingBatch } from '#edge/telemetry/batch-reader.ts'
import type { Spool } from '#edge/telemetry/spool.ts'
import { ForgetfulDisk } from '#test/support/forgetful-disk.ts'
import { openSpool, recordEvents } from './spool-kit.ts'

let nowMs: number
let spool: Spool
let sent: OutgoingBatch[]
let isBrokerTaking: boolean
let sender: BatchSender

beforeEach(() => {
  nowMs = 0
  sent = []
  isBrokerTaking = true
  ;({ spool } = openSpool(new ForgetfulDisk()))
})

function connected(): void {
  sender = new BatchSender({
    spool,
    publish: (batch, taken) => {
      sent.push(batch)
      if (isBrokerTaking) taken()
    },
    monoMs: () => nowMs,
  })
  sender.restart()
}

/** Time goes by in turns of the uplink. */
function pass(ms: number): void {
  for (const until = nowMs + ms; nowMs < until;) {
    nowMs = Math.min(until, nowMs + 250)
    sender.turn()
  }
}

const ack = (upTo: number, ranges?: [number, number][]): void =>
  sender.acknowledge({ v: 1, epoch: spool.epoch, upTo, ...(ranges ? { ranges } : {}) })

/** What was sent since this was last asked. */
const sentNow = (): string[] => sent.splice(0).map(({ first, last }) => `${first}-${last}`)

describe('live events', () => {
  test('events go out with the turn after they were recorded, consecutive ones together', () => {
    connected()
    recordEvents(spool, 1, 3)
    recordEvents(spool, 4, 5)
    sender.turn()
    recordEvents(spool, 6, 6)
    sender.turn()
    expect(sentNow()).toEqual(['1-5', '6-6'])
  })

  test('an event that is not recorded is not sent', () => {
    connected()
    spool.append([])
    recordEvents(spool, 1, 1)
    spool.append([
      { intersection: 'IX-01' as never, epochMs: 1, code: 1, parameter: 1, source: 'edge', deviceSequence: 0 },
    ])
    sender.turn()
    expect(sentNow()).toEqual(['1-1'])
  })

  test('no more batches than the window are under way, and an acknowledgement makes room', () => {
    connected()
    for (let n = 1; n <= IN_FLIGHT_MAX + 5; n++) {
      recordEvents(spool, n, n)
      sender.turn()
    }
    expect(sentNow()).toHaveLength(IN_FLIGHT_MAX)
    ack(2)
    expect(sentNow()).toEqual([`${IN_FLIGHT_MAX + 1}-${IN_FLIGHT_MAX + 5}`])
  })
})

describe('what central does not answer', () => {
  test('a batch without an answer is sent again after two seconds, then after four, and in the end once a minute', () => {
    connected()
    recordEvents(spool, 1, 1)
    const sentAtMs: number[] = []
    for (; nowMs < 400_000; pass(250)) if (sentNow().length > 0) sentAtMs.push(nowMs)
    const gapsMs = sentAtMs.slice(1).map((at, index) => at - (sentAtMs[index] ?? 0))
    expect(gapsMs.slice(0, 5)).toEqual([1, 2, 4, 8, 16].map((times) => times * ACK_TIMEOUT_MS))
    expect(gapsMs.slice(5).every((gapMs) => gapMs === ACK_TIMEOUT_MAX_MS)).toBe(true)
  })

  test('once central answers again, what it has not answered yet is sent within eight seconds', () => {
    connected()
    recordEvents(spool, 1, 1)
    sender.turn()
    recordEvents(spool, 2, 2)
    pass(190_000)
    sentNow()
    ack(1)
    pass(8_000)
    expect(sentNow()).toContain('2-2')
  })

  test('a batch that the broker itself has not taken is not sent twice over the same connection', () => {
    isBrokerTaking = false
    connected()
    recordEvents(spool, 1, 1)
    pass(100_000)
    expect(sentNow()).toEqual(['1-1'])
  })

  test('what the broker has taken and central has not is sent again over the next connection: nothing is freed by a PUBACK', () => {
    connected()
    recordEvents(spool, 1, 4)
    sender.turn()
    expect(spool.acknowledged(spool.epoch)).toBe(0)
    sender.restart()
    expect(sentNow()).toEqual(['1-4', '1-4'])
  })

  test('an acknowledged batch is not sent again, neither later nor after a new connection', () => {
    connected()
    recordEvents(spool, 1, 4)
    sender.turn()
    ack(4)
    pass(100_000)
    sender.restart()
    expect(sentNow()).toEqual(['1-4'])
  })

  test('a new connection sends everything again that is not acknowledged', () => {
    connected()
    recordEvents(spool, 1, 4)
    sender.turn()
    recordEvents(spool, 5, 9)
    sender.turn()
    ack(2)
    sentNow()
    sender.restart()
    expect(sentNow()).toEqual(['3-9'])
  })

  test('an acknowledgement beyond what is recorded frees nothing', () => {
    connected()
    recordEvents(spool, 1, 4)
    sender.turn()
    ack(5)
    sentNow()
    sender.restart()
    expect(sentNow()).toEqual(['1-4'])
  })
})

describe('after an outage', () => {
  test('new events go out at once while the backlog is still going', () => {
    recordEvents(spool, 1, 40_000)
    connected()
    expect(sentNow()).toHaveLength(BACKLOG_IN_FLIGHT_MAX)
    recordEvents(spool, 40_001, 40_003)
    sender.turn()
    expect(sentNow()).toEqual(['40001-40003'])
  })

  test('what central has beyond the backlog is not sent a second time when the backlog gets there', () => {
    recordEvents(spool, 1, 2_000)
    connected()
    recordEvents(spool, 2_001, 2_003)
    sender.turn()
    expect(sentNow()).toEqual(['1-1000', '1001-2000', '2001-2003'])
    ack(0, [[2_001, 2_003]])
    pass(ACK_TIMEOUT_MS)
    expect(sentNow()).toEqual(['1-1000', '1001-2000'])
    ack(2_003)
    sender.restart()
    expect(sentNow()).toEqual([])
  })

  test('the backlog keeps to its rate however quickly central answers', () => {
    recordEvents(spool, 1, 60_000)
    connected()
    let sentEvents = 0
    const answerAll = (): void => {
      for (let batches = sent.splice(0); batches.length > 0; batches = sent.splice(0))
        for (const { first, last } of batches) {
          sentEvents += last - first + 1
          ack(last)
        }
    }
    answerAll()
    for (let turn = 0; turn < 20; turn++) {
      pass(250)
      answerAll()
    }
    const seconds = 5
    expect(sentEvents).toBeGreaterThan(BACKLOG_EVENTS_PER_S * seconds)
    expect(sentEvents).toBeLessThanOrEqual(BACKLOG_EVENTS_PER_S * (seconds + 2))
  })

  test('when central answers nothing for long, the newest events go first once it does', () => {
    connected()
    for (let n = 1; n <= IN_FLIGHT_MAX; n++) {
      recordEvents(spool, n, n)
      sender.turn()
    }
    recordEvents(spool, IN_FLIGHT_MAX + 1, IN_FLIGHT_MAX + LIVE_LAG_EVENTS_MAX + 1)
    sender.turn()
    sentNow()
    const newest = IN_FLIGHT_MAX + LIVE_LAG_EVENTS_MAX + 2
    recordEvents(spool, newest, newest)
    ack(10)
    expect(sentNow()).toContain(`${newest}-${newest}`)
  })
})

describe('a throttle', () => {
  /** Central answers each batch at once; how much farther the backlog has come. */
  function passAnswered(ms: number): number {
    const before = look()
    for (const end = nowMs + ms; nowMs < end;) {
      pass(250)
      ack(look())
    }
    return look() - before
  }

  let reached: number

  /** The greatest sequence that was ever sent. */
  function look(): number {
    for (const { last } of sent.splice(0)) reached = Math.max(reached, last)
    return reached
  }

  function backlogOf(events: number): void {
    reached = 0
    for (let first = 1; first <= events; first += 1_000) recordEvents(spool, first, first + 999)
    connected()
    ack(look())
    ack(look())
  }

  test('holds the backlog to its rate for its time, and no longer', () => {
    backlogOf(60_000)
    sender.throttle({ v: 1, backlogEventsPerS: 500, forMs: 10_000 })
    const throttled = passAnswered(9_750)
    expect(throttled).toBeGreaterThanOrEqual(4_000)
    expect(throttled).toBeLessThanOrEqual(500 * 10 + 1_000)
    expect(passAnswered(2_000)).toBeGreaterThanOrEqual(BACKLOG_EVENTS_PER_S)
  })

  test('of nothing holds it back altogether, and live events go on', () => {
    backlogOf(60_000)
    sender.throttle({ v: 1, backlogEventsPerS: 0, forMs: 60_000 })
    pass(500)
    look()
    recordEvents(spool, 60_001, 60_001)
    pass(500)
    expect(sentNow()).toEqual(['60001-60001'])
  })
})

describe('a central that is slow', () => {
  const backlogUnderWay = (): number =>
    new Set(
      sent
        .splice(0)
        .filter(({ last }) => last <= 20_000)
        .map(({ first }) => first),
    ).size

  /** A live event that is answered after so long, and how many batches of backlog go out then. */
  function answeredAfter(ms: number): number {
    for (let first = 1; first <= 19_001; first += 1_000) recordEvents(spool, first, first + 999)
    connected()
    recordEvents(spool, 20_001, 20_001)
    sender.turn()
    pass(ms)
    sent.splice(0)
    ack(4_000, [[20_001, 20_001]])
    pass(1_750)
    return backlogUnderWay()
  }

  test('gets one batch of backlog at a time, so that live events need not queue behind more', () => {
    expect(answeredAfter(LIVE_SLOW_MS + 250)).toBe(1)
  })

  test('that answers in time gets as many as ever', () => {
    expect(answeredAfter(LIVE_SLOW_MS)).toBe(BACKLOG_IN_FLIGHT_MAX)
  })
})

describe('a central that has lost its ledger', () => {
  test('is offered everything that is still here, with a word on what is not, and once a minute at most', () => {
    connected()
    recordEvents(spool, 1, 20)
    sender.turn()
    ack(20)
    sentNow()
    ack(5)
    const [batch] = sent
    expect(JSON.parse(batch?.payload ?? '')).toMatchObject({ first: 6, last: 20 })
    sentNow()
    ack(20)
    ack(3)
    expect(sentNow()).toEqual([])
    pass(OFFER_ALL_AGAIN_MS)
    ack(20)
    ack(3)
    expect(sentNow()).toContain('4-20')
  })
})
