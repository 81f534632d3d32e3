/** One planted fault for each ready-made gate: in a small project with our own settings the gate is open, with the fault it is shut. */
import { spawnSync } from 'node:child_process'
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { GATES } from './gates.ts'
import { PROJECT_ROOT } from './sources.ts'

const SETTINGS = ['.oxfmtrc.json', '.oxlintrc.json', 'tsconfig.json', 'knip.json']

/** Sound in the eyes of every gate. */
const SOUND = {
  'package.json': packageFile({}),
  'src/app/cli.ts': "/** Uses what there is. */\nimport { one } from '#base/one.ts'\n\nconsole.log(one)\n",
  'src/base/one.ts': '/** The smallest room. */\n\nexport const one: number = 1\n',
}

const projects: string[] = []
afterAll(() => projects.forEach((folder) => rmSync(folder, { recursive: true })))

function runGate(name: string, changes: Readonly<Record<string, string>>) {
  const folder = mkdtempSync(join(tmpdir(), 'sabz-plant-'))
  projects.push(folder)
  for (const file of SETTINGS) copyFileSync(join(PROJECT_ROOT, file), join(folder, file))
  symlinkSync(join(PROJECT_ROOT, 'node_modules'), join(folder, 'node_modules'))
  for (const [file, text] of Object.entries({ ...SOUND, ...changes })) {
    mkdirSync(dirname(join(folder, file)), { recursive: true })
    writeFileSync(join(folder, file), text)
  }
  const gate = GATES.find((candidate) => candidate.name === name)
  if (gate === undefined) throw new Error(`there is no gate ${name}`)
  const [program, ...args] = gate.command
  const run = spawnSync(join(PROJECT_ROOT, 'node_modules/.bin', program), args, { cwd: folder, encoding: 'utf8' })
  return { open: run.status === 0, output: `${run.stdout}${run.stderr}` }
}

function packageFile(more: object): string {
  return `${JSON.stringify({ name: 'plant', type: 'module', imports: { '#base/*': './src/base/*' }, ...more }, null, 2)}\n`
}

const plant = (code: string) => ({
  'src/base/one.ts': `/** The smallest room. */\n\n${code}\n\nexport const one: number = 1\n`,
})

const PLANTS: readonly [gate: string, fault: string, changes: Readonly<Record<string, string>>, says: string][] = [
  ['format', 'a semicolon', plant('console.log(2);'), 'one.ts'],
  ['types', 'a text that is taken for a number', plant("export const two: number = '2'"), 'TS2322'],
  ['types', 'an index that is taken for granted', plant('export const two: number = [1, 2][1]'), 'TS2322'],
  ['types', 'an enum, which type stripping cannot run', plant('export enum Lamp {\n  red,\n}'), 'TS1294'],
  ['lint', 'a clock in a pure room', plant('export const now = () => Date.now()'), 'take epochMs as an argument'],
  ['lint', 'chance in a pure room', plant('export const drawn = () => Math.random()'), 'take the drawn value'],
  [
    'lint',
    'a promise that nobody waits for',
    plant('const f = async () => 1\nexport const g = () => {\n  f()\n}'),
    'floating',
  ],
  ['lint', 'a postponed task', plant(['// TO', 'DO later'].join('')), 'no-warning-comments'],
  ['lint', 'any', plant('export const two = (x: any) => String(x)'), 'no-explicit-any'],
  ['unused', 'an export that nobody imports', plant('export const two = 2'), 'two'],
  [
    'unused',
    'a file that nobody imports',
    { 'src/base/two.ts': '/** Left over. */\n\nexport const two = 2\n' },
    'two.ts',
  ],
  [
    'unused',
    'a dependency that nobody imports',
    { 'package.json': packageFile({ dependencies: { mqtt: '*' } }) },
    'mqtt',
  ],
]

describe('each ready-made gate', () => {
  test.each(['format', 'types', 'lint', 'unused'])('%s is open for a sound project', (gate) => {
    expect(runGate(gate, {})).toMatchObject({ open: true })
  })

  test.each(PLANTS)('%s is shut by %s', (gate, _fault, changes, says) => {
    const { open, output } = runGate(gate, changes)
    expect(open).toBe(false)
    expect(output).toContain(says)
  })
})
