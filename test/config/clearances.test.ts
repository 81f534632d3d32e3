/** Yellow, red clearance and pedestrian clearance against the standards of a city, with grades and with its own word on shortfalls. */
import { describe, expect, test } from 'vitest'
import { loadCopy, ONE_CROSSING, plant, type Edit } from './planted.ts'

/** Phase 6 comes from the south at 50 km/h; level ground needs 3.4 s. */
const south = (gradePct: number, yellow_s: number): Edit => {
  const speed = 'bearing_deg: 180, speed_kph: 50, length_m: 200'
  const name = 'name: { fa: جنوب, en: South }, recall: minimum'
  return (text) => plant(speed, `${speed}, grade_pct: ${gradePct}`)(plant(name, `${name}, yellow_s: ${yellow_s}`)(text))
}

const messages = async (network: Edit) => {
  const loaded = await loadCopy(ONE_CROSSING, { 'network.yaml': network })
  return loaded.ok ? [] : loaded.fault.map(({ message }) => message).filter((text) => text.includes('phases.6.'))
}

const said = (yellow_s: number, needed_s: number, grade: number) =>
  `${yellow_s} is below ${needed_s} (1 s + v / (2 x 3 m/s2 + 2 x 9.81 m/s2 x ${grade} %) at 50 km/h, at least 3 s). Raise it to ${needed_s}.`

describe('a driver who comes downhill brakes longer, so that yellow is longer there', () => {
  test.each([
    [-6, 3.9, 3.8],
    [-3, 3.6, 3.5],
    [6, 3, 2.9],
    [4, 3.1, 3],
  ])('at a grade of %s %% %s s are enough and %s s are not', async (gradePct, enough_s, short_s) => {
    expect(await messages(south(gradePct, enough_s))).toEqual([])
    expect(await messages(south(gradePct, short_s))).toContainEqual(
      expect.stringContaining(said(short_s, enough_s, gradePct)),
    )
  })
})

const SHORT: Edit = (text) =>
  text
    .replace('recall: minimum }', 'recall: minimum, yellow_s: 3.3 }')
    .replace('red_clear_s: 3.4', 'red_clear_s: 3.3')
    .replace('length_m: 12,', 'length_m: 12.1,')

const withWord = (shortfalls: string) =>
  loadCopy(ONE_CROSSING, {
    'network.yaml': SHORT,
    'site.yaml': plant('yellow_min_s: 3.0', `yellow_min_s: 3.0\n  shortfalls: ${shortfalls}`),
  })

describe('a city decides whether timing that falls short is refused', () => {
  test('without a word all shortfalls are refused', async () => {
    const loaded = await withWord('{}')
    expect(loaded.ok ? [] : loaded.fault.map(({ code }) => code)).toEqual([
      'YELLOW_TOO_SHORT',
      'RED_CLEARANCE_TOO_SHORT',
      'PED_CLEARANCE_TOO_SHORT',
    ])
  })

  test('what it only wants to be warned of goes with the site', async () => {
    const loaded = await withWord('{ yellow: warn, red_clearance: warn, ped_clearance: warn }')
    expect(loaded.ok ? loaded.value.warnings.map(({ code }) => code) : loaded.fault).toEqual([
      'YELLOW_TOO_SHORT',
      'RED_CLEARANCE_TOO_SHORT',
      'PED_CLEARANCE_TOO_SHORT',
    ])
  })

  test('each of the three has its own word', async () => {
    const loaded = await withWord('{ yellow: refuse, ped_clearance: warn }')
    expect(loaded.ok ? [] : loaded.fault.map(({ code }) => code)).toEqual([
      'YELLOW_TOO_SHORT',
      'RED_CLEARANCE_TOO_SHORT',
    ])
  })

  test('a site without shortfalls has no warnings', async () => {
    const loaded = await loadCopy(ONE_CROSSING, {})
    expect(loaded.ok && loaded.value.warnings).toEqual([])
  })
})
