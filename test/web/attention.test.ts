/** What the attention list says of a city: one cause instead of many symptoms, worst first, with honest durations. */
import { expect, test } from 'vitest'
import type { FieldAlarm } from '#contract/field-alarms.ts'
import type { LiveState } from '#contract/messages.ts'
import { stateOf } from '#test/central/city-of-two.ts'
import { deriveAttention, FirstSeen, type CityView, type WatchedIntersection } from '#web/wall/attention.ts'

const NOON = 1_795_000_000_000
const LINK = { line: 'up', offsetMs: 0, brokerUp: true, storeUp: true } as const

const live = (id: string, changes: Partial<LiveState> = {}): WatchedIntersection => ({
  id,
  state: stateOf(id, NOON, changes),
  freshness: 'live',
})
const lost = (id: string): WatchedIntersection => ({ id, state: stateOf(id, NOON - 60_000), freshness: 'lost' })

function cityOf(intersections: WatchedIntersection[], changes: Partial<CityView> = {}): CityView {
  const edge = { edge: 'north', online: true, sinceEpochMs: NOON, intersections: intersections.map(({ id }) => id) }
  return { link: LINK, edges: [edge], intersections, ...changes }
}

const alarm = (name: FieldAlarm['alarm'], device = 'controller'): FieldAlarm => ({ alarm: name, device, detectors: [] })

const rowsOf = (view: CityView) =>
  deriveAttention(view).map(
    ({ kind, priority, intersection, edge }) => `${priority} ${kind} ${intersection ?? edge ?? ''}`,
  )

test('a city in which all is well has an empty list', () => {
  expect(rowsOf(cityOf([live('IX-01'), live('IX-02', { mode: 'actuated' })]))).toEqual([])
})

const outdone = { ladder: { code: 'OUTDONE_BY_SIMPLER', numbers: { rung: 3 } } }

test.each<[string, Partial<LiveState>, string[]]>([
  ['fault flash', { mode: 'fault' }, ['1 faultFlash IX-01']],
  ['ordered flash', { mode: 'flash' }, ['2 flash IX-01']],
  ['a controller that cannot be read', { signal: null, mode: 'unknown' }, ['2 controllerUnread IX-01']],
  ['fault flash while the lamps are unknown', { signal: null, mode: 'fault' }, ['1 faultFlash IX-01']],
  ['a lost mains supply', { mainsPower: false }, ['2 mainsOff IX-01']],
  ['an open door', { doorOpen: true }, ['2 doorOpen IX-01']],
  ['unknown door and mains', { doorOpen: null, mainsPower: null, clockDriftMs: null }, []],
  ['a clock two seconds off', { clockDriftMs: -2_000 }, []],
  ['a clock more than two seconds off', { clockDriftMs: -2_001 }, ['2 clockDrift IX-01']],
  [
    'a clock that the edge has found off is one row',
    { clockDriftMs: 90_000, fieldAlarms: [alarm('clockDrift')] },
    ['2 clockDrift IX-01'],
  ],
  [
    'a controller that answers too late',
    { signal: null, mode: 'unknown', fieldAlarms: [alarm('deviceLate')] },
    ['2 deviceLate IX-01'],
  ],
  [
    'a card that answers for another unit, and its detectors with it',
    { fieldAlarms: [alarm('wrongUnit', 'loops')], detectors: [{ id: 1, quality: 'bad' }] },
    ['2 wrongUnit IX-01'],
  ],
  [
    'a loop that its card reports, beside another card that is silent',
    { fieldAlarms: [alarm('deviceSilent', 'camera')], detectors: [{ id: 1, quality: 'bad', faults: 4 }] },
    ['2 deviceSilent IX-01', '3 detectorsBad IX-01'],
  ],
  [
    'two loops that are exchanged',
    { fieldAlarms: [{ ...alarm('loopsSwapped'), detectors: [3, 5] }] },
    ['3 loopsSwapped IX-01'],
  ],
  ['a local plan', { mode: 'local' }, ['3 notSupervised IX-01']],
  ['a rung that is not the highest, for a reason', { mode: 'maxPressure', ...outdone }, ['3 lowerRung IX-01']],
  ['the plan, where the engineer wants it so', { ladder: { code: 'NOT_ALLOWED_BY_PLAN', numbers: {} } }, []],
  ['a simpler rung that is being measured', { ladder: { code: 'SIMPLER_IS_MEASURED', numbers: {} } }, []],
  ['a local plan for the same reason', { mode: 'local', ...outdone }, ['3 notSupervised IX-01']],
  ['manual control', { mode: 'manual' }, ['3 manual IX-01']],
  ['a bad detector', { detectors: [{ id: 1, quality: 'bad' }] }, ['3 detectorsBad IX-01']],
  [
    'detectors of a silent controller',
    { signal: null, detectors: [{ id: 1, quality: 'stale' }] },
    ['2 controllerUnread IX-01'],
  ],
  [
    'all at once',
    { mode: 'local', doorOpen: true, mainsPower: false },
    ['2 mainsOff IX-01', '2 doorOpen IX-01', '3 notSupervised IX-01'],
  ],
])('%s', (_what, changes, rows) => {
  expect(rowsOf(cityOf([live('IX-01', changes), live('IX-02')]))).toEqual(rows)
})

test('a stale intersection is marked on its tile and is no row yet; a lost one is', () => {
  const stale: WatchedIntersection = { ...live('IX-01'), freshness: 'stale' }
  expect(rowsOf(cityOf([stale, live('IX-02')]))).toEqual([])
  expect(rowsOf(cityOf([lost('IX-01'), live('IX-02')]))).toEqual(['2 commsLost IX-01'])
})

test('an edge that is offline is one row, not one for each of its intersections', () => {
  const intersections = [lost('IX-01'), lost('IX-02'), live('IX-03', { mode: 'fault' })]
  const edges = [
    { edge: 'north', online: false, sinceEpochMs: NOON, intersections: ['IX-01', 'IX-02'] },
    { edge: 'south', online: true, sinceEpochMs: NOON, intersections: ['IX-03'] },
  ]
  expect(rowsOf(cityOf(intersections, { edges }))).toEqual(['1 faultFlash IX-03', '2 edgeOffline north'])
})

test('an edge that says it is online while nothing comes from it is silent, since its last word', () => {
  const [row, ...others] = deriveAttention(cityOf([lost('IX-01'), lost('IX-02')]))
  expect(others).toEqual([])
  expect(row).toMatchObject({ kind: 'edgeSilent', edge: 'north', counted: [2], sinceEpochMs: NOON - 60_000 })
})

test('a lost line or broker is the one row, whatever else seems to be', () => {
  const faulty = [live('IX-01', { mode: 'fault' }), lost('IX-02')]
  expect(rowsOf(cityOf(faulty, { link: { ...LINK, line: 'down' } }))).toEqual(['2 centralDown '])
  expect(rowsOf(cityOf(faulty, { link: { ...LINK, brokerUp: false } }))).toEqual(['2 brokerDown '])
})

test('before the stream has said anything nothing is alarmed', () => {
  expect(rowsOf(cityOf([lost('IX-01')], { link: { ...LINK, line: 'connecting' } }))).toEqual([])
})

test('a store that is away is low: history waits at the edges', () => {
  expect(rowsOf(cityOf([live('IX-01')], { link: { ...LINK, storeUp: false } }))).toEqual(['3 storeDown '])
})

test('what stood already when the page was opened says at least how long, what came later says exactly', () => {
  const seen = new FirstSeen()
  const [fault] = deriveAttention(cityOf([live('IX-01', { mode: 'fault' }), live('IX-02')]))
  seen.note([fault!], NOON)
  const [, door] = deriveAttention(cityOf([live('IX-01', { mode: 'fault' }), live('IX-02', { doorOpen: true })]))
  seen.note([fault!, door!], NOON + 5_000)
  expect(seen.of(fault!)).toEqual({ atEpochMs: NOON, atLeast: true })
  expect(seen.of(door!)).toEqual({ atEpochMs: NOON + 5_000, atLeast: false })
  seen.note([fault!], NOON + 6_000)
  seen.note([fault!, door!], NOON + 9_000)
  expect(seen.of(door!)).toEqual({ atEpochMs: NOON + 9_000, atLeast: false })
})

test.each([
  ['controllerUnread', { signal: null, mode: 'unknown' }, 2_000],
  ['notSupervised', { mode: 'local' }, 10_000],
  ['lowerRung', { mode: 'maxPressure', ladder: { code: 'PHASE_NOT_SEEN', numbers: {} } }, 10_000],
  ['detectorsBad', { detectors: [{ id: 1, quality: 'bad' }] }, 10_000],
  ['faultFlash', { mode: 'fault' }, 0],
  ['doorOpen', { doorOpen: true }, 0],
] as const)('%s asks for attention after it has stood for its delay', (_kind, changes, delayMs) => {
  const seen = new FirstSeen()
  const [row] = deriveAttention(cityOf([live('IX-01', changes as Partial<LiveState>), live('IX-02')]))
  seen.note([], NOON)
  seen.note([row!], NOON + 500)
  if (delayMs > 0) expect(seen.isDue(row!, NOON + 500 + delayMs - 1)).toBe(false)
  expect(seen.isDue(row!, NOON + 500 + delayMs)).toBe(true)
})

test('a lost line does not restart the durations of what stood before', () => {
  const seen = new FirstSeen()
  const [fault] = deriveAttention(cityOf([live('IX-01', { mode: 'fault' })]))
  const [blind] = deriveAttention(cityOf([], { link: { ...LINK, line: 'down' } }))
  seen.note([], NOON)
  seen.note([fault!], NOON + 1_000)
  seen.note([blind!], NOON + 2_000)
  seen.note([fault!], NOON + 30_000)
  expect(seen.of(fault!)).toEqual({ atEpochMs: NOON + 1_000, atLeast: false })
})

test('where the edge knows why a controller is lost, that is the row', () => {
  const known = { ...lost('IX-01'), state: stateOf('IX-01', NOON - 60_000, { fieldAlarms: [alarm('deviceSilent')] }) }
  expect(rowsOf(cityOf([known, live('IX-02')]))).toEqual(['2 deviceSilent IX-01'])
})
