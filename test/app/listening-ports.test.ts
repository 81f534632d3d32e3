/** The whole demo listens where docs/ports.md says and nowhere else, and what it leaves behind holds no secret. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, expect, test } from 'vitest'
import { listeningPorts } from '#test/support/listening-ports.ts'
import { PROJECT, startSabz, type RunningSabz } from '#test/support/sabz.ts'
import { filesBelow, keysBelow, secretsIn, shownByKernel } from '#test/support/secrets-in.ts'
import { freePort } from '#test/support/free-port.ts'
import { loadHamadan } from '#test/sim/hamadan.ts'

/** Far more than a demo needs, even beside other work on two cores. */
const LIVE_WITHIN_MS = 400_000

let folder = ''
let demo: RunningSabz | null = null
afterEach(async () => {
  demo?.child.kill('SIGTERM') // Its parts end with it, before their folder goes.
  await demo?.finished
  rmSync(folder, { recursive: true, force: true })
})

/** A process of the demo, as the kernel has it. */
interface Part {
  readonly pid: number
  readonly args: readonly string[]
}

const COMMANDS = ['sim', 'central', 'edge'] as const

/** By command; those that are not there yet are left out. */
function partsOf(parent: number): Partial<Record<(typeof COMMANDS)[number], Part>> {
  const pids = readFileSync(`/proc/${parent}/task/${parent}/children`, 'utf8')
    .trim()
    .split(' ')
    .filter(Boolean)
    .map(Number)
  const parts = pids.map((pid) => ({ pid, args: readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0') }))
  return Object.fromEntries(
    COMMANDS.flatMap((command) => {
      const part = parts.find(({ args }) => args.includes(command))
      return part ? [[command, part]] : []
    }),
  )
}

const optionOf = ({ args }: Part, option: string): number => Number(args[args.indexOf(option) + 1])

/** Rows of the table, by process: how many ports each has. */
function listed(): Record<string, number> {
  const rows = [...readFileSync(`${PROJECT}docs/ports.md`, 'utf8').matchAll(/^\| `(\w+)` +\| (\S+)/gm)]
  const counts = Map.groupBy(rows, ([, process = '']) => process)
  return Object.fromEntries(
    [...counts].map(([process, of]) => [process, of.filter(([, , port]) => port !== 'none').length]),
  )
}

test(
  'each process of the demo listens on its ports of docs/ports.md, on loopback',
  { timeout: LIVE_WITHIN_MS },
  async () => {
    folder = mkdtempSync(join(tmpdir(), 'sabz-ports-'))
    const web = await freePort()
    demo = startSabz(['demo', '--no-open', '--port', String(web), '--data', folder])
    const parent = demo.child.pid ?? 0
    // An edge begins when the cabinets listen.
    await expect.poll(() => partsOf(parent).edge?.pid, { timeout: LIVE_WITHIN_MS, interval: 500 }).toBeDefined()
    const { sim, central, edge } = partsOf(parent)
    if (!sim || !central || !edge) throw new Error('a part of the demo is missing')
    await expect.poll(() => listeningPorts(central.pid).length, { timeout: LIVE_WITHIN_MS, interval: 500 }).toBe(2)

    const { intersections } = await loadHamadan()
    const devices = intersections.flatMap(({ controller, cards }) =>
      [controller, ...cards].map(({ address }) => address),
    )
    const offset = optionOf(sim, '--port-offset')
    expect(listeningPorts(sim.pid)).toEqual(devices.map(({ host, port }) => `${host}:${port + offset}`).toSorted())
    const own = [web, optionOf(central, '--mqtt-port')].map((port) => `127.0.0.1:${port}`)
    expect(listeningPorts(central.pid)).toEqual(own.toSorted())
    expect([listeningPorts(edge.pid), listeningPorts(parent)]).toEqual([[], []])
    expect(listed()).toEqual({ central: own.length, sim: 1, edge: 0, ingest: 0, demo: 0 })

    const keys = keysBelow(join(folder, 'tls'))
    expect(keys.length).toBeGreaterThan(5)
    const files = filesBelow(folder).filter((path) => !path.startsWith(join(folder, 'tls')))
    const left = files.map((path) => readFileSync(path, 'latin1'))
    const shown = [sim, central, edge].map(({ pid }) => shownByKernel(pid))
    expect([...left, ...shown, ...Object.values(demo.output())].flatMap((text) => secretsIn(text, keys))).toEqual([])
  },
)
