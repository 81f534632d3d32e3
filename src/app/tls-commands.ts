/** `sabz tls` and `sabz broker-config`: the keys of a site, and the broker that lets in nobody else. */
import { Option, type Command } from 'commander'
import type { BrokerConfigOptions } from './broker-config.ts'
import { addCommand, perform } from './command.ts'
import { portOption, timeoutOption, wholeNumber } from './shared-options.ts'
import { tlsOption } from './tls-folder.ts'
import type { TlsOptions } from './tls-make.ts'
import type { PinOptions } from './tls-pin.ts'
import type { RenewOptions } from './tls-renew.ts'

const MQTTS_PORT = 8_883

export function addTlsCommands(program: Command): void {
  const group = addCommand(program, 'tls', 'keys and certificates of a site: made, shown, renewed, withdrawn', [
    'sabz tls init                                      a CA for the site; keep its key on a stick',
    'sabz tls service broker --host 10.0.0.5            then: sabz tls service central --host 10.0.0.6',
    'sabz tls edge hamadan-1                            copy its folder to the edge',
    'sabz tls device IX-01                              a key to load into a controller',
    'sabz tls pin IX-01                                 or: what certificate does it show by itself?',
    'sabz tls show                                      who has what, and until when',
  ])
  addMakers(group)
  addPin(group)
  addKeepers(group)
  addBrokerConfig(program)
}

const make = () => import('./tls-make.ts')

function addMakers(group: Command): void {
  addCommand(group, 'init', 'make the CA of the site', ['sabz tls init', 'sabz tls init --all --host 10.0.0.5'])
    .addOption(tlsOption())
    .option('--all', 'and keys for every edge, service and device of the site')
    .addOption(hostOption())
    .action(perform(async (options: TlsOptions, terminal) => (await make()).tlsInit(options, terminal)))

  addCommand(group, 'edge', 'make the keys of an edge', ['sabz tls edge hamadan-1'])
    .argument('<id>', 'as in site.yaml')
    .addOption(tlsOption())
    .addOption(daysOption())
    .action((id: string, _options: unknown, command: Command) =>
      perform(async (options: TlsOptions, terminal) => (await make()).tlsEdge(id, options, terminal))({}, command),
    )

  addCommand(group, 'service', 'make the keys of a service: broker, central, desk, ingest-<worker>', [
    'sabz tls service broker --host broker.hamadan.ir --host 10.0.0.5',
  ])
    .argument('<name>')
    .addOption(tlsOption())
    .addOption(hostOption())
    .addOption(daysOption())
    .action((name: string, _options: unknown, command: Command) =>
      perform(async (options: TlsOptions, terminal) => (await make()).tlsService(name, options, terminal))({}, command),
    )

  addCommand(group, 'device', 'make a key and certificate to load into a device that speaks OPC UA', [
    'sabz tls device IX-01',
  ])
    .argument('<intersection>')
    .argument('[device]', 'controller, or the name of the card', 'controller')
    .addOption(tlsOption())
    .action((intersection: string, device: string, _options: unknown, command: Command) =>
      perform(async (options: TlsOptions, terminal) =>
        (await make()).tlsDevice({ intersection, device }, options, terminal),
      )({}, command),
    )
}

function addPin(group: Command): void {
  addCommand(group, 'pin', 'take the certificate that a device has made by itself, once it has been compared', [
    'sabz tls pin IX-01                            asks the device, and shows its fingerprint',
    'sabz tls pin IX-01 --fingerprint 3F:A2:…      pins it, if it is that one',
    'sabz tls pin IX-01 --certificate device.der   pins what the device has given out',
  ])
    .argument('<intersection>')
    .argument('[device]', 'controller, or the name of the card', 'controller')
    .option('--certificate <file>', 'PEM or DER')
    .option('--fingerprint <sha256>', 'as the device shows it on its panel, or its maker has told')
    .addOption(tlsOption())
    .addOption(timeoutOption(10))
    .action((intersection: string, device: string, _options: unknown, command: Command) =>
      perform(async (options: PinOptions, terminal) =>
        (await import('./tls-pin.ts')).tlsPin({ intersection, device }, options, terminal),
      )({}, command),
    )
}

function addKeepers(group: Command): void {
  addCommand(group, 'renew', 'make new keys for what expires soon, or for one holder', [
    'sabz tls renew',
    'sabz tls renew edge hamadan-1',
    'sabz tls renew edge hamadan-1 --opcua        the one that its devices know it by',
  ])
    .argument('[kind]', 'edge, service or device')
    .argument('[name]')
    .option('--opcua', 'the key for OPC UA: each device has to be told')
    .addOption(tlsOption())
    .addOption(daysOption())
    .action((kind: string | undefined, name: string | undefined, _options: unknown, command: Command) =>
      perform(async (options: RenewOptions, terminal) =>
        (await import('./tls-renew.ts')).tlsRenew({ kind, name }, options, terminal),
      )({}, command),
    )

  addCommand(group, 'revoke', 'withdraw the keys of an edge, service or device', ['sabz tls revoke edge hamadan-1'])
    .argument('<kind>', 'edge, service or device')
    .argument('<name>')
    .addOption(tlsOption())
    .action((kind: string, name: string, _options: unknown, command: Command) =>
      perform(async (options: TlsOptions, terminal) =>
        (await import('./tls-renew.ts')).tlsRevoke({ kind, name }, options, terminal),
      )({}, command),
    )

  addCommand(group, 'show', 'what there is, until when it is good, and what is wrong with it', [
    'sabz tls show',
    'sabz tls show --tls /etc/sabz/tls --json',
  ])
    .addOption(tlsOption())
    .action(
      perform(async (options: TlsOptions, terminal) => (await import('./tls-show.ts')).tlsShow(options, terminal)),
    )
}

function addBrokerConfig(program: Command): void {
  addCommand(program, 'broker-config', 'write the configuration and access list of the broker', [
    'sabz broker-config --broker mosquitto --out /etc/mosquitto/conf.d',
  ])
    .addOption(new Option('--broker <kind>', 'which broker').choices(['mosquitto']).default('mosquitto'))
    .addOption(tlsOption())
    .option('--keys <dir>', "where the broker's own machine has its folder (default: where it is here)")
    .option('--out <dir>', 'folder for sabz.conf and sabz.acl (default: beside the keys of the broker)')
    .option('--listen <address>', 'address to listen on', '0.0.0.0')
    .addOption(portOption('--port <port>', 'port to listen on', MQTTS_PORT))
    .option('--broker-data <dir>', "the broker's folder for sessions and retained messages", '/var/lib/mosquitto')
    .option('--user <name>', 'the user that the broker becomes (default: its own)')
    .action(
      perform(async (options: BrokerConfigOptions, terminal) =>
        (await import('./broker-config.ts')).runBrokerConfig(options, terminal),
      ),
    )
}

function hostOption(): Option {
  const collect = (host: string, before: readonly string[] = []) => [...before, host]
  return new Option('--host <name>', 'name or address by which it is reached; may be given several times').argParser(
    collect,
  )
}

/** Up to ten years: longer, and nobody remembers how it was done. */
const daysOption = () => new Option('--days <n>', 'how long it is good for').argParser(wholeNumber(1, 3_650))
