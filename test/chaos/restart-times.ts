/** How long edge and ingest take to be at work again, with a small spool and with a great one. */
import { randomInt } from 'node:crypto'
import mqtt from 'mqtt'
import { intersectionId } from '#base/id.ts'
import type { LiveState } from '#contract/messages.ts'
import { diskAt } from '#edge/telemetry/disk.ts'
import { Spool } from '#edge/telemetry/spool.ts'
import { startMosquitto } from '#test/support/mosquitto.ts'
import { startSabz } from '#test/support/sabz.ts'
import { CentralLife } from './central-life.ts'
import type { Experiment, Setting } from './experiment.ts'
import { told, type Seen } from './figure.ts'
import { eventually } from './patience.ts'
import { onRig, type Rig } from './rig.ts'

const EDGE_MS_MAX = 2_000
const EDGE_GREAT_SPOOL_MS_MAX = 5_000
const INGEST_MS_MAX = 3_000
const GREAT_SPOOL_BYTES = 1024 ** 3
const GREAT_SPOOL_BYTES_QUICK = 64 * 1024 ** 2
/** Events of a group commit. */
const GROUP = 10_000
/** Out of the way of every other city on this machine. */
const PORT_OFFSETS = { least: 20_000, most: 30_000 }

export const restartTimes: Experiment = {
  name: 'restart',
  about: 'from the start of the program to the first state of the street, and to the first message taken',
  needs: ['mosquitto'],
  run: (setting) => onRig((rig) => measureAll(rig, setting)),
}

async function measureAll(rig: Rig, setting: Setting): Promise<Seen[]> {
  const broker = await startMosquitto()
  rig.andThen(() => broker.dispose())
  const offset = String(randomInt(PORT_OFFSETS.least, PORT_OFFSETS.most))
  const sim = startSabz(['sim', '--json', '--port-offset', offset])
  rig.andThen(() => end(sim))
  await sim.waitFor(/"type":"ready"/)
  const place = { rig, mqttUrl: broker.url, offset }
  await edgeMs(place, 'edge')
  const small = await edgeMs(place, 'edge')
  setting.say(`edge ${small} ms; making the great spool`)
  const bytes = setting.isQuick ? GREAT_SPOOL_BYTES_QUICK : GREAT_SPOOL_BYTES
  fillSpool(rig.at('great/spool'), bytes)
  const great = await edgeMs(place, 'great')
  const ingest = await ingestMs(rig, broker.url)
  const figure = (what: string, ms: number, mostMs: number) =>
    told(what, `≤ ${mostMs} ms`, { seen: `${Math.round(ms)} ms`, holds: ms <= mostMs })
  return [
    figure('edge ticking again', small, EDGE_MS_MAX),
    figure(`edge ticking again with ${bytes / 1024 ** 2} MB of spool`, great, EDGE_GREAT_SPOOL_MS_MAX),
    figure('ingest taking messages again', ingest, INGEST_MS_MAX),
  ]
}

interface Where {
  readonly rig: Rig
  readonly mqttUrl: string
  readonly offset: string
}

/** To the first state that was sampled after the start: the edge has read a street, decided, and told it. */
async function edgeMs({ rig, mqttUrl, offset }: Where, data: string): Promise<number> {
  const client = await mqtt.connectAsync(mqttUrl)
  const startedEpochMs = Date.now()
  const { promise, resolve } = Promise.withResolvers<number>()
  client.on('message', (_topic, payload) => {
    const { sampledAtEpochMs } = JSON.parse(payload.toString()) as LiveState
    if (sampledAtEpochMs > startedEpochMs) resolve(Date.now() - startedEpochMs)
  })
  await client.subscribeAsync('sabz/v1/+/+/state/+')
  const edge = startSabz(['edge', '--mqtt', mqttUrl, '--data', rig.at(data), '--port-offset', offset])
  rig.andThen(() => end(edge))
  const tookMs = await Promise.race([promise, edge.finished.then(({ stderr }) => Promise.reject(new Error(stderr)))])
  await client.endAsync(true)
  await end(edge)
  return tookMs
}

async function end({ child, finished }: ReturnType<typeof startSabz>): Promise<void> {
  child.kill('SIGKILL')
  await finished
}

function fillSpool(folder: string, bytes: number): void {
  const spool = new Spool({ disk: diskAt(folder), newEpoch: () => '00000000000c4a05', report: () => {} })
  const intersection = intersectionId('IX-01')
  const fixed = { intersection, epochMs: Date.now(), code: 82, source: 'image', deviceSequence: 0 } as const
  const group = Array.from({ length: GROUP }, (_, parameter) => ({ ...fixed, parameter }))
  for (let recorded = 0; recorded < bytes;) {
    spool.append(group)
    recorded += spool.pendingBytes
    spool.commit()
  }
  spool.close()
}

async function ingestMs(rig: Rig, mqttUrl: string): Promise<number> {
  const central = new CentralLife({ site: 'restart', mqttUrl, directory: rig.at('central'), influxUrl: null })
  rig.andThen(() => central.kill())
  const startedMs = performance.now()
  central.begin()
  await eventually('ingest at the broker', () =>
    central.log.some((line) => line.includes('BROKER_CONNECTED')) ? true : undefined,
  )
  return performance.now() - startedMs
}
