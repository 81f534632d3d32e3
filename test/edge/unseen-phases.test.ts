/** Which phases of the crossing nobody sees, detector by detector. */
import { expect, test } from 'vitest'
import { sightOf } from '#edge/unseen-phases.ts'
import { broken, CROSSING, silent, viewOf } from '#test/support/boulevard-crossing.ts'

const allBut = (seen: readonly number[]) =>
  Object.fromEntries(CROSSING.detectors.filter(({ id }) => !seen.includes(id)).map(({ id }) => [id, broken]))

const phasesWith = CROSSING.phases.map(({ id }) => id)

test('while all detectors are trusted, each phase is seen', () => {
  expect(sightOf(viewOf())).toEqual({ unseen: [], of: phasesWith.length })
})

test('a crossing without a single trusted detector is seen nowhere', () => {
  expect(sightOf(viewOf({ detectors: allBut([]) }))).toEqual({ unseen: phasesWith, of: phasesWith.length })
})

test.each(CROSSING.detectors.map(({ id, phase }) => [id, phase]))(
  'detector %d alone is enough to see phase %d',
  (id, phase) => {
    expect(sightOf(viewOf({ detectors: allBut([id]) })).unseen).not.toContain(phase)
  },
)

test('a detector that has fallen silent sees nobody', () => {
  const detectors = Object.fromEntries(CROSSING.detectors.map(({ id }) => [id, silent]))
  expect(sightOf(viewOf({ detectors })).unseen).toEqual(phasesWith)
})

test('a phase without lanes, such as one for people on foot, has nothing to be seen', () => {
  const approaches = CROSSING.approaches.filter(({ lanes }) =>
    lanes.every(({ head }) => !('phase' in head) || head.phase !== 2),
  )
  const { unseen, of } = sightOf(viewOf({ intersection: { ...CROSSING, approaches }, detectors: allBut([]) }))
  expect(unseen).not.toContain(2)
  expect(of).toBe(phasesWith.length - 1)
})

test('a crossing without any detector is seen nowhere', () => {
  expect(sightOf(viewOf({ intersection: { ...CROSSING, detectors: [] } })).unseen).toEqual(phasesWith)
})
