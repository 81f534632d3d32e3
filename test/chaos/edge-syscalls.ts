/** A run of 1,000 events, killed at each single call by which its spool touches the disk; then it lives on and all must be there. */
import { intersectionId } from '#base/id.ts'
import { diskAt } from '#edge/telemetry/disk.ts'
import { Spool } from '#edge/telemetry/spool.ts'
import { startMosquitto } from '#test/support/mosquitto.ts'
import { accountOf, sayAccounts, untilHeld, type Account } from './account.ts'
import { CentralLife } from './central-life.ts'
import { EdgeLife, SMALL_SEGMENT_BYTES } from './edge-life.ts'
import type { Experiment, Setting } from './experiment.ts'
import { judged, type Seen } from './figure.ts'
import { eventually } from './patience.ts'
import { onRig, type Rig } from './rig.ts'
import { countCalls, killAt, openedBelow, tracing, type Trap } from './strace.ts'

const EVENTS = 1_000
/** Twenty groups, each with its sync. */
const GROUP = 50
/** Everything that changes what a restart finds, and every opening of a file; a close leaves the disk as it is. */
const SYSCALLS = [
  'mkdir',
  'openat',
  'write',
  'writev',
  'pwrite64',
  'fdatasync',
  'fsync',
  'ftruncate',
  'rename',
  'unlink',
]
/** A quick run dies at every so many-th call. */
const QUICK_STEP = 9

export const edgeSyscalls: Experiment = {
  name: 'edge-syscalls',
  about: `a kill at each call of the spool in a run of ${EVENTS} events`,
  needs: ['mosquitto', 'strace'],
  run: (setting) => onRig((rig) => killAtEach(rig, setting)),
}

async function killAtEach(rig: Rig, setting: Setting): Promise<Seen[]> {
  const broker = await startMosquitto()
  rig.andThen(() => broker.dispose())
  const central = new CentralLife({
    site: 'hamadan',
    mqttUrl: broker.url,
    directory: rig.at('central'),
    influxUrl: null,
  })
  rig.andThen(() => central.kill())
  central.begin()
  const street: Street = { rig, central, mqttUrl: broker.url }
  const traps = await trapsOf(street)
  const chosen = traps.filter((_, index) => !setting.isQuick || index % QUICK_STEP === 0)
  setting.say(`${traps.length} calls of the spool, killed at ${chosen.length} of them`)
  const ends: End[] = []
  for (const [index, trap] of chosen.entries()) {
    ends.push(await dieAndLive(street, trap, `edge-${index + 1}`))
    if (index % 20 === 19) setting.say(`${index + 1} of ${chosen.length}`)
  }
  return figuresOf(street, ends, traps.length)
}

interface Street {
  readonly rig: Rig
  readonly central: CentralLife
  readonly mqttUrl: string
}

/** A trap whose files are told relative to a spool. */
type Place = Omit<Trap, 'paths'> & { readonly files: readonly string[] }

/** Every call that a whole run makes, seen in two runs: one to learn the names of its files, one to count. */
async function trapsOf(street: Street): Promise<Place[]> {
  const [namesLog, callsLog] = [street.rig.at('names.log'), street.rig.at('calls.log')]
  const first = await wholeRun(street, 'names', () => tracing(['openat'], [], namesLog))
  const files = openedBelow(namesLog, first.settings.spoolDirectory)
  await wholeRun(street, 'calls', (folder) => tracing(SYSCALLS, pathsOf(folder, files), callsLog))
  const counts = [...countCalls(callsLog)]
  return counts.flatMap(([syscall, count]) =>
    Array.from({ length: count }, (_, index) => ({ syscall, nth: index + 1, files })),
  )
}

const pathsOf = (folder: string, files: readonly string[]): string[] => [
  folder,
  ...files.map((file) => `${folder}/${file}`),
]

async function wholeRun(street: Street, name: string, before: (folder: string) => string[]): Promise<EdgeLife> {
  const edge = edgeOf(street, name)
  edge.begin(before(edge.settings.spoolDirectory))
  await edge.awake()
  await untilHeld(() => street.central.held(name), EVENTS)
  await edge.stop()
  return edge
}

/** The first event is recorded beforehand, under an epoch that is the same in every run: so are the names of all files. */
function edgeOf({ rig, mqttUrl }: Street, name: string): EdgeLife {
  const spoolDirectory = rig.at(name)
  const spool = new Spool({ disk: diskAt(spoolDirectory), newEpoch: () => '00000000000c4a05', report: () => {} })
  const event = { code: 82, parameter: 1, source: 'controller', deviceSequence: 1 } as const
  spool.append([{ intersection: intersectionId('IX-01'), epochMs: Date.now(), ...event }])
  spool.close()
  const edge = new EdgeLife({
    ...{ site: 'hamadan', edge: name, mqttUrl, spoolDirectory },
    ...{ segmentBytes: SMALL_SEGMENT_BYTES, lastInLog: EVENTS, group: GROUP, pace: { kind: 'when recorded' } },
  })
  rig.andThen(() => edge.kill())
  return edge
}

interface End {
  readonly trap: Place
  readonly edge: EdgeLife
  /** False where the run came through without that call. */
  readonly isKilled: boolean
}

async function dieAndLive(street: Street, trap: Place, name: string): Promise<End> {
  const edge = edgeOf(street, name)
  const held = () => street.central.held(name)
  edge.begin(killAt({ ...trap, paths: pathsOf(edge.settings.spoolDirectory, trap.files) }))
  await eventually('a death, or the whole log', async () =>
    edge.isOver || new Set((await held()).map(({ number }) => number)).size === EVENTS ? true : undefined,
  )
  // The last calls come with its farewell.
  await edge.stop()
  const { signal } = await edge.over()
  edge.begin()
  await edge.awake()
  await untilHeld(held, EVENTS)
  await edge.stop()
  return { trap, edge, isKilled: signal === 'SIGKILL' }
}

/** Books are closed when all is over, so that what comes too late or twice is seen. */
async function figuresOf({ central }: Street, ends: readonly End[], calls: number): Promise<Seen[]> {
  const accounts: Account[] = []
  for (const { edge } of ends) accounts.push(accountOf(await central.held(edge.settings.edge), EVENTS))
  const killed = ends.filter(({ isKilled }) => isKilled).length
  const forgotten = ends.flatMap(({ edge }) => edge.forgotten)
  const sound = sayAccounts(accounts)
  const seen = `${sound.seen}, ${forgotten.length} forgotten; ${killed} deaths at ${ends.length} of ${calls} calls`
  return [
    judged('kill at every call of the spool', '0 recorded events lost, 0 doubled', {
      seen,
      holds: sound.holds && forgotten.length === 0 && killed > 0,
    }),
  ]
}
