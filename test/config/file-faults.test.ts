/** Files that cannot be understood: each fault planted once, told with its exact sentence. */
import { describe, expect, test } from 'vitest'
import { loadEdited, plant } from './planted.ts'

interface Plant {
  readonly code: string
  readonly file: string
  readonly find: string
  readonly write: string
  readonly says: string
}

const PLANTS: readonly Plant[] = [
  {
    code: 'YAML_SYNTAX',
    file: 'plans.yaml',
    find: 'offset_s: 0, splits_s: {',
    write: 'offset_s: 0, splits_s: [',
    says: 'village/plans.yaml line 4, column 82: Flow sequence in block collection must be sufficiently indented and end with a ]. Correct the YAML there.',
  },
  {
    code: 'DUPLICATE_KEY',
    file: 'plans.yaml',
    find: '5: 16, 6: 34',
    write: '5: 16, 5: 34',
    says: 'village/plans.yaml line 4, column 76: this key stands twice. Remove one of the two.',
  },
  {
    code: 'UNKNOWN_KEY',
    file: 'network.yaml',
    find: 'ped_clear_s: 10',
    write: 'ped_clr_s: 10',
    says: 'village/network.yaml intersections.V-1.phases.4.ped_clr_s: unknown key. Did you mean ped_clear_s?',
  },
  {
    code: 'UNKNOWN_KEY',
    file: 'site.yaml',
    find: 'patterns: {',
    write: 'colour: green\npatterns: {',
    says: 'village/site.yaml colour: unknown key. Known: id, name, time_zone, standards, patterns, ladder, detector_watch, edges.',
  },
  {
    code: 'NOT_ALLOWED',
    file: 'site.yaml',
    find: 'patterns: {',
    write: 'ladder: [coordinated, max-pressure]\npatterns: {',
    says: 'village/site.yaml ladder.1: "max-pressure" is not allowed. Did you mean max_pressure?',
  },
  {
    code: 'OUT_OF_RANGE',
    file: 'site.yaml',
    find: 'patterns: {',
    write: 'ladder: [coordinated, coordinated]\npatterns: {',
    says: 'village/site.yaml ladder: a list of 2 must not have duplicate items. Correct it.',
  },
  {
    code: 'OUT_OF_RANGE',
    file: 'site.yaml',
    find: 'patterns: {',
    write: 'ladder: []\npatterns: {',
    says: 'village/site.yaml ladder: a list of 0 must not have fewer than 1 items. Correct it.',
  },
  {
    code: 'UNKNOWN_KEY',
    file: 'schedule.yaml',
    find: '06:30: day',
    write: '6:30: day',
    says: 'village/schedule.yaml day_plans.every_day.entries.6:30: "6:30" is not a time of day such as 06:30. Rename the row.',
  },
  {
    code: 'UNKNOWN_KEY',
    file: 'network.yaml',
    find: '7: { kind: advance',
    write: '65: { kind: advance',
    says: 'village/network.yaml intersections.V-1.detectors.65: "65" is not a number from 1 to 64. Rename the row.',
  },
  {
    code: 'MISSING_KEY',
    file: 'plans.yaml',
    find: 'offset_s: 0, ',
    write: '',
    says: 'village/plans.yaml day.V-1: offset_s is missing. Add it.',
  },
  {
    code: 'WRONG_TYPE',
    file: 'plans.yaml',
    find: 'cycle_s: 80',
    write: 'cycle_s: eighty',
    says: 'village/plans.yaml day.V-1.cycle_s: "eighty" is not a number. Write one.',
  },
  {
    code: 'NOT_ALLOWED',
    file: 'network.yaml',
    find: 'name: { fa: جنوب, en: South }, recall: minimum',
    write: 'name: { fa: جنوب, en: South }, recall: minimun',
    says: 'village/network.yaml intersections.V-1.phases.6.recall: "minimun" is not allowed. Did you mean minimum?',
  },
  {
    code: 'NOT_ALLOWED',
    file: 'network.yaml',
    find: 'head: phase 2 }',
    write: 'head: fase 2 }',
    says: 'village/network.yaml intersections.V-1.approaches.N.lanes.1.head: "fase 2" is not `phase` or `overlap` and its number, such as `phase 2`. Correct it.',
  },
  {
    code: 'OUT_OF_RANGE',
    file: 'devices.yaml',
    find: 'port: 1502, unit: 2',
    write: 'port: 70000, unit: 2',
    says: 'village/devices.yaml V-1.loops.port: 70000 must be <= 65535. Correct it.',
  },
  {
    code: 'OUT_OF_RANGE',
    file: 'site.yaml',
    find: 'intersections: [V-1]',
    write: 'intersections: []',
    says: 'village/site.yaml edges.0.intersections: a list of 0 must not have fewer than 1 items. Correct it.',
  },
]

describe('a file that cannot be understood is refused in one sentence', () => {
  test.each(PLANTS)('$code in $file: "$write"', async ({ code, file, find, write, says }) => {
    const loaded = await loadEdited(file, plant(find, write))
    expect(loaded.ok ? [] : loaded.fault.map((fault) => [fault.code, fault.message])).toEqual([[code, says]])
  })

  test('a file that is missing is named with its remedy', async () => {
    const loaded = await loadEdited('schedule.yaml', () => null)
    expect(loaded.ok ? [] : loaded.fault).toEqual([
      {
        code: 'FILE_UNREADABLE',
        file: 'village/schedule.yaml',
        path: '',
        message: 'village/schedule.yaml: the file is missing. Create it, or name another directory.',
      },
    ])
  })

  test('an alias that names nothing is refused without a crash', async () => {
    const loaded = await loadEdited('network.yaml', plant('1: { <<: *stop_bar,', '1: { <<: *stop_baa,'))
    expect(loaded.ok ? [] : loaded.fault.map(({ message }) => message)).toEqual([
      'village/network.yaml line 51, column 16: no anchor &stop_baa stands above this alias. Did you mean stop_bar?',
    ])
  })

  test('aliases that multiply without end are refused, not expanded', async () => {
    const bomb = ['a: &a [x, x, x, x, x, x, x, x, x, x]']
    for (const [name, of] of ['ba', 'cb', 'dc', 'ed', 'fe', 'gf'].entries())
      bomb.push(`${of[0]}${name}: &${of[0]} [${Array.from({ length: 10 }, () => `*${of[1]}`).join(', ')}]`)
    const loaded = await loadEdited('site.yaml', () => bomb.join('\n'))
    expect(loaded.ok ? [] : loaded.fault.map(({ code }) => code)).toEqual(['YAML_SYNTAX'])
  })

  test('faults of several files, and many faults of one, come all at once', async () => {
    const many = await loadEdited('plans.yaml', (text) => text.replaceAll('_s:', '_z:'))
    expect(many.ok ? 0 : many.fault.length).toBe(12)
  })

  test('an empty file is one that lacks all its keys', async () => {
    const loaded = await loadEdited('site.yaml', () => '')
    expect(loaded.ok ? [] : loaded.fault.map(({ code, message }) => `${code} ${message}`)).toEqual(
      ['id', 'name', 'time_zone', 'standards', 'patterns', 'edges'].map(
        (key) => `MISSING_KEY village/site.yaml: ${key} is missing. Add it.`,
      ),
    )
  })
})
