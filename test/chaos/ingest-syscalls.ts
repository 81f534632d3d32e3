/** Ingest stores 1,000 events and is killed at each single call by which ledger or store touch the disk; then it lives on. */
import { setTimeout as sleep } from 'node:timers/promises'
import { edgeId, intersectionId } from '#base/id.ts'
import type { ObservedEvent, Telemetry } from '#edge/telemetry/port.ts'
import { startTelemetry } from '#edge/telemetry/telemetry.ts'
import { startMosquitto } from '#test/support/mosquitto.ts'
import { accountOf, sayAccounts, untilHeld, type Account } from './account.ts'
import { CentralLife } from './central-life.ts'
import type { Experiment, Setting } from './experiment.ts'
import { judged, type Seen } from './figure.ts'
import { eventually, within } from './patience.ts'
import { onRig, type Rig } from './rig.ts'
import { countCalls, killAt, tracing } from './strace.ts'

const EVENTS = 1_000
/** Of SQLite: its files, their journals, and what their processes share. */
const FILES = ['events.sqlite', 'ledger.sqlite'].flatMap((name) => [name, `${name}-wal`, `${name}-shm`])
const SYSCALLS = ['openat', 'pwrite64', 'write', 'fdatasync', 'fsync', 'ftruncate', 'fallocate', 'rename', 'unlink']
/** A quick run dies at every so many-th call. */
const QUICK_STEP = 25
/** Two groups are two batches: the edge sends four times a second. */
const GROUP = 500
const GROUP_EVERY_MS = 300

export const ingestSyscalls: Experiment = {
  name: 'ingest-syscalls',
  about: `a kill at each call of ledger and embedded store while ${EVENTS} events are stored`,
  needs: ['mosquitto', 'strace'],
  run: (setting) => onRig((rig) => killAtEach(rig, setting)),
}

async function killAtEach(rig: Rig, setting: Setting): Promise<Seen[]> {
  const broker = await startMosquitto()
  rig.andThen(() => broker.dispose())
  const street = { rig, mqttUrl: broker.url }
  const counts = await countOfWholeRun(street)
  const traps = [...counts].flatMap(([syscall, count]) =>
    Array.from({ length: count }, (_, index) => ({ syscall, nth: index + 1 })),
  )
  const chosen = traps.filter((_, index) => !setting.isQuick || index % QUICK_STEP === 0)
  setting.say(`${traps.length} calls of ledger and store, killed at ${chosen.length} of them`)
  const ends: End[] = []
  for (const [index, trap] of chosen.entries()) {
    ends.push(await dieAndLive(street, trap, `site-${index + 1}`))
    if (index % 20 === 19) setting.say(`${index + 1} of ${chosen.length}`)
  }
  const sound = sayAccounts(ends.map(({ account }) => account))
  const killed = ends.filter(({ isKilled }) => isKilled).length
  const seen = `${sound.seen}; ${killed} deaths at ${chosen.length} of ${traps.length} calls`
  return [
    judged('kill at every call of ledger and store', '0 recorded events lost, 0 doubled', {
      seen,
      holds: sound.holds && killed > 0,
    }),
  ]
}

interface Street {
  readonly rig: Rig
  readonly mqttUrl: string
}

interface Scene {
  readonly central: CentralLife
  readonly telemetry: Telemetry
  readonly paths: readonly string[]
  readonly end: () => Promise<void>
}

/** A site of its own, so that no message of another run is in its queue. The edge lives in this process: it is not to die. */
async function sceneOf({ rig, mqttUrl }: Street, site: string): Promise<Scene> {
  const directory = rig.at(site)
  const central = new CentralLife({ site, mqttUrl, directory, influxUrl: null })
  const spoolDirectory = rig.at(`${site}-spool`)
  const telemetry = await startTelemetry({ site, edge: edgeId('edge-1'), mqttUrl, spoolDirectory, log: () => {} })
  rig.andThen(() => Promise.all([telemetry.close(), central.kill()]))
  const end = async () => {
    await telemetry.close()
    await central.stop()
  }
  return { central, telemetry, paths: FILES.map((file) => `${directory}/${file}`), end }
}

/** In several batches, so that several groups are stored and entered. */
async function recordAll(telemetry: Telemetry): Promise<void> {
  for (let first = 1; first <= EVENTS; first += GROUP) {
    telemetry.record(Array.from({ length: GROUP }, (_, index) => eventOf(first + index)))
    await sleep(GROUP_EVERY_MS)
  }
}

const eventOf = (number: number): ObservedEvent => ({
  ...{ intersection: intersectionId('IX-01'), epochMs: Date.now(), code: 82, parameter: number },
  ...{ source: 'controller', deviceSequence: number },
})

async function countOfWholeRun(street: Street): Promise<ReadonlyMap<string, number>> {
  const { central, telemetry, paths, end } = await sceneOf(street, 'site-0')
  const log = street.rig.at('calls.log')
  central.begin(tracing(SYSCALLS, paths, log))
  await recordAll(telemetry)
  await untilHeld(() => central.held(), EVENTS)
  await untilEntered(central)
  await end()
  return countCalls(log)
}

const untilEntered = (central: CentralLife): Promise<true> =>
  eventually('all in the ledger', () => (central.gaps().settled >= EVENTS ? true : undefined))

interface End {
  readonly isKilled: boolean
  readonly account: Account
}

/** The store's own last calls come with ingest's farewell; a run that comes through was shorter than the one counted. */
async function dieAndLive(street: Street, trap: { syscall: string; nth: number }, site: string): Promise<End> {
  const { central, telemetry, paths, end } = await sceneOf(street, site)
  central.begin(killAt({ ...trap, paths }))
  await recordAll(telemetry)
  const isThrough = () => central.gaps().settled >= EVENTS
  await eventually('a death, or all in the ledger', () => (central.isOver || isThrough() ? true : undefined))
  await central.stop()
  const isKilled = (await central.over()).signal === 'SIGKILL'
  central.begin()
  await untilHeld(() => central.held(), EVENTS)
  await untilEntered(central)
  // What the broker still had for the one that died comes now, and must change nothing.
  await within(200, () => undefined)
  await end()
  return { isKilled, account: accountOf(await central.held(), EVENTS) }
}
