/** Checks yellow, red clearance and pedestrian clearance of every phase against the standards of the site. */
import { phaseId } from '#base/id.ts'
import type { Junction } from './build-site.ts'
import type { ConfigFault, ConfigFaultCode } from './config-fault.ts'
import { numberedRows } from './fields.ts'
import { lanesOfPhase } from './movements.ts'
import type { PhaseRow } from './network-file.ts'
import type { Standards } from './site-file.ts'
import type { SiteFiles } from './site-files.ts'

export function checkClearances(junction: Junction, files: SiteFiles): ConfigFault[] {
  return numberedRows(junction.row.phases).flatMap(([number, row]) => {
    const phase = { number, row, junction }
    return [...checkYellow(phase, files), ...checkRedClearance(phase, files), ...checkPedestrians(phase, files)]
  })
}

/** The shortfalls that this city wants to be warned of only; all others are refused. */
export function onlyWarned({ shortfalls = {} }: Standards): ConfigFaultCode[] {
  const codes: ConfigFaultCode[] = []
  if (shortfalls.yellow === 'warn') codes.push('YELLOW_TOO_SHORT')
  if (shortfalls.red_clearance === 'warn') codes.push('RED_CLEARANCE_TOO_SHORT')
  if (shortfalls.ped_clearance === 'warn') codes.push('PED_CLEARANCE_TOO_SHORT')
  return codes
}

interface PlacedPhase {
  readonly number: number
  readonly row: PhaseRow
  readonly junction: Junction
}

const GRAVITY_MPS2 = 9.81

const pathOf = ({ number, junction }: PlacedPhase) => ['intersections', junction.id, 'phases', number]

/**
 * The kinematic change interval (ITE, "Guidelines for Determining Traffic Signal Change and Clearance Intervals", 2020):
 * yellow = t + v / (2a + 2gG), where G is the grade, uphill positive: a driver who comes downhill brakes longer. The
 * approach that needs most decides.
 */
function checkYellow(phase: PlacedPhase, { site, at }: SiteFiles): ConfigFault[] {
  const needs = speedsOf(phase).map((speed) => yellowFor(speed, site.standards))
  const most = needs.toSorted((a, b) => b.yellow_s - a.yellow_s)[0]
  if (most === undefined || phase.row.yellow_s >= most.yellow_s) return []
  const { yellow_s, formula } = most
  const says = `${phase.row.yellow_s} is below ${yellow_s} (${formula}). Raise it to ${yellow_s}.`
  return [at.network('YELLOW_TOO_SHORT', [...pathOf(phase), 'yellow_s'], says)]
}

interface Speed {
  readonly kph: number
  readonly gradePct: number
}

/** How fast the vehicles of the phase come, and up or down what grade; none where no vehicle looks at it. */
function speedsOf({ number, junction }: PlacedPhase): Speed[] {
  return lanesOfPhase(junction.database.intersection, phaseId(number)).map(({ approach }) => ({
    kph: approach.speedKph,
    gradePct: junction.row.approaches[approach.id]?.from.grade_pct ?? 0,
  }))
}

function yellowFor({ kph, gradePct }: Speed, { reaction_s, deceleration_mps2, yellow_min_s }: Standards) {
  const brakingMps2 = 2 * deceleration_mps2 + (2 * GRAVITY_MPS2 * gradePct) / 100
  const grade = gradePct === 0 ? '' : ` + 2 x ${GRAVITY_MPS2} m/s2 x ${gradePct} %`
  return {
    yellow_s: Math.max(yellow_min_s, upToTenths(reaction_s + metresPerSecond(kph) / brakingMps2)),
    formula: `${reaction_s} s + v / (2 x ${deceleration_mps2} m/s2${grade}) at ${kph} km/h, at least ${yellow_min_s} s`,
  }
}

/** Red clearance = (w + l) / v (ITE 2020): whoever crosses the stop line at the end of yellow is past the last conflict. */
function checkRedClearance(phase: PlacedPhase, { site, at }: SiteFiles): ConfigFault[] {
  const { row, junction, number } = phase
  const lanes = lanesOfPhase(junction.database.intersection, phaseId(number))
  if (lanes.length === 0) return []
  if (row.clears_m === undefined) {
    const says =
      'clears_m is missing, so the red clearance cannot be checked. Measure from the stop line to past the last conflict.'
    return [at.network('CLEARING_LENGTH_MISSING', pathOf(phase), says)]
  }
  const { vehicle_length_m, turning_speed_kph } = site.standards
  const kph = Math.max(...speedsOf(phase).map((speed) => speed.kph))
  const turnsOnly = lanes.every(({ lane }) => !lane.turns.includes('through'))
  const clearingKph = turnsOnly ? Math.min(kph, turning_speed_kph) : kph
  const redClear_s = upToTenths((row.clears_m + vehicle_length_m) / metresPerSecond(clearingKph))
  if (row.red_clear_s >= redClear_s) return []
  const formula = `(${row.clears_m} m + ${vehicle_length_m} m) at ${clearingKph} km/h`
  const says = `${row.red_clear_s} is below ${redClear_s} (${formula}). Raise it to ${redClear_s}.`
  return [at.network('RED_CLEARANCE_TOO_SHORT', [...pathOf(phase), 'red_clear_s'], says)]
}

/** Whoever steps off at the last moment of walk reaches the other kerb (MUTCD 4I.06: crossing length over walking speed). */
function checkPedestrians(phase: PlacedPhase, { site, at }: SiteFiles): ConfigFault[] {
  const { number, row, junction } = phase
  const lengths = Object.values(junction.row.approaches).flatMap(({ crosswalk }) =>
    crosswalk?.phase === number ? [crosswalk.length_m] : [],
  )
  const length_m = Math.max(0, ...lengths)
  const needed_s = upToTenths(length_m / site.standards.walking_speed_mps)
  const given_s = row.ped_clear_s ?? 0
  if (given_s >= needed_s) return []
  const says = `${given_s} is below ${needed_s} (${length_m} m at ${site.standards.walking_speed_mps} m/s). Raise it to ${needed_s}.`
  return [at.network('PED_CLEARANCE_TOO_SHORT', [...pathOf(phase), 'ped_clear_s'], says)]
}

const metresPerSecond = (kph: number): number => kph / 3.6

/** Rounded up to 0.1 s, the step of controllers; the hair taken off is an error of the floating point, no time. */
const upToTenths = (s: number): number => Math.ceil(s * 10 - 1e-9) / 10
