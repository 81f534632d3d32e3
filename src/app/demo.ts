/** `sabz demo`: the whole city on this machine, each part a process of its own that comes back when it dies. */
import { existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { createInterface } from 'node:readline'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { SiteConfig } from '#config/site.ts'
import { openBrowser } from './browser.ts'
import { isAnswerWord, isBrokerWord, lineWord } from './demo-words.ts'
import { EXIT, type ExitCode } from './exit-code.ts'
import { freeOffset, freePort, isFree } from './free-port.ts'
import { runUntilAsked, tellReady } from './lifetime.ts'
import { PAGES_DIRECTORY } from './pages.ts'
import { loadSiteOrExplain } from './site.ts'
import { SupervisedProcess, type ProcessPlan } from './supervised-process.ts'
import type { Terminal } from './terminal.ts'
import { waitUntilLive } from './wall.ts'

export interface DemoOptions {
  readonly config: string
  readonly port: number
  readonly open: boolean
  readonly seed: number
  readonly data?: string
  readonly verbose?: true
  /** `embedded`, or the URL of a broker that is there already. */
  readonly mqtt: string
  readonly store: 'embedded' | 'influx'
  readonly influxUrl: string
  readonly influxDatabase: string
  readonly influxSecret?: string
  /** Of the simulation, as `sabz sim` takes them. */
  readonly scenario?: string
  readonly faults?: string
}

/** Ports and folders that the processes of one demo share. */
interface DemoPlan {
  readonly site: SiteConfig
  readonly webPort: number
  readonly mqttPort: number
  readonly portOffset: number
  readonly dataDirectory: string
}

interface RunningDemo {
  readonly plan: DemoPlan
  readonly processes: readonly SupervisedProcess[]
  readonly options: DemoOptions
}

const COMMAND_LINE = fileURLToPath(new URL('sabz.js', import.meta.url))

// Not 1883: a broker of the machine's own keeps its port, and the demo's never speaks to a real edge.
const MQTT_PORT = 18_830

export async function runDemo(options: DemoOptions, terminal: Terminal): Promise<ExitCode> {
  const site = await loadSiteOrExplain(options.config, terminal)
  if (site === null) return EXIT.invalidConfig
  const plan = await planDemo(site, options, terminal)
  if (plan === null) return EXIT.cannotReach

  const processes = startProcesses(plan, options, terminal)
  takeLines(processes)
  const stop = async () => {
    await Promise.all(processes.map((process) => process.stop()))
    if (options.data === undefined) rmSync(plan.dataDirectory, { recursive: true, force: true })
  }
  // The last word when this process ends in a hurry: no orphan keeps a port.
  process.on('exit', () => processes.forEach((process) => process.kill()))
  void announce({ plan, processes, options }, terminal)
  return runUntilAsked(stop)
}

/** Finds ports and a folder; null when the web port cannot be had, which has been explained then. */
async function planDemo(site: SiteConfig, options: DemoOptions, terminal: Terminal): Promise<DemoPlan | null> {
  if (!existsSync(join(PAGES_DIRECTORY, 'index.html'))) {
    terminal.fail('PAGES_NOT_BUILT', `the pages are not built in ${PAGES_DIRECTORY}.`, 'Build them: npm run build')
    return null
  }
  if (!(await isFree(options.port))) {
    const remedy = `End the program that uses it, or choose another: sabz demo --port ${options.port + 1}`
    terminal.fail('PORT_IN_USE', `port ${options.port} of 127.0.0.1 is in use.`, remedy)
    return null
  }
  const portOffset = await freeOffset(fieldPorts(site))
  if (portOffset === null) {
    terminal.fail('PORT_IN_USE', 'no free ports for the virtual cabinets.', 'End other demos of this machine.')
    return null
  }
  if (portOffset > 0) terminal.say(`some field ports are in use; the virtual cabinets moved by ${portOffset}`)
  const dataDirectory = makeDataDirectory(options.data, terminal)
  if (dataDirectory === null) return null
  return { site, webPort: await freePort(options.port), mqttPort: await freePort(MQTT_PORT), portOffset, dataDirectory }
}

/** The folder with its `logs`; null when it cannot be had, which has been explained then. */
function makeDataDirectory(wanted: string | undefined, terminal: Terminal): string | null {
  try {
    const directory = wanted === undefined ? mkdtempSync(join(tmpdir(), 'sabz-demo-')) : resolve(wanted)
    mkdirSync(join(directory, 'logs'), { recursive: true })
    return directory
  } catch (error) {
    const detail = error instanceof Error ? error.message : String(error)
    terminal.fail(
      'DATA_DIRECTORY_UNUSABLE',
      `the data cannot be kept: ${detail}.`,
      'Name a folder that can be written: --data',
    )
    return null
  }
}

function fieldPorts({ intersections }: SiteConfig): number[] {
  const devices = intersections.flatMap(({ controller, cards }) => [controller, ...cards])
  return [...new Set(devices.map(({ address }) => address.port))]
}

function startProcesses(plan: DemoPlan, options: DemoOptions, terminal: Terminal): SupervisedProcess[] {
  const { site, dataDirectory, mqttPort, webPort, portOffset } = plan
  const { mqtt, store, influxUrl, influxDatabase, influxSecret, seed, scenario, faults } = options
  const secret = influxSecret === undefined ? {} : { influxSecret: resolve(influxSecret) }
  const outside = { mqtt, store, influxUrl, influxDatabase, ...secret }
  const logs = join(dataDirectory, 'logs')
  const start = (name: string, command: string, flags: Flags, more: Pick<ProcessPlan, 'after' | 'onMessage'> = {}) =>
    new SupervisedProcess({
      name,
      ...more,
      arguments: [COMMAND_LINE, command, '--config', options.config, ...flagsOf(flags)],
      logFile: join(logs, `${name.replace(' ', '-')}.log`),
      say: terminal.say,
      ...(options.verbose && { onLine: terminal.say }),
    })
  const dataOf = (name: string) => join(dataDirectory, name)
  const broker = mqtt === 'embedded' ? `mqtt://127.0.0.1:${mqttPort}` : mqtt
  const tls = dataOf('tls')
  const script = {
    ...(mqtt !== 'embedded' && { brokerElsewhere: true }),
    ...(scenario !== undefined && { scenario }),
    ...(faults !== undefined && { faults: resolve(faults) }),
  }
  const onMessage = (message: object) => {
    if (isBrokerWord(message)) central.send(message)
    if (isAnswerWord(message)) terminal.say(message.words)
  }
  const sim = start('sim', 'sim', { seed, ledger: dataOf('sim'), portOffset, tls, ...script }, { onMessage })
  // Only now: an edge of this demo must never find the cabinets of another one on these ports.
  const edges = site.edges.map(({ id }) =>
    start(
      `edge ${id}`,
      'edge',
      { id, mqtt: broker, data: dataOf(`edge-${id}`), portOffset, tls },
      { after: sim.ready() },
    ),
  )
  const data = dataOf('central')
  const central = start('central', 'central', { port: webPort, data, simulated: true, mqttPort, ...outside })
  return [sim, central, ...edges]
}

/** Lines that are typed are for the simulation: faults, doors, fire engines. */
function takeLines(processes: readonly SupervisedProcess[]): void {
  const sim = processes.find(({ name }) => name === 'sim')
  createInterface({ input: process.stdin }).on('line', (line) => sim?.send(lineWord(line)))
}

/** What a command needs to reach the field of this demo. */
const whereOf = ({ dataDirectory, portOffset }: DemoPlan): string =>
  `--tls ${join(dataDirectory, 'tls')}${portOffset === 0 ? '' : ` --port-offset ${portOffset}`}`

type Flags = Readonly<Record<string, string | number | boolean>>

/** `{ portOffset: 1000, simulated: true }` as the command line takes it: `--port-offset 1000 --simulated`. */
function flagsOf(flags: Flags): string[] {
  return Object.entries(flags).flatMap(([name, value]) => {
    const flag = `--${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`
    return value === true ? [flag] : [flag, String(value)]
  })
}

/** Says the one address once the wall is live; says what is missing while it is not. */
async function announce({ plan, processes, options }: RunningDemo, terminal: Terminal): Promise<void> {
  const url = `http://127.0.0.1:${plan.webPort}/`
  terminal.say(`starting ${plan.site.intersections.length} intersections …`)
  await waitUntilLive(url, plan.site.intersections.length, (line) => terminal.say(line))
  terminal.print(`${terminal.paint('strong', plan.site.name.en)} is live: ${terminal.paint('strong', url)}`)
  terminal.say(
    `data and logs in ${plan.dataDirectory}${options.data === undefined ? ' (removed at the end)' : ''} · Ctrl-C ends it`,
  )
  terminal.say(
    `look at a cabinet: sabz doctor --cabinet ${plan.site.intersections[0]?.database.intersection.id} ${whereOf(plan)}`,
  )
  const pids = Object.fromEntries(processes.map(({ name, pid }) => [name, pid]))
  terminal.record({ type: 'ready', url, data: plan.dataDirectory, portOffset: plan.portOffset, processes: pids })
  tellReady({ url })
  if (options.open) openBrowser(url)
}
