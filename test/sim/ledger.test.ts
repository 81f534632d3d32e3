/** Pictures of a cabinet that is played by a process that dies: its log goes on where it was. */
import { appendFileSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { headByClock, Ledger } from '#sim/ledger.ts'

let directory: string
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'ledger-'))
})
afterEach(() => rmSync(directory, { recursive: true }))

const record = (sequence: number) => ({ sequence, epochMs: 1_000 + sequence, code: 1, parameter: 2 })
const lost: string[] = []
const openLedger = () => new Ledger(directory, 'IX-01', (detail) => lost.push(detail))
const lines = () => readFileSync(join(directory, 'IX-01.ndjson'), 'utf8').trim().split('\n')

test('a new cabinet has logged nothing and met no supervisor', () => {
  const ledger = openLedger()
  expect(ledger.before).toEqual({ logHead: 0, leaseEpoch: 0 })
  ledger.close()
})

test('after a restart the log goes on, and the supervisor from before is still known', () => {
  const first = openLedger()
  for (const sequence of [1, 2, 3]) first.write(record(sequence))
  first.remember({ logHead: 3, leaseEpoch: 77 })
  // No close: the process was killed.
  const second = openLedger()
  expect(second.before).toEqual({ logHead: 3, leaseEpoch: 77 })
  second.write(record(4))
  expect(lines().map((line) => JSON.parse(line))).toEqual([1, 2, 3, 4].map(record))
  first.close()
  second.close()
})

test('a line that a power cut has torn is dropped, and its number given again', () => {
  const first = openLedger()
  first.write(record(1))
  first.close()
  appendFileSync(join(directory, 'IX-01.ndjson'), '{"sequence":2,"epo')
  const second = openLedger()
  expect(second.before.logHead).toBe(1)
  second.write(record(2))
  second.close()
  expect(lines().map((line) => JSON.parse(line))).toEqual([1, 2].map(record))
})

test('a ledger that can no longer be written ends, is spoken of once, and the street goes on', () => {
  const ledger = openLedger()
  ledger.close() // As if the disk had gone.
  ledger.write(record(1))
  ledger.write(record(2))
  expect(lost).toHaveLength(1)
})

test('without a ledger the log goes on at a number that grows with time and fits the wire until 2033', () => {
  const noon = Date.UTC(2026, 10, 23, 12)
  expect(headByClock(noon + 1_000)).toBe(headByClock(noon) + 10)
  expect(headByClock(Date.UTC(2033, 0, 1))).toBeLessThan(2 ** 32)
})
