/** Two edges as processes on one cabinet, over real sockets: one acts, the other says so; one that was stopped wakes without any effect. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { serveCabinet, type CabinetOnWire } from '#test/support/cabinet-on-wire.ts'
import { startOwnEdge, type OwnEdge } from './own-edge.ts'

const LOOK_EVERY_MS = 20
const PATIENCE_MS = 180_000
/** The zombie sleeps for longer than any lease; at night, as long as a machine that was suspended. */
const ASLEEP_MS = process.env['NIGHTLY'] ? 60_000 : 6_000
/** So long is watched what a zombie does. */
const AWAKE_MS = 10_000

let folder: string
let street: CabinetOnWire
const edges: OwnEdge[] = []

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'sabz-two-edges-'))
  street = await serveCabinet('IX-T1', 'sabz-modbus-controller')
})

afterEach(async () => {
  for (const { child } of edges.splice(0)) child.kill('SIGKILL')
  await street.stop()
  rmSync(folder, { recursive: true, force: true })
})

function startEdge(name: string): OwnEdge {
  const edge = startOwnEdge(street, join(folder, name))
  edges.push(edge)
  return edge
}

async function until(what: string, isSo: () => boolean): Promise<void> {
  const deadlineMs = performance.now() + PATIENCE_MS
  while (!isSo()) {
    if (performance.now() > deadlineMs) throw new Error(`did not come: ${what}`)
    await sleep(LOOK_EVERY_MS)
  }
}

const isSupervised = () => street.cabinet.unit.controlStatus === 'supervised'
const saysSecond = ({ told }: OwnEdge) => told.at(-1)?.alarms.includes('secondSupervisor') === true

/** Epochs that the cabinet gives its lease to, while somebody may do what he should not. */
async function epochsOver(ms: number): Promise<Set<number>> {
  const epochs = new Set<number>()
  const endMs = performance.now() + ms
  while (performance.now() < endMs) {
    if (street.cabinet.unit.leaseRemainingMs > 0) epochs.add(street.cabinet.unit.leaseEpoch)
    await sleep(LOOK_EVERY_MS)
  }
  return epochs
}

const commands = ({ told }: OwnEdge) => ['coordinated', 'actuated'].includes(told.at(-1)?.mode ?? '')

test('one edge acts and the other alarms; the one that acted, stopped and woken after the other took over, has no effect and alarms too', async () => {
  const first = startEdge('first')
  await until('supervision by the first edge', () => commands(first))
  const edgesHere = [first, startEdge('second')] as const
  await until('one that acts and one that alarms', () => edgesHere.some(commands) && edgesHere.some(saysSecond))
  // On a machine that is busy with other things the one that came first may have had to give way meanwhile.
  const [zombie, other] = commands(edgesHere[0]) ? edgesHere : [edgesHere[1], edgesHere[0]]
  const epoch = street.cabinet.unit.leaseEpoch

  zombie.child.kill('SIGSTOP')
  await sleep(ASLEEP_MS)
  await until('supervision by the other', () => isSupervised() && street.cabinet.unit.leaseEpoch !== epoch)
  await until('that it says so', () => commands(other))
  const { leaseEpoch } = street.cabinet.unit
  expect(leaseEpoch).toBeGreaterThan(epoch)

  const toldBefore = zombie.told.length
  zombie.child.kill('SIGCONT')
  const epochs = await epochsOver(AWAKE_MS)
  expect([...epochs].filter((each) => each < leaseEpoch)).toEqual([])
  await until('that the zombie alarms', () =>
    zombie.told.slice(toldBefore).some(({ alarms }) => alarms.includes('secondSupervisor')),
  )
  // What it published last before it was stopped comes first.
  const since = zombie.told.slice(toldBefore + 1).map(({ mode }) => mode)
  expect(since.filter((mode) => mode !== 'local' && mode !== 'unknown')).toEqual([])
})
