/** The closed loop is the scan cycle without its wires: the same decisions, the same events, the same lamps, at any speed. */
import { afterEach, beforeAll, describe, expect, test, vi } from 'vitest'
import type { SiteConfig } from '#config/site.ts'
import type { DeviceProfile } from '#devices/profile/schema.ts'
import type { ObservedEvent } from '#edge/telemetry/port.ts'
import { CITY_STEP_MS, type City } from '#sim/city.ts'
import { closeLoop } from '#sim/closed-loop/close-loop.ts'
import { telemetrySink } from '#sim/closed-loop/telemetry-sink.ts'
import { detectorId } from '#base/id.ts'
import { loadHamadan, loadProfiles, MORNING_EPOCH_MS } from '#test/sim/hamadan.ts'
import { superviseCity } from '#test/support/supervised-city.ts'
import { testTelemetry } from '#test/support/test-telemetry.ts'

const MINUTE_MS = 60_000
const STREET_MS = (process.env['NIGHTLY'] ? 120 : 4) * MINUTE_MS
/** Registers and promises take a tenth of the street's time where the machine is free. */
const TIME_OUT_MS = 2 * STREET_MS

let site: SiteConfig
let profiles: ReadonlyMap<string, DeviceProfile>
beforeAll(async () => {
  site = await loadHamadan()
  profiles = await loadProfiles()
})

afterEach(() => vi.restoreAllMocks())

const start = (seed = 1) => ({ site, profiles, seed, epochMs: MORNING_EPOCH_MS })

/** What goes wrong in the street meanwhile, by the time at which it does. */
const MISHAPS: Readonly<Record<number, (cabinets: readonly Cabinet[]) => void>> = {
  50_000: ([first, second]) => {
    if (first) first.power.mains = false
    second?.loopFaults.plant(detectorId(1), 'openLoop')
  },
  70_000: ([first, , third]) => {
    if (first) first.power.mains = true
    if (third) third.panels.policeFlash = true
  },
  90_000: ([, second, third, fourth]) => {
    second?.loopFaults.mend(detectorId(1))
    if (third) third.panels.policeFlash = false
    if (fourth) fourth.breakIns.preempts = 1
  },
  110_000: ([, , , fourth]) => {
    if (fourth) fourth.breakIns.preempts = 0
  },
}

type Cabinet = ReturnType<typeof cabinetsOf>[number]

const cabinetsOf = ({ junctions }: City) => [...junctions.values()].map(({ cabinet }) => cabinet)

/** One line of the street's diary: every lamp, and who decides at each cabinet. */
const diary = (city: City): string =>
  cabinetsOf(city)
    .map(({ signal, unit }) =>
      [signal.channelReds, signal.channelYellows, signal.channelGreens, unit.controlStatus, unit.leaseSequence].join(),
    )
    .join(' ')

function suffer(city: City, ms: number): void {
  MISHAPS[ms]?.(cabinetsOf(city))
}

test(
  'over values as over registers, every lamp, lease, command and event of the city is the same, also where power, loops and people fail',
  async () => {
    const telemetry = testTelemetry()
    const loop = closeLoop({ ...start(), telemetry })
    const registers = superviseCity(start())
    for (let ms = 0; ms < STREET_MS; ms += CITY_STEP_MS) {
      for (const { city } of [loop, registers]) suffer(city, ms)
      loop.step()
      await registers.live(CITY_STEP_MS)
      if (diary(loop.city) !== diary(registers.city))
        expect([ms, diary(loop.city)]).toEqual([ms, diary(registers.city)])
    }
    expect(telemetry.events.length).toBeGreaterThan(STREET_MS / 100)
    expect(telemetry.events).toEqual(registers.telemetry.events)
    expect(telemetry.states).toEqual(registers.telemetry.states)
  },
  TIME_OUT_MS,
)

/** A run of its own: its diary and its events. */
function lived(seed: number, ms = MINUTE_MS) {
  const events: ObservedEvent[] = []
  const lines: string[] = []
  const loop = closeLoop({ ...start(seed), telemetry: telemetrySink({ onEvents: (some) => events.push(...some) }) })
  for (let passed = 0; passed < ms; passed += CITY_STEP_MS) {
    suffer(loop.city, passed)
    loop.step()
    lines.push(diary(loop.city))
  }
  return { events, lines }
}

describe('a run', () => {
  test('is the same for the same seed, and another for another', () => {
    const first = lived(7)
    expect(lived(7)).toEqual(first)
    expect(lived(8).lines).not.toEqual(first.lines)
  })

  test('asks no clock, timer or die of the machine: how fast that is decides nothing', () => {
    const asked = () => {
      throw new Error('the machine was asked')
    }
    vi.spyOn(Date, 'now').mockImplementation(asked)
    vi.spyOn(performance, 'now').mockImplementation(asked)
    vi.spyOn(Math, 'random').mockImplementation(asked)
    vi.spyOn(globalThis, 'setTimeout').mockImplementation(asked)
    expect(lived(7).events.length).toBeGreaterThan(0)
  })

  test('decides the same whether or not anybody reads the states of its intersections', () => {
    const telemetry = testTelemetry()
    const loop = closeLoop({ ...start(7), telemetry })
    for (let ms = 0; ms < MINUTE_MS; ms += CITY_STEP_MS) {
      suffer(loop.city, ms)
      loop.step()
    }
    expect(telemetry.states.length).toBeGreaterThan(0)
    expect(lived(7).events).toEqual(telemetry.events)
  })
})
