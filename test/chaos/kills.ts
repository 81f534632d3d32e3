/** Random `kill -9` of edge, broker, ingest and store while events pass, with the real broker and both stores. */
import { setTimeout as sleep } from 'node:timers/promises'
import { nextUniform, randomStream, type RandomStream } from '#base/random.ts'
import { startInfluxd } from '#test/support/influxd.ts'
import { startMosquitto } from '#test/support/mosquitto.ts'
import { sayAccounts, settledAccount, type Account } from './account.ts'
import { CentralLife } from './central-life.ts'
import { EdgeLife, SMALL_SEGMENT_BYTES } from './edge-life.ts'
import { eventually } from './patience.ts'
import type { Experiment, Setting } from './experiment.ts'
import { judged, type Seen } from './figure.ts'
import { onRig, type Rig } from './rig.ts'

const ROUNDS = 16
const ROUNDS_QUICK = 4
/** 700 events a second: a city of sixty busy intersections. */
const PACE = { group: 7, pace: { kind: 'every', ms: 10 } } as const
const EVENTS_PER_ROUND = 600
/** Between two deaths, and how long one stays dead: short ones meet recoveries that are under way. */
const ALIVE_MS_MAX = 900
const DEAD_MS_MAX = 1_200

export const randomKills: Experiment = {
  name: 'kills',
  about: 'random kill -9 of edge, broker, ingest and InfluxDB',
  needs: ['mosquitto', 'influxd'],
  run: (setting) => onRig((rig) => killAll(rig, setting, 'influx')),
}

export const embeddedKills: Experiment = {
  name: 'kills-embedded',
  about: 'random kill -9 of edge, broker and ingest with the embedded store',
  needs: ['mosquitto'],
  run: (setting) => onRig((rig) => killAll(rig, setting, 'embedded')),
}

/** Something that can be killed and comes back. */
interface Mortal {
  readonly name: string
  kill(): Promise<void>
  start(): Promise<void>
}

async function killAll(rig: Rig, setting: Setting, kind: 'influx' | 'embedded'): Promise<Seen[]> {
  const rounds = setting.isQuick ? ROUNDS_QUICK : ROUNDS
  const { edge, central, mortals } = await standUp(rig, kind, rounds * EVENTS_PER_ROUND)
  const chance = randomStream(setting.seed, `kills-${kind}`)
  const deaths: string[] = []
  for (let round = 0; round < rounds; round++) {
    await sleep(nextUniform(chance) * ALIVE_MS_MAX)
    const victims = chooseVictims(mortals, chance, round)
    setting.say(`round ${round + 1} of ${rounds}: ${victims.map(({ name }) => name).join(' and ')}`)
    await Promise.all(victims.map((victim) => victim.kill()))
    await sleep(nextUniform(chance) * DEAD_MS_MAX)
    await Promise.all(victims.map((victim) => victim.start()))
    deaths.push(...victims.map(({ name }) => name))
  }
  const account = await conclude(edge, central)
  const sound = sayAccounts([account])
  const seen = `${sound.seen}, ${edge.forgotten.length} forgotten; ${deaths.length} deaths`
  return [
    judged(`kill -9 at random, ${kind} store`, '0 recorded events lost, 0 doubled', {
      seen,
      holds: sound.holds && edge.forgotten.length === 0,
    }),
  ]
}

interface Standing {
  readonly edge: EdgeLife
  readonly central: CentralLife
  readonly mortals: readonly Mortal[]
}

async function standUp(rig: Rig, kind: 'influx' | 'embedded', lastInLog: number): Promise<Standing> {
  const broker = await startMosquitto()
  rig.andThen(() => broker.dispose())
  const influxd = kind === 'influx' ? await startInfluxd() : null
  if (influxd) rig.andThen(() => influxd.dispose())
  const site = 'hamadan'
  const central = new CentralLife({
    site,
    mqttUrl: broker.url,
    directory: rig.at('central'),
    influxUrl: influxd?.url ?? null,
  })
  const edge = new EdgeLife({
    site,
    edge: 'hamadan-1',
    mqttUrl: broker.url,
    spoolDirectory: rig.at('spool'),
    segmentBytes: SMALL_SEGMENT_BYTES,
    lastInLog,
    ...PACE,
  })
  rig.andThen(() => central.kill())
  rig.andThen(() => edge.kill())
  central.begin()
  edge.begin()
  await edge.awake()
  return { edge, central, mortals: mortalsOf({ edge, central, broker, influxd }) }
}

interface Parts {
  readonly edge: EdgeLife
  readonly central: CentralLife
  readonly broker: Omit<Mortal, 'name'>
  readonly influxd: Omit<Mortal, 'name'> | null
}

function mortalsOf({ edge, central, broker, influxd }: Parts): Mortal[] {
  const beginEdge = async () => {
    edge.begin()
    await edge.awake()
  }
  return [
    { name: 'edge', kill: () => edge.kill(), start: beginEdge },
    { name: 'broker', kill: () => broker.kill(), start: () => broker.start() },
    { name: 'ingest', kill: () => central.kill(), start: async () => central.begin() },
    ...(influxd ? [{ name: 'store', kill: () => influxd.kill(), start: () => influxd.start() }] : []),
  ]
}

/** Each in turn, so that none is spared; every third time another one dies with it. */
function chooseVictims(mortals: readonly Mortal[], chance: RandomStream, round: number): Mortal[] {
  const first = round % mortals.length
  const step = 1 + Math.floor(nextUniform(chance) * (mortals.length - 1))
  const chosen = round % 3 === 2 ? [first, (first + step) % mortals.length] : [first]
  return chosen.flatMap((index) => mortals[index] ?? [])
}

async function conclude(edge: EdgeLife, central: CentralLife): Promise<Account> {
  const { lastInLog } = edge.settings
  await eventually('the whole log recorded', () => (edge.recorded >= lastInLog ? true : undefined))
  return settledAccount(() => central.held(), lastInLog)
}
