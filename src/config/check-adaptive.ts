/** Checks the `adaptive` blocks of the plans, and says in the engineer's words what leaves no legal move. */
import { unreachable } from '#base/invariant.ts'
import { checkAdaptiveLimits, type AdaptiveFault } from '#signal/check/check-adaptive-limits.ts'
import { buildAdaptiveLimits } from './build-adaptive.ts'
import type { Junction } from './build-site.ts'
import type { ConfigFault } from './config-fault.ts'
import { inSeconds } from './explain.ts'
import type { SiteFiles } from './site-files.ts'

export function checkAdaptive(junction: Junction, files: SiteFiles): ConfigFault[] {
  const { intersection, plans } = junction.database
  const limitsByPlan = buildAdaptiveLimits(junction.id, files)
  return plans.flatMap((plan) => {
    const limits = limitsByPlan.get(plan.pattern)
    if (limits === undefined) return []
    return checkAdaptiveLimits({ intersection, plan, limits }).map((fault) => {
      const { path, says } = explain(fault, junction)
      return files.at.plans(fault.code, [plan.key, junction.id, 'adaptive', ...path], says)
    })
  })
}

interface Explained {
  readonly path: readonly (string | number)[]
  readonly says: string
}

function explain(fault: AdaptiveFault, { id }: Junction): Explained {
  switch (fault.code) {
    case 'ADAPTIVE_PHASE_UNKNOWN':
      return { path: [fault.table, fault.phase], says: `${id} has no phase ${fault.phase}. Remove the row.` }
    case 'ADAPTIVE_PHASE_OMITTED':
      return {
        path: [fault.table, fault.phase],
        says: `this plan omits phase ${fault.phase}. Remove the row, or serve the phase.`,
      }
    case 'ADAPTIVE_SPLIT_TOO_SHORT':
      return {
        path: ['splits', fault.phase, `${fault.bound}_s`],
        says: `${inSeconds(fault.ms)} is below the ${inSeconds(fault.neededMs)} that ${fault.forWalk ? 'the people who cross with the phase' : 'the minimum green'} and the change need. Raise it.`,
      }
    case 'ADAPTIVE_LEAST_ABOVE_MOST': {
      const [path, most] =
        fault.phase === null ? [['cycle_least_s'], 'cycle_most_s'] : [['splits', fault.phase, 'least_s'], 'most_s']
      return {
        path,
        says: `${inSeconds(fault.leastMs)} is above ${most} ${inSeconds(fault.mostMs)}. Lower it, or raise ${most}.`,
      }
    }
    case 'ADAPTIVE_CYCLE_TOO_SHORT':
      return {
        path: ['cycle_most_s'],
        says: `${inSeconds(fault.ms)} is below the ${inSeconds(fault.lapMs)} of a lap in which each phase has its shortest split: no move would be left. Raise it, or lower a least_s.`,
      }
    case 'ADAPTIVE_CYCLE_TOO_LONG':
      return {
        path: ['cycle_least_s'],
        says: `${inSeconds(fault.ms)} is above the ${inSeconds(fault.lapMs)} of a lap in which each phase has its most_s: no move would be left. Lower it, or raise a most_s.`,
      }
    default:
      return unreachable(fault)
  }
}
