/** The whole city in real processes: cabinets on their wires, one edge, Mosquitto, InfluxDB and central, each to be taken away. */
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import mqtt from 'mqtt'
import { intersectionId } from '#base/id.ts'
import { isScanAnswer, SCAN_WORD, type ScanAnswer } from '#app/demo-words.ts'
import { freeOffset } from '#app/free-port.ts'
import { SupervisedProcess } from '#app/supervised-process.ts'
import type { LiveState } from '#contract/messages.ts'
import { diskAt } from '#edge/telemetry/disk.ts'
import { Spool } from '#edge/telemetry/spool.ts'
import { makeImage, MountedDrive } from '#test/chaos/mounted-drive.ts'
import { eventually } from '#test/chaos/patience.ts'
import type { Rig } from '#test/chaos/rig.ts'
import { freePort } from '#test/support/free-port.ts'
import { startInfluxd, type Influxd } from '#test/support/influxd.ts'
import { startMosquitto, type Mosquitto } from '#test/support/mosquitto.ts'
import { securedHamadan } from '#test/support/secured-city.ts'
import { streetEvent } from '../data/street-events.ts'

export interface CityWishes {
  readonly seed: number
  /** The edge's folder lies on a disk that can be stalled. */
  readonly onDrive: boolean
  /** So many events wait in the edge's spool, and central is away. */
  readonly backlog: number
}

export interface City {
  readonly broker: Mosquitto
  readonly influxd: Influxd
  readonly drive: MountedDrive | null
  readonly webUrl: string
  readonly intersections: number
  /** Intersections that the edge commands at this moment, as the broker was told. */
  commanded(): number
  /** How the edge's ticks have been since this was asked last. */
  ticks(): Promise<ScanAnswer>
  startCentral(): Promise<void>
  stopCentral(): Promise<void>
}

const SABZ = fileURLToPath(new URL('../../src/app/sabz.js', import.meta.url))
const CONFIG = 'config/hamadan'
const COMMANDED: ReadonlySet<string> = new Set(['adaptive', 'maxPressure', 'coordinated', 'actuated'])
const DRIVE_BYTES = 64 * 1024 ** 2
/** Events of a group commit. */
const GROUP = 10_000

export async function standUp(rig: Rig, { seed, onDrive, backlog }: CityWishes): Promise<City> {
  const broker = await startMosquitto()
  rig.andThen(() => broker.dispose())
  const influxd = await startInfluxd()
  rig.andThen(() => influxd.dispose())
  const { site } = await securedHamadan(rig.at('keys'))
  const devices = site.intersections.flatMap(({ controller, cards }) => [controller, ...cards])
  const portOffset = await freeOffset(devices.map(({ address }) => address.port))
  if (portOffset === null) throw new Error('no free ports for the virtual city')
  const drive = onDrive ? await mountDrive(rig) : null
  const start = processesOf(rig)

  const webPort = await freePort()
  const store = ['--store', 'influx', '--influx-url', influxd.url]
  const ways = ['--mqtt', broker.url, '--data', rig.at('central'), '--port', String(webPort)]
  const startCentral = () => start('central', [...ways, ...store]).begun()
  let central = await startCentral()
  // It has its session at the broker by now, which keeps for it what comes while it is away.
  if (backlog > 0) await central.stop()

  const field = ['--port-offset', String(portOffset), '--tls', rig.at('keys')]
  await start('sim', ['--seed', String(seed), ...field]).begun()
  const data = join(drive?.folder ?? rig.directory, 'edge')
  if (backlog > 0) fillSpool(data, backlog, site.intersections.length)
  const edge = await start('edge', ['--mqtt', broker.url, '--data', data, ...field]).begun()
  return {
    ...{ broker, influxd, drive, webUrl: `http://127.0.0.1:${webPort}`, intersections: site.intersections.length },
    commanded: await listenToStates(rig, broker.url),
    ticks: edge.ticks,
    startCentral: async () => void (central = await startCentral()),
    stopCentral: () => central.stop(),
  }
}

async function mountDrive(rig: Rig): Promise<MountedDrive> {
  const image = rig.at('image')
  makeImage(image, DRIVE_BYTES)
  return MountedDrive.mount(rig, image)
}

interface Begun {
  readonly stop: () => Promise<void>
  readonly ticks: () => Promise<ScanAnswer>
}

/** Begins commands of `sabz` that end with the rig. */
function processesOf(rig: Rig) {
  mkdirSync(rig.at('logs'))
  return (command: string, flags: readonly string[]) => {
    let answered: (answer: ScanAnswer) => void = () => {}
    const running = new SupervisedProcess({
      name: command,
      arguments: [SABZ, command, '--config', CONFIG, ...flags],
      logFile: join(rig.at('logs'), `${command}.log`),
      say: (line) => console.log(line),
      onMessage: (message) => isScanAnswer(message) && answered(message),
    })
    rig.andThen(() => running.stop())
    const ticks = () => {
      const { promise, resolve } = Promise.withResolvers<ScanAnswer>()
      answered = resolve
      running.send(SCAN_WORD)
      return promise
    }
    return {
      async begun(): Promise<Begun> {
        let isReady = false
        void running.ready().then(() => (isReady = true))
        await eventually(`${command} that is ready`, () => isReady || undefined)
        return { stop: () => running.stop(), ticks }
      },
    }
  }
}

/** Observed by the edge itself, so that the logs of the controllers are read from their beginning all the same. */
function fillSpool(folder: string, events: number, intersections: number): void {
  const startEpochMs = Date.now() - events
  const spool = new Spool({ disk: diskAt(folder), newEpoch: () => '00000000000bac10', report: () => {} })
  for (let number = 0; number < events; number += GROUP) {
    const group = Array.from({ length: Math.min(GROUP, events - number) }, (_, n) => {
      const event = streetEvent(number + n, intersections, startEpochMs + number + n)
      return { ...event, intersection: intersectionId(event.intersection), source: 'image', deviceSequence: 0 } as const
    })
    spool.append(group)
    spool.commit()
  }
  spool.close()
}

async function listenToStates(rig: Rig, mqttUrl: string): Promise<() => number> {
  const modes = new Map<string, string>()
  const client = mqtt.connect(mqttUrl, { reconnectPeriod: 200 })
  rig.andThen(() => client.endAsync(true))
  // A broker that is away is part of the bench.
  client.on('error', () => {})
  client.on('close', () => modes.clear())
  client.on('message', (_topic, payload) => {
    const { intersection, mode } = JSON.parse(payload.toString()) as LiveState
    modes.set(intersection, mode)
  })
  await client.subscribeAsync('sabz/v1/+/+/state/+')
  return () => [...modes.values()].filter((mode) => COMMANDED.has(mode)).length
}
