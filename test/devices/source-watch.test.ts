/** When the source behind an OPC UA server is taken to have stopped: pictures of its stamps, a column a reading, ten a second. */
import { expect, test } from 'vitest'
import { SourceWatch } from '#devices/opcua/source-watch.ts'

const ALPHABET = 'abcdefghijklmnopqrstuvwxyz'
/** Enough readings, each stamped anew, to know the server by. */
const STAMPED = ALPHABET.slice(0, 21)

/** Each letter is a stamp. F: frozen. */
function watched(stamps: string): string {
  const watch = new SourceWatch()
  return [...stamps]
    .map((stamp, i) => (watch.isFrozen('s=Phases', new Date(stamp.charCodeAt(0)), 100 * i) ? 'F' : '-'))
    .join('')
}

test.each<[string, string, string]>([
  ['a server that stamps every reading lives', ALPHABET, '-'.repeat(26)],
  ['one that no longer does is frozen after a second and a half', `${STAMPED}${'z'.repeat(17)}`, `${'-'.repeat(36)}FF`],
  ['and lives again with its next stamp', `${STAMPED}${'z'.repeat(16)}a`, `${'-'.repeat(36)}F-`],
  ['one that stamps what changes may have nothing to stamp', `aabbcc${'z'.repeat(30)}`, '-'.repeat(36)],
  ['nor is one known by twenty stamps', `${ALPHABET.slice(0, 19)}${'z'.repeat(20)}`, '-'.repeat(39)],
])('%s', (_what, stamps, picture) => {
  expect(watched(stamps)).toBe(picture)
})

test('a server that stamps nothing is never frozen', () => {
  const watch = new SourceWatch()
  const seen = Array.from({ length: 100 }, (_, i) => watch.isFrozen('s=Unit', null, 100 * i))
  expect(seen).not.toContain(true)
})
