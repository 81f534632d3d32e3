/** The data side by command line, as a technician uses it: workers apart from central, gaps, alarms, and a stretch of time again. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { edgeId, intersectionId } from '#base/id.ts'
import { startTelemetry } from '#edge/telemetry/telemetry.ts'
import { EVENT } from '#signal/events.ts'
import { until } from '#test/support/eventually.ts'
import { mosquittoPath, startMosquitto, type Mosquitto } from '#test/support/mosquitto.ts'
import { runSabz, startSabz, type RunningSabz } from '#test/support/sabz.ts'

let directory: string
let broker: Mosquitto
let leave: (() => Promise<unknown>)[]

beforeEach(async () => {
  if (!mosquittoPath) return
  directory = mkdtempSync(join(tmpdir(), 'sabz-data-'))
  broker = await startMosquitto()
  leave = []
})

afterEach(async () => {
  if (!mosquittoPath) return
  for (const end of leave.toReversed()) await end()
  await broker.dispose()
  rmSync(directory, { recursive: true, force: true })
})

function service(...args: string[]): RunningSabz {
  const running = startSabz([...args, '--mqtt', broker.url, '--data', directory])
  leave.push(async () => {
    running.child.kill()
    await running.finished
  })
  return running
}

async function recordedStreet(events: number) {
  const telemetry = await startTelemetry({
    site: 'hamadan',
    edge: edgeId('hamadan-1'),
    mqttUrl: broker.url,
    spoolDirectory: join(directory, 'spool'),
    log: () => undefined,
  })
  leave.push(() => telemetry.close())
  const startEpochMs = Date.now() - 60_000
  telemetry.record(
    Array.from({ length: events }, (_, index) => ({
      intersection: intersectionId('IX-01'),
      epochMs: startEpochMs + index,
      code: EVENT.detectorOn,
      parameter: index % 64,
      source: 'image' as const,
      deviceSequence: 0,
    })),
  )
  return startEpochMs
}

describe.runIf(mosquittoPath)('sabz ingest beside sabz central --no-ingest', () => {
  test('brings what an edge recorded into the store; gaps says until when it is complete, fetch brings a part of it again', async () => {
    const central = service('central', '--no-ingest', '--port', '0')
    const ingest = service('ingest')
    const [, api = ''] = await central.waitFor(/pages and API at (http:\S+)\//)
    await ingest.waitFor(/INGEST_READY takes the events of hamadan-1/)
    const startEpochMs = await recordedStreet(500)

    const lastAt = new Date(startEpochMs + 499).toISOString()
    await until('the history is complete', async () => (await runSabz(['gaps', '--api', api])).stdout.includes(lastAt))
    const gaps = await runSabz(['gaps', '--api', api])
    expect(gaps.code).toBe(0)
    expect(gaps.stdout).toContain(`hamadan-1        online  complete until ${lastAt}, nothing missing`)

    const from = new Date(startEpochMs + 100).toISOString()
    const to = new Date(startEpochMs + 200).toISOString()
    const stretch = ['--edge', 'hamadan-1', '--from', from, '--to', to, '--mqtt', broker.url]
    const fetched = await runSabz(['fetch', ...stretch])
    expect(fetched.stderr).toBe('')
    expect(fetched.stdout).toContain('100 events are in the store again')
    expect(fetched.code).toBe(0)

    const alarms = await runSabz(['alarms', '--api', api])
    expect(alarms).toMatchObject({ code: 0, stdout: 'no alarms\n' })
  })
})

describe('wrong words', () => {
  test.each([
    { what: 'a worker beyond their number', args: ['ingest', '--worker', '3/2'], code: 2, says: 'such as 1/2' },
    {
      what: 'a worker for whom no edge is left',
      args: ['ingest', '--worker', '2/64'],
      code: 2,
      says: 'has no edge to serve',
    },
    {
      what: 'an edge that is not there',
      args: ['throttle', '--edge', 'hamadan-2', '--events-per-s', '5'],
      code: 2,
      says: 'there is no edge hamadan-2',
    },
    {
      what: 'a throttle for two hours',
      args: ['throttle', '--edge', 'hamadan-1', '--events-per-s', '5', '--for', '2h'],
      code: 2,
      says: 'an hour at most',
    },
    {
      what: 'a moment without a zone',
      args: ['fetch', '--edge', 'hamadan-1', '--from', '2026-11-23T08:00', '--to', '2026-11-23T09:00Z'],
      code: 2,
      says: 'a moment with its zone',
    },
    {
      what: 'a broker that is not there',
      args: ['throttle', '--edge', 'hamadan-1', '--events-per-s', '5', '--mqtt', 'mqtt://127.0.0.1:9'],
      code: 4,
      says: 'no broker answers',
    },
    {
      what: 'a folder without a ledger',
      args: ['dead-letters', 'list', '--data', '/nowhere'],
      code: 2,
      says: 'no ledger in /nowhere',
    },
  ])('$what: named, with exit code $code', async ({ args, code, says }) => {
    const finished = await runSabz(args)
    expect(finished.stderr).toContain(says)
    expect(finished.code).toBe(code)
  })
})
