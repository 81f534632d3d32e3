/** `GET /api/v1/stream`: the live city as server-sent events, for as many pages as watch, each at its own pace. */
import type { ServerResponse } from 'node:http'
import { Type } from 'typebox'
import type { StreamHeartbeat } from '#contract/api.ts'
import type { LiveCity } from '../live-city.ts'
import type { StreamEntry } from '../stream-buffer.ts'
import { SECURITY_HEADERS } from './headers.ts'
import type { Api, ApiParts } from './parts.ts'
import { PROBLEM_RESPONSES, refuse } from './problems.ts'

/** Upper bound of 10 Hz for each intersection. */
const FLUSH_PERIOD_MS = 100
const HEARTBEAT_PERIOD_MS = 1_000
/** A browser that lost the line asks again after this. */
const RETRY_MS = 1_000
/** A control room has ten browsers; two hundred are a programme that forgot to hang up. */
export const STREAMS_MAX = 200
/** What may wait for a slow page; beyond it the page skips to a new snapshot when its line is free again. */
const WAITING_BYTES_MAX = 1_000_000

interface Stream {
  send(entries: readonly StreamEntry[]): void
  beat(heartbeat: string): void
  end(): void
}

export function streamRoutes(api: Api, parts: ApiParts): void {
  const streams = new Set<Stream>()
  const { city } = parts
  const timers = [
    setInterval(() => city.flush(), FLUSH_PERIOD_MS),
    setInterval(() => streams.forEach((stream) => stream.beat(heartbeatOf(parts))), HEARTBEAT_PERIOD_MS),
  ]
  const unsubscribe = city.subscribe((entries) => streams.forEach((stream) => stream.send(entries)))

  // Before the server waits for open answers to end: these never end by themselves.
  api.addHook('preClose', async () => {
    timers.forEach((timer) => clearInterval(timer))
    unsubscribe()
    streams.forEach((stream) => stream.end())
  })

  api.get(
    '/api/v1/stream',
    {
      schema: {
        summary: 'Live states as server-sent events: snapshot, state, presence, hb',
        description: 'Send `Last-Event-ID` to get what was missed, up to 60 s. At most 10 states a second each.',
        tags: ['live'],
        headers: Type.Object({ 'last-event-id': Type.Optional(Type.String({ maxLength: 64 })) }),
        produces: ['text/event-stream'],
        response: { 200: Type.String({ description: 'An endless stream of events' }), ...PROBLEM_RESPONSES },
      },
    },
    (request, reply) => {
      if (streams.size >= STREAMS_MAX) return refuse(reply, { code: 'STREAM_FULL', streams: streams.size })
      reply.hijack()
      const stream = openStream(reply.raw, city, request.headers['last-event-id'])
      stream.beat(heartbeatOf(parts))
      streams.add(stream)
      reply.raw.on('close', () => streams.delete(stream))
      return undefined
    },
  )
}

function openStream(response: ServerResponse, city: LiveCity, lastEventId: string | undefined): Stream {
  let behind = false
  const write = (text: string) => {
    if (response.write(text) || response.writableLength <= WAITING_BYTES_MAX || behind) return
    behind = true
    response.once('drain', () => {
      behind = false
      response.write(snapshotOf(city))
    })
  }
  response.on('error', () => response.destroy())
  response.writeHead(200, {
    ...SECURITY_HEADERS,
    'content-type': 'text/event-stream; charset=utf-8',
    'cache-control': 'no-store',
    'x-accel-buffering': 'no',
  })
  const missed = lastEventId === undefined ? null : city.missedSince(lastEventId)
  write(`retry: ${RETRY_MS}\n\n${missed ? missed.map(textOf).join('') : snapshotOf(city)}`)
  return {
    send: (entries) => {
      if (!behind) write(entries.map(textOf).join(''))
    },
    beat: (heartbeat) => {
      if (!behind) write(heartbeat)
    },
    end: () => response.end(),
  }
}

function snapshotOf(city: LiveCity): string {
  const { lastId, snapshot } = city.snapshot()
  return `id: ${lastId}\nevent: snapshot\ndata: ${JSON.stringify(snapshot)}\n\n`
}

const textOf = ({ id, event, data }: StreamEntry) => `id: ${id}\nevent: ${event}\ndata: ${data}\n\n`

function heartbeatOf({ clock, brokerState, storeState }: ApiParts): string {
  const heartbeat: StreamHeartbeat = {
    nowEpochMs: clock.epochMs(),
    brokerUp: brokerState().up,
    storeUp: storeState().up,
  }
  return `event: hb\ndata: ${JSON.stringify(heartbeat)}\n\n`
}
