/** Faults of loops and cabinets in a street that is driven through: each raises its own alarm and no other, which ends when it is mended. */
import { beforeAll, describe, expect, test } from 'vitest'
import type { SiteConfig } from '#config/site.ts'
import type { LiveState } from '#contract/messages.ts'
import type { DeviceProfile } from '#devices/profile/schema.ts'
import { ALARMS } from '#signal/alarms.ts'
import { DETECTOR_FAULT } from '#signal/detector.ts'
import { closeLoop } from '#sim/closed-loop/close-loop.ts'
import { telemetrySink } from '#sim/closed-loop/telemetry-sink.ts'
import { faultOf } from '#sim/faults/catalogue.ts'
import { cityFaults } from '#sim/faults/city-faults.ts'
import { readScript } from '#sim/faults/script.ts'
import { loadHamadan, loadProfiles, MORNING_EPOCH_MS } from '#test/sim/hamadan.ts'

const SECOND_MS = 1_000
const STEP_MS = 100
const TIME_OUT_MS = 240_000

let site: SiteConfig
let profiles: ReadonlyMap<string, DeviceProfile>
beforeAll(async () => {
  site = await loadHamadan()
  profiles = await loadProfiles()
})

/** What stands at an intersection, in words: `edge loopsSwapped`, `cabinet doorOpen`, `detector 3 openLoop`. */
function standing({ alarms, fieldAlarms = [], detectors }: LiveState): string[] {
  const names = Object.entries(ALARMS)
  return [
    ...fieldAlarms.map(({ alarm }) => `edge ${alarm}`),
    ...alarms.map((number) => `cabinet ${names.find(([, each]) => each === number)?.[0]}`),
    ...detectors.flatMap(({ id, faults = 0 }) =>
      Object.entries(DETECTOR_FAULT).flatMap(([name, bits]) =>
        (faults & bits) === 0 ? [] : [`detector ${id} ${name}`],
      ),
    ),
  ].toSorted()
}

/** A part of the city in the morning peak, under the edge, with a desk for its faults. */
function startLoop(ids: readonly string[]) {
  const intersections = site.intersections.filter(({ database }) => ids.includes(database.intersection.id))
  const states = new Map<string, LiveState>()
  const ever = new Set<string>()
  const telemetry = telemetrySink({
    onState: (state) => {
      states.set(state.intersection, state)
      for (const each of standing(state)) ever.add(`${state.intersection} ${each}`)
    },
  })
  const loop = closeLoop({ site: { ...site, intersections }, profiles, seed: 3, epochMs: MORNING_EPOCH_MS, telemetry })
  const desk = cityFaults({ city: loop.city, profiles, broker: null, onReport: () => {} })
  const at = (id: string): string[] => {
    const state = states.get(id)
    return state ? standing(state) : []
  }
  const live = (ms: number) => {
    for (let passed = 0; passed < ms; passed += STEP_MS) {
      desk.step(STEP_MS)
      loop.step()
    }
  }
  /** Lives until it is so; the seconds that it took, or null after `limitS`. */
  const until = (isSo: () => boolean, limitS: number): number | null => {
    for (let s = 0; s <= limitS; s++) {
      if (isSo()) return s
      live(SECOND_MS)
    }
    return null
  }
  /** Detectors that no strategy is shown as good, as a fault is told of them. */
  const unbelieved = (id: string): string[] =>
    (states.get(id)?.detectors ?? []).filter(({ quality }) => quality !== 'good').map((each) => String(each.id))
  return { desk, at, live, until, unbelieved, ever: () => [...ever].toSorted() }
}

/** At one intersection each, all at once: what is wrong with one is its own affair. */
const AT_ONCE = [
  ['open-loop', 'IX-03', '2', 'detector 2 openLoop'],
  ['shorted-loop', 'IX-02', '2', 'detector 2 shortedLoop'],
  ['chatter', 'IX-09', '2', 'detector 2 erraticCounts'],
  ['lamp-out', 'IX-06', '2', 'cabinet redFailure'],
  ['lamp-lit', 'IX-10', '2', 'cabinet dualIndication'],
  ['door-open', 'IX-05', '', 'cabinet doorOpen'],
  ['mains-lost', 'IX-04', '', 'cabinet mainsLost'],
  ['clock-off', 'IX-08', '', 'edge clockDrift'],
  ['program-hang', 'IX-11', '', 'cabinet watchdog'],
  ['power-cut', 'IX-01', '', 'edge deviceUnreachable'],
  ['second-supervisor', 'IX-12', '', 'edge secondSupervisor'],
] as const

test(
  'each fault raises its alarm within its time, and no other; mended, it is gone',
  () => {
    const loop = startLoop(site.intersections.map(({ database }) => database.intersection.id))
    loop.live(60 * SECOND_MS)
    for (const [fault, place, words] of AT_ONCE)
      expect(loop.desk.plant({ fault, place, words: words === '' ? [] : [words], forMs: null }, 'hand').ok).toBe(true)
    for (const [fault, place, , alarm] of AT_ONCE) {
      const limitS = faultOf(fault)?.within.s ?? 0
      expect([fault, loop.until(() => loop.at(place).includes(alarm), limitS)]).not.toEqual([fault, null])
    }
    for (const [fault, place] of AT_ONCE) expect(loop.desk.mend({ fault, place, words: [] }, 'hand').ok).toBe(true)
    expect(loop.until(() => AT_ONCE.every(([, place]) => loop.at(place).length === 0), 150)).not.toBeNull()
    const told = [
      ...AT_ONCE.map(([, place, , alarm]) => `${place} ${alarm}`),
      // For half a second a controller lives on what its power supply has left, and says so.
      'IX-01 cabinet mainsLost',
      // The edge sees the dark channel too, before the cabinet's own monitor takes the lamps.
      'IX-06 edge missingRed',
    ]
    expect(loop.ever()).toEqual(told.toSorted())
  },
  TIME_OUT_MS,
)

describe('what only traffic shows', () => {
  test.each([
    // IX-03 alone has traffic from the edge of the network in the lanes of these; 2 and 3 are the two loops of one lane.
    ['stuck-on', 'IX-03', ['2'], 'detector 2 maxPresence'],
    ['stuck-off', 'IX-03', ['2'], 'detector 2 noActivity'],
    ['swapped-wires', 'IX-03', ['2', '3'], 'edge loopsSwapped'],
  ] as const)(
    '%s at %s is found within its time, and its end too',
    (fault, place, words, alarm) => {
      const loop = startLoop([place])
      const limitS = faultOf(fault)?.within.s ?? 0
      expect(loop.desk.plant({ fault, place, words, forMs: null }, 'hand')).toMatchObject({ ok: true })
      expect([fault, loop.until(() => loop.at(place).includes(alarm), limitS)]).not.toEqual([fault, null])
      // Nobody decides by them meanwhile.
      expect(loop.unbelieved(place)).toEqual(words)
      expect(loop.desk.mend({ fault, place, words }, 'hand').ok).toBe(true)
      expect(loop.until(() => loop.at(place).length === 0, limitS)).not.toBeNull()
      expect(loop.unbelieved(place)).toEqual([])
      expect(loop.ever()).toEqual([`${place} ${alarm}`])
    },
    TIME_OUT_MS,
  )
})

test(
  'a green that reads lit for good raises displayedConflict and nothing else: lamps and monitor of the cabinet know of none; half an hour after it is mended it is gone',
  () => {
    const loop = startLoop(['IX-02'])
    const order = { fault: 'false-green', place: 'IX-02', words: ['2'] }
    expect(loop.desk.plant({ ...order, forMs: null }, 'hand').ok).toBe(true)
    const seen = () => loop.at('IX-02').includes('edge displayedConflict')
    expect(loop.until(seen, faultOf('false-green')?.within.s ?? 0)).not.toBeNull()
    expect(loop.desk.mend(order, 'hand').ok).toBe(true)
    loop.live(1_500 * SECOND_MS)
    expect(seen()).toBe(true)
    expect(loop.until(() => !seen(), 500)).not.toBeNull()
    expect(loop.ever()).toEqual(['IX-02 edge displayedConflict'])
  },
  TIME_OUT_MS,
)

test(
  'a city in which all is well raises none of them',
  () => {
    const loop = startLoop(site.intersections.map(({ database }) => database.intersection.id))
    loop.live((process.env['NIGHTLY'] ? 8 * 60 : 3) * 60 * SECOND_MS)
    expect(loop.ever()).toEqual([])
  },
  TIME_OUT_MS * (process.env['NIGHTLY'] ? 20 : 1),
)

describe('a script', () => {
  const start = Temporal.Instant.fromEpochMilliseconds(MORNING_EPOCH_MS).toZonedDateTimeISO('Asia/Tehran')

  test('is followed on the clock of the simulation, and mends what it has planted', () => {
    const { desk, live, at } = startLoop(['IX-09'])
    const rows = [{ at: '07:00:20', for_s: 30, fault: 'door-open', intersection: 'IX-09' }]
    const script = readScript({ file: 'faults.yaml', rows }, desk, { start })
    if (!script.ok) throw new Error(JSON.stringify(script.fault))
    desk.follow(script.value)
    live(19 * SECOND_MS)
    expect(at('IX-09')).toEqual([])
    live(3 * SECOND_MS)
    expect(at('IX-09')).toEqual(['cabinet doorOpen'])
    live(31 * SECOND_MS)
    expect(at('IX-09')).toEqual([])
  })

  test.each([
    [{ fault: 'dor-open', intersection: 'IX-09' }, 'FAULT_UNKNOWN', 'Did you mean door-open?'],
    [{ fault: 'door-open', intersection: 'IX-99' }, 'FAULT_NOT_THERE', 'There are: IX-09'],
    [{ fault: 'door-open' }, 'FAULT_NOT_THERE', 'Add its name'],
    [{ fault: 'door-open', intersection: 'IX-09', detector: 2 }, 'FAULT_NOT_THERE', 'takes no detector'],
    [{ fault: 'open-loop', intersection: 'IX-09' }, 'FAULT_NOT_THERE', 'there are 1, 2'],
    [{ fault: 'false-green', intersection: 'IX-09', channel: 32 }, 'FAULT_NOT_THERE', 'there are 2, '],
    [{ fault: 'broker-restart', intersection: 'IX-09' }, 'FAULT_NOT_THERE', 'Remove its name'],
    [{ fault: 'broker-restart' }, 'FAULT_NOT_THERE', 'no broker of its own'],
    [{ fault: 'swapped-wires', intersection: 'IX-09', detectors: [2, 2] }, 'FAULT_NOT_THERE', 'two of its detectors'],
    [{ fault: 'clock-off', intersection: 'IX-09', off_s: 7_200 }, 'FAULT_NOT_THERE', 'from -3600 to 3600'],
  ])('that says %j is refused with %s: %s', (row, code, words) => {
    const { desk } = startLoop(['IX-09'])
    const read = readScript({ file: 'faults.yaml', rows: [{ after_s: 1, ...row }] }, desk, { start })
    expect(read.ok ? [] : read.fault).toMatchObject([
      { code, file: 'faults.yaml', message: expect.stringContaining(words) },
    ])
  })
})
