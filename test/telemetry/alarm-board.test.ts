/** The alarms of an edge's own log: they come with a fault, and go when its cause does. */
import { beforeEach, expect, test } from 'vitest'
import type { AlarmChange } from '#contract/edge-words.ts'
import { AlarmBoard, SPOOL_ALARM_MS } from '#edge/telemetry/alarm-board.ts'

const FULL = { code: 'SPOOL_FULL', epoch: 'aa', first: 1, last: 9, lost: 8, kept: 1 } as const
const REFUSED = { code: 'SPOOL_NOT_RECORDED', detail: 'EIO', events: 3 } as const

let board: AlarmBoard
beforeEach(() => (board = new AlarmBoard()))

const at = (monoMs: number) => ({ monoMs, epochMs: 1_790_000_000_000 + monoMs })
const words = (changes: AlarmChange[]): string[] => changes.map(({ on, alarm }) => `${alarm.id} ${on ? 'on' : 'off'}`)
const standing = (): string[] => board.list(0).alarms.map(({ id }) => id)

test('a disk that refuses is an alarm until it takes events again', () => {
  expect(words(board.raise(REFUSED, at(0)))).toEqual(['spoolNotRecorded on'])
  expect(words(board.raise(REFUSED, at(1_000)))).toEqual([])
  expect(standing()).toEqual(['spoolNotRecorded'])
  expect(words(board.recorded(5_000))).toEqual(['spoolNotRecorded off'])
  expect(words(board.recorded(5_050))).toEqual([])
})

test('a full spool is an alarm until nothing was given up for ten minutes', () => {
  board.raise(FULL, at(0))
  expect(words(board.raise(FULL, at(60_000)))).toEqual([])
  expect(words(board.turn(at(60_000 + SPOOL_ALARM_MS - 1)))).toEqual([])
  expect(words(board.turn(at(60_000 + SPOOL_ALARM_MS)))).toEqual(['spoolFull off'])
  expect(standing()).toEqual([])
})

test('what a crash leaves at the end of a file is no alarm', () => {
  expect(board.raise({ code: 'SPOOL_TAIL_CUT', file: 'x', bytes: 7 }, at(0))).toEqual([])
})
