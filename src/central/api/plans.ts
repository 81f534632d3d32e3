/** `GET /api/v1/plans`: which signed plan each edge follows, by whom, how far it is, and which it refused. */
import { Type } from 'typebox'
import { PlansView } from '#contract/plans-view.ts'
import type { Api, ApiParts } from './parts.ts'
import { PROBLEM_RESPONSES } from './problems.ts'

export function planRoutes(api: Api, { plans }: ApiParts): void {
  api.get(
    '/api/v1/plans',
    {
      schema: {
        summary: 'Of every edge: the signed plan that it follows, who signed it, how far it is, and what it refused',
        tags: ['site'],
        response: { 200: Type.Array(PlansView), ...PROBLEM_RESPONSES },
      },
    },
    () => [...plans()],
  )
}
