/** The clock on the wall of a real edge process is set by a second, an hour and a day: control goes on, and its record has no gap. */
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { diskAt } from '#edge/telemetry/disk.ts'
import { Spool } from '#edge/telemetry/spool.ts'
import { batchesOf } from '#test/telemetry/spool-kit.ts'
import { serveCabinet, type CabinetOnWire } from '#test/support/cabinet-on-wire.ts'
import { startOwnEdge, type OwnEdge } from './own-edge.ts'

/** Debian's place for it, by machine. */
const LIBRARY = ['x86_64', 'aarch64']
  .map((machine) => `/usr/lib/${machine}-linux-gnu/faketime/libfaketime.so.1`)
  .find((path) => existsSync(path))
const PATIENCE_MS = 180_000
const STEPS_S = [1, -1, 3_600, -3_600, 86_400, -86_400]
const BETWEEN_STEPS_MS = 2_000

let folder: string
let street: CabinetOnWire
let edge: OwnEdge | null = null

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'sabz-wall-clock-'))
  street = await serveCabinet('IX-T1', 'sabz-modbus-controller')
})

afterEach(async () => {
  edge?.child.kill('SIGKILL')
  await street.stop()
  rmSync(folder, { recursive: true, force: true })
})

async function until(what: string, isSo: () => boolean): Promise<void> {
  const deadlineMs = performance.now() + PATIENCE_MS
  while (!isSo()) {
    if (performance.now() > deadlineMs) throw new Error(`did not come: ${what}`)
    await sleep(20)
  }
}

test.skipIf(LIBRARY === undefined)(
  'libfaketime sets it: the lease is never lost, the spool has every sequence once, and the cabinet’s records are all in it',
  async () => {
    const ahead = join(folder, 'ahead')
    const set = (s: number) => writeFileSync(ahead, `${s < 0 ? '' : '+'}${s}s`)
    set(0)
    edge = startOwnEdge(street, join(folder, 'spool'), {
      LD_PRELOAD: LIBRARY,
      FAKETIME_TIMESTAMP_FILE: ahead,
      FAKETIME_NO_CACHE: '1',
      FAKETIME_DONT_FAKE_MONOTONIC: '1',
    })
    const { told } = edge
    await until('supervision', () => street.cabinet.unit.controlStatus === 'supervised')
    const { leaseEpoch } = street.cabinet.unit
    for (const s of STEPS_S) {
      set(s)
      await sleep(BETWEEN_STEPS_MS)
      await until(`a state by the clock that is ${s} s ahead`, () => Math.abs(aheadS(told) - s) < 1)
      set(0)
      await sleep(BETWEEN_STEPS_MS)
    }
    expect(street.cabinet.unit.leaseEpoch).toBe(leaseEpoch)
    expect(street.cabinet.unit.controlStatus).toBe('supervised')
    await edge.stop()

    const spool = new Spool({ disk: diskAt(join(folder, 'spool')), newEpoch: () => 'f'.repeat(16), report: () => {} })
    const rows = batchesOf(spool).flatMap((batch) => batch.rows)
    expect(rows.map(([sequence]) => sequence)).toEqual(rows.map((_, i) => i + 1))
    const ofCabinet = rows.flatMap((row) => (row[6] === 0 ? [] : [row[6]]))
    expect(ofCabinet).toEqual(ofCabinet.map((_, i) => (ofCabinet[0] ?? 0) + i))
    expect(ofCabinet.length).toBeGreaterThan(5)
  },
)

/** Of the edge's clock on the wall, as it was when it told its last state; a busy machine delivers it a moment late. */
function aheadS(told: OwnEdge['told']): number {
  const last = told.at(-1)
  return last === undefined ? NaN : (last.wallEpochMs - last.heardEpochMs) / 1_000
}
