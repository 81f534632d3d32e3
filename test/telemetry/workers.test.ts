/** Ingest workers that share the edges of a site on a real broker: one is killed, more are started, nothing is lost or doubled. */
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { edgeId, intersectionId } from '#base/id.ts'
import { edgesOf } from '#central/shard.ts'
import type { EventStore } from '#central/store/port.ts'
import type { ObservedEvent, Telemetry } from '#edge/telemetry/port.ts'
import { until } from '#test/support/eventually.ts'
import { mosquittoPath } from '#test/support/mosquitto.ts'
import { Path } from './path-kit.ts'

const EDGES = ['north', 'south', 'east', 'west']
/** What is counted; other events only keep the street going, which never stops in earnest either. */
const COUNTED = 82
const WHOLE_DAY = { fromEpochMs: 0, toEpochMs: Number.MAX_SAFE_INTEGER, codes: [COUNTED] }

let path: Path

beforeEach(async () => {
  if (mosquittoPath) path = await Path.open()
})

afterEach(async () => {
  if (mosquittoPath) await path.close()
})

async function fourEdges(): Promise<readonly Telemetry[]> {
  const options = (name: string) => ({ edge: edgeId(name), spoolDirectory: path.directory(`spool-${name}`) })
  const edges = await Promise.all(EDGES.map((name) => path.edge(options(name))))
  const street = setInterval(() => edges.forEach((edge) => edge.record([observed(81, 0)])), 200)
  path.andThen(async () => clearInterval(street))
  return edges
}

const observed = (code: number, parameter: number): ObservedEvent => ({
  intersection: intersectionId('IX-01'),
  epochMs: Date.now(),
  code,
  parameter,
  source: 'image',
  deviceSequence: 0,
})

/** Numbers from `first` to `last` at every edge, a few at a time. */
async function recordOverTime(edges: readonly Telemetry[], first: number, last: number): Promise<void> {
  for (let number = first; number <= last; number += 5) {
    const numbers = Array.from({ length: Math.min(5, last - number + 1) }, (_, index) => number + index)
    for (const edge of edges) edge.record(numbers.map((parameter) => observed(COUNTED, parameter)))
    await new Promise((resolve) => setTimeout(resolve, 2))
  }
}

async function countOf(store: EventStore): Promise<number> {
  const count = await store.count(WHOLE_DAY)
  return count.ok ? count.value : -1
}

async function expectAllOnce(store: EventStore, last: number): Promise<void> {
  await until('all stored', async () => (await countOf(store)) >= EDGES.length * last)
  const events = await store.query({ ...WHOLE_DAY, limit: 1_000_000 })
  const numbers = Map.groupBy(events.ok ? events.value : [], ({ edge }) => edge)
  const all = Array.from({ length: last }, (_, index) => index + 1)
  for (const name of EDGES)
    expect(
      numbers
        .get(name)
        ?.map(({ parameter }) => parameter)
        .toSorted((a, b) => a - b),
    ).toEqual(all)
}

describe.runIf(mosquittoPath)('two workers', () => {
  test('one killed with -9 amid the stream loses and doubles nothing, and holds nobody else up', async () => {
    expect(edgesOf({ index: 1, count: 2 }, EDGES)).toEqual(['north', 'east'])
    const store = path.embedded()
    const edges = await fourEdges()
    const first = path.workerProcess({ index: 1, count: 2 }, EDGES)
    path.workerProcess({ index: 2, count: 2 }, EDGES)
    const recording = recordOverTime(edges, 1, 1_000)
    await until('some stored', async () => (await countOf(store)) > 400)
    await first.kill()
    await recording
    await until('those of the other stored', async () => {
      const events = await store.query({ ...WHOLE_DAY, limit: 1_000_000 })
      return events.ok && events.value.filter(({ edge }) => edge === 'south' || edge === 'west').length === 2_000
    })
    expect(await countOf(store)).toBeLessThan(4_000)
    path.workerProcess({ index: 1, count: 2 }, EDGES)
    await expectAllOnce(store, 1_000)
  })

  test('that become three take over what is known of the edges that they take over', async () => {
    const store = path.embedded()
    const edges = await fourEdges()
    const two = [1, 2].map((index) => path.workerProcess({ index, count: 2 }, EDGES))
    await recordOverTime(edges, 1, 300)
    await until('all stored', async () => (await countOf(store)) === 1_200)
    for (const worker of two) await worker.kill()
    const recording = recordOverTime(edges, 301, 600)
    for (const index of [1, 2, 3]) path.workerProcess({ index, count: 3 }, EDGES)
    await recording
    await expectAllOnce(store, 600)
  })
})
