/** Files that contradict each other, the street or the standards: each fault planted once, told with its exact sentence. */
import { describe, expect, test } from 'vitest'
import { CONFIG_FAULT_CODES } from '#config/config-fault.ts'
import { HAMADAN, loadCopy, loadEdited, plant } from './planted.ts'

/** Code, file, what stands there, what is planted, what is said. */
const PLANTS: readonly (readonly [code: string, file: string, find: string, write: string, says: string])[] = [
  [
    'EDGE_TWICE',
    'site.yaml',
    '  - id: village-1\n    intersections: [V-1]',
    '  - { id: village-1, intersections: [V-1] }\n  - { id: village-1, intersections: [V-2] }',
    'village/site.yaml edges.1.id: village-1 is the name of two edges. Rename one.',
  ],
  [
    'INTERSECTION_UNKNOWN',
    'site.yaml',
    'intersections: [V-1]',
    'intersections: [V-1, V-2]',
    'village/site.yaml edges.0.intersections: network.yaml has no intersection V-2. Did you mean V-1?',
  ],
  [
    'INTERSECTION_UNKNOWN',
    'network.yaml',
    'bearing_deg: 0, speed_kph: 50, length_m: 200',
    'bearing_deg: 0, speed_kph: 50, length_m: 200, upstream: { intersection: V-9, distance_m: 500 }',
    'village/network.yaml intersections.V-1.approaches.N.from.upstream.intersection: network.yaml has no intersection V-9. Did you mean V-1?',
  ],
  [
    'INTERSECTION_ON_TWO_EDGES',
    'site.yaml',
    'intersections: [V-1]',
    'intersections: [V-1]\n  - id: village-2\n    intersections: [V-1]',
    'village/site.yaml edges.1.intersections: V-1 is already served by village-1. Leave it on one edge, once.',
  ],
  [
    'PLAN_WITHOUT_NUMBER',
    'plans.yaml',
    'market:',
    'markt:',
    'village/plans.yaml markt: site.yaml gives this plan no number under patterns. Did you mean market?',
  ],
  [
    'PLAN_UNKNOWN',
    'demand.yaml',
    'vehicles_per_hour: { day: 150, market: 250 }',
    'vehicles_per_hour: { dy: 150, market: 250 }',
    'village/demand.yaml V-1.E.vehicles_per_hour.dy: site.yaml has no plan dy. Did you mean day?',
  ],
  [
    'CONTROLLER_MISSING',
    'devices.yaml',
    '  controller:',
    '  controler:',
    'village/devices.yaml V-1: the cabinet has no device named controller. Add one.',
  ],
  [
    'PROFILE_UNKNOWN',
    'devices.yaml',
    'profile: a-loop-card',
    'profile: a-lop-card',
    'village/devices.yaml V-1.loops.profile: there is no profile a-lop-card. Did you mean a-loop-card?',
  ],
  [
    'ADDRESS_TWICE',
    'devices.yaml',
    'port: 1502, unit: 2',
    'port: 1502, unit: 1',
    'village/devices.yaml V-1.loops: 127.0.0.1:1502 unit 1 is the address of V-1.controller too. Change one of the two.',
  ],
  [
    'DEVICE_UNKNOWN',
    'network.yaml',
    'device: loops',
    'device: loop',
    'village/network.yaml intersections.V-1.detectors.7.device: devices.yaml has no loop at V-1. Did you mean loops?',
  ],
  [
    'UPSTREAM_ITSELF',
    'network.yaml',
    'bearing_deg: 0, speed_kph: 50, length_m: 200',
    'bearing_deg: 0, speed_kph: 50, length_m: 200, upstream: { intersection: V-1, distance_m: 500 }',
    'village/network.yaml intersections.V-1.approaches.N.from.upstream: V-1 cannot feed itself. Name its neighbour.',
  ],
  [
    'POCKET_TOO_LONG',
    'network.yaml',
    'head: phase 5, pocket_m: 50',
    'head: phase 5, pocket_m: 250',
    'village/network.yaml intersections.V-1.approaches.N.lanes.2.pocket_m: 250 is longer than the approach, 200 m. Shorten it, or leave it out for a full lane.',
  ],
  [
    'DETECTOR_BEYOND_LANE',
    'network.yaml',
    'setback_m: 50, length_m: 2',
    'setback_m: 199, length_m: 2',
    'village/network.yaml intersections.V-1.detectors.7: setback_m 199 + length_m 2 = 201 m is past the end of lane S1, 200 m. Move the detector down, or name another lane.',
  ],
  [
    'PHASE_NEVER_CALLED',
    'network.yaml',
    'lanes: [E1], phase: 4',
    'lanes: [E1], phase: 4, device: loops',
    'village/network.yaml intersections.V-1.phases.4.recall: phase 4 has no detector on the controller that calls it and no recall: without supervision its vehicles would wait for ever. Set recall: minimum, or wire a detector to the controller.',
  ],
  [
    'CLEARING_LENGTH_MISSING',
    'network.yaml',
    ', clears_m: 24 }',
    ' }',
    'village/network.yaml intersections.V-1.phases.2: clears_m is missing, so the red clearance cannot be checked. Measure from the stop line to past the last conflict.',
  ],
  [
    'YELLOW_TOO_SHORT',
    'network.yaml',
    'name: { fa: جنوب, en: South }, recall: minimum',
    'name: { fa: جنوب, en: South }, recall: minimum, yellow_s: 3.3',
    'village/network.yaml intersections.V-1.phases.6.yellow_s: 3.3 is below 3.4 (1 s + v / (2 x 3 m/s2) at 50 km/h, at least 3 s). Raise it to 3.4.',
  ],
  [
    'RED_CLEARANCE_TOO_SHORT',
    'network.yaml',
    'red_clear_s: 3.4',
    'red_clear_s: 3.3',
    'village/network.yaml intersections.V-1.phases.4.red_clear_s: 3.3 is below 3.4 ((24 m + 6 m) at 32 km/h). Raise it to 3.4.',
  ],
  [
    'PED_CLEARANCE_TOO_SHORT',
    'network.yaml',
    'crosswalk: { length_m: 12,',
    'crosswalk: { length_m: 12.1,',
    'village/network.yaml intersections.V-1.phases.4.ped_clear_s: 10 is below 10.1 (12.1 m at 1.2 m/s). Raise it to 10.1.',
  ],
  [
    'APPROACH_UNKNOWN',
    'demand.yaml',
    'pedestrians_per_hour: 20\n',
    'pedestrians_per_hour: 20\n  NE: { turns: { left: 0, through: 1, right: 0 }, pedestrians_per_hour: 0 }\n',
    'village/demand.yaml V-1.NE: V-1 has no approach NE. Did you mean N?',
  ],
  [
    'TURN_SHARES_NOT_WHOLE',
    'demand.yaml',
    'turns: { left: 0.2, through: 0.6, right: 0.2 }',
    'turns: { left: 0.2, through: 0.6, right: 0.3 }',
    'village/demand.yaml V-1.N.turns: 0.2+0.6+0.3 = 1.1 is not 1. Change a share.',
  ],
  [
    'TURN_WITHOUT_LANE',
    'demand.yaml',
    'turns: { left: 0.5, through: 0, right: 0.5 }',
    'turns: { left: 0.5, through: 0.1, right: 0.4 }',
    'village/demand.yaml V-1.E.turns.through: 0.1 turn where network.yaml has no lane for through. Set it to 0, or add the turn to a lane.',
  ],
]

describe('files that do not fit together are refused with place, rule and remedy', () => {
  test.each(PLANTS)('%s in %s', async (...[code, file, find, write, says]) => {
    const loaded = await loadEdited(file, plant(find, write))
    expect(loaded.ok ? [] : loaded.fault.map((fault) => [fault.code, fault.message])).toContainEqual([code, says])
  })

  test('an approach without demand is named', async () => {
    const loaded = await loadEdited('demand.yaml', (text) => text.slice(0, text.indexOf('  E:')))
    expect(loaded.ok ? [] : loaded.fault.map(({ message }) => message)).toEqual([
      'village/demand.yaml V-1.E: the approach has no demand. Add a row.',
    ])
  })

  test('faults of different files are told together', async () => {
    const loaded = await loadEdited('network.yaml', (text) =>
      text
        .replace('setback_m: 50', 'setback_m: 250')
        .replace('length_m: 12,', 'length_m: 30,')
        .replace('loops', 'lops'),
    )
    expect(loaded.ok ? [] : loaded.fault.map(({ code }) => code)).toEqual([
      'DEVICE_UNKNOWN',
      'DETECTOR_BEYOND_LANE',
      'PED_CLEARANCE_TOO_SHORT',
    ])
  })
})

test('a limit is refused one step below it and accepted on it', async () => {
  const load = (yellow_s: number) =>
    loadEdited(
      'network.yaml',
      plant(
        'name: { fa: شمال, en: North }, recall: minimum',
        `name: { fa: شمال, en: North }, recall: minimum, yellow_s: ${yellow_s}`,
      ),
    )
  expect((await load(3.3)).ok).toBe(false)
  expect((await load(3.4)).ok).toBe(true)
})

describe('neighbours that do not fit are refused', () => {
  const bothWays = 'upstream: { intersection: IX-08, distance_m: 570 }'
  const told = async (edits: Parameters<typeof loadCopy>[1]) => {
    const loaded = await loadCopy(HAMADAN, edits)
    return loaded.ok ? [] : loaded.fault.map(({ code, message }) => `${code} ${message}`)
  }

  test('an intersection that no edge serves is named', async () => {
    expect(await told({ 'site.yaml': plant('IX-11, IX-12]', 'IX-11]') })).toEqual([
      'INTERSECTION_WITHOUT_EDGE village/site.yaml edges: no edge serves IX-12. Add it to one.',
    ])
  })

  test('a road shorter than the straight line between its ends is refused', async () => {
    expect(await told({ 'network.yaml': plant(bothWays, bothWays.replace('570', '400')) })).toEqual([
      'UPSTREAM_TOO_NEAR village/network.yaml intersections.IX-07.approaches.N.from.upstream: distance_m 400 is less than the 567 m between the two positions. Correct one of them.',
    ])
  })

  test('an approach longer than the road to its neighbour is refused', async () => {
    expect(await told({ 'network.yaml': plant(`length_m: 200, ${bothWays}`, `length_m: 600, ${bothWays}`) })).toEqual([
      'APPROACH_TOO_LONG village/network.yaml intersections.IX-07.approaches.N.from.length_m: 600 reaches past the intersection upstream, 570 m away. Shorten it to 570 or less.',
    ])
  })
})

test('every code of the loader is planted in these tests', () => {
  const planted: ReadonlySet<string> = new Set([
    ...PLANTS.map(([code]) => code),
    // Planted by more than one line, above.
    'DEMAND_MISSING',
    'INTERSECTION_WITHOUT_EDGE',
    'UPSTREAM_TOO_NEAR',
    'APPROACH_TOO_LONG',
    // Planted in date-faults.test.ts.
    'DATE_ROW_UNCLEAR',
    // Planted in the tests of scripts of faults.
    'FAULT_MOMENT_UNCLEAR',
    'FAULT_UNKNOWN',
    'FAULT_NOT_THERE',
    // Planted in scenario-faults.test.ts.
    ...CONFIG_FAULT_CODES.slice(CONFIG_FAULT_CODES.indexOf('SCENARIO_UNKNOWN')),
    // Planted in adaptive-faults.test.ts.
    ...CONFIG_FAULT_CODES.filter((code) => code.startsWith('ADAPTIVE_')),
    // Planted in file-faults.test.ts.
    ...CONFIG_FAULT_CODES.slice(0, CONFIG_FAULT_CODES.indexOf('EDGE_TWICE')),
  ])
  expect(CONFIG_FAULT_CODES.filter((code) => !planted.has(code))).toEqual([])
})
