/** After a crash the edge waits before it asks anything of the street again, longer each time; the count outlives it. */
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { heldOffByCrashes } from '#edge/crash-back-off.ts'
import { openCrashRecord } from '#edge/crash-record.ts'
import { PROVEN_MS } from '#edge/supervisor.ts'

describe('the hands are kept off the street', () => {
  test.each([
    [0, 0],
    [1, 5],
    [2, 60],
    [3, 120],
    [4, 300],
    [5, 900],
    [6, 1_800],
    [100, 1_800],
  ])('after %i crashes in a row for %i s, the usual proof included', (crashes, s) => {
    const proofMs = s * 1_000 - PROVEN_MS
    expect(heldOffByCrashes(crashes, Math.max(0, proofMs))).toBeNull()
    if (proofMs <= 0) return
    expect(heldOffByCrashes(crashes, proofMs - 1)).toEqual({
      code: 'EDGE_CRASHED',
      numbers: { crashes, remainingMs: 1 },
    })
  })
})

describe('the record of a run', () => {
  let folder: string
  const told: string[] = []
  const begin = (forgivenAfterMs?: number) =>
    openCrashRecord(folder, (_, code) => void told.push(code), forgivenAfterMs)

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'sabz-crashes-'))
    told.length = 0
  })
  afterEach(() => rmSync(folder, { recursive: true, force: true }))

  test('a first start has no crash behind it', async () => {
    expect((await begin()).crashes).toBe(0)
  })

  test('who never closes it crashes once more each time', async () => {
    const starts = []
    for (let start = 0; start < 4; start++) starts.push((await begin()).crashes)
    expect(starts).toEqual([0, 1, 2, 3])
  })

  test('an end in order forgives', async () => {
    await begin()
    await (await begin()).close()
    expect((await begin()).crashes).toBe(0)
  })

  test('a run that has lasted forgives what was before it, not its own crash', async () => {
    await begin()
    await begin()
    await begin(1)
    await sleep(50)
    expect((await begin()).crashes).toBe(1)
  })

  test.each(['', '{', 'null', '{"crashes":-3}', '{"crashes":"x","isOpen":1}'])(
    'a file with %j was written by whoever crashed over it',
    async (text) => {
      writeFileSync(join(folder, 'running.json'), text)
      expect((await begin()).crashes).toBe(1)
      expect(readdirSync(folder)).toEqual(['running.json'])
    },
  )

  test('a disk that does not take it is told, and the edge runs', async () => {
    folder = join(folder, 'file')
    writeFileSync(folder, '')
    expect([(await begin()).crashes, told]).toEqual([1, ['RUN_NOT_RECORDED']])
  })
})
