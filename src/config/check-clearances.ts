/** Checks yellow, red clearance and pedestrian clearance of every phase against the standards of the site. */
import type { Junction } from './build-site.ts'
import type { ConfigFault } from './config-fault.ts'
import { numberedRows } from './fields.ts'
import { lanesOfPhase } from './movements.ts'
import type { PhaseRow } from './network-file.ts'
import type { Standards } from './site-file.ts'
import type { SiteFiles } from './site-files.ts'
import { phaseId } from '#base/id.ts'

export function checkClearances(junction: Junction, files: SiteFiles): ConfigFault[] {
  return numberedRows(junction.row.phases).flatMap(([number, row]) => {
    const phase = { number, row, junction }
    return [...checkChange(phase, files), ...checkPedestrians(phase, files)]
  })
}

interface PlacedPhase {
  readonly number: number
  readonly row: PhaseRow
  readonly junction: Junction
}

/**
 * The kinematic change interval (ITE, "Guidelines for Determining Traffic Signal Change and Clearance Intervals", 2020):
 * yellow = t + v / 2a, red clearance = (w + l) / v. Grades are taken as level.
 */
function checkChange({ number, row, junction }: PlacedPhase, { site, at }: SiteFiles): ConfigFault[] {
  const lanes = lanesOfPhase(junction.database.intersection, phaseId(number))
  if (lanes.length === 0) return [] // No vehicle looks at it.
  const path = ['intersections', junction.id, 'phases', number]
  const { reaction_s, deceleration_mps2, yellow_min_s, vehicle_length_m } = site.standards
  const kph = Math.max(...lanes.map(({ approach }) => approach.speedKph))
  const yellow_s = Math.max(yellow_min_s, upToTenths(reaction_s + metresPerSecond(kph) / (2 * deceleration_mps2)))
  const faults: ConfigFault[] = []
  if (row.yellow_s < yellow_s) {
    const formula = `${reaction_s} s + v / (2 x ${deceleration_mps2} m/s2) at ${kph} km/h, at least ${yellow_min_s} s`
    const says = `${row.yellow_s} is below ${yellow_s} (${formula}). Raise it to ${yellow_s}.`
    faults.push(at.network('YELLOW_TOO_SHORT', [...path, 'yellow_s'], says))
  }
  if (row.clears_m === undefined) {
    const says =
      'clears_m is missing, so the red clearance cannot be checked. Measure from the stop line to past the last conflict.'
    return [...faults, at.network('CLEARING_LENGTH_MISSING', path, says)]
  }
  const turnsOnly = lanes.every(({ lane }) => !lane.turns.includes('through'))
  const clearingKph = turnsOnly ? Math.min(kph, site.standards.turning_speed_kph) : kph
  const redClear_s = upToTenths((row.clears_m + vehicle_length_m) / metresPerSecond(clearingKph))
  if (row.red_clear_s < redClear_s) {
    const formula = `(${row.clears_m} m + ${vehicle_length_m} m) at ${clearingKph} km/h`
    const says = `${row.red_clear_s} is below ${redClear_s} (${formula}). Raise it to ${redClear_s}.`
    faults.push(at.network('RED_CLEARANCE_TOO_SHORT', [...path, 'red_clear_s'], says))
  }
  return faults
}

/** Whoever steps off at the last moment of walk reaches the other kerb (MUTCD 4I.06: crossing length over walking speed). */
function checkPedestrians({ number, row, junction }: PlacedPhase, { site, at }: SiteFiles): ConfigFault[] {
  const lengths = Object.values(junction.row.approaches).flatMap(({ crosswalk }) =>
    crosswalk?.phase === number ? [crosswalk.length_m] : [],
  )
  const length_m = Math.max(0, ...lengths)
  const needed_s = crossingTime(length_m, site.standards)
  const given_s = row.ped_clear_s ?? 0
  if (given_s >= needed_s) return []
  const says = `${given_s} is below ${needed_s} (${length_m} m at ${site.standards.walking_speed_mps} m/s). Raise it to ${needed_s}.`
  return [at.network('PED_CLEARANCE_TOO_SHORT', ['intersections', junction.id, 'phases', number, 'ped_clear_s'], says)]
}

const crossingTime = (length_m: number, standards: Standards): number =>
  upToTenths(length_m / standards.walking_speed_mps)

const metresPerSecond = (kph: number): number => kph / 3.6

/** Rounded up to 0.1 s, the step of controllers; the hair taken off is an error of the floating point, no time. */
const upToTenths = (s: number): number => Math.ceil(s * 10 - 1e-9) / 10
