/** The record of one intersection: every record once, and every gap told. */
import { describe, expect, test } from 'vitest'
import type { LogRecord } from '#devices/device.ts'
import type { PointName, PointValue } from '#devices/points.ts'
import { EventRecorder, PENDING_EVENTS_MAX } from '#edge/event-recorder.ts'
import type { LinkState, ProcessImage } from '#edge/process-image.ts'
import { wire } from '#edge/wiring.ts'
import { NO_LIMITS } from '#signal/adaptive-limits.ts'
import { EVENT } from '#signal/events.ts'
import { CROSSING, DATABASE, LIMITS, NOON_EPOCH_MS } from '#test/support/boulevard-crossing.ts'
import { named, testTelemetry } from '#test/support/test-telemetry.ts'

const record = (sequence: number): LogRecord => ({
  sequence,
  epochMs: NOON_EPOCH_MS + sequence,
  code: EVENT.beginGreen,
  parameter: sequence % 8,
})

const records = (first: number, last: number) => Array.from({ length: last - first + 1 }, (_, i) => record(first + i))

interface Seen {
  readonly log?: readonly LogRecord[]
  readonly head?: number
  readonly link?: LinkState
  readonly card?: { readonly occupied: readonly number[]; readonly counts: readonly number[] }
}

function recorderWith({ hasLog = true, recordedUpTo = 0 } = {}) {
  const telemetry = testTelemetry()
  telemetry.recordedUpTo = recordedUpTo
  const recorder = new EventRecorder({ intersection: CROSSING, telemetry, hasLog })
  let monoMs = 0
  return {
    telemetry,
    recorder,
    /** One tick in which the devices show this. */
    see({ log = [], head = log.at(-1)?.sequence ?? 0, link = 'up', card }: Seen) {
      monoMs += 100
      const points = new Map<PointName, PointValue>([['eventLog.head', head]])
      const cardPoints = new Map<PointName, PointValue>([
        ['detector.occupied', card?.occupied ?? [0, 0, 0]],
        ['detector.actuationCounts', card?.counts ?? [0, 0, 0]],
      ])
      const at = { readAtMonoMs: monoMs, answeredAtMonoMs: monoMs, readAtEpochMs: NOON_EPOCH_MS }
      const image: ProcessImage = {
        nowMonoMs: monoMs,
        nowEpochMs: NOON_EPOCH_MS + 9_000,
        devices: new Map([
          ['controller', { sample: { points, ...at }, link, log }],
          ['loops', { sample: { points: cardPoints, ...at }, link: 'up', log: [] }],
        ]),
      }
      recorder.observe(image, wire({ database: DATABASE, limits: LIMITS, adaptiveLimits: NO_LIMITS }, image))
      recorder.handOver()
    },
    sequences: () =>
      telemetry.events.filter(({ source }) => source === 'controller').map((each) => each.deviceSequence),
    ofEdge: () => named(telemetry.events.filter(({ source }) => source === 'edge')),
  }
}

describe("the controller's own log", () => {
  test('is handed over with its own numbers and times', () => {
    const street = recorderWith()
    street.see({ log: records(1, 2) })
    expect(street.telemetry.events).toEqual([
      {
        intersection: 'IX-T1',
        epochMs: NOON_EPOCH_MS + 1,
        code: 1,
        parameter: 1,
        source: 'controller',
        deviceSequence: 1,
      },
      {
        intersection: 'IX-T1',
        epochMs: NOON_EPOCH_MS + 2,
        code: 1,
        parameter: 2,
        source: 'controller',
        deviceSequence: 2,
      },
    ])
    expect(street.recorder.logAfter()).toBe(2)
  })

  test('is read on behind what is on disk', () => {
    const street = recorderWith({ recordedUpTo: 40 })
    expect(street.recorder.logAfter()).toBe(40)
    street.see({ log: records(38, 42) })
    expect(street.sequences()).toEqual([41, 42])
  })

  test('records that come twice are recorded once', () => {
    const street = recorderWith()
    street.see({ log: records(1, 5) })
    street.see({ log: records(3, 8) })
    expect(street.sequences()).toEqual([1, 2, 3, 4, 5, 6, 7, 8])
  })

  test('records that the ring has lost are told as a gap of that size', () => {
    const street = recorderWith({ recordedUpTo: 10 })
    street.see({ log: records(14, 15) })
    expect(street.ofEdge()).toEqual(['logGap 3'])
    expect(street.sequences()).toEqual([14, 15])
  })

  test('what happened before the first contact is nobody’s gap', () => {
    const street = recorderWith()
    street.see({ log: records(900, 901) })
    expect(street.ofEdge()).toEqual([])
  })

  test('that begins anew is read from its beginning, behind a gap of unknown size', () => {
    const street = recorderWith({ recordedUpTo: 500 })
    street.see({ head: 3 })
    expect(street.ofEdge()).toEqual(['logGap 0'])
    expect(street.recorder.logAfter()).toBe(0)
    street.see({ log: records(1, 3) })
    expect(street.sequences()).toEqual([1, 2, 3])
    expect(street.ofEdge()).toEqual(['logGap 0'])
  })

  test('is left in the controller while the disk is behind', () => {
    const street = recorderWith()
    street.telemetry.waiting = PENDING_EVENTS_MAX
    expect(street.recorder.logAfter()).toBe(0)
    street.telemetry.waiting = PENDING_EVENTS_MAX + 1
    expect(street.recorder.logAfter()).toBeNull()
  })

  test('is not asked for where the profile has none', () => {
    expect(recorderWith({ hasLog: false }).recorder.logAfter()).toBeNull()
  })
})

test('loops of a card are recorded from images even where the controller keeps a log', () => {
  const street = recorderWith()
  street.see({})
  street.see({ card: { occupied: [0, 1, 0], counts: [0, 1, 0] } })
  expect(street.telemetry.events).toEqual([
    {
      intersection: 'IX-T1',
      epochMs: NOON_EPOCH_MS + 9_000,
      code: EVENT.detectorOn,
      parameter: 12,
      source: 'image',
      deviceSequence: 0,
    },
  ])
})

test('a device that is lost and comes back is told once each, also when it was down from the start', () => {
  const street = recorderWith()
  for (const link of ['starting', 'down', 'down', 'up', 'up', 'down'] as const) street.see({ link })
  expect(street.ofEdge()).toEqual(['deviceLost 0', 'deviceBack 0', 'deviceLost 0'])
})
