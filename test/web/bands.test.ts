/** State bands as pictures of time: a letter is ten seconds, `?` is a gap where nothing is known. */
import { expect, test } from 'vitest'
import type { StoredEventView } from '#contract/api.ts'
import { EVENT } from '#signal/events.ts'
import { stateOf } from '#test/central/city-of-two.ts'
import { BAND_WINDOW_MS, IntersectionHistory, lampOf, Track, type Band } from '#web/live/bands.ts'

const NOW = 1_795_000_000_000
const START = NOW - BAND_WINDOW_MS

/** Thirty letters for five minutes: what holds in the middle of each ten seconds. */
function picture(bands: readonly Band<string>[]): string {
  return Array.from({ length: 30 }, (_, index) => {
    const at = START + index * 10_000 + 5_000
    const band = bands.find(({ fromEpochMs, toEpochMs }) => at >= fromEpochMs && at < toEpochMs)
    return band === undefined ? ' ' : band.value === 'unknown' ? '?' : (band.value[0] ?? '')
  }).join('')
}

/** Samples each second from one second of the window to another. */
function watch(track: Track<string>, fromS: number, toS: number, value: (s: number) => string): void {
  for (let s = fromS; s <= toS; s++) track.live(value(s), START + s * 1_000)
}

test('before the page was opened nothing is known', () => {
  const track = new Track<string>()
  watch(track, 200, 300, (s) => (s < 250 ? 'green' : 'red'))
  expect(picture(track.bands(NOW))).toBe('????????????????????gggggrrrrr')
})

test('a pause of the feed is a gap, not a long green', () => {
  const track = new Track<string>()
  watch(track, 0, 100, () => 'green')
  watch(track, 200, 300, () => 'green')
  expect(picture(track.bands(NOW))).toBe('gggggggggg??????????gggggggggg')
})

test('when the feed ends the band ends two seconds later', () => {
  const track = new Track<string>()
  watch(track, 0, 150, () => 'green')
  const bands = track.bands(NOW)
  expect(picture(bands)).toBe('ggggggggggggggg???????????????')
  expect(bands.at(-1)).toMatchObject({ value: 'unknown', fromEpochMs: START + 152_000 })
})

test('bands fill the window without a hole or an overlap', () => {
  const track = new Track<string>()
  watch(track, 20, 90, (s) => (s % 7 === 0 ? 'red' : 'green'))
  watch(track, 120, 300, (s) => (s % 11 === 0 ? 'red' : 'green'))
  const bands = track.bands(NOW)
  expect(bands[0]?.fromEpochMs).toBe(START)
  expect(bands.at(-1)?.toEpochMs).toBe(NOW)
  for (const [index, band] of bands.slice(1).entries()) expect(band.fromEpochMs).toBe(bands[index]?.toEpochMs)
})

test('what was recorded comes before what was seen, as one band where it is the same', () => {
  const track = new Track<string>()
  watch(track, 200, 300, () => 'green')
  track.recorded([
    { value: 'red', atEpochMs: START + 50_000 },
    { value: 'green', atEpochMs: START + 150_000 },
    { value: 'red', atEpochMs: START + 250_000 },
  ])
  expect(picture(track.bands(NOW))).toBe('?????rrrrrrrrrrggggggggggggggg')
  expect(track.since()).toEqual({ atEpochMs: START + 150_000, atLeast: false })
})

test('without a record the present state is as old as it was seen, at least', () => {
  const track = new Track<string>()
  watch(track, 200, 300, () => 'green')
  expect(track.since()).toEqual({ atEpochMs: START + 200_000, atLeast: true })
  track.live('red', NOW + 1_000)
  expect(track.since()).toEqual({ atEpochMs: NOW + 1_000, atLeast: false })
})

test('a sample that is older than the last changes nothing', () => {
  const track = new Track<string>()
  watch(track, 0, 300, () => 'green')
  track.live('red', NOW - 5_000)
  expect(picture(track.bands(NOW))).toBe('g'.repeat(30))
})

test('a day of watching keeps five minutes', () => {
  const track = new Track<string>()
  for (let s = -86_400; s <= 300; s += 1) track.live(s % 20 < 10 ? 'green' : 'red', START + s * 1_000)
  expect(track.bands(NOW).length).toBeLessThan(33)
})

const event = (s: number, code: number, parameter: number): StoredEventView => ({
  at: new Date(START + s * 1_000).toISOString(),
  intersection: 'IX-01',
  code,
  parameter,
  source: 'controller',
  edge: 'north',
  epoch: '0',
  sequence: 1,
})

test('each phase takes its own events, in whatever order they come, and passes others over', () => {
  const history = new IntersectionHistory([2, 4])
  history.live(stateOf('IX-01', NOW - 1_000))
  history.recorded([
    event(200, 10, 2),
    event(190, 8, 2),
    event(100, 1, 2),
    event(50, 1, 4),
    event(60, 82, 2),
    event(250, 1, 2),
  ])
  expect(picture(history.phases.get(2)?.bands(NOW) ?? [])).toBe('??????????gggggggggyrrrrrggggg')
  expect(picture(history.phases.get(4)?.bands(NOW) ?? [])).toBe('?????ggggggggggggggggggggggggg')
})

test('lamps that cannot be read leave a gap when it lasts longer than two seconds, not when it is one sample', () => {
  const history = new IntersectionHistory([2])
  const last = () => history.phases.get(2)?.bands(NOW).at(-1)
  history.live(stateOf('IX-01', NOW - 3_000))
  history.live(stateOf('IX-01', NOW - 2_000, { signal: null }))
  history.live(stateOf('IX-01', NOW - 1_500))
  expect(last()).toMatchObject({ value: 'green', fromEpochMs: NOW - 3_000 })
  const lost = new IntersectionHistory([2])
  for (let ms = 5_000; ms > 0; ms -= 500) lost.live(stateOf('IX-01', NOW - ms, ms > 4_000 ? {} : { signal: null }))
  expect(lost.phases.get(2)?.bands(NOW).at(-1)).toMatchObject({ value: 'unknown', fromEpochMs: NOW - 2_500 })
})

test('a phase shows green, yellow, red and amber, or red', () => {
  const signal = { ...stateOf('IX-01', NOW).signal!, greens: 0b10, yellows: 0b1000, redAmbers: 0b10_0000 }
  expect([2, 4, 6, 8].map((phase) => lampOf(signal, phase))).toEqual(['green', 'yellow', 'redAmber', 'red'])
})

test('all lamps that flash are a band of every phase, live and recorded', () => {
  const history = new IntersectionHistory([2])
  const stored = (atS: number, code: number, parameter: number): StoredEventView => ({
    at: new Date(START + atS * 1_000).toISOString(),
    intersection: 'IX-01',
    code,
    parameter,
    source: 'controller',
    edge: 'north',
    epoch: '',
    sequence: 1,
  })
  for (let s = 200; s <= 300; s++) history.live(stateOf('IX-01', START + s * 1_000, s < 250 ? { flash: 'local' } : {}))
  history.recorded([
    stored(0, EVENT.beginGreen, 2),
    stored(50, EVENT.flashState, 6),
    stored(100, EVENT.flashState, 2),
    stored(120, EVENT.powerFailure, 0),
    stored(140, EVENT.powerRestored, 0),
    stored(150, EVENT.flashState, 7),
  ])
  expect(picture(history.phases.get(2)?.bands(NOW) ?? [])).toBe('gggggfffffrr??rffffffffffggggg')
})
