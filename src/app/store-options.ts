/** Which store and which folder a command works on: the same switches for all that write or read events. */
import type { Command } from 'commander'
import { influxSecretOption, storeOption } from './shared-options.ts'

export interface StoreOptions {
  readonly store: 'embedded' | 'influx'
  readonly influxUrl: string
  readonly influxDatabase: string
  /** File with `user:password`, for its owner alone. */
  readonly influxSecret?: string
  readonly data: string
}

export const INFLUX_URL = 'http://127.0.0.1:8086'

export function addStoreOptions(command: Command): Command {
  return command
    .addOption(storeOption())
    .option('--influx-url <url>', 'InfluxDB 1.x, with --store influx', INFLUX_URL)
    .option('--influx-database <name>', 'its database', 'sabz')
    .addOption(influxSecretOption())
    .option('--data <dir>', 'folder of the ledgers and the embedded store', 'var/central')
}
