/** Plans and orders over a real Mosquitto and a real Modbus cabinet: signed, deployed, kept through restarts, and answered. */
import mqtt, { type MqttClient } from 'mqtt'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { configurationHash } from '#config/configuration-hash.ts'
import { actuated } from '#control/actuated.ts'
import { queueCount } from '#control/queue-count.ts'
import type { CommandResult } from '#contract/command-order.ts'
import type { PlanReported } from '#contract/plan-bundle.ts'
import { edgeTopics } from '#contract/topics.ts'
import { openTiming } from '#devices/open-timing.ts'
import { startEdge } from '#edge/edge.ts'
import { startTelemetry, type RunningTelemetry } from '#edge/telemetry/telemetry.ts'
import { serveCabinet, type CabinetOnWire } from '#test/support/cabinet-on-wire.ts'
import { CROSSING } from '#test/support/boulevard-crossing.ts'
import { until } from '#test/support/eventually.ts'
import { mosquittoPath } from '#test/support/mosquitto.ts'
import { profileNamed } from '#test/support/profiles.ts'
import {
  changedSite,
  commandBody,
  CROSSING_SITE,
  EDGE,
  KEYS,
  longerPassage,
  planBody,
  signedCommand,
  signedPlan,
  SITE,
  STRANGER,
} from '#test/support/signed-orders.ts'
import { Path } from './path-kit.ts'

const topics = edgeTopics(SITE, EDGE)
const HOUR_MS = 3_600_000

describe.skipIf(!mosquittoPath)('orders over Mosquitto', () => {
  let path: Path
  let cabinet: CabinetOnWire
  let desk: MqttClient
  let reported: PlanReported | null
  let results: CommandResult[]

  beforeEach(async () => {
    path = await Path.open()
    cabinet = await serveCabinet(CROSSING.id, 'sabz-modbus-controller')
    path.andThen(() => cabinet.stop())
    reported = null
    results = []
    desk = await mqtt.connectAsync(path.broker.url, { reconnectPeriod: 100 })
    path.andThen(() => desk.endAsync(true))
    desk.on('message', (topic, payload) => {
      if (topic === topics.planReported) reported = JSON.parse(payload.toString()) as PlanReported
      else results.push(JSON.parse(payload.toString()) as CommandResult)
    })
    await desk.subscribeAsync([topics.planReported, topics.result], { qos: 1 })
  })

  afterEach(() => path.close())

  const own = () => cabinet.toEdge()

  function telemetryOf(): Promise<RunningTelemetry> {
    const { database, limits, adaptiveLimits } = own()
    return startTelemetry({
      site: SITE,
      edge: EDGE,
      mqttUrl: path.broker.url,
      spoolDirectory: path.directory('edge'),
      log: (_level, code) => path.codes.push(code),
      duty: { intersections: [{ database, limits, adaptiveLimits }], keys: KEYS },
    })
  }

  /** The whole edge: its telemetry thread, its scan cycle and the second door of its controller. */
  async function edge() {
    const telemetry = await telemetryOf()
    const profile = await profileNamed('sabz-modbus-controller')
    const address = { host: '127.0.0.1', port: cabinet.ports.controller, unit: 1 }
    const running = startEdge({
      intersections: [{ ...own(), openTiming: () => openTiming(profile, address) }],
      telemetry,
      orders: telemetry,
      // Free operation rests where nobody comes, and a street at rest is soon clear.
      strategies: [actuated],
      queues: queueCount,
      clock: { monoMs: () => performance.now(), epochMs: () => Date.now() },
      log: () => {},
    })
    let ended = false
    const end = async () => {
      if (ended) return
      ended = true
      await running.stop()
      await telemetry.close()
    }
    path.andThen(end)
    return end
  }

  const plan = (version: number, ms: number, keys?: Parameters<typeof signedPlan>[1]) => {
    const site = {
      ...CROSSING_SITE,
      intersections: CROSSING_SITE.intersections.map((each) => ({ ...each, ...commissioned() })),
    }
    const head = { version, validFromEpochMs: Date.now() - HOUR_MS, validUntilEpochMs: Date.now() + HOUR_MS }
    return signedPlan(planBody(site, changedSite(site, longerPassage(ms)), head), keys)
  }
  const commissioned = () => {
    const { database, limits, adaptiveLimits } = own()
    return { database, limits, adaptiveLimits }
  }

  const deploy = (text: string) => desk.publishAsync(topics.planDesired, text, { qos: 1, retain: true })
  const running = (version: number) => () =>
    reported?.intersections.some((each) => each.state === 'running' && each.running === version) === true

  test('a plan runs in the cabinet; it outlives the edge and the broker, and an older retained one is not followed', async () => {
    const built = cabinet.cabinet.configurationHash
    await deploy(plan(5, 200))
    // Received and kept, and the edge ends before anything could be brought to the cabinet.
    const received = await telemetryOf()
    await until('the plan is kept', () => reported?.accepted?.version === 5 || path.codes.includes('PLAN_ACCEPTED'))
    await received.close()
    expect(cabinet.cabinet.configurationHash).toBe(built)
    // Somebody takes the message away, and puts an older one in its place.
    await deploy('')
    await deploy(plan(4, 300))
    const end = await edge()
    await until('the older one is refused', () => reported?.refused?.code === 'PLAN_VERSION_OLD')
    await until('the plan that was kept runs', running(5))
    expect(cabinet.cabinet.configurationHash).not.toBe(built)
    await path.broker.kill()
    await path.broker.start()
    await until('the desk is back', () => desk.connected)
    await deploy(plan(6, 0))
    await until('back to what was built, under a newer version', running(6))
    expect(cabinet.cabinet.configurationHash).toBe(configurationHash(own().database))
    await end()
  })

  test('strangers change nothing, and are counted; an order is followed once, answered twice, and outlives the edge', async () => {
    const end = await edge()
    await until('supervision', () => cabinet.cabinet.unit.controlStatus === 'supervised')
    await deploy(plan(5, 200, [STRANGER]))
    await until('the stranger is named', () => reported?.refused?.code === 'KEY_UNKNOWN')
    const now = Date.now()
    const order = signedCommand(
      commandBody({
        ...{ parameters: { forMs: HOUR_MS }, intersections: [CROSSING.id] },
        ...{ issuedAtEpochMs: now, expiresAtEpochMs: now + 300_000 },
      }),
    )
    await desk.publishAsync(topics.command('release'), order, { qos: 1 })
    await desk.publishAsync(topics.command('release'), order, { qos: 1 })
    await until('both are answered', () => results.length === 2)
    expect(results.map(({ accepted }) => accepted)).toEqual([true, true])
    await until('the cabinet is its own', () => cabinet.cabinet.unit.controlStatus === 'local')
    await end()
    await edge()
    await until('the edge is back', () => path.codes.filter((code) => code === 'BROKER_CONNECTED').length >= 2)
    await new Promise((resolve) => setTimeout(resolve, 8_000))
    expect(cabinet.cabinet.unit.controlStatus).toBe('local')
  })
})
