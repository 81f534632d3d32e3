/** Power cuts under the edge's spool, and under central's ledger and store: what was not flushed is gone, what counts is there. */
import { nextUniform, randomStream } from '#base/random.ts'
import { startMosquitto } from '#test/support/mosquitto.ts'
import { sayAccounts, settledAccount } from './account.ts'
import { CentralLife } from './central-life.ts'
import { EdgeLife, SMALL_SEGMENT_BYTES } from './edge-life.ts'
import type { Experiment, Setting } from './experiment.ts'
import { judged, type Seen } from './figure.ts'
import { makeImage, MountedDrive } from './mounted-drive.ts'
import { eventually } from './patience.ts'
import { onRig, type Rig } from './rig.ts'

const CUTS = 20
const CUTS_QUICK = 5
/** 300 events a second for two seconds: the power goes before they are all recorded. */
const EVENTS_PER_CUT = 600
const PACE = { group: 3, pace: { kind: 'every', ms: 10 } } as const
/** Writes and flushes of the drive: from the first on to those of some twenty commits. */
const OPERATIONS_MAX = 60
/** Of the cache: nothing reaches the medium, a part in any order, or all but the last of it. */
const KEPT = [0, 0.5, 0.9]

export const edgePowerCuts: Experiment = {
  name: 'power-edge',
  about: 'power cuts under the spool, on ext4 over a drive that forgets what was not flushed',
  needs: ['mosquitto', 'fuse disk'],
  run: (setting) => onRig((rig) => cutAll(rig, setting, 'edge')),
}

export const centralPowerCuts: Experiment = {
  name: 'power-central',
  about: 'power cuts under ledger and embedded store, likewise',
  needs: ['mosquitto', 'fuse disk'],
  run: (setting) => onRig((rig) => cutAll(rig, setting, 'central')),
}

type Victim = 'edge' | 'central'

async function cutAll(rig: Rig, setting: Setting, victim: Victim): Promise<Seen[]> {
  const cuts = setting.isQuick ? CUTS_QUICK : CUTS
  const street = await standUp(rig, victim, cuts * EVENTS_PER_CUT)
  const chance = randomStream(setting.seed, `power-${victim}`)
  let atRiskBytes = 0
  for (let cut = 0; cut < cuts; cut++) {
    const drive = await street.powerOn()
    const operations = 1 + Math.floor(nextUniform(chance) * OPERATIONS_MAX)
    atRiskBytes += await drive.cut({ operations, seed: setting.seed + cut, keep: KEPT[cut % KEPT.length] ?? 0 })
    await street.die()
    await drive.unmount()
    if (cut % 5 === 4) setting.say(`${cut + 1} of ${cuts} cuts, ${street.edge.recorded} events recorded`)
  }
  await street.powerOn()
  const { edge, central } = street
  const { lastInLog } = edge.settings
  await eventually('the whole log recorded', () => (edge.recorded >= lastInLog ? true : undefined))
  const sound = sayAccounts([await settledAccount(() => central.held(), lastInLog)])
  const kilobytes = Math.round(atRiskBytes / 1_024)
  const seen = `${sound.seen}, ${edge.forgotten.length} forgotten; ${cuts} cuts, ${kilobytes} kB in the cache, recovered unattended`
  const what = victim === 'edge' ? 'power cuts under the spool' : 'power cuts under ledger and store'
  const holds = sound.holds && edge.forgotten.length === 0
  return [judged(what, '0 recorded events lost, 0 doubled', { seen, holds })]
}

interface Street {
  readonly edge: EdgeLife
  readonly central: CentralLife
  /** Mounts what the last cut has left, and starts the victim on it. */
  powerOn(): Promise<MountedDrive>
  /** The victim goes with its power. */
  die(): Promise<void>
}

async function standUp(rig: Rig, victim: Victim, lastInLog: number): Promise<Street> {
  const broker = await startMosquitto()
  rig.andThen(() => broker.dispose())
  const image = rig.at('image')
  makeImage(image)
  const onDrive = rig.at('drive/files/data')
  const central = new CentralLife({
    ...{ site: 'hamadan', mqttUrl: broker.url, influxUrl: null },
    directory: victim === 'central' ? onDrive : rig.at('central'),
  })
  const edge = new EdgeLife({
    ...{ site: 'hamadan', edge: 'hamadan-1', mqttUrl: broker.url, segmentBytes: SMALL_SEGMENT_BYTES, lastInLog },
    ...PACE,
    spoolDirectory: victim === 'edge' ? onDrive : rig.at('spool'),
  })
  const begin = async (who: Victim) => {
    if (who === 'central') return central.begin()
    edge.begin()
    await edge.awake()
  }
  const other = victim === 'edge' ? central : edge
  await begin(victim === 'edge' ? 'central' : 'edge')
  rig.andThen(() => other.kill())
  const die = () => (victim === 'edge' ? edge.kill() : central.kill())
  const powerOn = async () => {
    const drive = await MountedDrive.mount(rig, image)
    // Before the drive is taken away, also when a cut has not come.
    rig.andThen(die)
    await begin(victim)
    return drive
  }
  return { edge, central, powerOn, die }
}
