/** An edge over real Modbus that is ended and started again: what it had learnt of its street is there. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { coordinated } from '#control/coordinated.ts'
import type { Learnt } from '#control/learnt.ts'
import { maxPressure } from '#control/max-pressure/max-pressure.ts'
import { queueCount } from '#control/queue-count.ts'
import { startEdge } from '#edge/edge.ts'
import { beginWithLearnt, keepLearnt } from '#edge/learnt/learnt-keeper.ts'
import { LearntShelf } from '#edge/learnt/learnt-shelf.ts'
import { serveCabinet, type CabinetOnWire } from '#test/support/cabinet-on-wire.ts'
import { until } from '#test/support/eventually.ts'
import { testTelemetry } from '#test/support/test-telemetry.ts'

let folder: string
let cabinet: CabinetOnWire
let logged: string[]

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'sabz-learnt-'))
  cabinet = await serveCabinet('IX-learns', 'sabz-modbus-controller')
  logged = []
})

afterAll(async () => {
  await cabinet.stop()
  rmSync(folder, { recursive: true, force: true })
})

/** As `sabz edge` wires it. */
async function start(everyMs?: number) {
  const clock = { monoMs: () => performance.now(), epochMs: () => Date.now() }
  const log = (_level: string, code: string) => void logged.push(code)
  const shelf = new LearntShelf({ directory: folder, clock, log })
  const intersections = await beginWithLearnt([cabinet.toEdge()], shelf)
  const [street] = intersections
  const telemetry = testTelemetry()
  const strategies = [maxPressure, coordinated]
  const edge = startEdge({ intersections, telemetry, strategies, queues: queueCount, clock, log })
  const keeper = keepLearnt({ edge, intersections, shelf, ...(everyMs !== undefined && { everyMs }) })
  return {
    mode: () => telemetry.states.at(-1)?.mode,
    learnt: () => edge.learnt(street!.database.intersection.id),
    stop: () => Promise.all([keeper.stop(), edge.stop()]),
  }
}

const shares = (learnt: Learnt | undefined) =>
  [learnt?.lanes['N1']?.share ?? 0.5, learnt?.lanes['N2']?.share ?? 0.5] as const
const onDisk = () => (JSON.parse(readFileSync(join(folder, 'IX-learns.json'), 'utf8')) as { learnt: Learnt }).learnt

test('shares of lanes outlive an orderly end, and are on disk while the edge runs', async () => {
  const first = await start()
  await until('max-pressure', () => first.mode() === 'maxPressure')
  const [before] = shares(first.learnt())
  await until('a lane with the greater share', () => leaveByN1(first.learnt()) > before + 0.05)
  await first.stop()
  expect(onDisk()).toEqual(first.learnt())

  cabinet.cabinet.powerUp()
  const second = await start(50)
  expect(shares(second.learnt())).toEqual(shares(first.learnt()))
  await until('max-pressure again', () => second.mode() === 'maxPressure')
  await until('a greater share on disk', () => {
    leaveByN1(second.learnt())
    return shares(onDisk())[0] > before + 0.1
  })
  await second.stop()
  expect(logged.filter((code) => code.startsWith('LEARNT'))).toEqual(['LEARNT_RESTORED'])
})

/** Its loop at the stop line is taken, or left again; returns its share by now. */
function leaveByN1(learnt: Learnt | undefined): number {
  if (!cabinet.vehicles.delete(2)) cabinet.vehicles.add(2)
  return shares(learnt)[0]
}
