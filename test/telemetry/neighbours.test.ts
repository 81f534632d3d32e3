/** Two edges of a city that hear each other through a real broker: what one says of its street the other knows within a second. */
import { connect, type MqttClient } from 'mqtt'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { edgeId, intersectionId, type IntersectionId } from '#base/id.ts'
import { edgeTopics } from '#contract/topics.ts'
import { startTelemetry } from '#edge/telemetry/telemetry.ts'
import type { Outlook } from '#signal/outlook.ts'
import { until } from '#test/support/eventually.ts'
import { mosquittoPath } from '#test/support/mosquitto.ts'
import { Path } from './path-kit.ts'

const WEST = intersectionId('IX-01')
const EAST = intersectionId('IX-02')

let path: Path

beforeEach(async () => {
  if (mosquittoPath) path = await Path.open()
})

afterEach(async () => {
  if (mosquittoPath) await path.close()
})

describe.runIf(mosquittoPath)('two edges', () => {
  const outlook = (left: number): Outlook => ({
    atEpochMs: Date.now(),
    movements: [{ approach: 'N', turn: 'through', left: [left], planned: [0.5] }],
    approaches: [
      { approach: 'N', feeders: [{ intersection: EAST, approach: 'E', turn: 'left' }], storage: 20, free: 7 },
    ],
  })

  type Edge = Awaited<ReturnType<typeof startTelemetry>>

  async function edge(name: string, own: IntersectionId, other: readonly [string, IntersectionId]): Promise<Edge> {
    const telemetry = await startTelemetry({
      site: 'hamadan',
      edge: edgeId(name),
      mqttUrl: path.broker.url,
      spoolDirectory: path.directory(name),
      log: (_level, code) => path.codes.push(code),
      neighbours: { heard: [{ edge: other[0], intersection: other[1] }], told: [own] },
    })
    path.andThen(() => telemetry.close())
    return telemetry
  }

  function hears(telemetry: Edge): { readonly intersection: IntersectionId; readonly outlook: Outlook }[] {
    const heard: ReturnType<typeof hears> = []
    telemetry.listen((intersection, said) => heard.push({ intersection, outlook: said }))
    return heard
  }

  async function client(): Promise<MqttClient> {
    const strange = connect(path.broker.url, { reconnectPeriod: 0 })
    path.andThen(async () => void strange.end(true))
    await new Promise<void>((resolve) => strange.on('connect', () => resolve()))
    return strange
  }

  /** A word a tenth of a second, as long as it takes. */
  const saysUntil = (what: string, teller: Edge, isTrue: () => boolean, left = 1) =>
    until(what, () => {
      teller.tell(WEST, outlook(left))
      return isTrue()
    })

  test('hear each other, again after a broker that died, and a word is never retained', async () => {
    const [west, east] = [await edge('west', WEST, ['east', EAST]), await edge('east', EAST, ['west', WEST])]
    const heard = hears(east)
    await saysUntil('the first word', west, () => heard.length > 0)
    const { movements, approaches } = outlook(1)
    expect(heard[0]).toMatchObject({ intersection: WEST, outlook: { movements, approaches } })
    await path.broker.kill()
    west.tell(WEST, outlook(2))
    await path.broker.start()
    await saysUntil(
      'a word after the broker',
      west,
      () => heard.some((each) => each.outlook.movements[0]?.left[0] === 3),
      3,
    )
    const late: string[] = []
    const strange = await client()
    strange.on('message', (topic) => late.push(topic))
    await new Promise<void>((resolve) => strange.subscribe('sabz/v1/hamadan/west/outlook/#', () => resolve()))
    await new Promise((resolve) => setTimeout(resolve, 200))
    expect(late).toEqual([])
  })

  test('pass over what strangers send in their name, count it, and go on hearing each other', async () => {
    const [west, east] = [await edge('west', WEST, ['east', EAST]), await edge('east', EAST, ['west', WEST])]
    const heard = hears(east)
    await saysUntil('the first word', west, () => heard.length > 0)
    const strange = await client()
    const topic = edgeTopics('hamadan', 'west').outlook(WEST)
    for (const payload of ['', 'no', '{}', '[]', '{"v":1}', 'x'.repeat(100_000)]) strange.publish(topic, payload)
    await until('they are counted', () => east.counts().OUTLOOK_MALFORMED === 6)
    const before = heard.length
    await saysUntil('a word after the strangers', west, () => heard.length > before)
    expect(path.codes).toContain('OUTLOOK_MALFORMED')
  })

  test('that nobody listens to send nothing', async () => {
    const alone = await startTelemetry({
      site: 'hamadan',
      edge: edgeId('alone'),
      mqttUrl: path.broker.url,
      spoolDirectory: path.directory('alone'),
      log: () => undefined,
    })
    path.andThen(() => alone.close())
    const seen: string[] = []
    const strange = await client()
    strange.on('message', (topic) => seen.push(topic))
    await new Promise<void>((resolve) => strange.subscribe('sabz/v1/#', () => resolve()))
    await until('the edge is there', () => seen.some((topic) => topic.endsWith('/presence')))
    alone.tell(WEST, outlook(1))
    await new Promise((resolve) => setTimeout(resolve, 200))
    expect(seen.filter((topic) => topic.includes('/outlook/'))).toEqual([])
  })
})
