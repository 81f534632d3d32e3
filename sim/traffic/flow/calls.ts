/** Fire engines and buses that ask for their green by themselves: each from where its transponder reaches the cabinet. */
import { hasBit, withBit } from '#base/bits.ts'
import type { Preempt, PriorityStrategy } from '#signal/preempt.ts'
import type { StreetNetwork } from '../streets/street-network.ts'
import { KIND_KEYS } from '../vehicle-kind.ts'
import type { Flow } from './flow.ts'
import { NONE } from './vehicles.ts'

/** Of a fire engine's transmitter, and where buses check in before the stop line. */
const REACH_M = { emergency: 300, bus: 150 } as const
/** By kind; 0 for those who ask for nothing. */
const REACH_M_OF = KIND_KEYS.map((key) => (key === 'emergency' || key === 'bus' ? REACH_M[key] : 0))
/** Bits and lateness are kept by number, 1–16. */
const NUMBERS = 17

/** Who may be called at a junction, and by which approach. */
export interface Callable {
  readonly preempts: readonly Preempt[]
  readonly priorities: readonly PriorityStrategy[]
  /** Phases that serve the approach of an edge: bit field by edge number. */
  readonly phasesOf: ReadonlyMap<number, number>
}

/** What is called at one junction; the shape that a cabinet takes. */
export interface Calls {
  preempts: number
  priorities: number
  readonly latenessS: Int16Array
}

export const noCalls = (): Calls => ({ preempts: 0, priorities: 0, latenessS: new Int16Array(NUMBERS) })

export const NOBODY_CALLABLE: Callable = { preempts: [], priorities: [], phasesOf: new Map() }

/** By edge: the stop line that it leads to. */
export interface StopLines {
  /** From the end of the edge; more than 0 where pockets follow. */
  readonly afterM: Float64Array
  /** `NONE` for a leg outwards. */
  readonly junction: Int32Array
}

export function stopLinesOf({ edges, lanes, ways }: StreetNetwork): StopLines {
  const pockets = edges.map(({ lanes: [lane] }) => {
    const out = lane === undefined ? [] : (lanes[lane]?.ways ?? []).flatMap((way) => ways[way] ?? [])
    const along = out.find(({ turn }) => turn === 'along')
    const edge = along && edges[lanes[along.to]?.edge ?? NONE]
    return along && edge ? { edge, lengthM: along.lengthM + edge.lengthM } : null
  })
  return {
    afterM: Float64Array.from(pockets, (each) => each?.lengthM ?? 0),
    junction: Int32Array.from(edges, ({ to, approach }, edge) =>
      approach === null ? NONE : (pockets[edge]?.edge.to ?? to ?? NONE),
    ),
  }
}

interface Asked {
  readonly callable: Callable
  readonly readings: { readonly breakIns: Calls }
}

/** Writes what the vehicles on the approaches ask for, after a step. */
export function gatherCalls({ cars, tracks }: Flow, junctions: readonly Asked[], lines: StopLines): void {
  for (const { readings } of junctions) clear(readings.breakIns)
  for (let slot = 0; slot < cars.top; slot++) {
    const reachM = REACH_M_OF[cars.kind[slot]!]!
    const track = cars.track[slot]!
    if (reachM === 0 || track === NONE || !tracks.isLane(track)) continue
    const edge = tracks.edgeOf[track]!
    const toLineM = tracks.lengthM[track]! - cars.positionM[slot]! + lines.afterM[edge]!
    const junction = lines.junction[edge]!
    if (toLineM > reachM || junction === NONE) continue
    const { callable, readings } = junctions[junction]!
    const phases = callable.phasesOf.get(edge) ?? 0
    if (reachM === REACH_M.bus)
      callPriority(readings.breakIns, callable, { phases, lateS: lateness(cars.lostS[slot]!) })
    else callPreempt(readings.breakIns, callable, phases)
  }
}

function clear(calls: Calls): void {
  if ((calls.preempts | calls.priorities) === 0) return
  calls.preempts = 0
  calls.priorities = 0
  calls.latenessS.fill(0)
}

const serves = (own: readonly number[], phases: number): boolean => own.some((phase) => hasBit(phases, phase))

function callPreempt(calls: Calls, { preempts }: Callable, phases: number): void {
  const preempt = preempts.find(({ dwell }) => serves(dwell.phases, phases))
  if (preempt) calls.preempts = withBit(calls.preempts, preempt.number)
}

function callPriority(
  calls: Calls,
  { priorities }: Callable,
  { phases, lateS }: { readonly phases: number; readonly lateS: number },
): void {
  const priority = priorities.find(({ phases: own }) => serves(own, phases))
  if (!priority) return
  calls.priorities = withBit(calls.priorities, priority.number)
  calls.latenessS[priority.number] = Math.max(calls.latenessS[priority.number]!, lateS)
}

/** What the wire can carry, and more than any bus. */
const lateness = (lostS: number): number => Math.min(32_000, Math.floor(lostS))
