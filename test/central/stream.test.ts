/** The live stream over real sockets: what a page gets at first, later, after a lost line, and when it is slow. */
import { connect, type AddressInfo } from 'node:net'
import { afterEach, expect, test } from 'vitest'
import type { Api, ApiParts } from '#central/api/parts.ts'
import { buildServer } from '#central/api/server.ts'
import { STREAMS_MAX } from '#central/api/stream.ts'
import { openEventSource, type ReceivedEvent } from '#test/support/event-source.ts'
import { NOON, partsOf, stateOf } from './city-of-two.ts'

const toClose: (() => unknown)[] = []
afterEach(async () => {
  for (const close of toClose.splice(0).toReversed()) await close()
})

async function serve(changes: Partial<ApiParts> = {}) {
  const parts = partsOf(changes)
  const api: Api = await buildServer(parts)
  await api.listen({ host: '127.0.0.1', port: 0 })
  toClose.push(() => api.close())
  const { port } = api.server.address() as AddressInfo
  const watch = async (headers: Record<string, string> = {}) => {
    const source = await openEventSource(`http://127.0.0.1:${port}/api/v1/stream`, headers)
    toClose.push(() => source.close())
    return source
  }
  return { ...parts, api, port, watch }
}

const is =
  (event: string, intersection?: string) =>
  (received: ReceivedEvent): boolean =>
    received.event === event &&
    (intersection === undefined || (received.data as { intersection?: string }).intersection === intersection)

test('a page starts from a snapshot and the state of both links, then gets each change', async () => {
  const { city, watch } = await serve()
  city.acceptState(stateOf('IX-01', NOON), false)
  const page = await watch()
  expect(page.response.headers['content-type']).toBe('text/event-stream; charset=utf-8')
  expect(page.response.headers['content-security-policy']).toMatch(/default-src 'self'/)
  const snapshot = await page.next(is('snapshot'))
  expect(snapshot.data).toEqual({
    nowEpochMs: NOON,
    states: [stateOf('IX-01', NOON)],
    edges: [
      { edge: 'north', online: false, sinceEpochMs: null, intersections: ['IX-01'] },
      { edge: 'south', online: false, sinceEpochMs: null, intersections: ['IX-02'] },
    ],
  })
  expect((await page.next(is('hb'))).data).toEqual({ nowEpochMs: NOON, brokerUp: true, storeUp: true })
  city.acceptState(stateOf('IX-02', NOON), false)
  const change = await page.next(is('state', 'IX-02'))
  expect(change.data).toEqual({ ...stateOf('IX-02', NOON), edgeOnline: false })
  city.acceptPresence('south', true, NOON)
  expect((await page.next(is('presence'))).data).toEqual({ edge: 'south', online: true, sinceEpochMs: NOON })
})

test('a page that lost its line says the last id it saw and gets what it missed, without a snapshot', async () => {
  const { city, watch } = await serve()
  const first = await watch()
  city.acceptState(stateOf('IX-01', NOON), false)
  const seen = await first.next(is('state', 'IX-01'))
  first.close()
  city.acceptState(stateOf('IX-02', NOON), false)
  city.flush()
  const again = await watch({ 'last-event-id': seen.id ?? '' })
  await again.next(is('state', 'IX-02'))
  expect(again.events.filter(({ event }) => event !== 'hb').map(({ event }) => event)).toEqual(['state'])
})

test('an id of an earlier central leads to a snapshot', async () => {
  const { watch } = await serve()
  const page = await watch({ 'last-event-id': '1.17' })
  expect(await page.next(is('snapshot'))).toBeTruthy()
})

test('a page that stops reading costs a bounded memory and starts again from a snapshot', async () => {
  const { city, api, port } = await serve()
  const socket = connect(port, '127.0.0.1')
  toClose.push(() => socket.destroy())
  socket.pause()
  await new Promise<void>((resolve) => socket.once('connect', resolve))
  socket.write('GET /api/v1/stream HTTP/1.1\r\nhost: 127.0.0.1\r\n\r\n')
  await untilStreams(api, 1)
  const detail = 'x'.repeat(40_000)
  // Far more than sockets and the limit together take: 40 kB × 400 = 16 MB.
  for (let n = 0; n < 400; n++) {
    city.acceptState(stateOf('IX-01', NOON + n, { ladder: { code: detail, numbers: { n } } }), false)
    city.flush()
    if (n % 20 === 0) await new Promise((resolve) => setImmediate(resolve))
  }
  let text = ''
  socket.setEncoding('utf8').on('data', (chunk: string) => (text += chunk))
  socket.resume()
  await expect.poll(() => text.match(/event: snapshot/g)?.length, { timeout: 10_000 }).toBe(2)
  expect(text.match(/event: state/g)?.length ?? 0).toBeLessThan(350)
  expect(text.slice(text.lastIndexOf('event: snapshot'))).toContain(`"sampledAtEpochMs":${NOON}`)
  expect(text.slice(text.lastIndexOf('event: snapshot'))).toContain('"numbers":{"n":399}')
})

test('more streams than the limit are refused, and the others go on', async () => {
  const { port, watch } = await serve()
  const pages = await Promise.all(Array.from({ length: STREAMS_MAX }, () => watch()))
  const refused = await fetch(`http://127.0.0.1:${port}/api/v1/stream`)
  expect([refused.status, ((await refused.json()) as { code: string }).code]).toEqual([503, 'STREAM_FULL'])
  pages[0]?.close()
  await expect.poll(async () => (await watch()).response.statusCode, { timeout: 5_000 }).toBe(200)
})

test('closing central ends every stream at once', async () => {
  const { api, watch } = await serve()
  const page = await watch()
  const ended = new Promise((resolve) => page.response.once('close', resolve))
  await api.close()
  await ended
  expect(page.response.destroyed).toBe(true)
})

async function untilStreams(api: Api, count: number): Promise<void> {
  await expect
    .poll(() => new Promise((resolve) => api.server.getConnections((_error, open) => resolve(open))))
    .toBe(count)
}
