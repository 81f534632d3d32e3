/** `GET /api/v1/gaps`: of every edge, until when its history is complete, what is missing, and what is coming. */
import Type from 'typebox'

const Moment = Type.Union([Type.String(), Type.Null()], { description: 'ISO 8601, UTC; null where it is not known' })

/** A stretch of an edge's log that is not in the store. */
export const GapView = Type.Object({
  epoch: Type.String({ description: 'of the spool' }),
  first: Type.Integer(),
  last: Type.Integer(),
  events: Type.Integer(),
  /** Of the events next to it: the stretch lies between them. */
  from: Moment,
  until: Moment,
})
export type GapView = Type.Static<typeof GapView>

export const EdgeGapsView = Type.Object({
  edge: Type.String(),
  online: Type.Boolean(),
  /** Nothing that is expected is missing before this. */
  completeUntil: Moment,
  /** Expected, and not here yet. */
  missingEvents: Type.Integer(),
  missing: Type.Array(GapView, { description: 'the newest ones' }),
  /** Given up or damaged at the edge: nobody waits for these. */
  lostEvents: Type.Integer(),
  lost: Type.Array(GapView, { description: 'the newest ones' }),
  /** What is coming now; null where nothing is. */
  replay: Type.Union([Type.Object({ events: Type.Integer(), eventsPerS: Type.Number(), until: Moment }), Type.Null()]),
})
export type EdgeGapsView = Type.Static<typeof EdgeGapsView>

/** Beyond this a list of gaps is a count: who mends something looks at the newest first. */
export const GAPS_LISTED_MAX = 100
