/** The command line as a technician meets it: help that helps, mistakes that are explained, output that a program can read. */
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer, type AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { runSabz } from '#test/support/sabz.ts'

const folder = mkdtempSync(join(tmpdir(), 'sabz-command-line-'))
afterAll(() => rmSync(folder, { recursive: true }))

const ESCAPE = String.fromCharCode(27)
const COMMANDS = [
  'demo',
  'sim',
  'edge',
  'central',
  'doctor',
  'status',
  'events',
  'config check',
  'tls pin',
  'broker-config',
]

describe('help', () => {
  test('bare sabz and sabz --help print the same: examples first, then every command', async () => {
    const [bare, help] = await Promise.all([runSabz([]), runSabz(['--help'])])
    expect(bare).toMatchObject({ code: 0, stderr: '', stdout: help.stdout })
    expect(help.stdout.indexOf('sabz demo')).toBeLessThan(help.stdout.indexOf('Usage:'))
    for (const command of COMMANDS) expect(help.stdout).toContain(command.split(' ')[0])
  })

  test.each(COMMANDS)('sabz %s --help begins with an example that names the command', async (command) => {
    const { code, stdout, stderr } = await runSabz([...command.split(' '), '--help'])
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    expect(stdout.trimStart()).toMatch(/^Examples\n/)
    expect(stdout).toContain(`  sabz ${command}`)
  })

  test('the version is the one of package.json', async () => {
    const { stdout } = await runSabz(['--version'])
    expect(stdout).toMatch(/^\d+\.\d+\.\d+\n$/)
  })
})

describe('a mistake', () => {
  test.each([
    [['dmo'], 'Did you mean demo?'],
    [['config', 'chek'], 'Did you mean check?'],
    [['--jsn'], 'Did you mean --json?'],
    [['demo', '--prt', '1'], 'Did you mean --port?'],
    [['demo', '--port', 'eighty'], 'whole number from 0 to 65535'],
    [['demo', '--port', '65536'], 'whole number from 0 to 65535'],
    [['demo', '--seed', '-1'], 'whole number'],
    [['central', '--store', 'oracle'], 'embedded, influx'],
    [['doctor', 'IX-03'], 'too many arguments'],
    [['doctor', '--cabinet', 'IX-99'], 'Did you mean IX-0'],
    [['edge', '--id', 'hamadan-2'], 'Did you mean hamadan-1?'],
    [['status', '--api', 'nowhere'], 'http://127.0.0.1:8080'],
    [['edge', '--mqtt', '10.0.0.5'], 'mqtt://127.0.0.1:1883'],
    [['central', '--mqtt', '10.0.0.5'], 'mqtt://127.0.0.1:1883'],
    [['central', '--store', 'influx', '--influx-url', 'influx'], 'http://127.0.0.1:8086'],
    [['doctor', '--cabinet'], 'argument missing'],
  ])('%j is refused with exit code 2 and a way out: %s', async (args, remedy) => {
    const { code, stdout, stderr } = await runSabz(args)
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
    expect(stderr).toContain(remedy)
  })

  test.each([[['dmo', '--json']], [['doctor', '--cabinet', 'IX-99', '--json']], [['demo', '--json', '--port', 'x']]])(
    '%j is one JSON object on stdout, with its version',
    async (args) => {
      const { code, stdout } = await runSabz(args)
      expect(code).toBe(2)
      expect(JSON.parse(stdout)).toMatchObject({ v: 1, ok: false, error: { code: expect.any(String) } })
    },
  )
})

describe('what cannot be reached', () => {
  // Port 9 (discard) of the loopback: nobody listens there.
  test.each([[['status']], [['events']]])(
    'sabz %j without central says what to start, with exit code 4',
    async (args) => {
      const { code, stdout, stderr } = await runSabz([...args, '--api', 'http://127.0.0.1:9'])
      expect({ code, stdout }).toEqual({ code: 4, stdout: '' })
      expect(stderr).toContain('sabz demo')
    },
  )

  // A file stands where the folder should be.
  const NO_FOLDER = ['package.json/data']
  test.each([
    ['demo', ['--no-open', '--port', '0', '--data', ...NO_FOLDER]],
    ['sim', ['--port-offset', '39000', '--ledger', ...NO_FOLDER]],
    ['edge', ['--mqtt', 'mqtt://127.0.0.1:9', '--data', ...NO_FOLDER]],
    ['central', ['--port', '0', '--mqtt-port', '0', '--data', ...NO_FOLDER]],
  ])('sabz %s does not start without a folder for its data, and says so with exit code 4', async (command, flags) => {
    const { code, stdout, stderr } = await runSabz([command, ...flags])
    expect({ code, stdout }).toEqual({ code: 4, stdout: '' })
    expect(stderr).toMatch(/error: .*package\.json\/data/)
  })

  test('sabz central and sabz sim name the port that another program holds, with exit code 4', async () => {
    const holder = createServer()
    await new Promise<void>((resolve) => holder.listen(0, '127.0.0.1', resolve))
    const { port } = holder.address() as AddressInfo
    const central = await runSabz(['central', '--port', String(port), '--mqtt-port', '0', '--data', folder])
    expect(central.code).toBe(4)
    expect(central.stderr).toContain(`127.0.0.1:${port} is in use by another program`)
    await new Promise((resolve) => holder.close(resolve))

    await new Promise<void>((resolve) => holder.listen(15_023 + 38_000, '127.0.0.1', resolve))
    const sim = await runSabz(['sim', '--port-offset', '38000'])
    expect(sim.code).toBe(4)
    expect(sim.stderr).toContain('53023')
    await new Promise((resolve) => holder.close(resolve))
  })

  test('sabz doctor without a single device ends with exit code 4 and names address and remedy', async () => {
    const { code, stdout } = await runSabz(['doctor', '--cabinet', 'IX-03', '--port-offset', '40000'])
    expect(code).toBe(4)
    expect(stdout).toMatch(/FAIL {2}reachable +CONNECT_FAILED/)
    expect(stdout).toContain('try: ')
  })

  test('sabz doctor --json is one object that tells the same', async () => {
    const { code, stdout } = await runSabz(['doctor', '--cabinet', 'IX-03', '--port-offset', '40000', '--json'])
    expect(code).toBe(4)
    const told = JSON.parse(stdout) as { devices: readonly { cabinet: string }[] }
    const ofCabinet = told.devices.filter(({ cabinet }) => cabinet === 'IX-03')
    expect(told).toMatchObject({ v: 1, ok: false })
    expect(ofCabinet).toMatchObject([{ reachable: false }, { reachable: false }])
  })
})

describe('a pipe', () => {
  test.each([
    [['--help']],
    [['doctor', '--cabinet', 'IX-03', '--port-offset', '40000']],
    [['config', 'check']],
    [['dmo']],
  ])('gets no escape byte from sabz %j, even when colour is forced elsewhere', async (args) => {
    const { stdout, stderr } = await runSabz(args, { env: { FORCE_COLOR: '1', TERM: 'xterm-256color' } })
    expect(stdout + stderr).not.toContain(ESCAPE)
  })
})

test('help is printed within 150 ms above the start of bare node, in the median of nine', async () => {
  const { spawnSync } = await import('node:child_process')
  const median = (run: () => unknown) => {
    const timesMs = Array.from({ length: 9 }, () => {
      const startedMs = performance.now()
      run()
      return performance.now() - startedMs
    })
    return timesMs.toSorted((a, b) => a - b)[4] ?? Infinity
  }
  const bareMs = median(() => spawnSync(process.execPath, ['-e', '0']))
  const helpMs = median(() => spawnSync(process.execPath, ['src/app/sabz.js', '--help']))
  expect(helpMs - bareMs).toBeLessThan(150)
})
