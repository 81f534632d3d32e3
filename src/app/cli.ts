/** The command line `sabz`: names, options and help of every command; the work is loaded when a command is chosen. */
import { readFileSync } from 'node:fs'
import { relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { Command, CommanderError } from 'commander'
import { reportBug } from './bug-report.ts'
import { EXIT, type ExitCode } from './exit-code.ts'
import { addCommand, perform } from './command.ts'
import { addDataCommands } from './data-commands.ts'
import type { DemoOptions } from './demo.ts'
import type { DoctorOptions } from './doctor.ts'
import type { EventsOptions } from './events.ts'
import type { CentralOptions } from './run-central.ts'
import type { EdgeOptions } from './run-edge.ts'
import type { SimOptions } from './run-sim.ts'
import type { SimulateOptions } from './run-simulate.ts'
import type { StatusOptions } from './status.ts'
import { addOrderCommands } from './orders/order-commands.ts'
import { addExportCommands, addSumoCommands } from './sumo-commands.ts'
import {
  duration,
  influxSecretOption,
  portOffsetOption,
  portOption,
  seedOption,
  speedOption,
  storeOption,
  timeoutOption,
  wholeNumber,
} from './shared-options.ts'
import { simulateOptions } from './simulate-options.ts'
import { openTerminal } from './terminal.ts'
import { addTlsCommands } from './tls-commands.ts'
import { plainMqttOption, tlsOption } from './tls-folder.ts'

const EXAMPLES = `
  Try it        sabz demo                       a whole city on this machine, opens the wall
  Field         sabz doctor --cabinet IX-03     is this cabinet healthy?
  Operator      sabz status                     what is every intersection doing?
  Engineer      sabz config check config/hamadan
`

// From wherever it is called; shown as `config/hamadan` in the checkout itself.
const CONFIG_DIRECTORY = relative(process.cwd(), fileURLToPath(new URL('../../config/hamadan', import.meta.url)))
const EDGE_ID = 'hamadan-1'
const PORT = 8080
const API = `http://127.0.0.1:${PORT}`
const MQTT_URL = 'mqtt://127.0.0.1:1883'
const INFLUX_URL = 'http://127.0.0.1:8086'

process.stdout.on('error', endWithReader)
await runCommandLine(process.argv)

async function runCommandLine(argv: readonly string[]): Promise<void> {
  try {
    // Bare `sabz` is a question: what can it do?
    await buildProgram().parseAsync(argv.length > 2 ? argv : [...argv, '--help'])
  } catch (error) {
    process.exitCode = error instanceof CommanderError ? usageExit(error) : reportBug(error)
  }
}

/** Whoever reads has seen enough, as in `sabz status | head -3`. */
function endWithReader(error: NodeJS.ErrnoException): void {
  if (error.code !== 'EPIPE') throw error
  process.exit(process.exitCode ?? EXIT.ok)
}

/** Commander has printed the help or the complaint already. */
function usageExit({ exitCode, code, message }: CommanderError): ExitCode {
  if (exitCode === 0) return EXIT.ok
  const terminal = openTerminal({ json: process.argv.includes('--json'), color: false })
  terminal.record({ ok: false, error: { code: 'USAGE', message: message.replace(/^error: /, ''), cause: code } })
  return EXIT.usage
}

function buildProgram(): Command {
  const program = new Command('sabz')
    .description("sabz - run, check and watch a city's traffic signals")
    .version(packageVersion(), '--version', 'print the version')
    .helpOption('-h, --help', 'print this help')
    .option('--json', 'print results as JSON, one object a line, each with "v":1')
    .option('--no-color', 'print without colours (also: NO_COLOR=1)')
    .option('--config <dir>', 'folder of the site', CONFIG_DIRECTORY)
    .addHelpText('before', EXAMPLES)
    .addHelpText(
      'after',
      `\nExit codes: 0 ok, 1 findings, 2 usage, 3 invalid configuration, 4 cannot reach, 5 timed out, 70 bug, 130 Ctrl-C`,
    )
    .configureHelp({ showGlobalOptions: true })
    .exitOverride()
  addRunCommands(program)
  addServiceCommands(program)
  addMeasureCommands(program)
  addLookCommands(program)
  addConfigCommands(program)
  addTlsCommands(program)
  addDataCommands(program)
  addOrderCommands(program)
  addSumoCommands(program)
  addExportCommands(program)
  return program
}

function addRunCommands(program: Command): void {
  addCommand(program, 'demo', 'run a whole city on this machine and open its wall', [
    'sabz demo',
    'sabz demo --port 9000 --no-open --data var/demo',
  ])
    .addOption(portOption('--port <port>', 'port of the pages', PORT))
    .option('--no-open', 'do not open the browser')
    .addOption(seedOption())
    .option('--data <dir>', 'keep the data here (default: a temporary folder, removed at the end)')
    .option('--mqtt <url>', '`embedded`, or the URL of a broker that is there', 'embedded')
    .addOption(storeOption())
    .option('--influx-url <url>', 'InfluxDB 1.x, with --store influx', INFLUX_URL)
    .option('--influx-database <name>', 'its database', 'sabz')
    .addOption(influxSecretOption())
    .option('--scenario <name>', 'traffic of a scenario of the site; the cabinets keep to the hour of this machine')
    .option('--faults <file>', 'plant what this file says')
    .option('--verbose', 'print what every process says')
    .action(perform(async (options: DemoOptions, terminal) => (await import('./demo.ts')).runDemo(options, terminal)))

  addCommand(program, 'sim', 'run the virtual cabinets and their traffic', [
    'sabz sim --seed 7 --ledger var/sim',
    'sabz sim --scenario am_peak --speed 10 --for 2h --faults faults.yaml',
    'sabz sim     then type: IX-04 preempt 1 on     or: IX-04 fault half-open on     or: help',
  ])
    .option(
      '--scenario <name>',
      'of the folder `scenarios` of the site, or a file (default: a plain day, at this hour)',
    )
    .addOption(speedOption())
    .option('--faults <file>', 'plant what this file says: faults by moment, key and place')
    .option('--for <duration>', 'end after so long of the street, such as 90s, 15m or 2h', duration)
    .option('--seed <n>', 'seed of all chance (default: that of the scenario, or 1)', wholeNumber(0, 4_294_967_295))
    .option('--ledger <dir>', 'write what every cabinet emitted into this folder')
    .addOption(tlsOption())
    .addOption(portOffsetOption())
    .option('--broker-elsewhere', 'leave the broker of the demo alone: it is not its own')
    .action(perform(async (options: SimOptions, terminal) => (await import('./run-sim.ts')).runSim(options, terminal)))
}

function addServiceCommands(program: Command): void {
  addCommand(program, 'edge', 'supervise the cabinets of one edge', [
    'sabz edge --id hamadan-1 --mqtt mqtts://10.0.0.5 --tls /etc/sabz/tls',
  ])
    .option('--id <edge>', 'name of the edge in site.yaml', EDGE_ID)
    .option('--mqtt <url>', 'broker', MQTT_URL)
    .option('--data <dir>', 'folder of the spool and of what is learnt', 'var/edge')
    .addOption(tlsOption())
    .addOption(plainMqttOption())
    .addOption(portOffsetOption())
    .action(
      perform(async (options: EdgeOptions, terminal) => (await import('./run-edge.ts')).runEdge(options, terminal)),
    )

  addCommand(program, 'central', 'store events, serve the API and the pages', [
    'sabz central --mqtt embedded',
    'sabz central --mqtt mqtt://127.0.0.1:1883 --store influx --influx-url http://127.0.0.1:8086',
  ])
    .addOption(portOption('--port <port>', 'port of the pages and the API', PORT))
    .option('--host <address>', 'address to listen on', '127.0.0.1')
    .option('--mqtt <url>', '`embedded`, or the URL of a broker', 'embedded')
    .addOption(portOption('--mqtt-port <port>', 'port of the embedded broker', 1883))
    .addOption(storeOption())
    .option('--influx-url <url>', 'InfluxDB 1.x, with --store influx', INFLUX_URL)
    .option('--influx-database <name>', 'its database', 'sabz')
    .addOption(influxSecretOption())
    .option('--data <dir>', 'folder of the ledger and the embedded store', 'var/central')
    .option('--no-ingest', 'leave the events to workers (`sabz ingest --worker 1/2`)')
    .addOption(tlsOption())
    .addOption(plainMqttOption())
    .option('--https', 'serve pages and API under the certificate in --tls')
    .option('--simulated', 'say on every page that the street is a simulation')
    .action(
      perform(async (options: CentralOptions, terminal) =>
        (await import('./run-central.ts')).runCentral(options, terminal),
      ),
    )
}

function addMeasureCommands(program: Command): void {
  const simulate = addCommand(
    program,
    'simulate',
    'run a scenario over several seeds, as fast as the machine can, and measure it',
    [
      'sabz simulate --scenario am_peak --from 07:00 --for 1h --seeds 5 --jobs 2',
      'sabz simulate --scenario rain --strategy coordinated --compare local --out var/rain',
    ],
  )
  simulateOptions(simulate).action(
    perform(async (options: SimulateOptions, terminal) =>
      (await import('./run-simulate.ts')).runSimulate(options, terminal),
    ),
  )
}

function addLookCommands(program: Command): void {
  addCommand(program, 'doctor', 'is each device reachable, and each of its points readable?', [
    'sabz doctor',
    'sabz doctor --cabinet IX-03 --json',
  ])
    .option('--cabinet <id>', 'one intersection (default: all)')
    .addOption(tlsOption())
    .addOption(portOffsetOption())
    .addOption(timeoutOption(5))
    .action(
      perform(async (options: DoctorOptions, terminal) => (await import('./doctor.ts')).runDoctor(options, terminal)),
    )

  addCommand(program, 'status', 'what is every intersection doing? (asks central)', [
    'sabz status',
    'sabz status --json',
  ])
    .option('--api <url>', 'central', API)
    .addOption(timeoutOption(5))
    .action(
      perform(async (options: StatusOptions, terminal) => (await import('./status.ts')).runStatus(options, terminal)),
    )

  addCommand(program, 'events', 'high-resolution events from the store, newest first (asks central)', [
    'sabz events --cabinet IX-03 --limit 20',
  ])
    .option('--cabinet <id>', 'one intersection (default: all)')
    .option('--limit <n>', 'at most this many', wholeNumber(1, 10_000), 100)
    .option('--api <url>', 'central', API)
    .addOption(timeoutOption(10))
    .action(
      perform(async (options: EventsOptions, terminal) => (await import('./events.ts')).runEvents(options, terminal)),
    )
}

function addConfigCommands(program: Command): void {
  const group = addCommand(program, 'config', 'look at a site configuration', ['sabz config check config/hamadan'])
  addCommand(group, 'check', 'list every fault of a site folder, each with its remedy', [
    'sabz config check config/hamadan',
  ])
    .argument('[dir]', 'folder of the site (default: --config)')
    .action((dir: string | undefined, _options: unknown, command: Command) =>
      perform(async ({ config }: { config: string }, terminal) =>
        (await import('./config-check.ts')).runConfigCheck(dir ?? config, terminal),
      )({}, command),
    )
}

function packageVersion(): string {
  const file = readFileSync(new URL('../../package.json', import.meta.url), 'utf8')
  return (JSON.parse(file) as { version: string }).version
}
