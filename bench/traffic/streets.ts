/** The streets of the comparison: one lane through a light, intersections of Hamadan alone, and the whole city. */
import { at } from '#base/at.ts'
import { withBit } from '#base/bits.ts'
import { phaseId } from '#base/id.ts'
import { invariant } from '#base/invariant.ts'
import type { IntersectionConfig, SiteConfig } from '#config/site.ts'
import type { Intersection } from '#signal/intersection.ts'
import { fixedProgram, type FixedProgram } from '#sim/sumo/export/fixed-program.ts'
import type { Lamps } from '#sim/traffic/flow/lights.ts'
import { layCity } from '#sim/traffic/streets/lay-city.ts'
import type { StreetNetwork } from '#sim/traffic/streets/street-network.ts'
import { crossroads } from '#test/sim/any-streets.ts'

/** Everything of a case but who drives. */
export interface BenchStreets {
  readonly network: StreetNetwork
  readonly intersections: readonly Intersection[]
  readonly programs: readonly FixedProgram[]
}

export const CYCLE_MS = 90_000
export const GREEN_MS = 40_000
const YELLOW_MS = 3_500
const PLAN = 'am_peak'
/** Room for the queue of an hour at saturation: nobody waits outside. */
const APPROACH_M = 1_000

const THROUGH = phaseId(2)
const DARK: Lamps = { greens: 0, yellows: 0, walks: 0, overlapGreens: 0, overlapYellows: 0, overlapFlashes: 0 }

/** One lane straight through a light from the north, another from the south. */
export function oneLane({ alwaysGreen = false } = {}): BenchStreets {
  const lanes = [{ turns: ['through' as const] }]
  const facts = crossroads('IX-T', [
    { id: 'N', bearingDeg: 0, lanes, lengthM: APPROACH_M },
    { id: 'S', bearingDeg: 180, lanes, lengthM: APPROACH_M },
  ])
  const { intersection } = facts.database
  const green = { ...DARK, greens: withBit(0, THROUGH) }
  const yellow = { ...DARK, yellows: withBit(0, THROUGH) }
  const steps = [
    { durationMs: GREEN_MS, lamps: green },
    { durationMs: YELLOW_MS, lamps: alwaysGreen ? green : yellow },
    { durationMs: CYCLE_MS - GREEN_MS - YELLOW_MS, lamps: alwaysGreen ? green : DARK },
  ]
  return {
    network: layCity([facts]),
    intersections: [intersection],
    programs: [{ intersection: intersection.id, cycleMs: CYCLE_MS, steps }],
  }
}

/** One intersection of the city as it stands, without its neighbours. */
export function alone(site: SiteConfig, id: string): BenchStreets & { readonly config: IntersectionConfig } {
  const config = site.intersections.find(({ database }) => database.intersection.id === id)
  invariant(config, `the city has ${id}`)
  return { ...streetsOf([config]), config }
}

export const wholeCity = (site: SiteConfig): BenchStreets => streetsOf(site.intersections)

function streetsOf(configs: readonly IntersectionConfig[]): BenchStreets {
  const programs = configs.map(({ database }) => {
    const program = fixedProgram(database, PLAN)
    invariant(program.ok, `${database.intersection.id} runs ${PLAN}`)
    return program.value
  })
  return { network: layCity(configs), intersections: configs.map(({ database }) => database.intersection), programs }
}

export const entriesOf = ({ edges }: StreetNetwork): number[] =>
  edges.flatMap(({ from }, number) => (from === null ? [number] : []))

/** The light of the only junction turns green when its program begins. */
export const greensOf = ({ programs }: BenchStreets, forMs: number): number[] =>
  Array.from({ length: Math.floor(forMs / at(programs, 0).cycleMs) }, (_, i) => (i * at(programs, 0).cycleMs) / 1_000)
