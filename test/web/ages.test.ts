/** Ages in the browser: by central's clock and our own, whichever says older, and never younger by a broken clock or line. */
import { expect, test } from 'vitest'
import { stateOf } from '#test/central/city-of-two.ts'
import { MergedCity, type OwnReading } from '#web/live/merged-city.ts'
import { ageMs, ServerOffset } from '#web/live/server-clock.ts'

const T = 1_795_000_000_000
const at = (ms: number): OwnReading => ({ epochMs: T + ms, monoMs: 1_000_000 + ms })
const heartbeat = (nowEpochMs: number) => ({ nowEpochMs, brokerUp: true, storeUp: true })

test('of the last nine heartbeats the least delayed tells the time', () => {
  const offset = new ServerOffset()
  expect(offset.ms).toBe(0)
  for (const delayMs of [80, 5, 300, 40]) offset.add(T + 60_000 - delayMs, T)
  expect(offset.ms).toBe(59_995)
  for (let n = 0; n < 9; n++) offset.add(T + 30_000, T)
  expect(offset.ms).toBe(30_000)
})

test('the age grows while nothing comes, whoever stopped', () => {
  const sampled = { sampledAtEpochMs: T, receivedAtMonoMs: 5_000 }
  expect(ageMs(sampled, { serverEpochMs: T + 2_500, monoMs: 5_100 })).toBe(2_500)
  expect(ageMs(sampled, { serverEpochMs: T - 3_600_000, monoMs: 12_000 })).toBe(7_000)
  expect(ageMs(sampled, { serverEpochMs: T - 40, monoMs: 4_990 })).toBe(0)
})

test('a snapshot after a lost line does not make a dead sample look newly received', () => {
  const city = new MergedCity()
  const dead = stateOf('IX-01', T)
  const snapshot = { nowEpochMs: T, states: [dead], edges: [] }
  city.snapshot(snapshot, at(0))
  city.disconnected()
  city.snapshot({ ...snapshot, nowEpochMs: T + 30_000 }, at(30_000))
  expect(city.whole().states[0]?.receivedAtMonoMs).toBe(at(0).monoMs)
})

test('a new tab gets the whole city, the others what changed, once', () => {
  const city = new MergedCity()
  city.snapshot({ nowEpochMs: T, states: [stateOf('IX-01', T), stateOf('IX-02', T)], edges: [] }, at(0))
  city.takeChanges()
  expect(city.takeChanges()).toBeNull()
  city.state(stateOf('IX-02', T + 100), at(110))
  const changes = city.takeChanges()
  expect(changes?.states.map(({ state }) => state.intersection)).toEqual(['IX-02'])
  expect(changes).not.toHaveProperty('edges')
  expect(city.whole().states).toHaveLength(2)
})

test('the link tells the line, central and its parts apart', () => {
  const city = new MergedCity()
  expect(city.whole().link?.line).toBe('connecting')
  city.heartbeat({ ...heartbeat(T + 500), brokerUp: false }, at(0))
  expect(city.whole().link).toEqual({ line: 'up', offsetMs: 500, brokerUp: false, storeUp: true })
  city.disconnected()
  expect(city.whole().link?.line).toBe('down')
})

test('presence changes the one edge that it names', () => {
  const city = new MergedCity()
  const edge = (name: string) => ({ edge: name, online: true, sinceEpochMs: T, intersections: [] })
  city.snapshot({ nowEpochMs: T, states: [], edges: [edge('north'), edge('south')] }, at(0))
  city.presence({ edge: 'south', online: false, sinceEpochMs: T + 1 })
  expect(city.whole().edges).toEqual([edge('north'), { ...edge('south'), online: false, sinceEpochMs: T + 1 }])
})
