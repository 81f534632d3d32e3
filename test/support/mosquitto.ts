/** A real Mosquitto with a configuration and a directory of its own. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { freePort } from './free-port.ts'
import { findProgram, Program } from './program.ts'

export const mosquittoPath = findProgram('mosquitto')

export interface Mosquitto {
  readonly url: string
  readonly port: number
  start(): Promise<void>
  /** Ends it as its operator would: sessions and retained messages are saved. */
  stop(): Promise<void>
  /** Kills it: what it had not saved is gone. */
  kill(): Promise<void>
  /** Ends it and removes its directory. */
  dispose(): Promise<void>
}

/** `configure` makes the configuration of a broker that is not open to everybody on this machine. */
export async function startMosquitto(configure = configuration): Promise<Mosquitto> {
  if (!mosquittoPath) throw new Error('mosquitto is not installed')
  const directory = mkdtempSync(join(tmpdir(), 'sabz-mosquitto-'))
  const port = await freePort()
  const file = join(directory, 'mosquitto.conf')
  writeFileSync(file, configure(port, directory))
  const program = new Program(mosquittoPath, ['-c', file], port)
  await program.start()
  return {
    url: `mqtt://127.0.0.1:${port}`,
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

const configuration = (port: number, directory: string): string => `
listener ${port} 127.0.0.1
allow_anonymous true
persistence true
persistence_location ${directory}/
autosave_interval 1800
log_dest none
${process.getuid?.() === 0 ? 'user root' : ''}
`
