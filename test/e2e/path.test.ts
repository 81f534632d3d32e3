/** The whole path with the real broker, store and browser: from a lamp on the street to a tile on the wall, whatever is killed on the way. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { loadHamadan, loadProfiles } from '#test/sim/hamadan.ts'
import { chromiumPath, launchBrowser, openContext } from '#test/support/browser.ts'
import { influxdPath, startInfluxd, type Influxd } from '#test/support/influxd.ts'
import { mosquittoPath, startMosquitto, type Mosquitto } from '#test/support/mosquitto.ts'
import { runSabz, startSabz, type RunningSabz } from '#test/support/sabz.ts'
import {
  differences,
  fromCabinets,
  readCabinets,
  readInflux,
  tapBatches,
  type Entry,
  type Tap,
} from '#test/support/three-ledgers.ts'

// Five minutes at night, as the promise says; otherwise long enough for three deaths and their recoveries.
const RUN_MS = process.env['NIGHTLY'] ? 300_000 : 60_000
const BROKER_DOWN_MS = 3_000
const STORE_DOWN_MS = 5_000

/** What a cabinet emits in the moment in which it is stopped may not have been read any more. */
const TAIL_MS = 3_000

interface Ready {
  readonly url: string
  readonly data: string
  readonly portOffset: number
  readonly processes: Readonly<Record<string, number>>
}

let folder: string
let broker: Mosquitto
let store: Influxd
let tap: Tap
let demo: RunningSabz
let city: Ready
let browser: Browser

describe.skipIf(!mosquittoPath || !influxdPath || !chromiumPath)('the whole path', () => {
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'sabz-path-'))
    broker = await startMosquitto()
    store = await startInfluxd()
    tap = await tapBatches(broker.url, 'hamadan')
    const outside = ['--mqtt', broker.url, '--store', 'influx', '--influx-url', store.url]
    demo = startSabz(['demo', '--no-open', '--json', '--port', '0', '--data', folder, ...outside])
    const [line] = await demo.waitFor(/^\{.*"type":"ready".*\}$/m)
    city = JSON.parse(line) as Ready
    browser = await launchBrowser()
  })

  afterAll(async () => {
    await browser?.close()
    demo?.child.kill('SIGTERM')
    await demo?.finished
    await tap?.close()
    await broker?.dispose()
    await store?.dispose()
    rmSync(folder, { recursive: true, force: true })
  })

  test.each(['fa', 'en'])(
    'the wall shows twelve live tiles in %s and asks no other host for anything',
    async (lang) => {
      const { context, strayRequests } = await openContext(browser)
      const page = await openWall(await context.newPage(), lang)
      await expect.poll(() => page.locator('.tile-live').count(), { timeout: 30_000 }).toBe(12)
      expect(await page.evaluate(() => document.documentElement.lang)).toBe(lang)
      expect(strayRequests).toEqual([])
      await context.close()
    },
  )

  test('the command line tells the same as the wall: doctor, status and events', async () => {
    const offset = ['--port-offset', String(city.portOffset)]
    const doctor = () => runSabz(['doctor', '--cabinet', 'IX-03', ...offset])
    // A cabinet flashes for its first seconds, and the doctor says so.
    const healthy = {
      code: 0,
      stderr: '',
      stdout: expect.stringMatching(/^IX-03 controller .*\n( {2}ok .*\n)+IX-03 loops/),
    }
    await expect.poll(doctor, { timeout: 60_000 }).toMatchObject(healthy)

    const status = await runSabz(['status', '--api', city.url])
    expect(status.stdout).toMatch(/12 of 12 live\n$/)
    const events = await runSabz(['events', '--api', city.url, '--cabinet', 'IX-03', '--limit', '5', '--json'])
    const lines = events.stdout.trim().split('\n')
    expect(lines).toHaveLength(5)
    for (const line of lines) expect(JSON.parse(line)).toMatchObject({ v: 1, intersection: 'IX-03' })

    const mistyped = await runSabz(['events', '--api', city.url, '--cabinet', 'IX-33'])
    expect(mistyped).toMatchObject({ code: 2, stdout: '' })
    expect(mistyped.stderr).toContain('IX-03')
  })

  test('an edge that stands still leaves every cabinet local within 4 s, the wall says so, and supervision comes back', async () => {
    const page = await openWall(await browser.newPage(), 'en')
    await expect.poll(() => page.locator('.tile-live').count(), { timeout: 30_000 }).toBe(12)
    const edge = pidOf('edge hamadan-1')
    process.kill(edge, 'SIGSTOP')
    await sleep(4_000)
    expect(await leases()).toEqual(Array.from({ length: 12 }, () => 'none: the cabinet runs its local plan'))
    expect(await page.locator('.tile-live').count()).toBe(0)
    await expect.poll(() => page.locator('.tile-lost').count(), { timeout: 15_000 }).toBe(12)

    process.kill(edge, 'SIGCONT')
    await expect.poll(() => page.locator('.tile-live').count(), { timeout: 30_000 }).toBe(12)
    await page.close()
  })

  test('what the cabinets emitted, what the edge sent and what the store holds is the same after three deaths', async () => {
    await sleep(RUN_MS / 4)
    process.kill(pidOf('edge hamadan-1'), 'SIGKILL')
    await demo.waitFor(/edge hamadan-1 is back/)
    await sleep(RUN_MS / 4)
    await broker.stop()
    await sleep(BROKER_DOWN_MS)
    await broker.start()
    await sleep(RUN_MS / 4)
    await store.kill()
    await sleep(STORE_DOWN_MS)
    await store.start()
    await sleep(RUN_MS / 4)
    process.kill(pidOf('sim'), 'SIGSTOP')
    const stoppedAtEpochMs = Date.now()
    await quiet()

    const [emitted, held] = [readCabinets(join(folder, 'sim')), await readInflux(store.url, 'sabz')]
    expect(differences(tap.account, held)).toEqual([])

    const recorded = fromCabinets(held)
    const logging = await withLog()
    const isDue = (id: string, { intersection, epochMs }: Entry) =>
      logging.has(intersection) && (recorded.has(id) || epochMs < stoppedAtEpochMs - TAIL_MS)
    const due = new Map([...emitted].filter(([id, entry]) => isDue(id, entry)))
    expect(due.size).toBeGreaterThan(500)
    expect(differences(due, recorded)).toEqual([])
    console.log(`${due.size} events of cabinets, ${held.size} of all sources: 0 lost, 0 double`)
    process.kill(pidOf('sim'), 'SIGCONT')
  })
})

async function openWall(page: Page, lang: string): Promise<Page> {
  await page.goto(`${city.url}wall?lang=${lang}`)
  return page
}

/** Processes come back under other ids; the demo's own record is of the first. */
function pidOf(name: string): number {
  return city.processes[name] ?? 0
}

/** What each controller says of its lease, asked by the doctor past edge and central. */
async function leases(): Promise<string[]> {
  const keys = ['--tls', join(city.data, 'tls')]
  const { stdout } = await runSabz(['doctor', '--json', '--port-offset', String(city.portOffset), ...keys])
  const report = JSON.parse(stdout) as { devices: { checks: { name: string; detail: string }[] }[] }
  return report.devices
    .flatMap(({ checks }) => checks)
    .filter(({ name }) => name === 'lease')
    .map(({ detail }) => detail)
}

/** Waits until neither edge nor store move any more. */
async function quiet(): Promise<void> {
  let [sent, held] = [-1, -2]
  while (sent !== held || sent !== tap.account.size) {
    sent = tap.account.size
    await sleep(3_000)
    held = (await readInflux(store.url, 'sabz')).size
  }
}

/** The intersections whose controller keeps a log; events of the others are derived from images by the edge. */
async function withLog(): Promise<Set<string>> {
  const [site, profiles] = [await loadHamadan(), await loadProfiles()]
  const logging = site.intersections.filter(({ controller }) => profiles.get(controller.profile)?.log)
  return new Set(logging.map(({ database }) => database.intersection.id))
}
