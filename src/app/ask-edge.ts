/** `sabz fetch` and `sabz throttle`: a word to an edge's telemetry over the broker, as central says it. */
import mqtt, { type MqttClient } from 'mqtt'
import { Compile } from 'typebox/compile'
import { Fetched, type Fetch, type Throttle } from '#contract/edge-words.ts'
import { MESSAGE_VERSION } from '#contract/messages.ts'
import { edgeTopics, type EdgeTopics } from '#contract/topics.ts'
import { didYouMean } from '#config/nearest.ts'
import { credentialsIn } from '#trust/mqtt-connect.ts'
import { brokerFolder } from './broker-access.ts'
import { EXIT, type ExitCode } from './exit-code.ts'
import { loadSiteOrExplain } from './site.ts'
import type { Terminal } from './terminal.ts'

export interface EdgeAddress {
  readonly config: string
  readonly edge: string
  readonly mqtt: string
  readonly tls?: string
  readonly plainMqtt?: true
  /** Seconds. */
  readonly timeout: number
}

export interface FetchOptions extends EdgeAddress {
  readonly from: number
  readonly to: number
}

export interface ThrottleOptions extends EdgeAddress {
  readonly eventsPerS: number
  readonly for: number
}

const fetched = Compile(Fetched)

/** Exit code 1 when the edge has nothing of that time. */
export async function runFetch(options: FetchOptions, terminal: Terminal): Promise<ExitCode> {
  return withEdge(options, terminal, async (client, topics) => {
    const id = crypto.randomUUID()
    const answered = answerTo(client, id)
    await client.subscribeAsync(topics.fetched, { qos: 1 })
    const word: Fetch = { v: MESSAGE_VERSION, id, fromEpochMs: options.from, toEpochMs: options.to }
    await client.publishAsync(topics.fetch, JSON.stringify(word), { qos: 1 })
    const answer = await within(options.timeout * 1_000, answered)
    return answer === null ? explainSilence(options, terminal) : tellFetched(answer, terminal)
  })
}

export async function runThrottle(options: ThrottleOptions, terminal: Terminal): Promise<ExitCode> {
  return withEdge(options, terminal, async (client, topics) => {
    const word: Throttle = { v: MESSAGE_VERSION, backlogEventsPerS: options.eventsPerS, forMs: options.for }
    await client.publishAsync(topics.throttle, JSON.stringify(word), { qos: 1 })
    const minutes = Math.round(options.for / 6_000) / 10
    terminal.print(
      `${options.edge} is asked for no more than ${options.eventsPerS} events/s of backlog for ${minutes} min`,
    )
    terminal.record({ ok: true, edge: options.edge, ...word })
    return EXIT.ok
  })
}

/** Connects as the desk does, and ends the connection whatever comes. */
export async function withEdge(
  address: EdgeAddress,
  terminal: Terminal,
  act: (client: MqttClient, topics: EdgeTopics) => Promise<ExitCode>,
): Promise<ExitCode> {
  const { config, edge, mqtt: url, timeout } = address
  const site = await loadSiteOrExplain(config, terminal)
  if (site === null) return EXIT.invalidConfig
  const way = brokerFolder(address, { holder: { kind: 'service', name: 'desk' }, roles: ['desk'] }, site, terminal)
  if (!way.ok) return way.fault
  const known = site.edges.map(({ id }) => String(id))
  if (!known.includes(edge)) {
    terminal.fail(
      'UNKNOWN_EDGE',
      `there is no edge ${edge} in ${config}.`,
      didYouMean(edge, known) || `Its edges: ${known.join(', ')}.`,
    )
    return EXIT.usage
  }
  const client = await connectOrNull(url, timeout, way.value)
  if (client === null) {
    terminal.fail(
      'BROKER_NOT_THERE',
      `no broker answers at ${new URL(url).host}.`,
      'Name it with --mqtt mqtt://host:1883',
    )
    return EXIT.cannotReach
  }
  try {
    return await act(client, edgeTopics(site.id, edge))
  } finally {
    await client.endAsync(true)
  }
}

async function connectOrNull(url: string, timeoutS: number, keys: string | null): Promise<MqttClient | null> {
  const shown = keys === null ? {} : credentialsIn({ folder: keys, role: 'desk' })
  try {
    return await mqtt.connectAsync(url, { ...shown, connectTimeout: timeoutS * 1_000, reconnectPeriod: 0 }, false)
  } catch {
    return null
  }
}

function answerTo(client: MqttClient, id: string): Promise<Fetched> {
  return new Promise((resolve) =>
    client.on('message', (_topic, payload) => {
      const answer = parse(payload)
      if (answer?.id === id) resolve(answer)
    }),
  )
}

function parse(payload: Buffer): Fetched | null {
  try {
    const value: unknown = JSON.parse(payload.toString('utf8'))
    return fetched.Check(value) ? value : null
  } catch {
    return null
  }
}

/** Null when it does not come in time. */
export async function within<T>(ms: number, promise: Promise<T>): Promise<T | null> {
  const { promise: over, resolve } = Promise.withResolvers<null>()
  const timer = setTimeout(() => resolve(null), ms)
  const first = await Promise.race([promise, over])
  clearTimeout(timer)
  return first
}

function explainSilence({ edge, timeout }: EdgeAddress, terminal: Terminal): ExitCode {
  terminal.fail(
    'EDGE_SILENT',
    `${edge} has not answered in ${timeout} s.`,
    'Is it online (sabz gaps)? It answers when all is stored; --timeout 600',
  )
  return EXIT.timedOut
}

function tellFetched({ state, reason, events, oldestEpochMs }: Fetched, terminal: Terminal): ExitCode {
  const oldest = oldestEpochMs === null ? 'nothing' : `everything since ${new Date(oldestEpochMs).toISOString()}`
  if (state === 'refused')
    terminal.fail(
      'FETCH_REFUSED',
      `the edge refuses: ${reason ?? 'no reason'}.`,
      'Ask for a stretch of time, and wait for the answer to the last one.',
    )
  else terminal.print(`${events} events are in the store again; the edge still has ${oldest}`)
  terminal.record({ ok: state === 'done', events, oldestEpochMs })
  if (state === 'refused') return EXIT.usage
  return events > 0 ? EXIT.ok : EXIT.findings
}
