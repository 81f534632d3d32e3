/** One connection: whose turn it is, who is too late, and when a wire must not be used again. Virtual clock, no socket. */
import { queryObjects } from 'node:v8'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { Connection, type Wire } from '#devices/connection.ts'
import { deadlineIn } from '#devices/deadline.ts'
import type { DeviceFault, DeviceResult } from '#devices/device.ts'

beforeEach(() => vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] }))
afterEach(() => vi.useRealTimers())

const OK = { ok: true, value: undefined }
const CLOSED = { ok: false, fault: { code: 'CONNECTION_LOST', detail: 'closed by ourselves' } }
const timedOut = (afterMs: number) => ({ ok: false, fault: { code: 'TIMED_OUT', afterMs } })

/** A wire of which the test decides when it opens and when it is lost. */
function fakeWire() {
  const opened: { lost: (fault: DeviceFault) => void; signal: AbortSignal }[] = []
  const dropped: number[] = []
  let openAfterMs = 0
  const wire: Wire<number> = {
    open: (signal, lost) =>
      new Promise((resolve, reject) => {
        opened.push({ lost, signal })
        const session = opened.length
        signal.addEventListener('abort', () => reject(new Error('given up')))
        setTimeout(() => resolve(session), openAfterMs)
      }),
    async drop(session) {
      dropped.push(session)
    },
  }
  return { wire, opened, dropped, opensAfter: (ms: number) => (openAfterMs = ms) }
}

async function connected() {
  const fake = fakeWire()
  const connection = new Connection(fake.wire)
  const connecting = connection.connect(1_000)
  await vi.advanceTimersByTimeAsync(0)
  expect(await connecting).toEqual(OK)
  return { ...fake, connection }
}

/** An answer after some time; remembers when it was asked. */
function askAfter(ms: number, value: string, asked: string[] = []) {
  return () =>
    new Promise<DeviceResult<string>>((resolve) => {
      asked.push(value)
      setTimeout(() => resolve({ ok: true, value }), ms)
    })
}

test('requests wait for their turn, and each gets its own answer', async () => {
  const { connection } = await connected()
  const asked: string[] = []
  const first = connection.request(deadlineIn(1_000), askAfter(100, 'first', asked))
  const second = connection.request(deadlineIn(1_000), askAfter(100, 'second', asked))
  await vi.advanceTimersByTimeAsync(99)
  expect(asked).toEqual(['first'])
  await vi.advanceTimersByTimeAsync(1)
  expect(asked).toEqual(['first', 'second'])
  await vi.advanceTimersByTimeAsync(100)
  expect(await Promise.all([first, second])).toEqual([
    { ok: true, value: 'first' },
    { ok: true, value: 'second' },
  ])
})

test.each([
  [99, { ok: true, value: 'reply' }],
  [101, timedOut(100)],
])('an answer after %i ms is in time or not for a deadline of 100 ms', async (ms, expected) => {
  const { connection } = await connected()
  const answer = connection.request(deadlineIn(100), askAfter(ms, 'reply'))
  await vi.advanceTimersByTimeAsync(200)
  expect(await answer).toEqual(expected)
})

test('after a late answer the wire is dropped, whoever waited hears of it, and nothing more is asked of it', async () => {
  const { connection, dropped } = await connected()
  const asked: string[] = []
  const late = connection.request(deadlineIn(100), askAfter(150, 'late', asked))
  const waiting = connection.request(deadlineIn(500), askAfter(1, 'waiting', asked))
  await vi.advanceTimersByTimeAsync(600)
  expect(await late).toEqual(timedOut(100))
  expect(await waiting).toMatchObject({ ok: false, fault: { code: 'CONNECTION_LOST' } })
  expect(await connection.request(deadlineIn(100), askAfter(1, 'after'))).toEqual({
    ok: false,
    fault: { code: 'NOT_CONNECTED' },
  })
  expect({ asked, dropped }).toEqual({ asked: ['late'], dropped: [1] })
})

test('whoever misses its deadline while it waits was never sent, and costs nobody the connection', async () => {
  const { connection, dropped } = await connected()
  const asked: string[] = []
  const first = connection.request(deadlineIn(1_000), askAfter(200, 'first', asked))
  const second = connection.request(deadlineIn(100), askAfter(1, 'second', asked))
  const third = connection.request(deadlineIn(1_000), askAfter(1, 'third', asked))
  await vi.advanceTimersByTimeAsync(100)
  expect(await second).toEqual(timedOut(100))
  await vi.advanceTimersByTimeAsync(200)
  expect(await first).toEqual({ ok: true, value: 'first' })
  expect(await third).toEqual({ ok: true, value: 'third' })
  expect({ asked, dropped }).toEqual({ asked: ['first', 'third'], dropped: [] })
})

test('a turn of whoever gave up waiting does not let two requests onto the wire', async () => {
  const { connection } = await connected()
  const asked: string[] = []
  const answers = [
    connection.request(deadlineIn(1_000), askAfter(200, 'first', asked)),
    connection.request(deadlineIn(50), askAfter(1, 'second', asked)),
  ]
  await vi.advanceTimersByTimeAsync(60)
  answers.push(connection.request(deadlineIn(1_000), askAfter(1, 'third', asked)))
  await vi.advanceTimersByTimeAsync(100)
  expect(asked).toEqual(['first'])
  await vi.advanceTimersByTimeAsync(100)
  expect(asked).toEqual(['first', 'third'])
  await Promise.all(answers)
})

test('a peer that goes away fails what is under way and what waits', async () => {
  const { connection, opened } = await connected()
  const answers = [1, 2].map(() => connection.request(deadlineIn(1_000), askAfter(500, 'never')))
  const lost: DeviceFault = { code: 'CONNECTION_LOST', detail: 'reset' }
  opened[0]?.lost(lost)
  expect(await Promise.all(answers)).toEqual([
    { ok: false, fault: lost },
    { ok: false, fault: lost },
  ])
})

test.each<[DeviceFault['code'], DeviceFault, number[]]>([
  ['REFUSED_BY_DEVICE', { code: 'REFUSED_BY_DEVICE', protocolCode: 2, detail: '' }, []],
  ['NOT_IN_PROFILE', { code: 'NOT_IN_PROFILE', detail: '' }, []],
  ['BAD_REPLY', { code: 'BAD_REPLY', detail: '' }, [1]],
  ['CONNECTION_LOST', { code: 'CONNECTION_LOST', detail: '' }, [1]],
])('after %s the wire is kept only where its state is known', async (_code, fault, expected) => {
  const { connection, dropped } = await connected()
  expect(await connection.request(deadlineIn(100), async () => ({ ok: false, fault }))).toEqual({ ok: false, fault })
  expect(dropped).toEqual(expected)
})

test('closing leaves no call pending', async () => {
  const { connection, dropped } = await connected()
  const answers = [1, 2, 3].map(() => connection.request(deadlineIn(1_000), askAfter(500, 'never')))
  await connection.close()
  await connection.close()
  expect(await Promise.all(answers)).toEqual([CLOSED, CLOSED, CLOSED])
  expect(dropped).toEqual([1])
})

test('closing ends an attempt to connect, and what opens after all is dropped', async () => {
  const fake = fakeWire()
  const stubborn: Wire<number> = {
    ...fake.wire,
    open: () => new Promise((resolve) => setTimeout(() => resolve(7), 400)),
  }
  const connection = new Connection(stubborn)
  const connecting = connection.connect(1_000)
  await connection.close()
  expect(await connecting).toEqual(CLOSED)
  await vi.advanceTimersByTimeAsync(500)
  expect(fake.dropped).toEqual([7])
  expect(await connection.request(deadlineIn(10), askAfter(1, 'x'))).toMatchObject({ fault: { code: 'NOT_CONNECTED' } })
})

test('connecting has a deadline, may be tried again, and is at once where it is done', async () => {
  const fake = fakeWire()
  const connection = new Connection(fake.wire)
  fake.opensAfter(300)
  const slow = connection.connect(100)
  expect(await connection.connect(100)).toMatchObject({ ok: false, fault: { code: 'CONNECT_FAILED' } })
  await vi.advanceTimersByTimeAsync(100)
  expect(await slow).toEqual(timedOut(100))
  const again = connection.connect(1_000)
  await vi.advanceTimersByTimeAsync(300)
  expect(await again).toEqual(OK)
  expect(await connection.connect(0)).toEqual(OK)
  expect(fake.opened).toHaveLength(2)
})

test('a loss is of its own session: what an old wire says late does not end the new one', async () => {
  const { connection, opened } = await connected()
  opened[0]?.lost({ code: 'CONNECTION_LOST', detail: 'reset' })
  const again = connection.connect(100)
  await vi.advanceTimersByTimeAsync(0)
  await again
  opened[0]?.lost({ code: 'CONNECTION_LOST', detail: 'closed' })
  const answer = connection.request(deadlineIn(100), askAfter(1, 'new'))
  await vi.advanceTimersByTimeAsync(1)
  expect(await answer).toEqual({ ok: true, value: 'new' })
})

test('whoever was stopped beyond its deadline does not send what is too old', async () => {
  const { connection, dropped } = await connected()
  const asked: string[] = []
  const deadline = deadlineIn(100)
  // The process stands still: time goes on, and no timer has run yet.
  vi.spyOn(performance, 'now').mockReturnValue(deadline.atMonoMs + 3_000)
  expect(await connection.request(deadline, askAfter(1, 'old', asked))).toEqual(timedOut(100))
  expect({ asked, dropped }).toEqual({ asked: [], dropped: [] })
  vi.restoreAllMocks()
})

test('a line that stands for months holds on to none of the calls that were answered', async () => {
  const { connection } = await connected()
  const promises = () => queryObjects(Promise, { format: 'count' })
  const ask = async (): Promise<DeviceResult<string>> => ({ ok: true, value: 'an answer' })
  const before = promises()
  for (let call = 0; call < CALLS; call++) await connection.request(deadlineIn(1_000), ask)
  expect(promises() - before).toBeLessThan(CALLS / 10)
})

const CALLS = 1_000
