/** How full the lanes of an intersection are: the degree of saturation (v/c) of its fullest group of lanes. */
import { at } from '#base/at.ts'
import type { Approach, Intersection, Turn } from '#signal/intersection.ts'
import type { FixedProgram } from '#sim/sumo/export/fixed-program.ts'
import { LAMP } from '#sim/traffic/flow/flow.ts'
import { readLamps } from '#sim/traffic/flow/lights.ts'
import type { StreetNetwork, WayNumber } from '#sim/traffic/streets/street-network.ts'
import type { Trip } from '#sim/traffic/trip.ts'

export interface Saturation {
  /** Vehicles per hour of green and lane. */
  readonly perHour: number
  /** What of green and yellow is lost, ms. */
  readonly lostMs: number
}

const TURNS: readonly Turn[] = ['left', 'through', 'right']
const SETS_OF_TURNS = Array.from({ length: 7 }, (_, i) => TURNS.filter((_turn, bit) => ((i + 1) >> bit) % 2 === 1))

/** Of one approach, for vehicles per hour by turn; lefts that only find gaps count as if nobody came towards them. */
export function degreeOf(
  approach: Approach,
  perHour: ReadonlyMap<Turn, number>,
  lanePerHour: (lane: number) => number,
): number {
  // However drivers choose their lanes, those who make some of the turns only have the lanes that allow one of them; where
  // they choose them best, the tightest of these bounds is reached (Hall).
  const degrees = SETS_OF_TURNS.map((turns) => {
    const wanted = turns.reduce((sum, turn) => sum + (perHour.get(turn) ?? 0), 0)
    const lanes = approach.lanes.flatMap((lane, i) => (lane.turns.some((turn) => turns.includes(turn)) ? [i] : []))
    const room = lanes.reduce((sum, lane) => sum + lanePerHour(lane), 0)
    return wanted === 0 ? 0 : wanted / room
  })
  return Math.max(...degrees)
}

/** Of the fullest approach, under these trips. */
export function degreeOfCase(
  {
    network,
    intersections,
    programs,
    trips,
    forMs,
  }: {
    readonly network: StreetNetwork
    readonly intersections: readonly Intersection[]
    readonly programs: readonly FixedProgram[]
    readonly trips: readonly Trip[]
    readonly forMs: number
  },
  saturation: Saturation,
): number {
  const counts = countTurns(network, trips)
  return Math.max(
    ...intersections.flatMap((intersection) =>
      intersection.approaches.map((approach) => {
        const turns = counts.get(`${intersection.id}.${approach.id}`) ?? new Map<Turn, number>()
        const perHour = new Map([...turns].map(([turn, count]) => [turn, (count * 3_600_000) / forMs] as const))
        const program = programs.find((one) => one.intersection === intersection.id)
        return program === undefined
          ? 0
          : degreeOf(approach, perHour, capacityOf(network, { intersection, approach, program, saturation }))
      }),
    ),
  )
}

/** Vehicles per hour that a lane of the approach lets pass. */
export function capacityOf(
  network: StreetNetwork,
  site: {
    readonly intersection: Intersection
    readonly approach: Approach
    readonly program: FixedProgram
    readonly saturation: Saturation
  },
): (lane: number) => number {
  const { intersection, approach, program, saturation } = site
  const edge = network.edges.findIndex(
    ({ approach: of, to }) =>
      of?.intersection === intersection.id &&
      of.approach === approach.id &&
      to !== null &&
      network.junctions[to]?.intersection === intersection.id,
  )
  return (lane) => {
    const way = at(at(network.lanes, at(at(network.edges, edge).lanes, lane)).ways, 0)
    const { goMs, greens } = goOf(network, way, program)
    const openMs = Math.max(0, goMs - greens * saturation.lostMs)
    return (saturation.perHour * openMs) / program.cycleMs
  }
}

/** Green and yellow of a way in a cycle, and how often it becomes green. */
function goOf(network: StreetNetwork, way: WayNumber, program: FixedProgram): { goMs: number; greens: number } {
  const { junction } = at(network.ways, way)
  const shown = new Uint8Array(network.ways.length)
  let [goMs, greens] = [0, 0]
  const states = program.steps.map(({ lamps }) => {
    readLamps(network, junction, lamps, shown)
    return at(shown, way)
  })
  program.steps.forEach(({ durationMs }, i) => {
    const before = at(states, (i + states.length - 1) % states.length)
    const state = at(states, i)
    if (state === LAMP.go && before !== LAMP.go) greens++
    if (state === LAMP.go || (state === LAMP.caution && before === LAMP.go)) goMs += durationMs
  })
  return { goMs, greens }
}

/** By `IX-03.S`. */
function countTurns(network: StreetNetwork, trips: readonly Trip[]): Map<string, Map<Turn, number>> {
  const turnInto = new Map<string, { readonly approach: string; readonly turn: Turn }>()
  for (const { from, to, turn } of network.ways) {
    const [own, behind] = [at(network.lanes, from).edge, at(network.lanes, to).edge]
    const { approach } = at(network.edges, own)
    if (turn !== 'along' && approach)
      turnInto.set(`${own} ${behind}`, { approach: `${approach.intersection}.${approach.approach}`, turn })
  }
  const counts = new Map<string, Map<Turn, number>>()
  for (const { route } of trips)
    route.forEach((edge, i) => {
      const made = turnInto.get(`${edge} ${route[i + 1]}`)
      if (!made) return
      const turns = counts.get(made.approach) ?? new Map<Turn, number>()
      turns.set(made.turn, (turns.get(made.turn) ?? 0) + 1)
      counts.set(made.approach, turns)
    })
  return counts
}
