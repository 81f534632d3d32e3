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
