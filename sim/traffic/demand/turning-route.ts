/** A driver who turns as the counts say: at each junction the dice of the driver and the place, along streets that lead on. */
import { at } from '#base/at.ts'
import { hashText, uniformFor } from '#base/random.ts'
import type { Turn } from '#signal/intersection.ts'
import type { EdgeNumber } from '../streets/street-network.ts'
import type { Onward, StreetGraph } from './street-graph.ts'

/**
 * Who has turned so often by chance goes home by the shortest way: counts know no destination. Nineteen junctions are what
 * one driver in a hundred passes in a city of twelve; a lower bound would bend the counts.
 */
const TURNS_MAX = 24

/** Shares of the turns at the end of an edge; they need not sum up to 1. */
export type TurnShares = Readonly<Record<Turn, number>>

/** null where nobody has counted: all turns alike. */
export type SharesAt = (edge: EdgeNumber) => TurnShares | null

/**
 * The route of one driver from an edge to an exit of the network; null where no exit can be reached.
 *
 * By the dice nobody drives along the same edge twice: who would takes another turn, and where there is none left, the
 * shortest way out. So every route ends. In a city of twelve this keeps one driver in eight from going round a block, and
 * the turns at every approach within four points of their shares. Shares of turns that a street does not have, or that
 * lead to a dead end, go to the other turns.
 */
export function drawRoute(
  graph: StreetGraph,
  driver: { readonly from: EdgeNumber; readonly persona: number },
  sharesAt: SharesAt,
): EdgeNumber[] | null {
  const { from, persona } = driver
  if (!graph.isOpen(from) || graph.toExitS(from) === Infinity) return null
  const route = [from]
  let turns = 0
  for (let here = from; graph.toExitS(here) > 0;) {
    const next = turns < TURNS_MAX ? chooseOnward(graph, { here, route, persona }, sharesAt(here)) : null
    if (next === null) return [...route, ...graph.nearestExitFrom(here)]
    route.push(next.edge)
    if (next.turn !== 'along') turns++
    here = next.edge
  }
  return route
}

interface Chooser {
  readonly here: EdgeNumber
  readonly route: readonly EdgeNumber[]
  readonly persona: number
}

function chooseOnward(graph: StreetGraph, { here, route, persona }: Chooser, shares: TurnShares | null): Onward | null {
  const open = graph.onwardFrom(here).filter(({ edge }) => graph.toExitS(edge) < Infinity && !route.includes(edge))
  const weights = open.map((choice) => weightOf(choice, open, shares))
  const sum = weights.reduce((total, weight) => total + weight, 0)
  if (sum === 0) return null
  let rest = uniformFor(persona, placeOf(graph, here)) * sum
  for (const [i, choice] of open.entries()) {
    rest -= at(weights, i)
    if (rest < 0) return choice
  }
  return open.at(-1) ?? null // The sum rounds up to what was left.
}

/** Several streets by one turn, as at a square of six, share it alike. */
function weightOf({ turn }: Onward, open: readonly Onward[], shares: TurnShares | null): number {
  if (turn === 'along') return 1
  return (shares?.[turn] ?? 1) / open.filter((choice) => choice.turn === turn).length
}

const placeOf = ({ network }: StreetGraph, edge: EdgeNumber): number => hashText(at(network.edges, edge).id)
