/** What ingest cannot take is found alone, kept whole with its reason, and can be tried again by command line. */
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { failed } from '#base/outcome.ts'
import type { EventStore, StoredEvent } from '#central/store/port.ts'
import { until } from '#test/support/eventually.ts'
import { mosquittoPath } from '#test/support/mosquitto.ts'
import { runSabz } from '#test/support/sabz.ts'
import { batchOf, EPOCH, row, rows, type HandMadeEdge } from './ingest-kit.ts'
import { IngestStand } from './ingest-stand.ts'

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

/** A store of which one event cannot be taken, whatever is with it. */
const storeThatRefuses = (isPoison: (event: StoredEvent) => boolean): EventStore =>
  stand.storeThat(async (events) =>
    events.some(isPoison)
      ? failed({ code: 'STORE_REFUSED', detail: 'field type conflict' })
      : stand.store.write(events),
  )

const deadLetters = (...args: string[]) =>
  runSabz(['dead-letters', ...args, '--data', stand.directory], { env: { NO_COLOR: '1' } })

describe.runIf(mosquittoPath)('one poison event among ten thousand', () => {
  test('is found by halving and put aside with its reason; the other 9,999 are stored', async () => {
    const ingest = await stand.central(storeThatRefuses(({ sequence }) => sequence === 7_777))
    for (let first = 1; first <= 9_001; first += 1_000) await edge.say(batchOf(rows(first, first + 999), first))
    await edge.heard(10_000)
    expect(await stand.sequences()).toEqual(Array.from({ length: 10_000 }, (_, n) => n + 1).filter((n) => n !== 7_777))
    expect(ingest.deadLetters(10)).toMatchObject([
      { identity: `hamadan-1/${EPOCH}/7777`, reason: 'field type conflict', form: 'event', times: 1, isCut: false },
    ])
  })
})

describe.runIf(mosquittoPath)('time stamps that no store takes', () => {
  const DAY_MS = 86_400_000
  test.each([
    { what: 'older than what is kept by a minute', atMs: -90 * DAY_MS - 60_000, isTaken: false },
    { what: 'a minute younger than what is kept', atMs: -90 * DAY_MS + 60_000, isTaken: true },
    { what: 'nine minutes ahead', atMs: 9 * 60_000, isTaken: true },
    { what: 'eleven minutes ahead', atMs: 11 * 60_000, isTaken: false },
  ])('$what: taken is $isTaken', async ({ atMs, isTaken }) => {
    const ingest = await stand.central()
    await edge.say(batchOf([row(1, { 1: Date.now() + atMs })], 1))
    await edge.heard(1)
    expect(await stand.sequences()).toEqual(isTaken ? [1] : [])
    expect(ingest.deadLetters(10)).toHaveLength(isTaken ? 0 : 1)
  })
})

describe.runIf(mosquittoPath)('the command line', () => {
  test('lists letters with their reasons, and brings into the store what it takes by now, beside a central that runs', async () => {
    const ingest = await stand.central(storeThatRefuses(({ sequence }) => sequence === 2))
    await edge.say(batchOf([row(1), row(2), row(3, { 3: 'green' })], 1))
    await edge.say('hello')
    await edge.heard(3)
    await until('three letters', () => ingest.deadLetters(10).length === 3)

    const listed = await deadLetters('list')
    expect(listed.code).toBe(1)
    expect(listed.stdout).toContain(`hamadan-1/${EPOCH}/2  1×  field type conflict`)
    expect(listed.stdout).toContain('the row is no event by the schema')
    expect(listed.stdout).toContain('3 dead letters')

    const name = /^(\d+) .*\/2 {2}1×/m.exec(listed.stdout)?.[1] ?? ''
    const replayed = await deadLetters('replay', name)
    expect(replayed).toMatchObject({ code: 0, stderr: '' })
    expect(await stand.sequences()).toEqual([1, 2])

    const others = await deadLetters('replay', '--all')
    expect(others.code).toBe(1)
    expect(others.stdout).toContain('stays: it is no batch by the schema')
    expect(others.stdout).toContain('0 of 2 dead letters are in the store now')
    expect(ingest.deadLetters(10)).toHaveLength(2)
  })

  test.each([
    { what: 'a letter that is not there', args: ['replay', '99'], code: 2, says: 'there is no dead letter 99' },
    { what: 'nothing', args: ['replay'], code: 2, says: 'no letter is named' },
  ])('of $what says so', async ({ args, code, says }) => {
    await stand.central()
    const finished = await deadLetters(...args)
    expect(finished.code).toBe(code)
    expect(finished.stderr).toContain(says)
  })
})

describe.runIf(mosquittoPath)('points that are replayed shuffled three times', () => {
  const isNightly = process.env['NIGHTLY'] === '1'
  test(`leave count and checksum as they were (${isNightly ? 'a million' : 'twenty thousand'})`, async () => {
    const total = isNightly ? 1_000_000 : 20_000
    await stand.central()
    const batches = Array.from({ length: total / 1_000 }, (_, n) =>
      batchOf(rows(n * 1_000 + 1, n * 1_000 + 1_000), n * 1_000 + 1),
    )
    const sums: { count: number; sum: number }[] = []
    for (const prime of [7_919, 6_101, 4_999, 3_571]) {
      const answered = edge.acks.length + batches.length
      const place = ({ first }: { first: number }): number => (first * prime) % 1_000_003
      for (const one of batches.toSorted((a, b) => place(a) - place(b))) await edge.say(one)
      await until('every batch answered', () => edge.acks.length >= answered)
      sums.push(await checksum())
    }
    expect(sums[0]?.count).toBe(total)
    expect(new Set(sums.map((sum) => JSON.stringify(sum))).size).toBe(1)
  })

  /** Of identity, time and content of every point. */
  async function checksum(): Promise<{ count: number; sum: number }> {
    const events = await stand.stored()
    const mixed = ({ sequence, epochMs, parameter, code }: StoredEvent): number =>
      (sequence * 31 + (epochMs % 1_000_003) * 17 + parameter * 7 + code) % 1_000_003
    return { count: events.length, sum: events.reduce((sum, event) => sum + mixed(event), 0) }
  }
})
