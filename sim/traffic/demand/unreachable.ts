/** Finds the traffic that has no way to its destination before a run begins: from where, to where, and why. */
import { at } from '#base/at.ts'
import { faultsIn, type ConfigFault } from '#config/config-fault.ts'
import type { EdgeNumber, StreetNetwork } from '../streets/street-network.ts'
import { lineRoute, type LaidLine } from './bus-trips.ts'
import { countedEntries } from './counted-entries.ts'
import { FlowRoutes, type Flow } from './flow-trips.ts'
import type { Ground } from './lay-scenario.ts'
import type { OpenStreets } from './open-streets.ts'
import type { StreetGraph } from './street-graph.ts'

export interface LaidTraffic {
  readonly streets: OpenStreets
  readonly flows: readonly Flow[]
  readonly lines: readonly LaidLine[]
}

/** Each with the first state of the streets in which there is no way. */
export function checkRoutes(ground: Ground, { streets, flows, lines }: LaidTraffic): ConfigFault[] {
  const { network, intersections, scenario } = ground
  const faults: ConfigFault[] = []
  const check = (has: (graph: StreetGraph) => boolean, told: Told) => {
    const graph = streets.graphs.find((state) => !has(state.graph))?.graph
    if (graph !== undefined) faults.push(unreachable(network, graph, told))
  }
  for (const { edge, perHour } of countedEntries(network, intersections)) {
    if (Math.max(...perHour.values()) === 0) continue
    const from = at(network.edges, edge).id
    const told = { file: scenario.file, path: ['vehicles'], from, to: 'any exit of the network' }
    check((graph) => graph.isOpen(edge) && graph.toExitS(edge) < Infinity, told)
  }
  for (const flow of flows) {
    const routes = new FlowRoutes(flow)
    const told = { file: scenario.file, path: ['vehicles', 'flows', flow.key] }
    check((graph) => routes.routeOf(0, graph) !== null, { ...told, from: namesOf(flow.from), to: namesOf(flow.to) })
  }
  for (const laid of lines) {
    const told = { file: scenario.file, path: ['buses', laid.line.key] }
    const [from, to] = [at(network.edges, laid.from).id, `its stops and ${at(network.edges, laid.to).id}`]
    check((graph) => lineRoute(laid, graph) !== null, { ...told, from, to })
  }
  return faults
}

interface Told {
  readonly file: string
  readonly path: readonly string[]
  readonly from: string
  readonly to: string
}

function unreachable(network: StreetNetwork, graph: StreetGraph, { file, path, from, to }: Told): ConfigFault {
  const closed = network.edges.flatMap(({ id }, edge: EdgeNumber) => (graph.isOpen(edge) ? [] : [id]))
  const why =
    closed.length === 0
      ? 'Add the turns that are missing in network.yaml, or take the traffic out.'
      : `Closed are ${closed.join(', ')}: leave a way open, or take the traffic out.`
  return faultsIn(file)('ROUTE_UNREACHABLE', path, `no way leads from ${from} to ${to}. ${why}`)
}

const namesOf = (ends: Flow['from']): string => (ends.length > 1 ? 'anywhere' : (ends[0]?.leg ?? 'nowhere'))
