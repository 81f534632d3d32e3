/** The embedded store keeps the contract, and says what is wrong with its disk. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { openEmbeddedStore } from '#central/store/embedded.ts'
import { eventAt, NOW_EPOCH_MS, storeContract, valueOf } from './contract.ts'

const DAY_MS = 86_400_000

const directoryOfItsOwn = (): string => mkdtempSync(join(tmpdir(), 'sabz-store-'))

describe('the embedded store', () => {
  storeContract(async () => {
    const directory = directoryOfItsOwn()
    const open = () => openEmbeddedStore({ path: join(directory, 'events.sqlite'), nowEpochMs: () => NOW_EPOCH_MS })
    let store = open()
    return {
      store,
      reopen: async () => (store = open()),
      dispose: async () => {
        await store.close()
        rmSync(directory, { recursive: true, force: true })
      },
    }
  })
})

test('events older than the retention leave the embedded store by themselves', async () => {
  const directory = directoryOfItsOwn()
  let nowEpochMs = NOW_EPOCH_MS
  const store = openEmbeddedStore({ path: join(directory, 'events.sqlite'), nowEpochMs: () => nowEpochMs })
  valueOf(await store.write([eventAt(1)]))
  nowEpochMs += 90 * DAY_MS
  valueOf(await store.write([eventAt(2, { epochMs: nowEpochMs })]))
  const left = valueOf(await store.query({ fromEpochMs: 0, toEpochMs: nowEpochMs + 1, limit: 10 }))
  expect(left.map(({ sequence }) => sequence)).toEqual([2])
  await store.close()
  rmSync(directory, { recursive: true })
})

test('a closed embedded store is unavailable and loses nothing of what it had', async () => {
  const directory = directoryOfItsOwn()
  const store = openEmbeddedStore({ path: join(directory, 'events.sqlite'), nowEpochMs: () => NOW_EPOCH_MS })
  await store.close()
  expect(await store.write([eventAt(1)])).toMatchObject({ ok: false, fault: { code: 'STORE_UNAVAILABLE' } })
  rmSync(directory, { recursive: true })
})

test('a file that is no database is not opened as a store', () => {
  const directory = directoryOfItsOwn()
  const path = join(directory, 'events.sqlite')
  writeFileSync(path, 'no database at all, but long enough to be looked at as one'.repeat(20))
  expect(() => openEmbeddedStore({ path })).toThrow(/not a database/)
  rmSync(directory, { recursive: true })
})
