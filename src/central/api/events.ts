/** Recorded events out of the store: of the whole site, or of one intersection. */
import { Type } from 'typebox'
import { StoredEventView, type Problem } from '#contract/api.ts'
import type { EventQuery, StoredEvent } from '../store/port.ts'
import { findIntersection, IntersectionParams, unknownIntersection } from './intersections.ts'
import type { Api, ApiParts } from './parts.ts'
import { PROBLEM_RESPONSES, refuse, type Refusable } from './problems.ts'

/** An hour of a busy eight-phase intersection is about 6,000 events; more is read in several requests by moving `to`. */
const EVENTS_MAX = 10_000
const EVENTS_DEFAULT = 1_000
const RANGE_DEFAULT_MS = 3_600_000
/** Enough for every code of the enumeration that one question needs. */
const CODES_CHARS_MAX = 600

const EventRange = Type.Object({
  from: Type.Optional(
    Type.String({
      format: 'date-time',
      description: 'Inclusive, ISO 8601 with zone; one hour before `to` when absent',
    }),
  ),
  to: Type.Optional(Type.String({ format: 'date-time', description: 'Exclusive; now when absent' })),
  codes: Type.Optional(
    Type.String({
      pattern: String.raw`^\d{1,5}(,\d{1,5})*$`,
      maxLength: CODES_CHARS_MAX,
      description: 'Event codes, separated by commas, such as 1,8,10',
    }),
  ),
  limit: Type.Integer({
    minimum: 1,
    maximum: EVENTS_MAX,
    default: EVENTS_DEFAULT,
    description: 'The newest this many',
  }),
})
type EventRange = Type.Static<typeof EventRange>

export function eventRoutes(api: Api, parts: ApiParts): void {
  const schema = {
    tags: ['history'],
    querystring: EventRange,
    response: { 200: Type.Array(StoredEventView), ...PROBLEM_RESPONSES },
  }

  api.get(
    '/api/v1/events',
    { schema: { ...schema, summary: 'Recorded events of the site, newest first' } },
    (request, reply) => answerEvents(parts, request.query, reply),
  )

  api.get(
    '/api/v1/intersections/:id/events',
    {
      schema: { ...schema, params: IntersectionParams, summary: 'Recorded events of one intersection, newest first' },
    },
    (request, reply) => {
      const { id } = request.params
      const { intersections } = parts.site
      if (!findIntersection(intersections, id)) return refuse(reply, unknownIntersection(intersections, id))
      return answerEvents(parts, request.query, reply, id)
    },
  )
}

async function answerEvents(
  parts: ApiParts,
  range: EventRange,
  reply: Refusable,
  intersection?: string,
): Promise<StoredEventView[] | Problem> {
  const query = queryOf(range, parts.clock.epochMs(), intersection)
  if (query.fromEpochMs >= query.toEpochMs) {
    const [from, to] = [query.fromEpochMs, query.toEpochMs].map((epochMs) => new Date(epochMs).toISOString())
    return refuse(reply, { code: 'RANGE_EMPTY', from: from ?? '', to: to ?? '' })
  }
  const found = await parts.store.query(query)
  if (!found.ok) return refuse(reply, { code: 'HISTORY_UNAVAILABLE', detail: found.fault.detail })
  return found.value.map(eventView)
}

function queryOf(range: EventRange, nowEpochMs: number, intersection: string | undefined): EventQuery {
  const toEpochMs = range.to === undefined ? nowEpochMs : Date.parse(range.to)
  const fromEpochMs = range.from === undefined ? toEpochMs - RANGE_DEFAULT_MS : Date.parse(range.from)
  return {
    fromEpochMs,
    toEpochMs,
    limit: range.limit,
    ...(intersection !== undefined && { intersection }),
    ...(range.codes !== undefined && { codes: range.codes.split(',').map(Number) }),
  }
}

function eventView({ epochMs, intersection, code, parameter, source, edge, epoch, sequence }: StoredEvent) {
  const at = new Date(epochMs).toISOString()
  return { at, intersection, code, parameter, source, edge, epoch, sequence } satisfies StoredEventView
}
