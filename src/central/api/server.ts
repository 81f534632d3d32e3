/** The HTTP server of central: every route, its OpenAPI description, its headers and its refusals. */
import swagger from '@fastify/swagger'
import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox'
import fastify from 'fastify'
import type { RequestListener, Server } from 'node:http'
import { createServer } from 'node:https'
import type { WebKey } from '#trust/web-key.ts'
import { eventRoutes } from './events.ts'
import { SECURITY_HEADERS } from './headers.ts'
import { alarmRoutes } from './alarms.ts'
import { gapRoutes } from './gaps.ts'
import { healthRoutes } from './health.ts'
import { intersectionRoutes } from './intersections.ts'
import { pageRoutes } from './pages.ts'
import type { Api, ApiParts } from './parts.ts'
import { planRoutes } from './plans.ts'
import { answerError, refuse } from './problems.ts'
import { siteRoutes } from './site.ts'
import { streamRoutes } from './stream.ts'

/** Nothing that we take is longer. */
const BODY_BYTES_MAX = 65_536
/** A peer that sends its request slower than this is not a page. */
const REQUEST_TIMEOUT_MS = 10_000

/** Ready to listen, or to be asked by `inject`. */
export async function buildServer(parts: ApiParts): Promise<Api> {
  const api: Api = fastify({
    bodyLimit: BODY_BYTES_MAX,
    requestTimeout: REQUEST_TIMEOUT_MS,
    forceCloseConnections: true,
    ...(parts.key && { serverFactory: secureServer(parts.key) }),
  }).withTypeProvider<TypeBoxTypeProvider>()

  api.addHook('onRequest', async (_request, reply) => {
    void reply.headers(SECURITY_HEADERS)
  })
  // Live answers are of this moment only; files set their own rule.
  api.addHook('onSend', async (_request, reply) => {
    if (!reply.hasHeader('cache-control')) void reply.header('cache-control', 'no-store')
  })
  api.setErrorHandler((error, request, reply) =>
    reply.send(answerError(error instanceof Error ? error : new Error(String(error)), request, reply, parts.log)),
  )
  api.setNotFoundHandler((request, reply) =>
    reply.send(refuse(reply, { code: 'ROUTE_UNKNOWN', method: request.method, path: request.url.split('?')[0] ?? '' })),
  )
  await describe(api, parts)
  intersectionRoutes(api, parts)
  eventRoutes(api, parts)
  siteRoutes(api, parts)
  healthRoutes(api, parts)
  gapRoutes(api, parts)
  alarmRoutes(api, parts)
  planRoutes(api, parts)
  streamRoutes(api, parts)
  pageRoutes(api, parts.webRoot)
  await api.ready()
  return api
}

/** The types of Fastify know one kind of server; both take the same handler and are listened on and closed alike. */
const secureServer = (key: WebKey) => (handler: RequestListener) =>
  createServer({ ...key, minVersion: 'TLSv1.2', requestTimeout: REQUEST_TIMEOUT_MS }, handler) as unknown as Server

async function describe(api: Api, { site }: ApiParts): Promise<void> {
  await api.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: {
        title: `Sabz: traffic signals of ${site.name.en}`,
        version: '1',
        description:
          'Times are ISO 8601 in UTC, durations integers in ms. Lists are JSON arrays. Refusals are RFC 9457.',
      },
    },
  })
  api.get('/api/v1/openapi.json', { schema: { hide: true } }, () => api.swagger())
}
