/** The commands about recorded events on their way: workers, gaps, alarms, dead letters, and words to an edge. */
import { InvalidArgumentError, type Command } from 'commander'
import { WORKERS_MAX, type Shard } from '#central/shard.ts'
import { THROTTLE_MS_MAX } from '#contract/limits.ts'
import type { AlarmsOptions } from './alarms.ts'
import type { FetchOptions, ThrottleOptions } from './ask-edge.ts'
import { addCommand, perform } from './command.ts'
import type { DeadLettersOptions, ReplayOptions } from './dead-letters.ts'
import type { GapsOptions } from './gaps.ts'
import type { IngestOptions } from './run-ingest.ts'
import { duration, timeoutOption, wholeNumber } from './shared-options.ts'
import { addStoreOptions } from './store-options.ts'
import { plainMqttOption, tlsOption } from './tls-folder.ts'

const API = 'http://127.0.0.1:8080'
const MQTT_URL = 'mqtt://127.0.0.1:1883'

export function addDataCommands(program: Command): void {
  const ingest = addCommand(program, 'ingest', 'bring events from the broker into the store, without pages or API', [
    'sabz central --no-ingest --mqtt mqtts://10.0.0.5 --store influx',
    'sabz ingest --worker 1/2 --mqtt mqtts://10.0.0.5 --store influx',
    'sabz ingest --worker 2/2 --mqtt mqtts://10.0.0.5 --store influx',
  ])
  addStoreOptions(ingest)
    .option('--worker <i/n>', 'one of n that share the edges; each needs to run', worker)
    .option('--mqtt <url>', 'broker', MQTT_URL)
    .addOption(tlsOption())
    .addOption(plainMqttOption())
    .action(
      perform(async (options: IngestOptions, terminal) =>
        (await import('./run-ingest.ts')).runIngest(options, terminal),
      ),
    )
  addAsking(program)
  addDeadLetters(program)
  addWords(program)
}

function addAsking(program: Command): void {
  addCommand(program, 'gaps', 'is the history of every edge complete? (asks central)', [
    'sabz gaps',
    'sabz gaps --json',
  ])
    .option('--api <url>', 'central', API)
    .addOption(timeoutOption(5))
    .action(perform(async (options: GapsOptions, terminal) => (await import('./gaps.ts')).runGaps(options, terminal)))

  addCommand(program, 'alarms', 'which alarms stand? (asks central)', ['sabz alarms', 'sabz alarms --json'])
    .option('--api <url>', 'central', API)
    .addOption(timeoutOption(5))
    .action(
      perform(async (options: AlarmsOptions, terminal) => (await import('./alarms.ts')).runAlarms(options, terminal)),
    )
}

function addDeadLetters(program: Command): void {
  const group = addCommand(program, 'dead-letters', 'what ingest could not take, and another try', [
    'sabz dead-letters list --data var/central',
    'sabz dead-letters replay 17 --data var/central',
    'sabz dead-letters replay --all --data var/central --store influx',
  ])
  addCommand(group, 'list', 'each with its reason, newest first', ['sabz dead-letters list --limit 5'])
    .option('--data <dir>', 'folder of the ledgers', 'var/central')
    .option('--limit <n>', 'at most this many of each ledger', wholeNumber(1, 100_000), 100)
    .action(
      perform(async (options: DeadLettersOptions, terminal) =>
        (await import('./dead-letters.ts')).listDeadLetters(options, terminal),
      ),
    )
  const replay = addCommand(group, 'replay', 'try letters again; what the store takes is a dead letter no more', [
    'sabz dead-letters replay 17 18',
    'sabz dead-letters replay --all',
  ])
  addStoreOptions(replay)
    .argument('[name...]', 'of `sabz dead-letters list`')
    .option('--all', 'all of them')
    .action((names: string[], _options: unknown, command: Command) =>
      perform(async (options: ReplayOptions, terminal) =>
        (await import('./dead-letters.ts')).replayDeadLetters(names, options, terminal),
      )({}, command),
    )
}

function addWords(program: Command): void {
  addCommand(program, 'fetch', 'have an edge send a stretch of time again, as far as it still has it', [
    'sabz fetch --edge hamadan-1 --from 2026-11-23T08:00:00Z --to 2026-11-23T09:00:00Z',
  ])
    .requiredOption('--edge <id>', 'name of the edge in site.yaml')
    .requiredOption('--from <time>', 'ISO 8601 with zone, inclusive', instant)
    .requiredOption('--to <time>', 'ISO 8601 with zone, exclusive', instant)
    .option('--mqtt <url>', 'broker', MQTT_URL)
    .addOption(tlsOption())
    .addOption(plainMqttOption())
    .addOption(timeoutOption(60))
    .action(
      perform(async (options: FetchOptions, terminal) => (await import('./ask-edge.ts')).runFetch(options, terminal)),
    )

  addCommand(program, 'throttle', 'hold the backlog of an edge back for a while; live events go on', [
    'sabz throttle --edge hamadan-1 --events-per-s 500 --for 10m',
  ])
    .requiredOption('--edge <id>', 'name of the edge in site.yaml')
    .requiredOption('--events-per-s <n>', '0 holds it back altogether', wholeNumber(0, 1_000_000))
    .option('--for <duration>', 'at most 1h, such as 90s or 10m', throttleTime, 600_000)
    .option('--mqtt <url>', 'broker', MQTT_URL)
    .addOption(tlsOption())
    .addOption(plainMqttOption())
    .addOption(timeoutOption(5))
    .action(
      perform(async (options: ThrottleOptions, terminal) =>
        (await import('./ask-edge.ts')).runThrottle(options, terminal),
      ),
    )
}

function worker(text: string): Shard {
  const [, index, count] = (/^(\d{1,3})\/(\d{1,3})$/.exec(text) ?? []).map(Number)
  if (index !== undefined && count !== undefined && index >= 1 && index <= count && count <= WORKERS_MAX)
    return { index, count }
  throw new InvalidArgumentError(`It is a worker of so many, such as 1/2; ${WORKERS_MAX} at most.`)
}

function instant(text: string): number {
  const isZoned = /^\d{4}-\d{2}-\d{2}T.*(Z|[+-]\d{2}:?\d{2})$/.test(text)
  const epochMs = Date.parse(text)
  if (isZoned && epochMs >= 0) return epochMs
  throw new InvalidArgumentError('It is a moment with its zone, such as 2026-11-23T08:30:00Z.')
}

function throttleTime(text: string): number {
  const ms = duration(text)
  if (ms <= THROTTLE_MS_MAX) return ms
  throw new InvalidArgumentError('It is an hour at most, so that a forgotten throttle ends by itself.')
}
