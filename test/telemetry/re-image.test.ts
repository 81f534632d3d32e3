/** An edge whose disk was replaced: its events are new ones, however alike their sequences are to those of its former self. */
import { rmSync } from 'node:fs'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { intersectionId } from '#base/id.ts'
import type { EventStore } from '#central/store/port.ts'
import { mosquittoPath } from '#test/support/mosquitto.ts'
import { until } from '#test/support/eventually.ts'
import { Path } from './path-kit.ts'

const EVENTS = 30
let path: Path

beforeEach(async () => {
  if (mosquittoPath) path = await Path.open()
})

afterEach(async () => {
  if (mosquittoPath) await path.close()
})

describe.runIf(mosquittoPath)('a re-imaged edge', () => {
  test('has an epoch of its own: what it records is stored beside what its former self recorded', async () => {
    const store = path.embedded()
    await path.central(store)
    await liveOnce(store, 1)
    rmSync(path.directory('spool'), { recursive: true })
    await liveOnce(store, EVENTS + 1)
    expect(await numbersOf(store)).toEqual(Array.from({ length: 2 * EVENTS }, (_, index) => index + 1))
  })
})

/** One life of the same edge, with the same sequences as any other; all that it records is stored before it ends. */
async function liveOnce(store: EventStore, first: number): Promise<void> {
  const telemetry = await path.edge()
  const intersection = intersectionId('IX-01')
  const numbers = Array.from({ length: EVENTS }, (_, index) => first + index)
  const fixed = { intersection, epochMs: Date.now(), code: 82, source: 'image', deviceSequence: 0 } as const
  telemetry.record(numbers.map((parameter) => ({ ...fixed, parameter })))
  await until('its last in the store', async () => (await numbersOf(store)).includes(first + EVENTS - 1))
  await telemetry.close()
}

async function numbersOf(store: EventStore): Promise<number[]> {
  const outcome = await store.query({ fromEpochMs: 0, toEpochMs: Date.now() + 600_000, limit: 1_000 })
  return (outcome.ok ? outcome.value : []).map(({ parameter }) => parameter).toSorted((a, b) => a - b)
}
