/** One run of streets under one way of control, with what is done to it, and the figures that the bars are held against. */
import type { DetectorId, IntersectionId } from '#base/id.ts'
import type { SiteConfig } from '#config/site.ts'
import type { DeviceProfile } from '#devices/profile/schema.ts'
import { CITY_STEP_MS, type City } from '#sim/city.ts'
import type { CityStreets } from '#sim/city-streets.ts'
import { closeLoop } from '#sim/closed-loop/close-loop.ts'
import { cityFaults } from '#sim/faults/city-faults.ts'
import { RunMeasures } from '#sim/traffic/measures/run-measures.ts'
import type { RunReport } from '#sim/traffic/measures/run-report.ts'
import { Liar, type Attack } from './attack.ts'
import type { Failure } from './failures.ts'
import { StopWaits, type StopWait } from './stop-waits.ts'
import type { Conditions } from './ways.ts'

export interface LiveStart extends Pick<Conditions, 'strategies' | 'neighbours' | 'failures'> {
  readonly site: SiteConfig
  readonly profiles: ReadonlyMap<string, DeviceProfile>
  readonly seed: number
  readonly epochMs: number
  /** With a scenario of their own; those of a plain day unless given. */
  readonly streets?: CityStreets
  /** Before it nothing is measured, and nothing is broken. */
  readonly warmUpMs: number
  readonly measuredMs: number
  /** null = nobody lies. */
  readonly attack: PlacedAttack | null
}

export interface PlacedAttack {
  readonly place: IntersectionId
  readonly attack: Attack
}

export interface Lived {
  readonly report: RunReport
  readonly longestWait: StopWait
}

export function liveThrough(start: LiveStart): Lived {
  const { failures, attack, warmUpMs, measuredMs, ...loopStart } = start
  const loop = closeLoop(loopStart)
  const { city } = loop
  const desk = cityFaults({ city, profiles: start.profiles, broker: null, onReport: () => {} })
  const lie = attack === null ? () => {} : liarIn(city, attack)
  const measures = new RunMeasures(city.traffic, warmUpMs)
  const waits = new StopWaits(
    city.traffic,
    start.site.intersections.map(({ database }) => database.intersection),
  )
  for (let ms = 0; ms < warmUpMs + measuredMs; ms += CITY_STEP_MS) {
    if (ms === warmUpMs) for (const failure of failures) fail(desk, failure)
    desk.step(CITY_STEP_MS)
    if (ms >= warmUpMs) lie(ms)
    loop.step()
    measures.observe()
    if (ms >= warmUpMs) waits.observe()
  }
  return { report: measures.report(), longestWait: waits.longest }
}

function fail(desk: ReturnType<typeof cityFaults>, { place, detector, kind }: Failure): void {
  const planted = desk.plant({ fault: kind, place, words: [String(detector)], forMs: null }, 'script')
  if (!planted.ok) throw new Error(`${kind} at ${place}: ${planted.fault}`)
}

/** Writes over what the street gave, before the cabinet reads it: cabinet and edge see one thing. */
function liarIn({ junctions }: City, { place, attack }: PlacedAttack): (nowMs: number) => void {
  const junction = junctions.get(place)
  const detector = junction?.cabinet.config.database.intersection.detectors.find(({ id }) => id === attack.detector)
  if (junction === undefined || detector === undefined)
    throw new Error(`there is no detector ${attack.detector} at ${place}`)
  const { cabinet, street } = junction
  const liar = new Liar(attack, detector)
  const write = (id: DetectorId, vehicles: number) => {
    street.readings.vehicles[id] = vehicles
    street.readings.occupied[id] = Math.min(1, vehicles)
  }
  return (nowMs) => {
    const vehicles = street.readings.vehicles[detector.id] ?? 0
    const says = liar.say(vehicles > 0, { nowMs, greens: cabinet.signal.greens })
    if (says !== vehicles > 0) write(detector.id, Number(says))
  }
}
