/** `GET /api/v1/health`: central's own links, and how much of the city is live. */
import { HealthView } from '#contract/api.ts'
import type { Freshness } from '#contract/freshness.ts'
import type { PartState } from '../part-state.ts'
import type { Api, ApiParts } from './parts.ts'
import { PROBLEM_RESPONSES } from './problems.ts'

export function healthRoutes(api: Api, parts: ApiParts): void {
  api.get(
    '/api/v1/health',
    {
      schema: {
        summary: 'The state of each part; 200 also when degraded, because the API itself answers',
        tags: ['site'],
        response: { 200: HealthView, ...PROBLEM_RESPONSES },
      },
    },
    () => healthOf(parts),
  )
}

function healthOf({ city, clock, brokerState, storeState, ignoredMessages }: ApiParts): HealthView {
  const broker = brokerState()
  const store = storeState()
  return {
    status: broker.up && store.up ? 'ok' : 'degraded',
    now: new Date(clock.epochMs()).toISOString(),
    parts: { broker: partView(broker), store: partView(store) },
    edges: city.edges().map(({ edge, online, sinceEpochMs, intersections }) => {
      const ages = intersections.map((id) => city.intersection(id).freshness)
      const count = (freshness: Freshness) => ages.filter((each) => each === freshness).length
      const since = sinceEpochMs === null ? null : new Date(sinceEpochMs).toISOString()
      return { edge, online, since, live: count('live'), stale: count('stale'), lost: count('lost') }
    }),
    ignoredMessages: ignoredMessages(),
  }
}

function partView({ up, detail, sinceEpochMs }: PartState): HealthView['parts']['broker'] {
  return { state: up ? 'up' : 'down', detail, since: new Date(sinceEpochMs).toISOString() }
}
