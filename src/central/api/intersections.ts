/** `GET /api/v1/intersections` and one of them with its geometry. */
import { Type } from 'typebox'
import type { IntersectionConfig } from '#config/site.ts'
import { IntersectionDetail, IntersectionSummary } from '#contract/api.ts'
import { detailOf, summaryOf } from '../facts.ts'
import type { Api, ApiParts } from './parts.ts'
import { PROBLEM_RESPONSES, refuse } from './problems.ts'

export const IntersectionParams = Type.Object({ id: Type.String({ maxLength: 64, examples: ['IX-03'] }) })

export function intersectionRoutes(api: Api, { site, city }: ApiParts): void {
  api.get(
    '/api/v1/intersections',
    {
      schema: {
        summary: 'Every intersection with its mode, plan and the age of what is known',
        tags: ['live'],
        response: { 200: Type.Array(IntersectionSummary), ...PROBLEM_RESPONSES },
      },
    },
    () => site.intersections.map((config) => summaryOf(config, city.intersection(config.database.intersection.id))),
  )

  api.get(
    '/api/v1/intersections/:id',
    {
      schema: {
        summary: 'One intersection: facts for a drawing, plans, and the last state received',
        tags: ['live'],
        params: IntersectionParams,
        response: { 200: IntersectionDetail, ...PROBLEM_RESPONSES },
      },
    },
    (request, reply) => {
      const config = findIntersection(site.intersections, request.params.id)
      if (!config) return refuse(reply, unknownIntersection(site.intersections, request.params.id))
      return detailOf(config, city.intersection(config.database.intersection.id))
    },
  )
}

export function findIntersection(
  intersections: readonly IntersectionConfig[],
  id: string,
): IntersectionConfig | undefined {
  return intersections.find((config) => config.database.intersection.id === id)
}

export function unknownIntersection(intersections: readonly IntersectionConfig[], id: string) {
  const known = intersections.map((config) => config.database.intersection.id)
  return { code: 'INTERSECTION_UNKNOWN', id, known } as const
}
