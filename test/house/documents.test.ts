/** What the documents list is what the sources have. */
import { readdirSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { TIMING_FAULTS } from '#devices/timing.ts'
import { EVENT } from '#signal/events.ts'
import { EXIT } from '#app/exit-code.ts'
import { PROJECT_ROOT } from './sources.ts'

const read = (path: string) => readFileSync(PROJECT_ROOT + path, 'utf8')

test('docs/events.md has every event code under its name, in order, and no other', () => {
  const rows = [...read('docs/events.md').matchAll(/^\| (\d+) +\| `(\w+)`/gm)]
  expect(rows.map(([, code, name]) => [name, Number(code)])).toEqual(
    Object.entries(EVENT).toSorted(([, a], [, b]) => a - b),
  )
})

test('docs/errors.md has every refusal of a timing under its number', () => {
  const rows = [...read('docs/errors.md').matchAll(/^\| (\d+) +\| `(\w+)`/gm)]
  expect(rows.map(([, number, name]) => [Number(number), name])).toEqual(TIMING_FAULTS.map((name, i) => [i, name]))
})

test('docs/proof.md names pictures and properties that are there', () => {
  const proof = read('docs/proof.md')
  const pictures = [...proof.matchAll(/\| `(test\/[\w/-]+\.test\.ts)`: (.+?) +\|/g)]
  expect(pictures.length).toBeGreaterThan(30)
  const lost = pictures.filter(([, path, title]) => !read(path ?? '').includes(`'${title}'`))
  expect(lost.map(([, path, title]) => `${path}: ${title}`)).toEqual([])
  const [, behaviours = ''] = proof.split('\n## Behaviours\n')
  const properties = new Set([...behaviours.matchAll(/\| `([\w-]+)` +\|/g)].map(([, name]) => name))
  const rooms = [...readdirSync(`${PROJECT_ROOT}test/signal`), ...readdirSync(`${PROJECT_ROOT}test/sim`)]
  for (const name of properties) expect(rooms).toContain(`${name}.test.ts`)
})

test('the README lists every exit code', () => {
  const codes = [...read('README.md').matchAll(/^\| (\d+) /gm)].map(([, code]) => Number(code))
  expect(codes).toEqual(Object.values(EXIT))
})
