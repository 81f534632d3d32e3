/** The door opens on whatever Node the machine has: an older one goes on with the pinned one, signals and exit codes and all. */
import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { PROJECT } from '#test/support/sabz.ts'

const LAUNCHER = join(PROJECT, 'src/app/sabz.js')

/** The first Node on the PATH that is older than the one that Sabz runs on; null where every one is new enough. */
const olderNode =
  (process.env['PATH'] ?? '')
    .split(delimiter)
    .map((folder) => join(folder, 'node'))
    .find((node) => existsSync(node) && majorOf(node) < 26) ?? null

function majorOf(node: string): number {
  return Number(/^v(\d+)/.exec(spawnSync(node, ['--version'], { encoding: 'utf8' }).stdout)?.[1])
}

describe.skipIf(olderNode === null)('on an older Node', () => {
  test('help and mistakes are the same as on the pinned one', () => {
    const run = (...args: string[]) => spawnSync(olderNode!, [LAUNCHER, ...args], { encoding: 'utf8', cwd: PROJECT })
    expect(run('--version')).toMatchObject({
      status: 0,
      stdout: expect.stringMatching(/^\d+\.\d+\.\d+\n$/),
      stderr: '',
    })
    expect(run('dmo')).toMatchObject({ status: 2, stdout: '', stderr: expect.stringContaining('Did you mean demo?') })
  })

  test('one Ctrl-C ends a service politely with exit code 130, although two processes receive it', async () => {
    const sim = spawn(olderNode!, [LAUNCHER, 'sim', '--port-offset', '30000'], { cwd: PROJECT, detached: true })
    await new Promise<void>((resolve) =>
      sim.stderr.on('data', (text: Buffer) => text.includes('SIM_READY') && resolve()),
    )
    process.kill(-sim.pid!, 'SIGINT') // To the whole group, as a terminal does.
    expect(await once(sim, 'exit')).toEqual([130, null])
  })

  test('the service ends with the launcher when that is killed with -9', async () => {
    const sim = spawn(olderNode!, [LAUNCHER, 'sim', '--port-offset', '31000'], { cwd: PROJECT })
    await new Promise<void>((resolve) =>
      sim.stderr.on('data', (text: Buffer) => text.includes('SIM_READY') && resolve()),
    )
    sim.kill('SIGKILL')
    // Its output closes when the last process that holds it is gone.
    await once(sim.stderr, 'close')
  })
})
