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

export async function startInfluxd(): Promise<Influxd> {
  if (!influxdPath) throw new Error('influxd is not installed')
  const directory = mkdtempSync(join(tmpdir(), 'sabz-influxd-'))
  const [port, rpcPort] = [await freePort(), await freePort()]
  const file = join(directory, 'influxdb.conf')
  writeFileSync(file, configuration(directory, port, rpcPort))
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

const configuration = (directory: string, port: number, rpcPort: number): string => `
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
[monitor]
  store-enabled = false
[subscriber]
  enabled = false
[continuous_queries]
  enabled = false
[logging]
  level = "error"
`
