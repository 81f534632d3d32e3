/** Everything that the API can refuse or fail with, as RFC 9457 problem documents with a remedy. */
import type { FastifyError, FastifyRequest } from 'fastify'
import { unreachable } from '#base/invariant.ts'
import type { Log } from '#base/log.ts'
import { Problem } from '#contract/api.ts'

export type ApiFault =
  | { readonly code: 'INTERSECTION_UNKNOWN'; readonly id: string; readonly known: readonly string[] }
  | { readonly code: 'REQUEST_INVALID'; readonly detail: string }
  | { readonly code: 'RANGE_EMPTY'; readonly from: string; readonly to: string }
  | { readonly code: 'ROUTE_UNKNOWN'; readonly method: string; readonly path: string }
  | { readonly code: 'HISTORY_UNAVAILABLE'; readonly detail: string }
  | { readonly code: 'LEDGER_UNREADABLE'; readonly detail: string }
  | { readonly code: 'STREAM_FULL'; readonly streams: number }
  | { readonly code: 'PAGES_NOT_BUILT'; readonly folder: string }
  | { readonly code: 'INTERNAL_FAULT' }

/** For the `response` schema of a route: how each refusal looks. */
export const PROBLEM_RESPONSES = { '4xx': Problem, '5xx': Problem }

/** Says the fault in a form for programs (code) and people (detail and remedy). */
export function problemOf(fault: ApiFault): Problem {
  const { title, status, detail, remedy } = described(fault)
  return { type: `urn:sabz:problem:${fault.code.toLowerCase()}`, title, status, detail, code: fault.code, remedy }
}

/** Makes the reply a refusal; the result is its body, for the handler to return. */
export function refuse(reply: Refusable, fault: ApiFault): Problem {
  const problem = problemOf(fault)
  reply.code(problem.status).header('content-type', 'application/problem+json').header('cache-control', 'no-store')
  return problem
}

/** The part of a reply that a refusal needs, whatever the route's own types are. */
export interface Refusable {
  code(status: number): Refusable
  header(name: string, value: string): Refusable
}

/** What a schema refused is the asker's, everything else is a bug of ours: logged whole, told without its insides. */
export function answerError(
  error: Error & Partial<FastifyError>,
  request: FastifyRequest,
  reply: Refusable,
  log: Log,
): Problem {
  if (error.validation || (error.statusCode !== undefined && error.statusCode < 500))
    return refuse(reply, { code: 'REQUEST_INVALID', detail: error.message })
  log('error', 'API_BUG', `${request.method} ${request.url}: ${error.stack ?? error.message}`)
  return refuse(reply, { code: 'INTERNAL_FAULT' })
}

interface Description {
  readonly title: string
  readonly status: number
  readonly detail: string
  readonly remedy: string
}

function described(fault: ApiFault): Description {
  switch (fault.code) {
    case 'INTERSECTION_UNKNOWN':
      return {
        title: 'Unknown intersection',
        status: 404,
        detail: `There is no intersection ${JSON.stringify(fault.id)} on this site.`,
        remedy: `Use one of ${fault.known.join(', ')}.`,
      }
    case 'REQUEST_INVALID':
      return {
        title: 'Invalid request',
        status: 400,
        detail: fault.detail,
        remedy: 'Compare the request with /api/v1/openapi.json.',
      }
    case 'RANGE_EMPTY':
      return {
        title: 'Empty range of time',
        status: 400,
        detail: `from ${fault.from} is not before to ${fault.to}.`,
        remedy: 'Give a `from` that is before `to`, both as ISO 8601 with a zone, such as 2026-11-23T08:30:00Z.',
      }
    case 'ROUTE_UNKNOWN':
      return {
        title: 'No such address',
        status: 404,
        detail: `There is nothing at ${fault.method} ${fault.path}.`,
        remedy: 'The addresses are listed in /api/v1/openapi.json; the pages begin at /wall.',
      }
    default:
      return describedFailure(fault)
  }
}

type FailureCode = 'HISTORY_UNAVAILABLE' | 'LEDGER_UNREADABLE' | 'STREAM_FULL' | 'PAGES_NOT_BUILT' | 'INTERNAL_FAULT'

function describedFailure(fault: Extract<ApiFault, { code: FailureCode }>): Description {
  switch (fault.code) {
    case 'HISTORY_UNAVAILABLE':
      return {
        title: 'History cannot be read',
        status: 503,
        detail: `The event store does not answer: ${fault.detail}. Live data is not affected.`,
        remedy: 'Try again in a few seconds; /api/v1/health says when the store is back.',
      }
    case 'LEDGER_UNREADABLE':
      return {
        title: 'The ledger cannot be read',
        status: 503,
        detail: `What central has of which edge is not known now: ${fault.detail}. Events are stored all the same.`,
        remedy: 'Check the disk and the rights of the data folder.',
      }
    case 'STREAM_FULL':
      return {
        title: 'Too many live streams',
        status: 503,
        detail: `${fault.streams} streams are open, which is the limit.`,
        remedy: 'Close pages that nobody watches; one browser needs one stream for all its tabs.',
      }
    case 'PAGES_NOT_BUILT':
      return {
        title: 'The pages are not built',
        status: 503,
        detail: `There is no index.html in ${fault.folder}. The API is not affected.`,
        remedy: 'Run `npm run build`; no restart is needed.',
      }
    case 'INTERNAL_FAULT':
      return {
        title: 'A fault of ours',
        status: 500,
        detail: 'The request met a bug; the log of central has the whole of it under API_BUG.',
        remedy: 'Report it with the time of the request.',
      }
    default:
      return unreachable(fault)
  }
}
