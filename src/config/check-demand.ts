/** Checks the demand of a site: a row for every approach, whole turn shares, and a lane for every turn. */
import type { ConfigFault, FaultAt } from './config-fault.ts'
import type { DemandRow } from './demand-file.ts'
import { writeInstead } from './nearest.ts'
import type { ApproachRow } from './network-file.ts'
import type { SiteFiles } from './site-files.ts'

/** Shares are written with a few decimals; their sum may miss 1 by this. */
const SHARES_TOLERANCE = 0.001

/** A site without any demand is a site without a simulator. */
export function checkDemand(files: SiteFiles): ConfigFault[] {
  if (Object.keys(files.demand).length === 0) return []
  return Object.entries(files.network.intersections).flatMap(([id, { approaches }]) => {
    const rows = files.demand[id] ?? {}
    const legs = Object.keys(approaches)
    const missing = legs.filter((leg) => rows[leg] === undefined)
    return [
      ...missing.map((leg) => files.at.demand('DEMAND_MISSING', [id, leg], 'the approach has no demand. Add a row.')),
      ...Object.entries(rows).flatMap(([leg, row]) => {
        const approach = approaches[leg]
        if (approach !== undefined) return checkRow({ path: [id, leg], row, approach }, files)
        const says = `${id} has no approach ${leg}. ${writeInstead(leg, legs)}`
        return [files.at.demand('APPROACH_UNKNOWN', [id, leg], says)]
      }),
    ]
  })
}

interface PlacedDemand {
  readonly path: readonly string[]
  readonly row: DemandRow
  readonly approach: ApproachRow
}

function checkRow({ path, row, approach }: PlacedDemand, { site, at }: SiteFiles): ConfigFault[] {
  const plans = Object.keys(site.patterns)
  const unknown = Object.keys(row.vehicles_per_hour ?? {}).filter((key) => !plans.includes(key))
  return [
    ...unknown.map((key) =>
      at.demand(
        'PLAN_UNKNOWN',
        [...path, 'vehicles_per_hour', key],
        `site.yaml has no plan ${key}. ${writeInstead(key, plans)}`,
      ),
    ),
    ...checkTurns([...path, 'turns'], row.turns, { approach, at: at.demand }),
  ]
}

function checkTurns(
  path: readonly string[],
  turns: DemandRow['turns'],
  { approach, at }: { readonly approach: ApproachRow; readonly at: FaultAt },
): ConfigFault[] {
  const faults: ConfigFault[] = []
  const sum = Number((turns.left + turns.through + turns.right).toFixed(6))
  if (Math.abs(sum - 1) > SHARES_TOLERANCE) {
    const says = `${turns.left}+${turns.through}+${turns.right} = ${sum} is not 1. Change a share.`
    faults.push(at('TURN_SHARES_NOT_WHOLE', path, says))
  }
  for (const turn of ['left', 'through', 'right'] as const) {
    if (turns[turn] === 0 || approach.lanes.some((lane) => lane.turns.includes(turn))) continue
    const says = `${turns[turn]} turn where network.yaml has no lane for ${turn}. Set it to 0, or add the turn to a lane.`
    faults.push(at('TURN_WITHOUT_LANE', [...path, turn], says))
  }
  return faults
}
