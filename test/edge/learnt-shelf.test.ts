/** What was learnt, on a disk that people, crashes and other releases have been at: read with care, replaced whole, never in the way. */
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { intersectionId } from '#base/id.ts'
import type { Learnt } from '#control/learnt.ts'
import { LearntShelf } from '#edge/learnt/learnt-shelf.ts'
import type { Intersection } from '#signal/intersection.ts'
import { CROSSING, NOON_EPOCH_MS } from '#test/support/boulevard-crossing.ts'
import { NO_DISCHARGE_LEARNT, NO_TRAVEL_LEARNT } from '#test/support/learnt-nothing.ts'

const LEARNT: Learnt = {
  version: 1,
  lanes: {
    N1: { share: 0.7, flow: 0.1, ...NO_DISCHARGE_LEARNT },
    N2: { share: 0.3, flow: 0.05, ...NO_DISCHARGE_LEARNT },
  },
  approaches: { N: { worth: 0.9, ...NO_TRAVEL_LEARNT } },
  history: { N1: { perHour: week(480), minutes: week(15) } },
}

function week(value: number): number[] {
  return Array.from({ length: 672 }, () => value)
}

let folder: string
let logged: string[]
let epochMs: number

beforeEach(() => {
  folder = join(mkdtempSync(join(tmpdir(), 'sabz-learnt-')), 'learnt')
  logged = []
  epochMs = NOON_EPOCH_MS
})

afterEach(() => rmSync(join(folder, '..'), { recursive: true, force: true }))

/** As the next process opens it. */
const shelf = () =>
  new LearntShelf({
    directory: folder,
    clock: { epochMs: () => epochMs++ },
    log: (_, code, message) => void logged.push(`${code} ${message}`),
  })

const FILE = `${CROSSING.id}.json`
const codes = () => logged.map((line) => line.split(' ')[0])
const put = (text: string) => {
  mkdirSync(folder, { recursive: true })
  writeFileSync(join(folder, FILE), text)
}
const asideFiles = () => readdirSync(folder).filter((name) => name.includes('.aside-'))

/** The file as it was kept, with other words in it. */
async function keptWith(change: (file: Record<string, unknown>) => unknown): Promise<string> {
  await shelf().keep(CROSSING, () => LEARNT)
  return JSON.stringify(change(JSON.parse(readFileSync(join(folder, FILE), 'utf8')) as Record<string, unknown>))
}

describe('over a restart', () => {
  test('what was kept is there again, number for number', async () => {
    await shelf().keep(CROSSING, () => LEARNT)
    expect(await shelf().take(CROSSING)).toEqual(LEARNT)
    expect(codes()).toEqual(['LEARNT_RESTORED'])
  })

  test('of an edge that is new there is nothing, and nothing is said', async () => {
    expect(await shelf().take(CROSSING)).toBeUndefined()
    expect(logged).toEqual([])
  })

  test('each intersection has its own, and only the service may read it', async () => {
    const other: Intersection = { ...CROSSING, id: intersectionId('IX-T2') }
    const both = shelf()
    await Promise.all([both.keep(CROSSING, () => LEARNT), both.keep(other, () => ({ ...LEARNT, history: {} }))])
    expect(await shelf().take(CROSSING)).toEqual(LEARNT)
    expect((await shelf().take(other))?.history).toEqual({})
    expect(statSync(join(folder, FILE)).mode & 0o777).toBe(0o600)
  })

  test('another timing keeps it, for lanes and detectors are the same', async () => {
    await shelf().keep(CROSSING, () => LEARNT)
    const phases = CROSSING.phases.map((phase) => ({ ...phase, timing: { ...phase.timing, max1Ms: 99_000 } }))
    expect(await shelf().take({ ...CROSSING, phases })).toEqual(LEARNT)
  })
})

const [north, ...others] = CROSSING.approaches
const TURNED = { ...north!, lanes: north!.lanes.map((lane) => ({ ...lane, turns: ['left'] as const })) }
const [loop, ...loops] = CROSSING.detectors

describe('a street that has changed since begins anew', () => {
  test.each<readonly [string, Intersection]>([
    ['a lane that leads another way', { ...CROSSING, approaches: [TURNED, ...others] }],
    ['a lane less', { ...CROSSING, approaches: [{ ...north!, lanes: north!.lanes.slice(0, 1) }, ...others] }],
    ['a loop that lies elsewhere', { ...CROSSING, detectors: [{ ...loop!, setbackM: 51 }, ...loops] }],
  ])('%s', async (_, intersection) => {
    await shelf().keep(CROSSING, () => LEARNT)
    expect(await shelf().take(intersection)).toBeUndefined()
    expect(codes()).toEqual(['LEARNT_OF_ANOTHER_STREET'])
    expect(asideFiles()).toHaveLength(1)
  })
})

describe('a file that cannot be used', () => {
  const learnt = (change: object) => keptWith((file) => ({ ...file, learnt: { ...LEARNT, ...change } }))
  const files: readonly (readonly [string, string, () => string | Promise<string>])[] = [
    ['is empty', 'LEARNT_UNREADABLE', () => ''],
    ['is half of one', 'LEARNT_UNREADABLE', async () => (await keptWith((file) => file)).slice(0, 900)],
    ['is a list', 'LEARNT_OF_ANOTHER_STREET', () => '[]'],
    ['is no object', 'LEARNT_UNREADABLE', () => '7'],
    ['is far too long', 'LEARNT_UNREADABLE', () => ' '.repeat(4 * 1024 ** 2 + 1)],
    [
      "is another intersection's",
      'LEARNT_OF_ANOTHER_STREET',
      () => keptWith((file) => ({ ...file, intersection: 'X' })),
    ],
    ['has the next version', 'LEARNT_VERSION', () => learnt({ version: 2 })],
    ['has no record', 'LEARNT_MALFORMED', () => keptWith((file) => ({ ...file, learnt: undefined }))],
    ['has an absurd number', 'LEARNT_IMPLAUSIBLE', () => learnt({ approaches: { N: { worth: 1e9 } } })],
  ]

  test.each(files)('because it %s is told as %s with its place, and kept aside as it was', async (_, code, make) => {
    const text = await make()
    put(text)
    const next = shelf()
    expect(await next.take(CROSSING)).toBeUndefined()
    expect(codes()).toEqual([code])
    expect(logged[0]).toContain(join(folder, FILE))
    const [aside = ''] = asideFiles()
    expect(logged[0]).toContain(aside)
    expect(readFileSync(join(folder, aside), 'utf8')).toBe(text)
    await next.keep(CROSSING, () => LEARNT)
    expect(await shelf().take(CROSSING)).toEqual(LEARNT)
  })

  test('because it is a folder is kept aside, too', async () => {
    mkdirSync(join(folder, FILE), { recursive: true })
    expect(await shelf().take(CROSSING)).toBeUndefined()
    expect(codes()).toEqual(['LEARNT_UNREADABLE'])
    expect(asideFiles()).toHaveLength(1)
  })

  test('is kept aside ten times, and then the oldest goes', async () => {
    for (let n = 0; n < 12; n++) {
      put(`broken ${n}`)
      await shelf().take(CROSSING)
    }
    const kept = asideFiles().map((name) => readFileSync(join(folder, name), 'utf8'))
    expect(kept.toSorted()).toEqual(Array.from({ length: 10 }, (_, n) => `broken ${n + 2}`).toSorted())
  })

  test('wherever a byte of it has been lost or changed, never ends the edge', async () => {
    const text = await keptWith((file) => file)
    const { length } = text
    const place = fc.integer({ min: 0, max: length - 1 })
    await fc.assert(
      fc.asyncProperty(place, fc.integer({ min: 32, max: 126 }), fc.boolean(), async (at, byte, isCut) => {
        put(isCut ? text.slice(0, at) : text.slice(0, at) + String.fromCharCode(byte) + text.slice(at + 1))
        const taken = await shelf().take(CROSSING)
        if (taken !== undefined) expect(Object.keys(taken)).toEqual(['version', 'lanes', 'approaches', 'history'])
      }),
      { numRuns: 100 },
    )
  })
})

describe('keeping', () => {
  test('what a crash left of a write is passed over, and the file from before is whole', async () => {
    await shelf().keep(CROSSING, () => LEARNT)
    writeFileSync(join(folder, `${FILE}.new`), '{"intersection":"IX-')
    const next = shelf()
    expect(await next.take(CROSSING)).toEqual(LEARNT)
    await next.keep(CROSSING, () => ({ ...LEARNT, history: {} }))
    expect((await shelf().take(CROSSING))?.history).toEqual({})
    expect(readdirSync(folder)).toEqual([FILE])
  })

  test('what has not changed is not written again', async () => {
    const once = shelf()
    await once.keep(CROSSING, () => LEARNT)
    rmSync(join(folder, FILE))
    await once.keep(CROSSING, () => LEARNT)
    await once.keep(CROSSING, () => undefined)
    expect(readdirSync(folder)).toEqual([])
    await once.keep(CROSSING, () => ({ ...LEARNT }))
    expect(readdirSync(folder)).toEqual([FILE])
  })

  test('a disk that refuses is told once, and tried again', async () => {
    writeFileSync(folder, 'a file where the folder belongs')
    const patient = shelf()
    for (let n = 0; n < 3; n++) await patient.keep(CROSSING, () => LEARNT)
    expect(codes()).toEqual(['LEARNT_NOT_KEPT'])
    rmSync(folder)
    await patient.keep(CROSSING, () => LEARNT)
    expect(await shelf().take(CROSSING)).toEqual(LEARNT)
    rmSync(folder, { recursive: true })
    writeFileSync(folder, '')
    await patient.keep(CROSSING, () => ({ ...LEARNT }))
    expect(codes()).toEqual(['LEARNT_NOT_KEPT', 'LEARNT_RESTORED', 'LEARNT_NOT_KEPT'])
  })

  test('a strategy that has lost its numbers does not cost what was kept before', async () => {
    await shelf().keep(CROSSING, () => LEARNT)
    const ill = shelf()
    await ill.keep(CROSSING, () => ({ ...LEARNT, approaches: { N: { ...NO_TRAVEL_LEARNT, worth: Number.NaN } } }))
    expect(codes()).toEqual(['LEARNT_IMPLAUSIBLE'])
    await ill.keep(CROSSING, () => {
      throw new Error('a bug')
    })
    expect(await shelf().take(CROSSING)).toEqual(LEARNT)
  })
})
