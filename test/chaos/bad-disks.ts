/** Disks that are full, take a part of a write, or refuse to vouch for one: control goes on, and the books stay right. */
import { spawnSync } from 'node:child_process'
import { mkdirSync } from 'node:fs'
import { EVENT } from '#signal/events.ts'
import { startMosquitto, type Mosquitto } from '#test/support/mosquitto.ts'
import { sayAccounts, settledAccount } from './account.ts'
import { CentralLife, type Held } from './central-life.ts'
import { EdgeLife, SMALL_SEGMENT_BYTES, type EdgeSettings } from './edge-life.ts'
import type { Experiment, Setting } from './experiment.ts'
import { judged, type Seen } from './figure.ts'
import { eventually } from './patience.ts'
import { onRig, type Rig } from './rig.ts'
import { failAt } from './strace.ts'

export const fullDisk: Experiment = {
  name: 'full-disk',
  about: 'a spool on a file system of 1.5 MB while there is no link, and how exact the record of the gap is',
  needs: ['mosquitto', 'mount'],
  run: (setting) => onRig((rig) => fillDisk(rig, setting)),
}

export const syncErrors: Experiment = {
  name: 'sync-errors',
  about: 'a disk that refuses every third to fifth sync (EIO), of content and of names',
  needs: ['mosquitto', 'strace'],
  run: refuseSyncs,
}

/** Two thirds are the reserve of the spool; what is left has room for some 7,000 events. */
const DISK_KB = 1_536
const EVENTS_TOO_MANY = 20_000
/** Eight of them fill the disk. */
const SEGMENT_BYTES = 64 * 1024

async function fillDisk(rig: Rig, setting: Setting): Promise<Seen[]> {
  const lastInLog = setting.isQuick ? EVENTS_TOO_MANY / 2 : EVENTS_TOO_MANY
  const folder = rig.at('disk')
  mkdirSync(folder)
  spawnSync('mount', ['-t', 'tmpfs', '-o', `size=${DISK_KB}k`, 'sabz-chaos', folder])
  rig.andThen(() => spawnSync('umount', [folder]))
  const { edge, central, broker } = await standUp(rig, {
    ...{ spoolDirectory: `${folder}/spool`, segmentBytes: SEGMENT_BYTES, lastInLog },
    ...{ group: 100, pace: { kind: 'every', ms: 10 } },
  })
  // No link at all: what is in flight when it is given up may arrive all the same, and would be stored and counted.
  await broker.stop()
  edge.begin()
  await edge.awake()
  await eventually('the whole log recorded', () => (edge.recorded >= lastInLog ? true : undefined))
  setting.say('the whole log is recorded; broker and central come')
  await broker.start()
  central.begin()
  return [await gapFigure(central, lastInLog)]
}

/** Every event is in the store, or counted by a record of a gap, and the ledger's holes are as large as they should be. */
async function gapFigure(central: CentralLife, lastInLog: number): Promise<Seen> {
  const sumOf = (held: readonly Held[]) => held.reduce((sum, { number }) => sum + number, 0)
  const look = async () => {
    const held = await central.held()
    const samples = held.filter(({ code }) => code !== EVENT.logGap)
    const gaps = held.filter(({ code }) => code === EVENT.logGap)
    return { samples, gaps, told: samples.length + sumOf(gaps) }
  }
  await eventually('the books balanced', async () => ((await look()).told >= lastInLog ? true : undefined)).catch(
    () => undefined,
  )
  const { samples, gaps, told } = await look()
  const doubled = samples.length - new Set(samples.map(({ number }) => number)).size
  const { lost } = central.gaps()
  const holes = lastInLog - samples.length - gaps.length
  const seen = `${samples.length} stored + ${sumOf(gaps)} counted by ${gaps.length} gap records = ${told} of ${lastInLog}; ${doubled} doubled; the ledger misses ${lost} of ${holes}`
  const holds = told === lastInLog && doubled === 0 && gaps.length > 0 && lost === holes
  return judged('a full disk', 'every event stored, or counted exactly', { seen, holds })
}

const EVENTS = 3_000
const EVENTS_QUICK = 1_000

async function refuseSyncs(setting: Setting): Promise<Seen[]> {
  const lastInLog = setting.isQuick ? EVENTS_QUICK : EVENTS
  const refusals = [
    { syscall: 'fdatasync', when: '3+5' },
    { syscall: 'fsync', when: '2+3' },
  ]
  const seen: Seen[] = []
  for (const { syscall, when } of refusals)
    await onRig(async (own) => {
      const { edge, central } = await standUp(own, {
        ...{ spoolDirectory: own.at('spool'), segmentBytes: SMALL_SEGMENT_BYTES, lastInLog },
        ...{ group: 10, pace: { kind: 'every', ms: 10 } },
      })
      central.begin()
      edge.begin(failAt(syscall, { error: 'EIO', when, paths: [] }))
      await edge.awake()
      await eventually('the whole log recorded', () => (edge.recorded >= lastInLog ? true : undefined))
      const refused = edge.log.filter((line) => line.includes('SPOOL_NOT_RECORDED')).length
      // What was abandoned on the way must not confuse the next life either.
      await edge.kill()
      edge.begin()
      await edge.awake()
      const sound = sayAccounts([await settledAccount(() => central.held(), lastInLog)])
      const holds = sound.holds && edge.forgotten.length === 0 && refused > 0
      const words = `${sound.seen}, ${edge.forgotten.length} forgotten; ${refused} refusals told`
      for (const sentence of edge.forgotten) setting.say(sentence)
      seen.push(judged(`EIO of ${syscall}, when ${when}`, '0 recorded events lost, 0 doubled', { seen: words, holds }))
    })
  return seen
}

type Own = Pick<EdgeSettings, 'spoolDirectory' | 'segmentBytes' | 'lastInLog' | 'group' | 'pace'>

/** Neither of the two is begun. */
async function standUp(rig: Rig, own: Own): Promise<{ edge: EdgeLife; central: CentralLife; broker: Mosquitto }> {
  const broker = await startMosquitto()
  rig.andThen(() => broker.dispose())
  const [site, mqttUrl] = ['hamadan', broker.url]
  const central = new CentralLife({ site, mqttUrl, directory: rig.at('central'), influxUrl: null })
  const edge = new EdgeLife({ site, edge: 'hamadan-1', mqttUrl, ...own })
  rig.andThen(() => central.kill())
  rig.andThen(() => edge.kill())
  return { edge, central, broker }
}
