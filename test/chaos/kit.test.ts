/** The kit of the chaos run: a drive forgets exactly what was not flushed, books are closed rightly, and a miss is a failure. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { accountOf, isSound, sayAccounts } from './account.ts'
import { EdgeLife } from './edge-life.ts'
import { figureLines, isFailure, judged, told } from './figure.ts'
import { ForgetfulDrive, type Cut } from './forgetful-drive.ts'
import { readOptions } from './options.ts'
import { eventually } from './patience.ts'

const SECTOR = 512
const sectorsOf = (image: Buffer): number[] =>
  Array.from({ length: image.length / SECTOR }, (_, index) => image.readUInt8(index * SECTOR))

/** Two sectors flushed, two written behind them, and the power goes with the second of those. */
function cutDrive(keep: number): Cut | null {
  let cut: Cut | null = null
  const drive = new ForgetfulDrive(Buffer.alloc(4 * SECTOR), (found) => (cut = found))
  drive.write(0, Buffer.alloc(2 * SECTOR, 1))
  drive.sync()
  drive.cutAt({ operations: 2, seed: 1, keep })
  expect(drive.write(2 * SECTOR, Buffer.alloc(SECTOR, 2))).toBe(true)
  expect(drive.write(3 * SECTOR, Buffer.alloc(SECTOR, 3))).toBe(false)
  expect(drive.read(0, SECTOR)).toBeNull()
  expect(drive.sync()).toBe(false)
  return cut
}

test.each([
  { keep: 0, found: [1, 1, 0, 0] },
  { keep: 1, found: [1, 1, 2, 3] },
])('after a power cut a drive has what was flushed, and $keep of its cache', ({ keep, found }) => {
  const cut = cutDrive(keep)
  expect(cut && sectorsOf(cut.image)).toEqual(found)
  expect(cut?.atRiskBytes).toBe(2 * SECTOR)
})

test('a flush at which the power goes has flushed nothing', () => {
  const images: Buffer[] = []
  const drive = new ForgetfulDrive(Buffer.alloc(SECTOR), ({ image }) => images.push(image))
  drive.write(0, Buffer.alloc(SECTOR, 1))
  drive.cutAt({ operations: 1, seed: 1, keep: 0 })
  expect(drive.sync()).toBe(false)
  expect(images.map(sectorsOf)).toEqual([[0]])
})

const held = (...numbers: number[]) =>
  numbers.map((number, index) => ({ edge: 'a', epoch: 'b', sequence: index + 1, code: 82, number }))

test.each([
  { numbers: [3, 1, 2], lost: [], doubled: [] },
  { numbers: [1, 3], lost: [2], doubled: [] },
  { numbers: [1, 2, 3, 2], lost: [], doubled: [2] },
  { numbers: [1, 2, 3, 4], lost: [], doubled: [4] },
])(
  'of the log 1 to 3 a store with $numbers has lost $lost and has $doubled too often',
  ({ numbers, lost, doubled }) => {
    const account = accountOf(held(...numbers), 3)
    expect(account).toEqual({ asked: 3, lost, doubled })
    expect(isSound(account)).toBe(lost.length + doubled.length === 0)
    expect(sayAccounts([account]).holds).toBe(isSound(account))
  },
)

test('an edge has forgotten what it said in a former life, not what it has recorded in this one before anybody looked', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'sabz-chaos-kit-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  const spoolDirectory = join(folder, 'spool')
  const edge = new EdgeLife({
    ...{ site: 'hamadan', edge: 'hamadan-1', mqttUrl: 'mqtt://127.0.0.1:1', spoolDirectory, segmentBytes: 4_000 },
    ...{ lastInLog: 20, group: 10, pace: { kind: 'when recorded' } },
  })
  onTestFinished(() => edge.kill())
  edge.begin()
  await eventually('the whole log recorded', () => (edge.recorded === 20 ? true : undefined))
  await edge.awake()
  expect(edge.forgotten).toEqual([])
  await edge.kill()
  rmSync(spoolDirectory, { recursive: true })
  edge.begin()
  await edge.awake()
  expect(edge.forgotten).toEqual(['hamadan-1 said 20 recorded and woke at 0'])
})

test('what must hold everywhere fails the command, what depends on the machine is told', () => {
  const seen = { seen: '1 lost', holds: false }
  const figures = [judged('kills', '0 lost', seen), told('restart', '≤ 2 s', seen)].map((figure) => ({
    experiment: 'x',
    ...figure,
  }))
  expect(figures.map(isFailure)).toEqual([true, false])
  expect(figureLines(figures).at(-1)).toBe('0 held, 2 missed, 0 not run')
})

test.each([
  [['--only', 'power-egde'], /no experiment 'power-egde'.*power-edge/],
  [['--seed', 'x'], /--seed x is no whole number/],
  [['--fast'], /fast/],
])('%j is refused with what may stand there', (args, fault) => {
  const options = readOptions(args, ['power-edge'])
  expect(options.ok ? '' : options.fault).toMatch(fault)
})
