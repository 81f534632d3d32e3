/** The InfluxDB store keeps the contract on a real InfluxDB, and takes nothing but 204 for an acknowledgement. */
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, describe, expect, test } from 'vitest'
import { openInfluxStore } from '#central/store/influx.ts'
import { influxdPath, startInfluxd } from '#test/support/influxd.ts'
import { freePort } from '#test/support/free-port.ts'
import { eventAt, NOW_EPOCH_MS, onceForAll, storeContract, valueOf } from './contract.ts'

let databases = 0
const newDatabase = (): string => `sabz_${(databases += 1)}`
const nowEpochMs = (): number => NOW_EPOCH_MS
const WIDE_DAYS = 36_500

describe.runIf(influxdPath)('the InfluxDB store', () => {
  const influxd = onceForAll(startInfluxd)

  storeContract(async () => {
    const database = newDatabase()
    const open = () => openInfluxStore({ url: influxd().url, database, nowEpochMs })
    let store = open()
    return { store, reopen: async () => (store = open()), dispose: () => store.close() }
  })

  test('a database that was dropped while we ran is made again', async () => {
    const database = newDatabase()
    const store = openInfluxStore({ url: influxd().url, database, nowEpochMs })
    valueOf(await store.write([eventAt(1)]))
    // Read to its end: InfluxDB sends the status before it has dropped anything.
    await (await fetch(`${influxd().url}/query?q=DROP+DATABASE+${database}`, { method: 'POST' })).text()
    expect(await store.write([eventAt(2)])).toMatchObject({ ok: false, fault: { code: 'STORE_UNAVAILABLE' } })
    valueOf(await store.write([eventAt(2)]))
    expect(valueOf(await store.count({ fromEpochMs: 0, toEpochMs: NOW_EPOCH_MS }))).toBe(1)
    await store.close()
  })

  test('another retention than before is brought to the database', async () => {
    const database = newDatabase()
    for (const retentionDays of [90, WIDE_DAYS]) {
      const store = openInfluxStore({ url: influxd().url, database, retentionDays, nowEpochMs })
      valueOf(await store.write([eventAt(retentionDays)]))
      await store.close()
    }
    const query = encodeURIComponent(`SHOW RETENTION POLICIES ON ${database}`)
    const answer = await (await fetch(`${influxd().url}/query?q=${query}`)).text()
    expect(answer).toContain(`["raw","${WIDE_DAYS * 24}h0m0s"`)
  })

  test('a store that is not there yet is unavailable, and is used at once when it comes', async () => {
    const late = await startInfluxd()
    const store = openInfluxStore({ url: late.url, database: 'late', nowEpochMs })
    await late.kill()
    for (let time = 0; time < 3; time++)
      expect(await store.write([eventAt(1)])).toMatchObject({ ok: false, fault: { code: 'STORE_UNAVAILABLE' } })
    expect(await store.count({ fromEpochMs: 0, toEpochMs: 1 })).toMatchObject({ fault: { code: 'STORE_UNAVAILABLE' } })
    await late.start()
    valueOf(await store.write([eventAt(1)]))
    expect(valueOf(await store.count({ fromEpochMs: 0, toEpochMs: NOW_EPOCH_MS }))).toBe(1)
    await store.close()
    await late.dispose()
  })
})

describe.runIf(influxdPath)('an InfluxDB with users', () => {
  const influxd = onceForAll(() => startInfluxd({ auth: true }))

  const as = (user: string, password: string): string => {
    const url = new URL(influxd().url)
    Object.assign(url, { username: user, password: encodeURIComponent(password) })
    return url.href
  }

  async function command(text: string, authorization?: string): Promise<void> {
    const headers = authorization ? { authorization: `Basic ${Buffer.from(authorization).toString('base64')}` } : {}
    const answer = await fetch(`${influxd().url}/query?q=${encodeURIComponent(text)}`, { method: 'POST', headers })
    expect(await answer.text()).not.toContain('error')
  }

  test('a user who may only read and write its own database is enough', async () => {
    await command(`CREATE USER admin WITH PASSWORD 'p@ss:1' WITH ALL PRIVILEGES`)
    const admin = openInfluxStore({ url: as('admin', 'p@ss:1'), database: 'city', nowEpochMs })
    valueOf(await admin.write([eventAt(1)]))
    await command(`CREATE USER central WITH PASSWORD 'secret'; GRANT ALL ON city TO central`, 'admin:p@ss:1')
    const store = openInfluxStore({ url: as('central', 'secret'), database: 'city', nowEpochMs })
    valueOf(await store.write([eventAt(2)]))
    expect(valueOf(await store.count({ fromEpochMs: 0, toEpochMs: NOW_EPOCH_MS }))).toBe(2)
    const stranger = openInfluxStore({ url: as('central', 'wrong'), database: 'city', nowEpochMs })
    const refused = await stranger.write([eventAt(3)])
    expect(refused).toMatchObject({ ok: false, fault: { code: 'STORE_UNAVAILABLE' } })
    expect(JSON.stringify(refused)).toContain('authorization failed')
    expect(JSON.stringify(refused)).not.toContain('wrong')
    for (const each of [admin, store, stranger]) await each.close()
  })
})

describe('what InfluxDB answers to a write', () => {
  const servers: Server[] = []
  afterEach(() => {
    for (const server of servers.splice(0)) server.close()
  })

  async function answering(status: number, text: string): Promise<string> {
    const server = createServer((request, response) => {
      const isWrite = request.url?.startsWith('/write') ?? false
      request.resume().on('end', () => {
        response.statusCode = isWrite ? status : 200
        response.end(isWrite ? text : '{"results":[{"statement_id":0}]}')
      })
    })
    servers.push(server)
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  }

  test.each([
    { status: 200, text: '{"results":[]}', code: 'STORE_UNAVAILABLE' },
    { status: 500, text: '{"error":"no space left on device"}', code: 'STORE_UNAVAILABLE' },
    { status: 503, text: 'busy', code: 'STORE_UNAVAILABLE' },
    { status: 401, text: '{"error":"authorization failed"}', code: 'STORE_UNAVAILABLE' },
    { status: 404, text: '{"error":"database not found"}', code: 'STORE_UNAVAILABLE' },
    { status: 400, text: '{"error":"partial write: dropped=0"}', code: 'STORE_REFUSED' },
  ])('$status $text is $code', async ({ status, text, code }) => {
    const store = openInfluxStore({ url: await answering(status, text), database: 'x', nowEpochMs })
    const outcome = await store.write([eventAt(1)])
    expect(outcome).toMatchObject({ ok: false, fault: { code } })
    await store.close()
  })

  test('204 is an acknowledgement', async () => {
    const store = openInfluxStore({ url: await answering(204, ''), database: 'x', nowEpochMs })
    expect(await store.write([eventAt(1)])).toEqual({ ok: true, value: undefined })
    await store.close()
  })

  test('nobody at the address is unavailable, with the reason', async () => {
    const store = openInfluxStore({ url: `http://127.0.0.1:${await freePort()}`, database: 'x', nowEpochMs })
    const outcome = await store.write([eventAt(1)])
    expect(outcome).toMatchObject({ ok: false, fault: { code: 'STORE_UNAVAILABLE' } })
    expect(JSON.stringify(outcome)).toContain('ECONNREFUSED')
    await store.close()
  })
})
