/** Serves the built pages: one document for every page, hashed files that may be kept for a year. */
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import fastifyStatic from '@fastify/static'
import type { FastifyReply } from 'fastify'
import type { Api } from './parts.ts'
import { refuse } from './problems.ts'

/** The addresses of pages; anything else is not found, so that a mistyped address never shows an empty frame. */
const PAGES = ['/wall', '/ix/:id']
/** Vite puts files with a hash of their content in the name here. */
const HASHED = '/assets/'

export function pageRoutes(api: Api, webRoot: string): void {
  void api.register(fastifyStatic, {
    root: webRoot,
    index: false,
    wildcard: true,
    cacheControl: false,
    setHeaders: (reply, path) => {
      const kept = path.replaceAll('\\', '/').includes(HASHED)
      void reply.header('cache-control', kept ? 'public, max-age=31536000, immutable' : 'no-cache')
    },
  })
  // With `?lang=`, if somebody has chosen.
  api.get('/', { schema: { hide: true } }, ({ url }, reply) => reply.redirect(`/wall${url.slice(1)}`))
  for (const page of PAGES) api.get(page, { schema: { hide: true } }, (_request, reply) => sendDocument(webRoot, reply))
}

/** Looked for at each request: pages that are built later appear without a restart. */
function sendDocument(webRoot: string, reply: FastifyReply): FastifyReply {
  if (!existsSync(join(webRoot, 'index.html')))
    return reply.send(refuse(reply, { code: 'PAGES_NOT_BUILT', folder: webRoot }))
  return reply.sendFile('index.html')
}
