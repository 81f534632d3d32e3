/** A bug stops the part that it is found in: it is thrown, and says what was broken. */
import { expect, test } from 'vitest'
import { at } from '#base/at.ts'
import { invariant, unreachable } from '#base/invariant.ts'

test('reading beyond the end of a list is a bug', () => {
  expect(at(['red', 'green'], 1)).toBe('green')
  expect(() => at(['red', 'green'], 2)).toThrow('invariant broken: index 2 of 2')
})

test('what must hold and does not is a bug', () => {
  expect(() => invariant(true, 'a phase has a ring')).not.toThrow()
  expect(() => invariant(false, 'a phase has a ring')).toThrow('invariant broken: a phase has a ring')
})

test('a kind that no switch knows is a bug', () => {
  expect(() => unreachable('purple' as never)).toThrow('invariant broken: unexpected "purple"')
})
