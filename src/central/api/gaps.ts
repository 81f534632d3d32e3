/** `GET /api/v1/gaps`: how complete the history is, edge by edge. */
import { Type } from 'typebox'
import { EdgeGapsView } from '#contract/gaps-view.ts'
import type { Api, ApiParts } from './parts.ts'
import { PROBLEM_RESPONSES, refuse } from './problems.ts'

export function gapRoutes(api: Api, { gaps }: ApiParts): void {
  api.get(
    '/api/v1/gaps',
    {
      schema: {
        summary: 'Of every edge: complete until when, what is missing, what will never come, what is being replayed',
        tags: ['history'],
        response: { 200: Type.Array(EdgeGapsView), ...PROBLEM_RESPONSES },
      },
    },
    (_request, reply) => {
      try {
        return gaps()
      } catch (error) {
        const detail = error instanceof Error ? error.message : String(error)
        return refuse(reply, { code: 'LEDGER_UNREADABLE', detail })
      }
    },
  )
}
