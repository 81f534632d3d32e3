/** The API asked without a socket: answers, refusals with remedies, headers, and its own description. */
import { mkdtempSync, mkdirSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, expect, test } from 'vitest'
import { failed } from '#base/outcome.ts'
import type { Api, ApiParts } from '#central/api/parts.ts'
import { buildServer } from '#central/api/server.ts'
import { NOON, partsOf, SITE, stateOf, storedEvent, storeOf } from './city-of-two.ts'

const open: Api[] = []
afterEach(() => Promise.all(open.splice(0).map((api) => api.close())))

async function serve(changes: Partial<ApiParts> = {}) {
  const parts = partsOf(changes)
  const api = await buildServer(parts)
  open.push(api)
  const get = async (url: string) => {
    const response = await api.inject(url)
    return { ...response, json: response.json.bind(response), status: response.statusCode, headers: response.headers }
  }
  return { ...parts, get }
}

test('the list has every intersection with its mode, plan and the age of what is known', async () => {
  const { get, city, clock } = await serve()
  city.acceptPresence('north', true, NOON)
  city.acceptState(stateOf('IX-01', NOON - 150), false)
  clock.pass(250)
  const list = (await get('/api/v1/intersections')).json()
  expect(list).toEqual([
    {
      id: 'IX-01',
      name: { fa: 'میدان', en: 'The square' },
      mode: 'coordinated',
      plan: 'midday',
      flash: 'none',
      preempt: null,
      ageMs: 400,
      freshness: 'live',
      edge: 'north',
      edgeOnline: true,
      cycleMs: 80_000,
      localCycleMs: 34_000,
      greens: [2, 6],
      phases: [2, 4, 6, 8],
      rings: [
        [2, 4],
        [6, 8],
      ],
      preempts: [],
      priorities: [],
    },
    {
      id: 'IX-02',
      name: { fa: 'پل', en: 'The bridge' },
      mode: 'unknown',
      plan: null,
      flash: null,
      preempt: null,
      ageMs: null,
      freshness: 'lost',
      edge: 'south',
      edgeOnline: false,
      cycleMs: null,
      localCycleMs: null,
      greens: [],
      phases: [2, 4, 6, 8],
      rings: [
        [2, 4],
        [6, 8],
      ],
      preempts: [],
      priorities: [],
    },
  ])
})

test('an intersection that was lost shows its age and no value of the past', async () => {
  const { get, city, clock } = await serve()
  city.acceptState(stateOf('IX-01', NOON), false)
  clock.pass(10_001)
  const [lost] = (await get('/api/v1/intersections')).json()
  expect(lost).toMatchObject({
    freshness: 'lost',
    ageMs: 10_001,
    mode: 'unknown',
    plan: null,
    cycleMs: null,
    greens: [],
  })
})

test('one intersection comes with what a drawing needs, its plans, and its last state', async () => {
  const { get, city } = await serve()
  const state = stateOf('IX-01', NOON)
  city.acceptState(state, false)
  const detail = (await get('/api/v1/intersections/IX-01')).json()
  expect(detail.position).toEqual({ latitude: 34.8, longitude: 48.5 })
  expect(detail.geometry.approaches.map((approach: { id: string }) => approach.id)).toEqual(['N', 'E', 'S', 'W'])
  expect(detail.geometry.detectors).toHaveLength(7)
  expect(detail.geometry.phases[0]).toMatchObject({ id: 2, minGreenMs: 7_000, yellowMs: 3_500, hasPedestrians: true })
  expect(detail.plans).toEqual([
    {
      key: 'midday',
      pattern: 3,
      cycleMs: 80_000,
      offsetMs: 10_000,
      splitsMs: { 2: 45_000, 4: 35_000, 6: 45_000, 8: 35_000 },
    },
  ])
  expect(detail.state).toEqual(state)
})

test('an unknown intersection is refused with the names of those that exist', async () => {
  const { get } = await serve()
  for (const url of ['/api/v1/intersections/IX-99', '/api/v1/intersections/IX-99/events']) {
    const answer = await get(url)
    expect(answer.status).toBe(404)
    expect(answer.headers['content-type']).toBe('application/problem+json; charset=utf-8')
    expect(answer.json()).toMatchObject({
      status: 404,
      code: 'INTERSECTION_UNKNOWN',
      remedy: 'Use one of IX-01, IX-02.',
    })
  }
})

test('events are told newest first, of one intersection, by code and within the range', async () => {
  const events = [
    storedEvent(1),
    storedEvent(2, { code: 8 }),
    storedEvent(3),
    storedEvent(4, { intersection: 'IX-02' }),
    storedEvent(5, { epochMs: NOON - 7_200_000 }),
  ]
  const { get } = await serve({ store: storeOf(events) })
  const sequences = async (url: string) => (await get(url)).json().map((event: { sequence: number }) => event.sequence)
  expect(await sequences('/api/v1/events')).toEqual([4, 3, 2, 1])
  expect(await sequences('/api/v1/intersections/IX-01/events')).toEqual([3, 2, 1])
  expect(await sequences('/api/v1/intersections/IX-01/events?codes=1,10')).toEqual([3, 1])
  expect(await sequences('/api/v1/events?limit=2')).toEqual([4, 3])
  const from = new Date(NOON - 58_000).toISOString()
  const to = new Date(NOON - 57_000).toISOString()
  expect(await sequences(`/api/v1/events?from=${from}&to=${to}`)).toEqual([2])
  expect((await get('/api/v1/events?limit=1')).json()[0]).toEqual({
    at: '2026-11-23T08:29:04.000Z',
    intersection: 'IX-02',
    code: 1,
    parameter: 2,
    source: 'controller',
    edge: 'north',
    epoch: '00000000deadbeef',
    sequence: 4,
  })
})

test.each([
  ['/api/v1/events?from=yesterday', 'REQUEST_INVALID'],
  ['/api/v1/events?limit=0', 'REQUEST_INVALID'],
  ['/api/v1/events?limit=10001', 'REQUEST_INVALID'],
  ['/api/v1/events?codes=1;8', 'REQUEST_INVALID'],
  ['/api/v1/events?from=2026-11-23T08:30:00Z&to=2026-11-23T08:30:00Z', 'RANGE_EMPTY'],
  [`/api/v1/intersections/${'x'.repeat(65)}`, 'REQUEST_INVALID'],
])('%s is refused as %s, with a remedy', async (url, code) => {
  const { get } = await serve()
  const answer = await get(url)
  expect(answer.status).toBe(400)
  expect(answer.json().code).toBe(code)
  expect(answer.json().remedy).not.toBe('')
})

test('a store that is away leaves live answers alone and says so for history', async () => {
  const away = { ...storeOf([]), query: async () => failed({ code: 'STORE_UNAVAILABLE' as const, detail: 'refused' }) }
  const { get } = await serve({ store: away })
  const history = await get('/api/v1/events')
  expect(history.status).toBe(503)
  expect(history.json()).toMatchObject({ code: 'HISTORY_UNAVAILABLE' })
  expect((await get('/api/v1/intersections')).status).toBe(200)
})

test('a bug answers without its insides and writes them to the log', async () => {
  const lines: string[] = []
  const { get } = await serve({
    brokerState: () => {
      throw new Error('the secret path')
    },
    log: (_level, code, message) => lines.push(`${code} ${message}`),
  })
  const answer = await get('/api/v1/health')
  expect(answer.status).toBe(500)
  expect(answer.body).not.toContain('secret')
  expect(lines.join()).toMatch(/API_BUG .*the secret path/)
})

test('health names each part, and how much of each edge is live', async () => {
  const down = { up: false, detail: 'connection refused', sinceEpochMs: NOON - 5_000 }
  const { get, city } = await serve({ brokerState: () => down, ignoredMessages: () => 7 })
  city.acceptPresence('north', true, NOON - 1_000)
  city.acceptState(stateOf('IX-01', NOON), false)
  city.acceptState(stateOf('IX-02', NOON - 5_000), false)
  expect((await get('/api/v1/health')).json()).toEqual({
    status: 'degraded',
    now: '2026-11-23T08:30:00.000Z',
    parts: {
      broker: { state: 'down', detail: 'connection refused', since: '2026-11-23T08:29:55.000Z' },
      store: { state: 'up', detail: 'there', since: '2026-11-23T08:30:00.000Z' },
    },
    edges: [
      { edge: 'north', online: true, since: '2026-11-23T08:29:59.000Z', live: 1, stale: 0, lost: 0 },
      { edge: 'south', online: false, since: null, live: 0, stale: 1, lost: 0 },
    ],
    ignoredMessages: 7,
  })
})

test('the API describes itself as OpenAPI 3.1 with every address', async () => {
  const { get } = await serve()
  const description = (await get('/api/v1/openapi.json')).json()
  expect(description.openapi).toBe('3.1.0')
  expect(Object.keys(description.paths).toSorted()).toEqual([
    '/api/v1/alarms',
    '/api/v1/events',
    '/api/v1/gaps',
    '/api/v1/health',
    '/api/v1/intersections',
    '/api/v1/intersections/{id}',
    '/api/v1/intersections/{id}/events',
    '/api/v1/plans',
    '/api/v1/site',
    '/api/v1/stream',
  ])
  expect(description.paths['/api/v1/stream'].get.responses['200'].content).toHaveProperty('text/event-stream')
})

test('nothing may be loaded from another host, framed, or kept when it is live', async () => {
  const { get } = await serve()
  const { headers } = await get('/api/v1/intersections')
  expect(headers['content-security-policy']).toMatch(/^default-src 'self'/)
  expect(headers['content-security-policy']).toMatch(/frame-ancestors 'none'/)
  expect(headers['x-content-type-options']).toBe('nosniff')
  expect(headers['cache-control']).toBe('no-store')
})

test('without built pages the wall says what to run, and the API works', async () => {
  const { get } = await serve()
  const wall = await get('/wall')
  expect(wall.status).toBe(503)
  expect(wall.json()).toMatchObject({ code: 'PAGES_NOT_BUILT', remedy: expect.stringContaining('npm run build') })
  expect((await get('/api/v1/site')).json()).toMatchObject({ id: SITE.id, simulated: false })
})

test('pages share one document, hashed files are kept for a year, unknown addresses are not found', async () => {
  const webRoot = mkdtempSync(join(tmpdir(), 'sabz-pages-'))
  mkdirSync(join(webRoot, 'assets'))
  writeFileSync(join(webRoot, 'index.html'), '<!doctype html><title>Sabz</title>')
  writeFileSync(join(webRoot, 'assets', 'app-1a2b3c.js'), 'export {}')
  const { get } = await serve({ webRoot })
  const root = await get('/')
  expect([root.status, root.headers.location]).toEqual([302, '/wall'])
  expect((await get('/?lang=en')).headers.location).toBe('/wall?lang=en')
  for (const page of ['/wall', '/ix/IX-01']) {
    const answer = await get(page)
    expect([answer.status, answer.headers['cache-control']]).toEqual([200, 'no-cache'])
    expect(answer.body).toContain('<title>Sabz</title>')
  }
  expect((await get('/assets/app-1a2b3c.js')).headers['cache-control']).toContain('immutable')
  for (const nowhere of ['/assets/none.js', '/walls', '/../package.json', '/%2e%2e/package.json'])
    expect((await get(nowhere)).status, nowhere).toBe(404)
})

test('gaps and alarms are answered edge by edge, and a ledger that cannot be read is said by name', async () => {
  const alarm = {
    id: 'IX-01.cabinet.5',
    intersection: 'IX-01',
    name: 'cabinet' as const,
    number: 5,
    sinceEpochMs: NOON,
  }
  const alarms = () => [
    { edge: 'north', list: { v: 1, atEpochMs: NOON, alarms: [alarm] } },
    { edge: 'south', list: null },
  ]
  const whole = {
    online: true,
    completeUntil: null,
    missingEvents: 0,
    missing: [],
    lostEvents: 0,
    lost: [],
    replay: null,
  }
  const unheard = { edge: 'south', at: null, accepted: null, refused: null, intersections: [] }
  const { get } = await serve({ alarms, gaps: () => [{ edge: 'north', ...whole }], plans: () => [unheard] })
  expect((await get('/api/v1/plans')).json()).toEqual([unheard])
  expect((await get('/api/v1/gaps')).json()).toEqual([{ edge: 'north', ...whole }])
  expect((await get('/api/v1/alarms')).json()).toEqual([
    { edge: 'north', at: new Date(NOON).toISOString(), alarms: [alarm] },
    { edge: 'south', at: null, alarms: [] },
  ])
  const blind = await serve({
    gaps: () => {
      throw new Error('disk I/O error')
    },
  })
  const refused = await blind.get('/api/v1/gaps')
  expect(refused.status).toBe(503)
  expect(refused.json()).toMatchObject({ code: 'LEDGER_UNREADABLE', detail: expect.stringContaining('disk I/O error') })
})
