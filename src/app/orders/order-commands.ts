/** The commands by which people order: `sabz keys`, `sabz plan` and `sabz command`. */
import { InvalidArgumentError, Option, type Command } from 'commander'
import { PLAN_VERSION_MAX } from '#contract/limits.ts'
import type { CommandName } from '#contract/command-order.ts'
import { addCommand, perform } from '../command.ts'
import type { EdgeAddress } from '../ask-edge.ts'
import { duration, timeoutOption, wholeNumber } from '../shared-options.ts'
import { plainMqttOption, tlsOption } from '../tls-folder.ts'
import type { CommandOptions, Wish } from './command.ts'
import type { DeployOptions } from './deploy.ts'
import type { NewKeyOptions, TrustOptions } from './keys.ts'
import type { RollbackOptions, SignOptions } from './plan.ts'

const MQTT_URL = 'mqtt://127.0.0.1:1883'
/** A week: whoever has signed a plan and not deployed it by then has forgotten it. */
const VALID_MS = 7 * 86_400_000

export function addOrderCommands(program: Command): void {
  addKeys(program)
  addPlan(program)
  addOrders(program)
}

function addKeys(program: Command): void {
  const group = addCommand(program, 'keys', 'keys by which people sign plans and orders', [
    'sabz keys new --out maryam.key',
    'sabz keys trust maryam.key --holder "Maryam Rahimi"',
  ])
  addCommand(group, 'new', 'make a private key, for you alone', ['sabz keys new --out maryam.key'])
    .requiredOption('--out <file>', 'file for it; never one that is there')
    .action(
      perform(async (options: NewKeyOptions, terminal) => (await import('./keys.ts')).runKeysNew(options, terminal)),
    )
  addCommand(group, 'list', 'whose signature counts in the site', ['sabz keys list --config config/hamadan']).action(
    perform(async (options: { config: string }, terminal) =>
      (await import('./keys.ts')).runKeysList(options, terminal),
    ),
  )
  addCommand(group, 'trust', 'let a key sign in the site', [
    'sabz keys trust MCowBQYDK2VwAyEA… --holder "Ali Karimi" --may plan --until 2027-12-31',
  ])
    .argument('<key>', 'its public half, as `sabz keys new` printed it, or the file of your own')
    .requiredOption('--holder <name>', 'the person who has it: two keys of one person are one signer')
    .addOption(
      new Option('--may <kinds...>', 'what it may sign').choices(['plan', 'command']).default(['plan', 'command']),
    )
    .option('--until <day>', 'good before this day, such as 2027-12-31')
    .action((key: string, _options: unknown, command: Command) =>
      perform(async (options: TrustOptions, terminal) =>
        (await import('./keys.ts')).runKeysTrust(key, options, terminal),
      )({}, command),
    )
  addCommand(group, 'revoke', 'let a key sign nothing any more', ['sabz keys revoke 0123456789abcdef'])
    .argument('<id>', 'as `sabz keys list` prints it')
    .action((id: string, _options: unknown, command: Command) =>
      perform(async (options: { config: string }, terminal) =>
        (await import('./keys.ts')).runKeysRevoke(id, options, terminal),
      )({}, command),
    )
}

function addPlan(program: Command): void {
  const group = addCommand(program, 'plan', 'bring another timing to the cabinets of an edge', [
    'sabz plan sign config/hamadan-autumn --plan-version 7 --key maryam.key',
    'sabz plan sign plan-7.json --key ali.key',
    'sabz plan deploy plan-7.json --mqtt mqtts://10.0.0.5',
  ])
  addPlanOnDesk(group)
  addPlanOnBroker(group)
}

function addPlanOnDesk(group: Command): void {
  signing(
    addCommand(group, 'sign', 'make a plan of a site folder and sign it, or sign the file of a plan beside others', [
      'sabz plan sign config/hamadan-autumn --config config/hamadan --plan-version 7 --key maryam.key',
      'sabz plan sign plan-7.json --key ali.key',
    ]),
  )
    .argument('<what>', 'folder of the site as it is to be, or the file of a plan')
    .option('--edge <id>', 'for which edge (default: the only one of the site)')
    .option('--plan-version <n>', 'above the newest that was deployed', wholeNumber(1, PLAN_VERSION_MAX))
    .action((what: string, _options: unknown, command: Command) =>
      perform(async (options: SignOptions, terminal) =>
        (await import('./plan.ts')).runPlanSign(what, options, terminal),
      )({}, command),
    )
  addCommand(group, 'verify', 'what a plan changes, who has signed it, and whether its edge would follow it', [
    'sabz plan verify plan-7.json',
  ])
    .argument('<file>', 'the plan')
    .action((file: string, _options: unknown, command: Command) =>
      perform(async (options: { config: string }, terminal) =>
        (await import('./plan.ts')).runPlanVerify(file, options, terminal),
      )({}, command),
    )
  signing(
    addCommand(group, 'rollback', 'sign the content of an older plan under a newer version', [
      'sabz plan rollback plan-5.json --plan-version 8 --key maryam.key',
    ]),
  )
    .argument('<file>', 'the older plan')
    .requiredOption('--plan-version <n>', 'above the newest that was deployed', wholeNumber(1, PLAN_VERSION_MAX))
    .action((file: string, _options: unknown, command: Command) =>
      perform(async (options: RollbackOptions, terminal) =>
        (await import('./plan.ts')).runPlanRollback(file, options, terminal),
      )({}, command),
    )
}

function addPlanOnBroker(group: Command): void {
  onBroker(
    addCommand(group, 'deploy', 'bring a plan to its edge, and wait until it runs', ['sabz plan deploy plan-7.json']),
    300,
  )
    .argument('<file>', 'the plan, signed by two')
    .action((file: string, _options: unknown, command: Command) =>
      perform(async (options: DeployOptions, terminal) =>
        (await import('./deploy.ts')).runPlanDeploy(file, options, terminal),
      )({}, command),
    )
  onBroker(addCommand(group, 'status', 'which plan runs where', ['sabz plan status --edge hamadan-1']), 5)
    .requiredOption('--edge <id>', 'name of the edge in site.yaml')
    .action(
      perform(async (options: EdgeAddress, terminal) => (await import('./deploy.ts')).runPlanStatus(options, terminal)),
    )
}

const signing = (command: Command): Command =>
  command
    .requiredOption('--key <file>', 'your private key')
    .option('--from <moment>', 'not before, such as 2026-11-24T02:00Z (default: now)', moment)
    .option('--valid <time>', 'so long it may be taken over, such as 12h', duration, VALID_MS)
    .option('--note <text>', 'what it is for', '')
    .option('--out <file>', 'file for the plan (default: plan-<version>.json)')

function addOrders(program: Command): void {
  const group = addCommand(program, 'command', 'order something of a running edge, for a while', [
    'sabz command release IX-03 --for 30m --key maryam.key',
    'sabz command hold-rung IX-03 IX-04 --rung coordinated --for 2h --key maryam.key',
    'sabz command take-back IX-03 --key maryam.key',
  ])
  const send =
    (command: CommandName, parameters: (options: OrderOptions) => Wish['parameters']) =>
    (intersections: string[], _options: unknown, self: Command) =>
      perform(async (options: CommandOptions & OrderOptions, terminal) =>
        (await import('./command.ts')).runCommand(
          { command, parameters: parameters(options), intersections },
          options,
          terminal,
        ),
      )({}, self)
  order(group, 'release', "leave a cabinet to the controller's own plan")
    .requiredOption('--for <time>', 'such as 30m', duration)
    .action(send('release', ({ for: forMs }) => ({ forMs })))
  order(group, 'hold-rung', 'stand on this rung of the ladder or below')
    .addOption(
      new Option('--rung <name>', 'the highest')
        .choices(['adaptive', 'maxPressure', 'coordinated', 'actuated', 'fixed', 'released'])
        .makeOptionMandatory(),
    )
    .requiredOption('--for <time>', 'such as 2h', duration)
    .action(send('hold-rung', ({ rung, for: forMs }) => ({ rung, forMs })))
  order(group, 'priority', 'call a priority strategy that the site lets supervision call')
    .requiredOption('--number <n>', 'of the strategy', wholeNumber(1, 16))
    .requiredOption('--for <time>', 'at most 5m', duration)
    .action(send('priority', ({ number, for: forMs }) => ({ number, forMs })))
  order(group, 'special-event', 'run this plan, whatever the schedule says')
    .requiredOption('--plan <key>', 'key of the plan in plans.yaml')
    .requiredOption('--for <time>', 'such as 3h', duration)
    .action(send('special-event', ({ plan, for: forMs }) => ({ plan, forMs })))
  order(group, 'take-back', 'end all orders that hold there').action(send('take-back', () => ({})))
}

interface OrderOptions {
  readonly for: number
  readonly rung: string
  readonly number: number
  readonly plan: string
}

const order = (group: Command, name: CommandName, description: string): Command =>
  onBroker(addCommand(group, name, description, [`sabz command ${name} --help`]), 15)
    .argument('<intersections...>', 'of one edge')
    .requiredOption('--key <file>', 'your private key')

const onBroker = (command: Command, timeoutS: number): Command =>
  command
    .option('--mqtt <url>', 'broker', MQTT_URL)
    .addOption(tlsOption())
    .addOption(plainMqttOption())
    .addOption(timeoutOption(timeoutS))

function moment(text: string): number {
  const epochMs = Date.parse(text)
  if (/^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}(:\d{2})?(Z|[+-]\d{2}:\d{2}))?$/.test(text) && !Number.isNaN(epochMs))
    return epochMs
  throw new InvalidArgumentError('It is a moment with its zone, such as 2026-11-24T02:00Z or 2026-11-24T05:30+03:30.')
}
