/** Ages, freshness and presence as time passes, with clocks set by hand. */
import { expect, test } from 'vitest'
import { LiveCity } from '#central/live-city.ts'
import { REPLAY_CHARS_MAX, REPLAY_MS_MAX, StreamBuffer, type StreamEntry } from '#central/stream-buffer.ts'
import { LOST_AFTER_MS, STALE_AFTER_MS } from '#contract/freshness.ts'
import { HandClock, NOON, SITE, stateOf } from './city-of-two.ts'

function city() {
  const clock = new HandClock()
  const live = new LiveCity(
    SITE.edges.map(({ id, intersections }) => ({ edge: id, intersections })),
    clock,
  )
  const sent: StreamEntry[] = []
  live.subscribe((entries) => sent.push(...entries))
  return { clock, live, sent }
}

test.each([
  [STALE_AFTER_MS, 'live'],
  [STALE_AFTER_MS + 1, 'stale'],
  [LOST_AFTER_MS, 'stale'],
  [LOST_AFTER_MS + 1, 'lost'],
])('%i ms after the last sample an intersection is %s', (ageMs, freshness) => {
  const { clock, live } = city()
  live.acceptState(stateOf('IX-01', NOON), false)
  clock.pass(ageMs)
  expect(live.intersection('IX-01')).toMatchObject({ ageMs, freshness })
})

test('an edge whose clock runs an hour ahead cannot make dead data look live', () => {
  const { clock, live } = city()
  live.acceptState(stateOf('IX-01', NOON + 3_600_000), false)
  expect(live.intersection('IX-01').freshness).toBe('live')
  clock.pass(STALE_AFTER_MS + 1)
  expect(live.intersection('IX-01')).toMatchObject({ ageMs: STALE_AFTER_MS + 1, freshness: 'stale' })
})

test('a wall clock that is set back an hour does not make dead data live again', () => {
  const { clock, live } = city()
  live.acceptState(stateOf('IX-01', NOON), false)
  clock.pass(60_000)
  clock.stepWall(-3_600_000)
  expect(live.intersection('IX-01')).toMatchObject({ ageMs: 60_000, freshness: 'lost' })
})

test('a retained state of yesterday is shown with its true age and never replaces a newer one', () => {
  const { live } = city()
  live.acceptState(stateOf('IX-01', NOON - 86_400_000), true)
  expect(live.intersection('IX-01')).toMatchObject({ ageMs: 86_400_000, freshness: 'lost' })
  live.acceptState(stateOf('IX-01', NOON, { mode: 'actuated' }), false)
  live.acceptState(stateOf('IX-01', NOON - 5_000), true)
  expect(live.intersection('IX-01').state?.mode).toBe('actuated')
})

test('ten thousand states between two flushes reach the pages as one for each intersection', () => {
  const { live, sent } = city()
  for (let n = 0; n < 5_000; n++) {
    live.acceptState(stateOf('IX-01', NOON - 5_000 + n), false)
    live.acceptState(stateOf('IX-02', NOON - 5_000 + n), false)
  }
  live.flush()
  live.flush()
  expect(
    sent.map(({ event, data }) => [event, JSON.parse(data).intersection, JSON.parse(data).sampledAtEpochMs]),
  ).toEqual([
    ['state', 'IX-01', NOON - 1],
    ['state', 'IX-02', NOON - 1],
  ])
})

test('presence is told when it changes, at once, and not when it is repeated', () => {
  const { clock, live, sent } = city()
  live.acceptPresence('north', true, NOON)
  clock.pass(1_000)
  live.acceptPresence('north', true, NOON + 1_000)
  live.acceptPresence('north', false, NOON + 1_000)
  expect(sent.map((entry) => JSON.parse(entry.data))).toEqual([
    { edge: 'north', online: true, sinceEpochMs: NOON },
    { edge: 'north', online: false, sinceEpochMs: NOON + 1_000 },
  ])
  expect(live.intersection('IX-01').edgeOnline).toBe(false)
})

test('a page that was away gets exactly what it missed', () => {
  const buffer = new StreamBuffer('a1')
  const entries = [1, 2, 3, 4].map((n) => buffer.append('state', `{"n":${n}}`, n))
  expect(buffer.after('a1.2', 5)).toEqual(entries.slice(2))
  expect(buffer.after('a1.4', 5)).toEqual([])
  expect(buffer.after('a1.0', 5)).toEqual(entries)
})

test.each(['', '2', 'a1.', 'a1.-1', 'a1.1.1', 'a1.5', 'b2.2', 'a1.1e3', 'a1.9999999999999999'])(
  'the id %j of another stream, of the future, or of nobody leads to a snapshot',
  (id) => {
    const buffer = new StreamBuffer('a1')
    for (let n = 1; n <= 4; n++) buffer.append('state', '{}', 0)
    expect(buffer.after(id, 0)).toBeNull()
  },
)

test('what is older than a minute is not replayed', () => {
  const buffer = new StreamBuffer('a1')
  buffer.append('state', '{}', 0)
  buffer.append('state', '{}', 1)
  expect(buffer.after('a1.0', REPLAY_MS_MAX)).toHaveLength(2)
  expect(buffer.after('a1.0', REPLAY_MS_MAX + 1)).toBeNull()
  expect(buffer.after('a1.1', REPLAY_MS_MAX + 1)).toHaveLength(1)
  expect(buffer.after('a1.2', REPLAY_MS_MAX + 2)).toEqual([])
})

test('a city larger than planned for keeps less than a minute, not more memory', () => {
  const buffer = new StreamBuffer('a1')
  const quarter = 'x'.repeat(REPLAY_CHARS_MAX / 4)
  for (let n = 1; n <= 5; n++) buffer.append('state', quarter, n)
  expect(buffer.after('a1.0', 5)).toBeNull()
  expect(buffer.after('a1.1', 5)).toHaveLength(4)
})
