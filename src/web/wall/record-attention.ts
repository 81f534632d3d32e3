/** What the records have for a person's attention: a log that is not kept, history that is lost, plans that are refused. */
import type { AlarmsView } from '#contract/edge-words.ts'
import type { EdgeGapsView } from '#contract/gaps-view.ts'
import type { PlansView } from '#contract/plans-view.ts'
import type { Attention } from './attention.ts'

export interface Records {
  readonly gaps: readonly EdgeGapsView[]
  readonly plans: readonly PlansView[]
  readonly alarms: readonly AlarmsView[]
}

/** What is older, nobody can mend tonight: it stands on the page of the intersection. */
const LOST_FOR_MS = 86_400_000
/** Whoever is at the desk has seen by then that it was refused; a stranger who tries for longer is told of anew. */
const REFUSED_FOR_MS = 3_600_000

export function recordAttention({ gaps, plans, alarms }: Records, nowEpochMs: number): Attention[] {
  const isWithin = (at: string | null, ms: number) => at !== null && nowEpochMs - Date.parse(at) < ms
  const unkept = alarms.flatMap(({ edge, alarms: standing }) =>
    standing
      .filter(({ name }) => name === 'spoolNotRecorded')
      .map(({ sinceEpochMs }) => ({ ...ofEdge('eventsNotKept', edge), priority: 2 as const, sinceEpochMs })),
  )
  const lost = gaps.flatMap(({ edge, lost: holes }) => {
    const recent = holes.filter(({ from, until }) => isWithin(until ?? from, LOST_FOR_MS))
    const events = recent.reduce((sum, hole) => sum + hole.events, 0)
    return events === 0 ? [] : [{ ...ofEdge('eventsLost', edge), counted: [events] }]
  })
  const refused = plans.flatMap(({ edge, refused: last }) =>
    last !== null && isWithin(last.at, REFUSED_FOR_MS)
      ? [{ ...ofEdge('planRefused', edge), sinceEpochMs: Date.parse(last.at) }]
      : [],
  )
  const failed = plans.flatMap(({ edge, intersections }) =>
    intersections
      .filter(({ state }) => state === 'refused' || state === 'expired')
      .map(({ id, desired }) => ({ ...ofEdge('planNotTaken', edge), intersection: id, counted: [desired] })),
  )
  return [...unkept, ...failed, ...refused, ...lost]
}

type RecordKind = Extract<Attention['kind'], 'eventsNotKept' | 'eventsLost' | 'planRefused' | 'planNotTaken'>

function ofEdge(kind: RecordKind, edge: string): Attention {
  return { kind, priority: 3, intersection: null, edge, device: null, counted: [], cause: null, sinceEpochMs: null }
}
