/** The store that the switches name, opened when a command runs: help must not wait for its libraries. */
import { openStore, type StoreChoice } from '#central/store/choice.ts'
import type { EventStore } from '#central/store/port.ts'
import { failed, ok, type Outcome } from '#base/outcome.ts'
import { readSecretFile } from '#trust/secret-file.ts'
import { EXIT, type ExitCode } from './exit-code.ts'
import { INFLUX_URL, type StoreOptions } from './store-options.ts'
import type { Terminal } from './terminal.ts'
import { failByTrust } from './tls-folder.ts'
import { explainBadUrl, HTTP_PROTOCOLS, isUrl } from './url.ts'

/** With user and password out of their file: on a command line everybody could read them. */
export function storeChoice(
  { store, influxUrl, influxDatabase: database, influxSecret }: Omit<StoreOptions, 'data'>,
  terminal: Terminal,
): Outcome<StoreChoice, ExitCode> {
  if (store === 'embedded') return ok({ kind: store })
  if (!isUrl(influxUrl, HTTP_PROTOCOLS)) return failed(explainBadUrl(influxUrl, INFLUX_URL, terminal))
  if (influxSecret === undefined) return ok({ kind: store, url: influxUrl, database })
  const secret = readSecretFile(influxSecret)
  if (!secret.ok) {
    failByTrust(secret.fault, terminal)
    return failed(EXIT.invalidConfig)
  }
  const [username = '', ...password] = secret.value.trim().split(':')
  const url = Object.assign(new URL(influxUrl), { username, password: password.join(':') })
  return ok({ kind: store, url: url.href, database })
}

/** The store may be away: that is said when it is used. */
export function openStoreOrExplain(options: StoreOptions, terminal: Terminal): Outcome<EventStore, ExitCode> {
  const { data } = options
  const chosen = storeChoice(options, terminal)
  if (!chosen.ok) return chosen
  try {
    return ok(openStore(chosen.value, data))
  } catch (error) {
    const detail = error instanceof Error ? error.message : String(error)
    terminal.fail('DATA_DIRECTORY_UNUSABLE', `${data} cannot hold the data (${detail}).`, 'Name another folder: --data')
    return failed(EXIT.cannotReach)
  }
}
