/** The list of planted defects is kept honest: each stands where the source has moved to, and names who must catch it. */
import { existsSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { EXPERIMENTS } from './experiments.ts'
import { PLANTED } from './planted.ts'
import { plantInto } from './scratch.ts'

test.each(PLANTED)('"$defect.name" can be planted, and those who must catch it are there', (planted) => {
  const { defect, tests, experiments } = planted
  expect(readFileSync(defect.file, 'utf8').split(defect.original)).toHaveLength(2)
  expect(tests.filter((file) => !existsSync(file))).toEqual([])
  expect(experiments.filter((name) => !EXPERIMENTS.some((each) => each.name === name))).toEqual([])
  expect(tests.length + experiments.length).toBeGreaterThan(0)
})

test('no two defects have one name', () => {
  expect(new Set(PLANTED.map(({ defect }) => defect.name)).size).toBe(PLANTED.length)
})

test.each(['not there', 'twice twice'])('a source that has moved on is told loudly: %s', (source) => {
  const defect = { name: 'late', file: 'src/a.ts', original: 'twice', replacement: 'once' }
  expect(() => plantInto(source, defect)).toThrow(/late.*src\/a\.ts.*exactly once/)
})
