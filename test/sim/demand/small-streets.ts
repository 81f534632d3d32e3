/** Small streets for the tests of demand: edges by name, and what leads from one to another. */
import { at } from '#base/at.ts'
import { intersectionId } from '#base/id.ts'
import type { Edge, StreetNetwork, Way } from '#sim/traffic/streets/street-network.ts'

export type Turning = readonly [from: string, turn: Way['turn'], to: string]

export interface SmallStreets extends StreetNetwork {
  readonly edge: (name: string) => number
  readonly names: (route: readonly number[]) => string
}

/**
 * One lane an edge, 140 m at 14 m/s. `A.S` is the approach S of A, `A.S.exit` the leg outwards; another name is a street
 * between. What nothing leads to begins at the rim, what leads nowhere ends there, unless `inner` names it.
 */
export function smallStreets(
  turnings: readonly Turning[],
  lengthsM: Readonly<Record<string, number>> = {},
): SmallStreets {
  const ids = [...new Set(turnings.flatMap(([from, , to]) => [from, to]))]
  const edges = ids.map((id, number): Edge => {
    const [intersection = '', approach = '', part] = id.split('.')
    return {
      id,
      lanes: [number],
      lengthM: lengthsM[id] ?? 140,
      speedMps: 14,
      from: turnings.some(([, , to]) => to === id) ? 0 : null,
      to: turnings.some(([from]) => from === id) || id.endsWith('.dead') ? 0 : null,
      approach:
        part === undefined || part === 'pockets' ? { intersection: intersectionId(intersection), approach } : null,
      shape: [
        [0, 0],
        [lengthsM[id] ?? 140, 0],
      ],
    }
  })
  const edge = (name: string) => ids.indexOf(name)
  return {
    edges,
    lanes: ids.map((id, number) => ({
      id: `${id}/1`,
      edge: number,
      fromKerb: 0,
      ways: turnings.flatMap(([from], way) => (from === id ? [way] : [])),
    })),
    ways: turnings.map((turning) => wayOf(turning, edge)),
    crossings: [],
    junctions: [{ intersection: null, place: [0, 0], ways: turnings.map((_, way) => way), crossings: [] }],
    edge,
    names: (route) => route.map((number) => at(ids, number)).join(' '),
  }
}

const wayOf = ([from, turn, to]: Turning, edge: (name: string) => number): Way => ({
  from: edge(from),
  to: edge(to),
  junction: 0,
  turn,
  lengthM: 14,
  speedMps: 14,
  head: null,
  onRed: false,
  yieldsTo: [],
  conflicts: [],
  waitsAtM: 0,
  crosses: [],
  shape: [
    [0, 0],
    [14, 0],
  ],
})
