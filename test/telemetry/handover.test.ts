/** Between the scan cycle and the disk no event is lost or doubled, whenever the thread between them dies. */
import { describe, expect, test } from 'vitest'
import { intersectionId } from '#base/id.ts'
import { EVENT } from '#signal/events.ts'
import { Handover, PENDING_EVENTS_MAX, PENDING_KEPT_MAX } from '#edge/telemetry/handover.ts'
import { event, events } from './spool-kit.ts'

const numbers = (handed: readonly { parameter: number }[]): number[] => handed.map(({ parameter }) => parameter)

describe('a thread that dies', () => {
  test('what it had not recorded is handed to the next one', () => {
    const handover = new Handover()
    handover.resume(null, { epoch: 'a', last: 0 })
    handover.add(events(1, 5))
    handover.recorded(2)
    expect(numbers(handover.resume({ epoch: 'a', last: 2 }, { epoch: 'a', last: 2 }))).toEqual([3, 4, 5])
    expect(handover.size).toBe(3)
  })

  test('what it had recorded without having said so is not handed on again', () => {
    const handover = new Handover()
    handover.resume({ epoch: 'a', last: 100 }, { epoch: 'a', last: 100 })
    handover.add(events(1, 5))
    handover.recorded(2)
    expect(numbers(handover.resume({ epoch: 'a', last: 104 }, { epoch: 'a', last: 104 }))).toEqual([5])
  })

  test('a tail that was cut begins a new epoch and hands on what the old one lacks', () => {
    const handover = new Handover()
    handover.resume(null, { epoch: 'a', last: 0 })
    handover.add(events(1, 5))
    expect(numbers(handover.resume({ epoch: 'a', last: 3 }, { epoch: 'b', last: 0 }))).toEqual([4, 5])
    handover.recorded(1)
    expect(numbers(handover.resume({ epoch: 'b', last: 1 }, { epoch: 'b', last: 1 }))).toEqual([5])
  })

  test('a spool that was replaced gets everything that is not confirmed', () => {
    const handover = new Handover()
    handover.resume(null, { epoch: 'a', last: 0 })
    handover.add(events(1, 3))
    expect(numbers(handover.resume(null, { epoch: 'b', last: 0 }))).toEqual([1, 2, 3])
  })
})

describe('a disk that takes nothing', () => {
  test('memory takes its limit and not one event more, and the gap is told exactly when there is room again', () => {
    const handover = new Handover()
    handover.resume(null, { epoch: 'a', last: 0 })
    handover.add(events(1, PENDING_EVENTS_MAX))
    const here = intersectionId('IX-01')
    const lost = [event(1, { intersection: here, epochMs: 5_000 }), event(2, { intersection: here, epochMs: 6_000 })]
    expect(handover.add(lost)).toEqual([])
    expect(handover.size).toBe(PENDING_EVENTS_MAX)
    handover.recorded(PENDING_EVENTS_MAX)
    const next = event(9, { intersection: here })
    expect(handover.add([next])).toEqual([
      { intersection: here, epochMs: 5_000, code: EVENT.logGap, parameter: 2, source: 'edge', deviceSequence: 0 },
      next,
    ])
    expect(handover.size).toBe(2)
  })

  test('the last event that has room is taken', () => {
    const handover = new Handover()
    handover.add(events(1, PENDING_EVENTS_MAX - 1))
    expect(handover.add(events(1, 1))).toHaveLength(1)
    expect(handover.add(events(1, 1))).toHaveLength(0)
  })

  test('where raw samples have no room any more, alarms and commands still have', () => {
    const handover = new Handover()
    handover.resume(null, { epoch: 'a', last: 0 })
    handover.add(events(1, PENDING_EVENTS_MAX))
    const alarm = event(2, { code: EVENT.alarmOn })
    expect(handover.add([event(1), alarm, event(3)])).toEqual([alarm])
    handover.recorded(PENDING_EVENTS_MAX + 1)
    const told = handover.add([event(4)])
    expect(told.filter(({ code }) => code === EVENT.logGap).map(({ parameter }) => parameter)).toEqual([1, 1])
  })

  test('alarms have a limit too', () => {
    const handover = new Handover()
    handover.add(events(1, PENDING_EVENTS_MAX))
    const alarms = Array.from({ length: PENDING_KEPT_MAX - PENDING_EVENTS_MAX }, (_, n) =>
      event(n, { code: EVENT.alarmOn }),
    )
    expect(handover.add(alarms)).toHaveLength(alarms.length)
    expect(handover.add([event(1, { code: EVENT.alarmOn })])).toEqual([])
  })
})
