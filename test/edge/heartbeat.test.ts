/** When a device that answers is taken to have stopped: pictures of its clock, a column an answer, ten a second. */
import { expect, test } from 'vitest'
import type { PointImage } from '#devices/points.ts'
import { isFrozen, NO_HEARTBEAT, stepHeartbeat, type Heartbeat } from '#edge/heartbeat.ts'

const image = (clock: string): PointImage => new Map([['unit.clockEpochMs', clock.charCodeAt(0)]])

/** Each letter is a time on the clock; a dot is an answer that did not come. F: frozen, and not before. */
function watched(clock: string): string {
  let heart: Heartbeat = NO_HEARTBEAT
  return [...clock]
    .map((time, i) => {
      if (time === '.') return '.'
      heart = stepHeartbeat(heart, image(time), 100 * i)
      return isFrozen(heart, 100 * i) ? 'F' : '-'
    })
    .join('')
}

test.each<[string, string, string]>([
  ['a clock that counts in tenths', 'abcdefghijklmnopqrst', '--------------------'],
  ['a clock that counts in seconds', 'aaaaaaaaaabbbbbbbbbbcc', '----------------------'],
  ['a clock that stands still is frozen after a second and a half', 'abbbbbbbbbbbbbbbbb', '----------------FF'],
  ['and lives again with its next step', 'abbbbbbbbbbbbbbbbbc', '----------------FF-'],
  ['who was not asked for a while has not stood still', 'ab..................bbbc', '--..................----'],
  ['but has, when he says the same five times', 'ab..................bbbb', '--..................---F'],
])('%s', (_what, clock, picture) => {
  expect(watched(clock)).toBe(picture)
})

test('a card without a clock is never frozen', () => {
  let heart: Heartbeat = NO_HEARTBEAT
  for (let i = 0; i < 100; i++) heart = stepHeartbeat(heart, new Map([['detector.occupied', [1]]]), 100 * i)
  expect(isFrozen(heart, 10_000)).toBe(false)
})

test('one of two clocks that goes on is enough', () => {
  let heart: Heartbeat = NO_HEARTBEAT
  for (let i = 0; i < 100; i++)
    heart = stepHeartbeat(
      heart,
      new Map([
        ['unit.clockEpochMs', 7],
        ['unit.uptimeMs', 100 * i],
      ]),
      100 * i,
    )
  expect(isFrozen(heart, 10_000)).toBe(false)
})
