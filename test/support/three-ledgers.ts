/** The three accounts of what happened on the street: what the cabinets emitted, what the edges sent, what the store holds. */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import mqtt from 'mqtt'
import { EVENT_SOURCES, type Batch } from '#contract/messages.ts'
import { parseTopic } from '#contract/topics.ts'
import type { LogRecord } from '#devices/device.ts'

export interface Entry {
  readonly intersection: string
  readonly epochMs: number
  readonly code: number
  readonly parameter: number
  readonly source: string
  readonly deviceSequence: number
}

/** By identity: `edge/epoch/sequence` for what an edge recorded, `intersection/sequence` for what a cabinet emitted. */
export type Account = ReadonlyMap<string, Entry>

/** What each cabinet of the folder wrote down, line by line. A line that is being written is left out. */
export function readCabinets(folder: string): Account {
  const names = readdirSync(folder).filter((name) => name.endsWith('.ndjson'))
  return new Map(names.flatMap((name) => readCabinet(join(folder, name), name.slice(0, -'.ndjson'.length))))
}

function readCabinet(file: string, intersection: string): [string, Entry][] {
  const lines = readFileSync(file, 'utf8').split('\n').slice(0, -1)
  return lines.map((line) => {
    const { sequence, epochMs, code, parameter } = JSON.parse(line) as LogRecord
    const entry = { intersection, epochMs, code, parameter, source: 'controller', deviceSequence: sequence }
    return [`${intersection}/${sequence}`, entry]
  })
}

export interface Tap {
  readonly account: Account
  close(): Promise<void>
}

/** Listens beside central to everything that edges send; its session outlives a restart of the broker. */
export async function tapBatches(mqttUrl: string, site: string): Promise<Tap> {
  const account = new Map<string, Entry>()
  const client = mqtt.connect(mqttUrl, { clientId: 'three-ledgers-tap', clean: false, reconnectPeriod: 200 })
  client.on('message', (topic, payload) => {
    const from = parseTopic(topic)
    if (from?.kind !== 'batch') return
    const { epoch, rows } = JSON.parse(payload.toString()) as Batch
    for (const [sequence, epochMs, intersection, code, parameter, source, deviceSequence] of rows) {
      const entry = { intersection, epochMs, code, parameter, source: EVENT_SOURCES[source] ?? '', deviceSequence }
      account.set(`${from.edge}/${epoch}/${sequence}`, entry)
    }
  })
  await client.subscribeAsync(`sabz/v1/${site}/+/batch`, { qos: 1 })
  return { account, close: () => client.endAsync(true) }
}

interface InfluxAnswer {
  readonly results: readonly { readonly series?: readonly { columns: string[]; values: (string | number)[][] }[] }[]
}

/** Every point that InfluxDB holds, asked from itself; an identity that it holds twice is an error. */
export async function readInflux(influxUrl: string, database: string): Promise<Account> {
  const query = new URLSearchParams({ db: database, epoch: 'ms', q: 'SELECT * FROM "raw"."event"' })
  const response = await fetch(`${influxUrl}/query?${query.toString()}`)
  const answer = (await response.json()) as InfluxAnswer
  const series = answer.results[0]?.series?.[0]
  const account = new Map<string, Entry>()
  for (const values of series?.values ?? []) {
    const point = Object.fromEntries(values.map((value, column) => [series?.columns[column], value]))
    const id = `${point['edge']}/${point['epoch']}/${point['sequence']}`
    if (account.has(id)) throw new Error(`the store holds ${id} twice`)
    account.set(id, {
      intersection: String(point['intersection']),
      epochMs: Number(point['time']),
      code: Number(point['code']),
      parameter: Number(point['parameter']),
      source: String(point['kind']),
      deviceSequence: Number(point['deviceSequence']),
    })
  }
  return account
}

/** The part of an account that came out of controllers' own logs, by the cabinet's identity; twice is an error. */
export function fromCabinets(account: Account): Account {
  const own = new Map<string, Entry>()
  for (const entry of account.values()) {
    if (entry.source !== 'controller') continue
    const id = `${entry.intersection}/${entry.deviceSequence}`
    if (own.has(id)) throw new Error(`${id} was recorded twice`)
    own.set(id, entry)
  }
  return own
}

/** Identities that are in one account only, or differ in content; empty = equal. */
export function differences(a: Account, b: Account): string[] {
  const ids = new Set([...a.keys(), ...b.keys()])
  return [...ids].filter((id) => JSON.stringify(a.get(id)) !== JSON.stringify(b.get(id)))
}
