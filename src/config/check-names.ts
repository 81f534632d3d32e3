/** Checks that every name which one file takes from another stands there, and that edges share the city without gaps. */
import type { ConfigFault, FaultAt } from './config-fault.ts'
import { writeInstead } from './nearest.ts'
import type { SiteFiles } from './site-files.ts'

export function checkNames(files: SiteFiles): ConfigFault[] {
  return [
    ...checkEdges(files),
    ...checkPlanKeys(files),
    ...unknownIntersections(files.at.devices, [], Object.keys(files.devices), files),
    ...unknownIntersections(files.at.demand, [], Object.keys(files.demand), files),
    ...unknownIntersections(files.at.schedule, ['own_weeks'], Object.keys(files.schedule.own_weeks ?? {}), files),
  ]
}

/** Edges cover every intersection exactly once. */
function checkEdges(files: SiteFiles): ConfigFault[] {
  const at = files.at.site
  const known = Object.keys(files.network.intersections)
  const edgeOf = new Map<string, string>()
  const faults: ConfigFault[] = []
  for (const [index, edge] of files.site.edges.entries()) {
    if (files.site.edges.findIndex(({ id }) => id === edge.id) < index)
      faults.push(at('EDGE_TWICE', ['edges', index, 'id'], `${edge.id} is the name of two edges. Rename one.`))
    for (const id of edge.intersections) {
      const place = ['edges', index, 'intersections']
      const other = edgeOf.get(id)
      if (!known.includes(id)) faults.push(unknownIntersection(at, place, id, known))
      else if (other !== undefined)
        faults.push(
          at('INTERSECTION_ON_TWO_EDGES', place, `${id} is already served by ${other}. Leave it on one edge, once.`),
        )
      edgeOf.set(id, edge.id)
    }
  }
  const left = known.filter((id) => !edgeOf.has(id))
  return [
    ...faults,
    ...left.map((id) => at('INTERSECTION_WITHOUT_EDGE', ['edges'], `no edge serves ${id}. Add it to one.`)),
  ]
}

function checkPlanKeys(files: SiteFiles): ConfigFault[] {
  const numbered = Object.keys(files.site.patterns)
  return Object.entries(files.plans).flatMap(([key, rows]) => [
    ...(numbered.includes(key)
      ? []
      : [
          files.at.plans(
            'PLAN_WITHOUT_NUMBER',
            [key],
            `site.yaml gives this plan no number under patterns. ${writeInstead(key, numbered)}`,
          ),
        ]),
    ...unknownIntersections(files.at.plans, [key], Object.keys(rows), files),
  ])
}

/** Rows of a table by intersection that belong to none. */
function unknownIntersections(
  at: FaultAt,
  path: readonly string[],
  ids: readonly string[],
  files: SiteFiles,
): ConfigFault[] {
  const known = Object.keys(files.network.intersections)
  return ids.filter((id) => !known.includes(id)).map((id) => unknownIntersection(at, [...path, id], id, known))
}

export function unknownIntersection(
  at: FaultAt,
  path: readonly (string | number)[],
  id: string,
  known: readonly string[],
): ConfigFault {
  return at('INTERSECTION_UNKNOWN', path, `network.yaml has no intersection ${id}. ${writeInstead(id, known)}`)
}
