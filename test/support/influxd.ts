/** A real InfluxDB 1.x with a configuration and a directory of its own. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { freePort } from './free-port.ts'
import { findProgram, Program } from './program.ts'

export const influxdPath = findProgram('influxd')

export interface Influxd {
  readonly url: string
  readonly port: number
  start(): Promise<void>
  stop(): Promise<void>
  kill(): Promise<void>
  /** Ends it and removes its directory. */
  dispose(): Promise<void>
}

/** With `auth` every request needs a user; the first one may be made without. */
export async function startInfluxd({ auth = false } = {}): Promise<Influxd> {
  if (!influxdPath) throw new Error('influxd is not installed')
  const directory = mkdtempSync(join(tmpdir(), 'sabz-influxd-'))
  const [port, rpcPort] = [await freePort(), await freePort()]
  const file = join(directory, 'influxdb.conf')
  writeFileSync(file, configuration({ directory, port, rpcPort, auth }))
  const program = new Program(influxdPath, ['-config', file], port)
  await program.start()
  return {
    url: `http://127.0.0.1:${port}`,
    port,
    start: () => program.start(),
    stop: () => program.stop(),
    kill: () => program.kill(),
    dispose: async () => {
      await program.kill()
      rmSync(directory, { recursive: true, force: true })
    },
  }
}

interface Settings {
  readonly directory: string
  readonly port: number
  readonly rpcPort: number
  readonly auth: boolean
}

const configuration = ({ directory, port, rpcPort, auth }: Settings): string => `
reporting-disabled = true
bind-address = "127.0.0.1:${rpcPort}"
[meta]
  dir = "${directory}/meta"
[data]
  dir = "${directory}/data"
  wal-dir = "${directory}/wal"
  query-log-enabled = false
[http]
  bind-address = "127.0.0.1:${port}"
  log-enabled = false
  auth-enabled = ${auth}
[monitor]
  store-enabled = false
[subscriber]
  enabled = false
[continuous_queries]
  enabled = false
[logging]
  level = "error"
`
