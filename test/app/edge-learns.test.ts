/** `sabz edge` before a virtual city, ended and started again: it says what it restored, and what it could not use. */
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { freeOffset } from '#app/free-port.ts'
import type { Learnt } from '#control/learnt.ts'
import { startVirtualCity, type VirtualCity } from '#sim/virtual-city.ts'
import { startSabz, type RunningSabz } from '#test/support/sabz.ts'
import { securedHamadan } from '#test/support/secured-city.ts'

// Far from the ports of demos and simulators that may run beside the tests.
const OFFSET_FROM = 24_000
/** Nobody listens on these ports: such an edge supervises nothing. */
const NO_CITY = 49_000

let folder: string
let city: VirtualCity
let portOffset: number
let edge: RunningSabz | null = null

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'sabz-learns-'))
  cpSync('config/hamadan', configuration(), { recursive: true })
  const ladder = /^ladder: .*$/m
  const text = readFileSync(join(configuration(), 'site.yaml'), 'utf8')
  expect(text).toMatch(ladder)
  writeFileSync(join(configuration(), 'site.yaml'), text.replace(ladder, 'ladder: [max_pressure, coordinated]'))
  const secured = await securedHamadan(join(folder, 'tls'))
  const { site } = secured
  const devices = site.intersections.flatMap(({ controller, cards }) => [controller, ...cards])
  portOffset = (await freeOffset([...new Set(devices.map(({ address }) => address.port))], OFFSET_FROM)) ?? 0
  const started = await startVirtualCity({ ...secured, seed: 1, portOffset, log: () => {} })
  if (!started.ok) throw new Error(JSON.stringify(started.fault))
  city = started.value
})

afterEach(async () => {
  edge?.child.kill('SIGKILL')
  await edge?.finished
})

afterAll(async () => {
  await city.stop()
  rmSync(folder, { recursive: true, force: true })
})

/** Of Hamadan, with a ladder that begins with a way of control that learns. */
const configuration = (): string => join(folder, 'hamadan')

/** Nor at the broker's: learning must not need a broker. */
function startEdge(ports = portOffset): RunningSabz {
  const flags = [
    '--mqtt',
    'mqtt://127.0.0.1:9',
    '--data',
    folder,
    '--port-offset',
    String(ports),
    '--tls',
    join(folder, 'tls'),
  ]
  edge = startSabz(['--config', configuration(), 'edge', ...flags])
  return edge
}

async function end(running: RunningSabz): Promise<void> {
  running.child.kill('SIGTERM')
  expect((await running.finished).code).toBe(0)
}

const fileOf = (id: string) => join(folder, 'learnt', `${id}.json`)
const learntOf = (id: string) => (JSON.parse(readFileSync(fileOf(id), 'utf8')) as { learnt: Learnt }).learnt

test('what it learns of a street is kept when it is ended, restored when it is started again, and put aside when it is broken', async () => {
  const first = startEdge()
  const [, id = ''] = await first.waitFor(/RUNG_CHANGED (\S+): released → (?:adaptive|maxPressure)/)
  await end(first)
  const lanes = Object.keys(learntOf(id).lanes)
  expect(lanes.length).toBeGreaterThan(3)

  writeFileSync(fileOf('IX-99'), 'nobody asks for it')
  const second = startEdge(NO_CITY)
  await second.waitFor(new RegExp(`LEARNT_RESTORED .*${id}.json`))
  await second.waitFor(/DEVICE_LOST/)
  await end(second)
  expect(Object.keys(learntOf(id).lanes)).toEqual(lanes)

  writeFileSync(fileOf(id), readFileSync(fileOf(id), 'utf8').slice(0, -20))
  const third = startEdge(NO_CITY)
  await third.waitFor(new RegExp(`warn +edge LEARNT_UNREADABLE .*${id}.json.*aside`))
  await third.waitFor(/DEVICE_LOST/)
  await end(third)
  expect(readdirSync(join(folder, 'learnt')).filter((name) => name.startsWith(`${id}.aside-`))).toHaveLength(1)
})
