/** Ingest over a real broker: each event once, gaps known, poison put aside, and no answer before the store has it. */
import { connect, type MqttClient } from 'mqtt'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { failed } from '#base/outcome.ts'
import { deferPubacks } from '#central/deferred-puback.ts'
import { eventually, until } from '#test/support/eventually.ts'
import { mosquittoPath } from '#test/support/mosquitto.ts'
import { batch, batchOf, EPOCH, HandMadeEdge, row, rows } from './ingest-kit.ts'
import { IngestStand } from './ingest-stand.ts'

const NINETY_ONE_DAYS_MS = 91 * 86_400_000

let stand: IngestStand
let edge: HandMadeEdge

beforeEach(async () => {
  if (!mosquittoPath) return
  stand = await IngestStand.putUp()
  edge = stand.edge
})

afterEach(async () => {
  if (!mosquittoPath) return
  await stand.takeDown()
})

const unavailable = async () => failed({ code: 'STORE_UNAVAILABLE' as const, detail: 'told to be' })

describe.runIf(mosquittoPath)('ingest', () => {
  test('a batch is stored, then answered, up to its last event', async () => {
    await stand.central()
    await edge.say(batch(1, 3))
    expect(await edge.heard(3)).toEqual({ v: 1, epoch: EPOCH, upTo: 3 })
    expect(await stand.sequences()).toEqual([1, 2, 3])
  })

  test('nothing is answered while the store takes nothing, and everything once it does', async () => {
    let isDown = true
    await stand.central(stand.storeThat((events) => (isDown ? unavailable() : stand.store.write(events))))
    await edge.say(batch(1, 3))
    await edge.say(batch(4, 6))
    await new Promise((resolve) => setTimeout(resolve, 400))
    expect(edge.acks).toEqual([])
    isDown = false
    await edge.heard(6)
    expect(await stand.sequences()).toEqual([1, 2, 3, 4, 5, 6])
  })

  test('a batch that comes again is answered again and stored once', async () => {
    let writes = 0
    await stand.central(stand.storeThat((events) => ((writes += events.length), stand.store.write(events))))
    for (let time = 1; time <= 3; time++) {
      await edge.say(batch(1, 3))
      await until(`answer ${time}`, () => edge.acks.length === time)
    }
    expect(edge.acks.map(({ upTo }) => upTo)).toEqual([3, 3, 3])
    expect(writes).toBe(3)
  })

  test('batches shuffled and replayed three times leave the same count and the same sum', async () => {
    await stand.central()
    const batches = Array.from({ length: 100 }, (_, index) => batch(index * 20 + 1, index * 20 + 20))
    for (const prime of [7_919, 6_101, 4_999]) {
      const place = ({ first }: { first: number }): number => (first * prime) % 1_009
      for (const one of batches.toSorted((a, b) => place(a) - place(b))) await edge.say(one)
    }
    await edge.heard(2_000)
    const numbers = await stand.sequences()
    expect(numbers).toHaveLength(2_000)
    expect(numbers.reduce((sum, n) => sum + n, 0)).toBe((2_000 * 2_001) / 2)
  })

  test('what overtakes a gap is stored and told as an island, and the gap is known until it is filled', async () => {
    const ingest = await stand.central()
    await edge.say(batch(1, 5))
    await edge.say(batch(11, 15))
    const ack = await eventually('an island', () => edge.acks.find(({ ranges }) => ranges !== undefined))
    expect(ack).toEqual({ v: 1, epoch: EPOCH, upTo: 5, ranges: [[11, 15]] })
    expect(ingest.streams()).toEqual([
      { edge: 'hamadan-1', epoch: EPOCH, upTo: 5, last: 15, missing: [[6, 10]], lost: [] },
    ])
    await edge.say(batch(6, 10))
    await edge.heard(15)
    expect(ingest.streams()).toMatchObject([{ upTo: 15, missing: [] }])
  })

  test('what an edge says will never come is not waited for, and stays known as lost', async () => {
    const ingest = await stand.central()
    await edge.say(batch(1, 5))
    await edge.say(batch(11, 15, { after: 5 }))
    await edge.heard(15)
    expect(ingest.streams()).toMatchObject([{ upTo: 15, missing: [], lost: [[6, 10]] }])
    await edge.say(batch(6, 7))
    await until('the late ones', async () => (await stand.sequences()).includes(6))
    expect(ingest.streams()).toMatchObject([{ upTo: 15, lost: [[8, 10]] }])
  })

  test('an edge that freed its past is served by a central that lost its ledger', async () => {
    const first = await stand.central()
    await edge.say(batch(1, 5))
    await edge.heard(5)
    await first.close()
    const second = await stand.central(stand.store, 'another.db')
    await edge.say(batch(6, 8, { after: 0 }))
    await edge.heard(8)
    expect(second.streams()).toMatchObject([{ upTo: 8, lost: [[1, 5]] }])
  })

  test('two edges and two epochs are kept apart', async () => {
    const ingest = await stand.central()
    const other = await HandMadeEdge.at(stand.broker.url, 'hamadan-2')
    stand.andThen(() => other.leave())
    await edge.say(batch(1, 2))
    await edge.say(batch(1, 3, { epoch: '00000000000000bb' }))
    await other.say(batch(1, 4))
    await other.heard(4)
    await until('both epochs', () => edge.acks.length === 2)
    expect(
      ingest
        .streams()
        .map(({ edge: name, epoch, upTo }) => `${name} ${epoch.slice(-2)} ${upTo}`)
        .toSorted(),
    ).toEqual(['hamadan-1 aa 2', 'hamadan-1 bb 3', 'hamadan-2 aa 4'])
    expect(await stand.stored()).toHaveLength(9)
  })

  test('many small batches share a write while the store is busy', async () => {
    const sizes: number[] = []
    await stand.central(
      stand.storeThat(async (events) => {
        sizes.push(events.length)
        await new Promise((resolve) => setTimeout(resolve, 50))
        return stand.store.write(events)
      }),
    )
    await Promise.all(Array.from({ length: 60 }, (_, index) => edge.say(batch(index * 10 + 1, index * 10 + 10))))
    await edge.heard(600)
    expect(Math.max(...sizes)).toBeGreaterThanOrEqual(60)
    expect(sizes.length).toBeLessThan(30)
  })
})

describe.runIf(mosquittoPath)('poison', () => {
  test('one event among a thousand that the store refuses is put aside with its reason, its neighbours are stored', async () => {
    const ingest = await stand.central()
    const content = rows(1, 1_000)
    content[499] = row(500, { 1: Date.now() - NINETY_ONE_DAYS_MS })
    await edge.say(batchOf(content, 1))
    await edge.heard(1_000)
    expect(await stand.stored()).toHaveLength(999)
    const [letter, ...others] = ingest.deadLetters(10)
    expect(others).toEqual([])
    expect(letter).toMatchObject({ identity: `hamadan-1/${EPOCH}/500`, times: 1 })
    expect(letter?.reason).toContain('older than the 90 days')
    expect(JSON.parse(letter?.payload ?? '')).toMatchObject({ sequence: 500, intersection: 'IX-01', code: 82 })
  })

  test.each([
    { what: 'a code that is text', bad: row(2, { 3: 'green' }) },
    { what: 'a negative parameter', bad: row(2, { 4: -1 }) },
    { what: 'a sequence that is not its place', bad: row(7) },
    { what: 'a number that no database holds', bad: row(2, { 6: 2 ** 60 }) },
    { what: 'a row that is no row', bad: null },
    { what: 'a line break in a name', bad: row(2, { 2: 'IX-01\nevent code=1i 1' }) },
  ])('$what is put aside alone', async ({ bad }) => {
    const ingest = await stand.central()
    await edge.say(batchOf([row(1), bad, row(3)], 1))
    await edge.heard(3)
    expect(await stand.sequences()).toEqual([1, 3])
    expect(ingest.deadLetters(10)).toMatchObject([{ identity: `hamadan-1/${EPOCH}/2` }])
  })

  test.each([
    { what: 'no JSON', message: 'hello' },
    { what: 'bytes that are no text', message: Buffer.from([0xff, 0xfe, 0x00]) },
    { what: 'nothing at all', message: '' },
    { what: 'a batch of another age', message: JSON.stringify(batch(1, 2, { v: 3 })) },
    {
      what: 'a batch whose rows do not match its digest',
      message: JSON.stringify(batch(1, 2, { digest: '00000000' })),
    },
    { what: 'a batch that says more than it holds', message: JSON.stringify(batch(1, 2, { last: 3 })) },
    { what: 'a batch that follows itself', message: JSON.stringify(batch(1, 2, { after: 1 })) },
  ])('$what is put aside once however often it comes, and what follows is stored', async ({ message }) => {
    const ingest = await stand.central()
    for (let time = 0; time < 3; time++) await edge.say(message)
    await edge.say(batch(1, 2))
    await edge.heard(2)
    expect(ingest.deadLetters(10)).toMatchObject([{ topic: 'sabz/v1/hamadan/hamadan-1/batch', times: 3 }])
  })

  test('versions one before and one after ours are taken, with fields that we do not know', async () => {
    await stand.central()
    await edge.say(JSON.stringify({ ...batch(1, 2, { v: 0 }), colour: 'green' }))
    await edge.say(batch(3, 4, { v: 2 }))
    await edge.heard(4)
    expect(await stand.sequences()).toEqual([1, 2, 3, 4])
  })

  test('a newer edge may say more of an event than we know, an edge of our own version may not', async () => {
    const ingest = await stand.central()
    await edge.say(batchOf([[...row(1), 'red', { nested: true }]], 1, { v: 2 }))
    await edge.say(batchOf([[...row(2), 'red']], 2))
    await edge.heard(2)
    expect(await stand.sequences()).toEqual([1])
    expect(ingest.deadLetters(10)).toMatchObject([{ identity: `hamadan-1/${EPOCH}/2` }])
  })

  test('a batch of another site is none of ours', async () => {
    await stand.central()
    await edge.say(batch(1, 2), 'sabz/v1/tehran/hamadan-1/batch')
    await edge.say(batch(1, 1))
    await edge.heard(1)
    expect(await stand.sequences()).toEqual([1])
  })
})

describe.runIf(mosquittoPath)('an acknowledgement to the broker that is held back', () => {
  async function consumer(url: string): Promise<{ client: MqttClient; received: string[]; releases: (() => void)[] }> {
    const client = connect(url, { clientId: 'holder', clean: false, keepalive: 1, reconnectPeriod: 0 })
    const received: string[] = []
    const releases: (() => void)[] = []
    deferPubacks(client, (_topic, payload, release) => {
      received.push(payload.toString())
      releases.push(release)
    })
    stand.andThen(() => client.endAsync(true))
    await new Promise<void>((resolve) =>
      client.once('connect', () => client.subscribe('held', { qos: 1 }, () => resolve())),
    )
    return { client, received, releases }
  }

  test('keeps the connection alive and lets later messages through', async () => {
    const { client, received, releases } = await consumer(stand.broker.url)
    await edge.say('one', 'held')
    await until('one', () => received.length === 1)
    await new Promise((resolve) => setTimeout(resolve, 2_500))
    await edge.say('two', 'held')
    await until('two', () => received.length === 2)
    expect(client.connected).toBe(true)
    for (const release of releases) release()
  })

  test('a message that was not released comes again after the connection, one that was does not', async () => {
    const first = await consumer(stand.broker.url)
    for (const word of ['one', 'two', 'three']) await edge.say(word, 'held')
    await until('three', () => first.received.length === 3)
    first.releases[1]?.()
    await new Promise((resolve) => setTimeout(resolve, 100))
    first.client.stream.destroy()
    await until('the end', () => !first.client.connected)
    const second = await consumer(stand.broker.url)
    await until('those again', () => second.received.length === 2)
    expect(second.received).toEqual(['one', 'three'])
    first.releases[0]?.()
  })
})
