/** What stands at the broker about an edge: whether it is there, and the newest state of each intersection. */
import { connect } from 'mqtt'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { edgeId } from '#base/id.ts'
import type { LiveState } from '#contract/messages.ts'
import { startTelemetry } from '#edge/telemetry/telemetry.ts'
import { until } from '#test/support/eventually.ts'
import { freePort } from '#test/support/free-port.ts'
import { mosquittoPath } from '#test/support/mosquitto.ts'
import { Path } from './path-kit.ts'

let path: Path

beforeEach(async () => {
  if (mosquittoPath) path = await Path.open()
})

afterEach(async () => {
  if (mosquittoPath) await path.close()
})

describe.runIf(mosquittoPath)('presence and live states', () => {
  /** The retained messages of the edge, by topic without its root. */
  async function retained(): Promise<Map<string, { readonly state?: string; readonly sampledAtEpochMs?: number }>> {
    const seen = new Map<string, { state?: string; sampledAtEpochMs?: number }>()
    const client = connect(path.broker.url, { reconnectPeriod: 0 })
    client.on('message', (topic, payload) =>
      seen.set(topic.replace('sabz/v1/hamadan/hamadan-1/', ''), JSON.parse(payload.toString()) as object),
    )
    await new Promise<void>((resolve) => client.on('connect', () => client.subscribe('sabz/v1/#', () => resolve())))
    await new Promise((resolve) => setTimeout(resolve, 150))
    await new Promise<void>((resolve) => client.end(true, () => resolve()))
    return seen
  }

  const liveState = (sampledAtEpochMs: number): LiveState => ({
    v: 1,
    intersection: 'IX-01',
    sampledAtEpochMs,
    mode: 'coordinated',
    flash: 'none',
    alarms: [],
    plan: 'am_peak',
    why: null,
    ladder: null,
    signal: null,
    detectors: [],
    queues: [],
    doorOpen: false,
    mainsPower: true,
    clockDriftMs: 0,
  })

  test('the newest state is retained, and stands again after a broker that forgot it', async () => {
    const telemetry = await path.edge()
    for (let at = 1; at <= 50; at++) telemetry.publishState?.(liveState(at))
    await until('state 50', async () => (await retained()).get('state/IX-01')?.sampledAtEpochMs === 50)
    await path.broker.kill()
    telemetry.publishState?.(liveState(51))
    telemetry.publishState?.(liveState(52))
    await path.broker.start()
    await until('state 52', async () => (await retained()).get('state/IX-01')?.sampledAtEpochMs === 52)
  })

  test('an edge that ends says shutdown, one that is killed is said to be offline by its will', async () => {
    const telemetry = await path.edge()
    await until('online', async () => (await retained()).get('presence')?.state === 'online')
    await telemetry.close()
    expect((await retained()).get('presence')?.state).toBe('shutdown')
    const script = path.edgeProcess(0)
    await until('online again', async () => (await retained()).get('presence')?.state === 'online')
    await script.kill()
    await until('offline', async () => (await retained()).get('presence')?.state === 'offline')
  })
})

test('a spool directory that cannot be used stops the edge at its start, with the place and the reason', async () => {
  const options = {
    site: 'hamadan',
    edge: edgeId('hamadan-1'),
    mqttUrl: `mqtt://127.0.0.1:${await freePort()}`,
    spoolDirectory: '/dev/null/spool',
    log: () => undefined,
  }
  await expect(startTelemetry(options)).rejects.toThrow(/\/dev\/null\/spool cannot be used: ENOTDIR/)
})
