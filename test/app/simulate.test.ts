/** `sabz simulate` as engineers use it: a report that repeats itself, files for other programs, and words for wrong input. */
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { runSabz, startSabz } from '#test/support/sabz.ts'

const folders: string[] = []
afterAll(() => Promise.all(folders.map((folder) => rm(folder, { recursive: true }))))
async function emptyFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'sabz-simulate-'))
  folders.push(folder)
  return folder
}

const MORNING = ['simulate', '--scenario', 'am_peak', '--from', '06:46', '--for', '30s', '--warm-up', '0']

interface Recorded {
  readonly v: number
  readonly type: string
  readonly strategies: readonly { readonly strategy: string; readonly places: readonly { readonly level: string }[] }[]
  readonly comparison: { readonly seeds: readonly number[] }
  readonly runs: readonly { readonly seed: number; readonly report: Readonly<Record<string, number>> }[]
}

test('two ways of control over two seeds: all is recorded, nobody is lost, and again on two cores it is the same', async () => {
  const out = await emptyFolder()
  const both = [...MORNING, '--seeds', '2', '--strategy', 'local', '--compare', 'coordinated', '--json']
  const [first, again] = [await runSabz([...both, '--out', out]), await runSabz([...both, '--jobs', '2'])]
  expect(first.code).toBe(0)
  expect(again.stdout).toBe(first.stdout)
  const recorded = JSON.parse(first.stdout) as Recorded
  expect(recorded).toMatchObject({ v: 1, type: 'simulation', scenario: 'am_peak', warmUpMs: 0 })
  expect(recorded.strategies.map(({ strategy }) => strategy)).toEqual(['local', 'coordinated'])
  expect(recorded.comparison.seeds).toEqual(recorded.runs.slice(0, 4).flatMap(({ seed }, i) => (i % 2 ? [] : [seed])))
  for (const { report } of recorded.runs) {
    expect(report['wanted']).toBeGreaterThan(10)
    expect(report['left']! + report['inside']! + report['outside']!).toBe(report['wanted'])
  }
  expect(JSON.parse(await readFile(join(out, 'simulation.json'), 'utf8'))).toEqual(recorded)
  const [head, ...rows] = (await readFile(join(out, 'figures.csv'), 'utf8')).trimEnd().split('\n')
  expect(head).toBe('strategy,level,intersection,approach,turn,figure,mean,plus_minus,seeds')
  expect(rows.every((row) => row.split(',').length === 9)).toBe(true)
  expect(rows.some((row) => /^local,intersection,IX-01,,,queueMean,[\d.]+,[\d.]+,2$/.test(row))).toBe(true)
})

test('people read the city first, then intersections, then the worst movements', async () => {
  const { code, stdout } = await runSabz([...MORNING, '--seed', '4', '--strategy', 'local'])
  expect(code).toBe(0)
  expect(stdout).toContain('am_peak, Mon 06:46 to Mon 06:46, after 0 min of warm-up\nlocal: seed 4, no interval')
  const order = ['city ', 'total delay, s a trip', 'intersections, local', 'IX-12', 'worst movements, local']
  const places = order.map((text) => stdout.indexOf(text))
  expect(places).toEqual(places.toSorted((a, b) => a - b))
  expect(places[0]).toBeGreaterThan(0)
  // Without a second seed there is nothing that an interval could stand on.
  expect(stdout.split('\n').slice(3).join('\n')).not.toContain('±')
})

test('what breaks by script is planted, also what stood before the measured time; what needs a wire is left out by name', async () => {
  const file = join(await emptyFolder(), 'faults.yaml')
  const rows = [
    '{ at: "06:45:05", fault: power-cut, intersection: IX-04 }',
    '{ at: "06:45:10", for_s: 20, fault: door-open, intersection: IX-05 }',
    '{ after_s: 70, fault: half-open, intersection: IX-06 }',
  ]
  await writeFile(file, `faults:\n${rows.map((row) => `  - ${row}\n`).join('')}`)
  const run = [...MORNING, '--seed', '1', '--strategy', 'local', '--json']
  const [sound, broken] = [await runSabz(run), await runSabz([...run, '--faults', file])]
  expect(broken.stderr).toContain('left out, for there are no wires here: half-open; sabz sim plants them')
  expect(broken.stderr).toContain('faults planted in each run: power-cut at IX-04\n')
  expect(broken.code).toBe(0)
  expect(broken.stdout).not.toBe(sound.stdout)
})

test('Ctrl-C ends it in order, and it says what is there', async () => {
  const running = startSabz(['simulate', '--scenario', 'weekday', '--seeds', '2'])
  await running.waitFor(/0 of 2 runs done/)
  running.child.kill('SIGINT')
  const { code, stderr } = await running.finished
  expect(code).toBe(130)
  expect(stderr).toContain('stopped before the first of 2 runs was finished: there is nothing to report')
})

describe('wrong input is named with its remedy, and nothing runs:', () => {
  test.each([
    [[], 2, 'Name it: --scenario <name>. There are: am_peak,'],
    [['--scenario', 'am_peek'], 3, 'Did you mean am_peak?'],
    [['--scenario', 'am_peak', '--from', '08:40', '--for', '6m'], 2, 'until Mon 08:45.\n       Ask for an earlier'],
    [['--scenario', 'am_peak', '--from', '7'], 2, 'It is a time of day such as 07:00'],
    [['--scenario', 'am_peak', '--for', 'long'], 2, 'It is a time such as'],
    [['--scenario', 'am_peak', '--seeds', '0'], 2, 'It is a whole number from 1 to'],
    [['--scenario', 'am_peak', '--seed', '1', '--seeds', '2'], 2, 'Give one of them.'],
    [
      ['--scenario', 'am_peak', '--strategy', 'magic'],
      2,
      'Allowed choices are local, coordinated, actuated, max-pressure, adaptive.',
    ],
    [['--scenario', 'am_peak', '--compare', 'coordinated'], 2, 'coordinated is compared with itself.'],
    [['--scenario', 'am_peak', '--out', 'README.md/there'], 1, 'Name another folder behind --out.'],
    // Asked for this one with all that lead to it, Node never comes back.
    [['--scenario', 'am_peak', '--out', '/proc/there/it/is'], 1, 'Name another folder behind --out.'],
    [['--scenario', 'am_peak', '--warm-up', 'long'], 2, 'It is a time such as'],
    [['--scenario', 'am_peak', '--faults', 'README.md'], 3, 'README.md'],
  ])('%j', async (args, exitCode, says) => {
    const { code, stdout, stderr } = await runSabz(['simulate', ...args])
    expect(stderr).toContain(says)
    expect(code).toBe(exitCode)
    expect(stdout).toBe('')
  })
})
