/** `GET /api/v1/site`: what the pages need to know before anything is live. */
import { SiteView } from '#contract/api.ts'
import { nextPlanChanges } from '../plan-changes.ts'
import type { Api, ApiParts } from './parts.ts'
import { PROBLEM_RESPONSES } from './problems.ts'

export function siteRoutes(api: Api, { site, simulated, clock }: ApiParts): void {
  const databases = site.intersections.map((config) => config.database)
  api.get(
    '/api/v1/site',
    {
      schema: {
        summary: 'The site: its names, time zone, edges, and the next changes of plan',
        tags: ['site'],
        response: { 200: SiteView, ...PROBLEM_RESPONSES },
      },
    },
    () => ({
      id: site.id,
      name: site.name,
      timeZone: site.timeZone,
      simulated,
      edges: site.edges.map(({ id, intersections }) => ({ id, intersections: [...intersections] })),
      nextPlanChanges: nextPlanChanges(databases, clock.epochMs()),
    }),
  )
}
