/** A secret that somebody types or keeps is in nothing that Sabz says. */
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { reportBug } from '#app/bug-report.ts'
import { storeChoice } from '#app/chosen-store.ts'
import type { Terminal } from '#app/terminal.ts'
import { brokerFolder } from '#app/broker-access.ts'
import { openStore } from '#central/store/choice.ts'
import { watchStore } from '#central/store-watch.ts'

const CANARY = 'canary-5f3a9c71'
const SITE = { id: 'hamadan' }
const EDGE = { holder: { kind: 'edge', name: 'hamadan-1' }, roles: ['mqtt'] } as const

let folder: string
let said: string[]
let server: Server | null = null
const terminal = {
  fail: (...words: string[]) => void said.push(words.join(' ')),
  say: (line: string) => void said.push(line),
  print: (line: string) => void said.push(line),
} as unknown as Terminal

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sabz-canary-'))
  said = []
})
afterEach(() => {
  vi.restoreAllMocks()
  server?.close()
  server = null
  rmSync(folder, { recursive: true, force: true })
})

const influx = (more: object) => ({ store: 'influx', influxDatabase: 'sabz', ...more }) as const

test.each([
  ['of InfluxDB', () => storeChoice({ ...influx({}), influxUrl: `http://u:${CANARY}@127.0.0.1:8086` }, terminal)],
  ['of a broker', () => brokerFolder({ mqtt: `mqtts://u:${CANARY}@10.0.0.5` }, EDGE, SITE, terminal)],
  [
    'of a broker with a typing error',
    () => brokerFolder({ mqtt: `mqqt://u:${CANARY}@10.0.0.5` }, EDGE, SITE, terminal),
  ],
  ['without a user', () => brokerFolder({ mqtt: `mqtt://${CANARY}@127.0.0.1` }, EDGE, SITE, terminal)],
])('a password in the URL %s is refused, and not repeated', (_of, ask) => {
  expect(ask().ok).toBe(false)
  expect(said.join()).toMatch(/^SECRET_ON_COMMAND_LINE/)
  expect(said.join()).not.toContain(CANARY)
})

test.each([
  ['mqtt://10.0.0.5', 'BROKER_WITHOUT_CERTIFICATES'],
  ['ws://broker.example.ir', 'BROKER_WITHOUT_CERTIFICATES'],
  ['mqtts://10.0.0.5', 'TLS_FOLDER_MISSING'],
])('%s is not spoken to without certificates', (mqtt, code) => {
  expect(brokerFolder({ mqtt, tls: join(folder, 'none') }, EDGE, SITE, terminal).ok).toBe(false)
  expect(said.join()).toContain(code)
})

test.each(['mqtt://127.0.0.1:1883', 'mqtt://localhost', 'mqtt://[::1]:1883'])('%s needs none', (mqtt) => {
  expect(brokerFolder({ mqtt }, EDGE, SITE, terminal)).toEqual({ ok: true, value: null })
})

test('the secret of InfluxDB is taken out of a file that its owner alone can read', () => {
  const file = join(folder, 'influx')
  const chosen = () => storeChoice({ ...influx({ influxSecret: file }), influxUrl: 'http://127.0.0.1:8086' }, terminal)
  expect(chosen().ok).toBe(false)
  writeFileSync(file, `sabz:${CANARY}:with:colons\n`, { mode: 0o600 })
  expect(chosen()).toMatchObject({ ok: true, value: { url: `http://sabz:${CANARY}%3Awith%3Acolons@127.0.0.1:8086/` } })
  chmodSync(file, 0o644)
  expect(chosen().ok).toBe(false)
  expect(said.map((line) => line.split(' ')[0])).toEqual(['SECRET_MISSING', 'SECRET_TOO_OPEN'])
  expect(said.join()).not.toContain(CANARY)
})

test('a store that refuses its user is told of without the secret', async () => {
  server = createServer((_request, answer) => answer.writeHead(401).end('{"error":"authorization failed"}')).listen(0)
  const { port } = server.address() as AddressInfo
  const url = `http://sabz:${CANARY}@127.0.0.1:${port}`
  const store = openStore({ kind: 'influx', url, database: 'sabz' }, folder)
  const query = await store.query({ fromEpochMs: 0, toEpochMs: 1, limit: 1 })
  const clock = { epochMs: () => Date.now(), monoMs: () => performance.now() }
  const log = (...words: string[]) => void said.push(words.join(' '))
  const watch = watchStore(store, 'InfluxDB', { clock, log })
  await expect.poll(() => said.length).toBeGreaterThan(0)
  watch.close()
  await store.close()
  expect(query.ok).toBe(false)
  expect(JSON.stringify([query, watch.state, said])).not.toContain(CANARY)
})

test('a report of a bug holds the command line without the secret in it', () => {
  const written: string[] = []
  vi.spyOn(process.stderr, 'write').mockImplementation((text) => Boolean(written.push(String(text))))
  vi.spyOn(process, 'argv', 'get').mockReturnValue(['node', 'sabz', 'central', '--influx-url', `http://u:${CANARY}@h`])
  reportBug(new Error(`cannot reach mqtt://u:${CANARY}@broker and http://u:${CANARY}@store`))
  const file = /The report is in (.*)/.exec(written.join())?.[1] ?? ''
  expect(readFileSync(file, 'utf8')).toContain('--influx-url http://h')
  expect(readFileSync(file, 'utf8') + written.join()).not.toContain(CANARY)
})
