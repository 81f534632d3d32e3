/** Reads server-sent events from a real socket, for tests: every event with its id, as it came. */
import { request, type IncomingMessage } from 'node:http'

export interface ReceivedEvent {
  readonly id: string | null
  readonly event: string
  readonly data: unknown
}

export interface OpenEventSource {
  readonly response: IncomingMessage
  readonly events: readonly ReceivedEvent[]
  /** Resolves with the first event that matches, among those that came and those that will. */
  next(matches: (event: ReceivedEvent) => boolean): Promise<ReceivedEvent>
  close(): void
}

export async function openEventSource(url: string, headers: Record<string, string> = {}): Promise<OpenEventSource> {
  const events: ReceivedEvent[] = []
  const waiting = new Set<() => void>()
  const outgoing = request(url, { headers: { accept: 'text/event-stream', ...headers } })
  const response = await new Promise<IncomingMessage>((resolve, reject) => {
    outgoing.on('response', resolve).on('error', reject).end()
  })
  let rest = ''
  response.setEncoding('utf8').on('data', (chunk: string) => {
    const blocks = (rest + chunk).split('\n\n')
    rest = blocks.pop() ?? ''
    events.push(...blocks.filter((block) => /^data: /m.test(block)).map(parseBlock))
    waiting.forEach((look) => look())
  })
  response.on('error', () => undefined)
  return {
    response,
    events,
    next: (matches) =>
      new Promise((resolve) => {
        const look = () => {
          const found = events.find(matches)
          if (!found) return
          waiting.delete(look)
          resolve(found)
        }
        waiting.add(look)
        look()
      }),
    close: () => outgoing.destroy(),
  }
}

function parseBlock(block: string): ReceivedEvent {
  const field = (name: string) => new RegExp(`^${name}: (.*)$`, 'm').exec(block)?.[1]
  return { id: field('id') ?? null, event: field('event') ?? 'message', data: JSON.parse(field('data') ?? 'null') }
}
