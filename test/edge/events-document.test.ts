/** The document of our event codes and the lists that the code numbers them by are the same. */
import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { FIELD_ALARMS } from '#contract/field-alarms.ts'
import { REASON_CODES, RUNG_NUMBERS } from '#control/strategy.ts'
import { REFUSAL_NUMBERS } from '#safety/envelope.ts'
import { ALARMS } from '#signal/alarms.ts'
import { EVENT } from '#signal/events.ts'
import { alarmNumber, CABINET_ALARMS } from '#sim/cabinet/alarms.ts'
import { checkNumber, MONITOR_CHECKS } from '#sim/cabinet/conflict-monitor/trip.ts'

const document = readFileSync(new URL('../../docs/events.md', import.meta.url), 'utf8')

/** The paragraph that begins with the title: its names by their numbers, as in "1 `NAME`". */
function numbered(title: string): Record<string, number> {
  const paragraph = document.split('\n\n').find((each) => each.startsWith(title)) ?? ''
  return Object.fromEntries(
    [...paragraph.matchAll(/(\d+)\s`(\w+)`/g)].map(([, number, name]) => [name, Number(number)]),
  )
}

test('every reason has its number in the document', () => {
  expect(numbered('Reasons')).toEqual(Object.fromEntries(REASON_CODES.map((code, i) => [code, i + 1])))
})

test('every refusal has its number in the document', () => {
  expect(numbered('Refusals')).toEqual(REFUSAL_NUMBERS)
})

test('every alarm of the field has its number in the document', () => {
  expect(numbered('Field alarms')).toEqual(Object.fromEntries(FIELD_ALARMS.map((alarm, i) => [alarm, i + 1])))
})

test('every rung has its number in the document', () => {
  expect(numbered('Rungs')).toEqual(RUNG_NUMBERS)
})

test('every alarm has its number in the document, and the virtual cabinet gives the same', () => {
  const documented = { ...numbered('Checks:'), ...numbered("Beside the monitor's checks") }
  expect(documented).toEqual(ALARMS)
  const ofCabinet = CABINET_ALARMS.map((alarm) => [alarm, alarmNumber(alarm)])
  const ofMonitor = MONITOR_CHECKS.map((check) => [check, checkNumber(check)])
  expect(Object.fromEntries([...ofMonitor, ...ofCabinet])).toEqual(ALARMS)
})

test('every code of our own is documented', () => {
  const documented = [...document.matchAll(/^\| (\d{3}) +\|/gm)].map(([, code]) => Number(code))
  expect(documented.filter((code) => code >= 256)).toEqual(Object.values(EVENT).filter((code) => code >= 256))
})
