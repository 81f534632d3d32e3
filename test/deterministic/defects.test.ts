/** The list of planted defects is kept honest: each passage still stands where it is looked for. */
import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { DEFECTS } from './defects.ts'

test.each(DEFECTS)('the passage that "$name" is planted in stands exactly once', ({ file, original }) => {
  expect(readFileSync(file, 'utf8').split(original)).toHaveLength(2)
})

test('no two defects have one name', () => {
  expect(new Set(DEFECTS.map(({ name }) => name)).size).toBe(DEFECTS.length)
})
