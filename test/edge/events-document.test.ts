/** The document of our event codes and the lists that the code numbers them by are the same. */
import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { REASON_CODES, RUNGS } from '#control/strategy.ts'
import { REFUSAL_NUMBERS } from '#safety/envelope.ts'
import { EVENT } from '#signal/events.ts'

const document = readFileSync(new URL('../../docs/events.md', import.meta.url), 'utf8')

/** The paragraph that begins with the title: its names by their numbers, as in "1 `NAME`". */
function numbered(title: string): Record<string, number> {
  const paragraph = document.split('\n\n').find((each) => each.startsWith(title)) ?? ''
  return Object.fromEntries(
    [...paragraph.matchAll(/(\d+)\s`(\w+)`/g)].map(([, number, name]) => [name, Number(number)]),
  )
}

test('every reason has its number in the document', () => {
  expect(numbered('Reasons')).toEqual(Object.fromEntries(REASON_CODES.map((code, i) => [code, i + 1])))
})

test('every refusal has its number in the document', () => {
  expect(numbered('Refusals')).toEqual(REFUSAL_NUMBERS)
})

test('every rung has its number in the document', () => {
  expect(numbered('Rungs')).toEqual(Object.fromEntries(RUNGS.map((rung, i) => [rung, i])))
})

test('every code of our own is documented', () => {
  const documented = [...document.matchAll(/^\| (\d{3}) +\|/gm)].map(([, code]) => Number(code))
  expect(documented.filter((code) => code >= 256)).toEqual(Object.values(EVENT).filter((code) => code >= 256))
})
