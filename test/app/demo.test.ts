/** The demo as a person meets it: one address, parts that come back, an end that is an end. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createServer, type Server } from 'node:net'
import { afterEach, describe, expect, test } from 'vitest'
import type { IntersectionSummary } from '#contract/api.ts'
import { freePort } from '#app/free-port.ts'
import { runSabz, startSabz, type RunningSabz } from '#test/support/sabz.ts'

/** Far more than a demo needs, even beside other work on two cores. */
const LIVE_WITHIN_MS = 100_000
const GONE_WITHIN_MS = 3_000

interface Ready {
  readonly url: string
  readonly portOffset: number
  readonly processes: Readonly<Record<string, number>>
}

const servers: Server[] = []
const demos: RunningSabz[] = []
const folders: string[] = []
afterEach(async () => {
  for (const server of servers.splice(0)) server.close()
  for (const demo of demos.splice(0)) {
    demo.child.kill('SIGKILL')
    await demo.finished
  }
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true })
})

function startDemo(...flags: string[]): RunningSabz {
  const demo = startSabz(['demo', '--no-open', '--json', ...flags])
  demos.push(demo)
  return demo
}

async function whenLive(demo: RunningSabz): Promise<Ready> {
  const [line] = await demo.waitFor(/^\{.*"type":"ready".*\}$/m)
  return JSON.parse(line) as Ready
}

async function occupy(port: number): Promise<void> {
  const server = createServer()
  servers.push(server)
  await new Promise<void>((resolve, reject) => server.once('error', reject).listen(port, '127.0.0.1', resolve))
}

async function liveCount(url: string): Promise<number> {
  try {
    const response = await fetch(new URL('/api/v1/intersections', url))
    const rows = (await response.json()) as IntersectionSummary[]
    return rows.filter(({ freshness }) => freshness === 'live').length
  } catch {
    return -1
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}

describe('sabz demo', () => {
  test('says of a web port in use what to do, starts nothing, and ends with exit code 4', async () => {
    const port = await freePort(0)
    await occupy(port)
    const { code, stdout, stderr } = await runSabz(['demo', '--no-open', '--port', String(port)])
    expect({ code, stdout }).toEqual({ code: 4, stdout: '' })
    expect(stderr).toContain(`port ${port} of 127.0.0.1 is in use`)
    expect(stderr).toContain(`sabz demo --port ${port + 1}`)
  })

  test(
    'brings the city up beside a busy field port, brings back whatever is killed, and ends within two seconds of Ctrl-C',
    { timeout: 4 * LIVE_WITHIN_MS },
    async () => {
      await occupy(15_023).catch(() => undefined) // Taken already: as good.
      const demo = startDemo('--port', '0')
      const { url, portOffset, processes } = await whenLive(demo)
      expect(portOffset).toBeGreaterThan(0)
      expect(await liveCount(url)).toBe(12)
      expect((await fetch(url)).status).toBe(200)

      for (const [name, pid] of Object.entries(processes)) {
        process.kill(pid, 'SIGKILL')
        await demo.waitFor(new RegExp(`${name} ended \\(SIGKILL\\); it starts again`))
        await demo.waitFor(new RegExp(`${name} is back`))
        await expect.poll(() => liveCount(url), { timeout: LIVE_WITHIN_MS, interval: 250 }).toBe(12)
      }

      const interruptedMs = performance.now()
      demo.child.kill('SIGINT')
      const { code } = await demo.finished
      expect(code).toBe(130)
      expect(performance.now() - interruptedMs).toBeLessThan(2_000)
      expect(await liveCount(url)).toBe(-1)
    },
  )

  test('takes its parts with it when it is itself killed with -9', { timeout: 2 * LIVE_WITHIN_MS }, async () => {
    const folder = mkdtempSync(join(tmpdir(), 'sabz-demo-test-'))
    folders.push(folder)
    const demo = startDemo('--port', '0', '--data', folder)
    const { processes } = await whenLive(demo)
    const pids = Object.values(processes)
    expect(pids.filter(isAlive)).toEqual(pids)
    demo.child.kill('SIGKILL')
    await expect.poll(() => pids.filter(isAlive), { timeout: GONE_WITHIN_MS }).toEqual([])
  })
})
