/** The document of the faults and the catalogue are the same. */
import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { alarmWords } from '#sim/faults/alarm-words.ts'
import { FAULT_KEYS, FAULTS } from '#sim/faults/catalogue.ts'

const document = readFileSync(new URL('../../docs/faults.md', import.meta.url), 'utf8')

/** The cells of a row; a bar inside a cell is written `\|`. */
const cellsOf = (row: string): string[] =>
  row
    .split(/(?<!\\)\|/)
    .slice(1, -1)
    .map((cell) => cell.trim().replaceAll('\\|', '|').replaceAll('`', ''))

test('docs/faults.md has every fault with what is behind it, its symptom, its alarm, its time and its rule', () => {
  const rows = document.split('\n').filter((line) => line.startsWith('| `'))
  expect(rows.map(cellsOf)).toEqual(
    FAULTS.map(({ key, usage, symptom, alarm, within: { s, rule } }) => [
      key,
      usage,
      symptom,
      alarmWords(alarm),
      String(s),
      rule,
    ]),
  )
})

test('no two faults have one key, and each has a name in both languages', () => {
  expect(new Set(FAULT_KEYS).size).toBe(FAULT_KEYS.length)
  for (const { name } of FAULTS) expect([/[\u0600-\u06ff]/.test(name.fa), name.en.length > 0]).toEqual([true, true])
})
