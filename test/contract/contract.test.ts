/** What edge, central and pages have agreed on: topics, how old a live value may be, what a message must say. */
import { expect, test } from 'vitest'
import { Check } from 'typebox/value'
import { StreamHeartbeat } from '#contract/api.ts'
import { freshnessOf, LOST_AFTER_MS, STALE_AFTER_MS } from '#contract/freshness.ts'
import { Presence } from '#contract/messages.ts'
import { centralSubscriptions, edgeTopics, parseTopic } from '#contract/topics.ts'

test.each([
  [0, 'live'],
  [STALE_AFTER_MS, 'live'],
  [STALE_AFTER_MS + 1, 'stale'],
  [LOST_AFTER_MS, 'stale'],
  [LOST_AFTER_MS + 1, 'lost'],
  [null, 'lost'],
] as const)('a street that was seen %s ms ago is %s', (ageMs, freshness) => {
  expect(freshnessOf(ageMs)).toBe(freshness)
})

test('central reads of each topic who speaks, and of which street', () => {
  const topics = edgeTopics('hamadan', 'edge-1')
  const from = { site: 'hamadan', edge: 'edge-1' }
  expect(parseTopic(topics.presence)).toEqual({ kind: 'presence', ...from })
  expect(parseTopic(topics.batch)).toEqual({ kind: 'batch', ...from })
  expect(parseTopic(topics.ack)).toEqual({ kind: 'ack', ...from })
  expect(parseTopic(topics.state('IX-01'))).toEqual({ kind: 'state', ...from, intersection: 'IX-01' })
})

test('central listens to every edge of its site, and to no acknowledgement of its own', () => {
  expect(Object.values(centralSubscriptions('hamadan'))).toEqual([
    'sabz/v1/hamadan/+/presence',
    'sabz/v1/hamadan/+/batch',
    'sabz/v1/hamadan/+/state/+',
    'sabz/v1/hamadan/+/alarms',
    'sabz/v1/hamadan/+/plan/reported',
  ])
})

test.each([
  ['another service', 'lamps/v1/hamadan/edge-1/batch'],
  ['another version', 'sabz/v2/hamadan/edge-1/batch'],
  ['no site', 'sabz/v1//edge-1/batch'],
  ['no edge', 'sabz/v1/hamadan//batch'],
  ['something too deep', 'sabz/v1/hamadan/edge-1/state/IX-01/more'],
  ['a state of no street', 'sabz/v1/hamadan/edge-1/state'],
  ['a batch of a street', 'sabz/v1/hamadan/edge-1/batch/IX-01'],
  ['a kind that nobody knows', 'sabz/v1/hamadan/edge-1/weather'],
])('a topic of %s is not ours', (_, topic) => {
  expect(parseTopic(topic)).toBeNull()
})

test('a heartbeat that tells nothing of broker and store is none', () => {
  expect(Check(StreamHeartbeat, { nowEpochMs: 0 })).toBe(false)
})

test('an edge is online, going or gone, and nothing else', () => {
  const says = (state: string) => Check(Presence, { v: 1, state, atEpochMs: 0 })
  expect(['online', 'shutdown', 'offline', 'asleep'].map(says)).toEqual([true, true, true, false])
})
