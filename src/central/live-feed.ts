/** Listens to live states and presence over MQTT and hands what is valid and ours to the live city. */
import mqtt, { type MqttClient } from 'mqtt'
import { Compile } from 'typebox/compile'
import type { Clock } from '#base/clock.ts'
import type { Log } from '#base/log.ts'
import { AlarmList } from '#contract/edge-words.ts'
import { isVersionAccepted, LiveState, Presence } from '#contract/messages.ts'
import { PlanReported } from '#contract/plan-bundle.ts'
import { centralSubscriptions, parseTopic } from '#contract/topics.ts'
import type { AlarmLists } from './alarm-lists.ts'
import type { PlanReports } from './plan-reports.ts'
import type { MqttConnect } from '#trust/mqtt-connect.ts'
import type { LiveCity } from './live-city.ts'
import { PartWatch, type PartState } from './part-state.ts'

/** A state of the largest intersection is about 6 kB; what is larger is not ours. */
const PAYLOAD_BYTES_MAX = 65_536
/** One line in this time says how many were ignored; a talkative stranger must not fill the disk. */
const IGNORED_LOG_PERIOD_MS = 60_000
const RECONNECT_MS = 1_000
const CONNECT_TIMEOUT_MS = 5_000
/** A broker that vanished without a word is noticed after one and a half of these. */
const KEEPALIVE_S = 5

const validState = Compile(LiveState)
const validPresence = Compile(Presence)
const validAlarms = Compile(AlarmList)
const validPlans = Compile(PlanReported)

export interface LiveFeed {
  readonly broker: PartState
  readonly ignoredMessages: number
  close(): Promise<void>
}

export interface LiveFeedSettings {
  readonly site: string
  readonly mqttUrl: string
  readonly city: LiveCity
  readonly alarms: AlarmLists
  readonly plans: PlanReports
  readonly clock: Clock
  readonly log: Log
  /** `mqtt.connect` unless given. */
  readonly connect?: MqttConnect
}

/** Connects in the background and again whenever the link breaks; never fails, says in `broker` what is missing. */
export function openLiveFeed({ connect = mqtt.connect, ...settings }: LiveFeedSettings): LiveFeed {
  const { site, mqttUrl, clock, log } = settings
  const ignored = countIgnored(log)
  const subscriptions = centralSubscriptions(site)
  const client = connect(mqttUrl, {
    clientId: `sabz-central-live-${site}-${crypto.randomUUID().slice(0, 8)}`,
    clean: true,
    reconnectPeriod: RECONNECT_MS,
    connectTimeout: CONNECT_TIMEOUT_MS,
    keepalive: KEEPALIVE_S,
    resubscribe: false,
  })
  const link = watchLink(client, new PartWatch(clock, `connecting to ${withoutPassword(mqttUrl)}`), { mqttUrl, log })
  client.on('connect', () =>
    subscribe(
      client,
      [subscriptions.presence, subscriptions.state, subscriptions.alarms, subscriptions.planReported],
      log,
    ),
  )
  client.on('message', (topic, payload, packet) => {
    const problem = hand(settings, { site, topic, payload, retained: packet.retain })
    if (problem) ignored.add(topic, problem)
  })
  return {
    get broker() {
      return link.state
    },
    get ignoredMessages() {
      return ignored.total
    },
    close: () => client.endAsync(true).then(() => undefined),
  }
}

function subscribe(client: MqttClient, topics: string[], log: Log): void {
  client.subscribe(topics, { qos: 1 }, (error) => {
    // One whose connection went meanwhile is asked again with the next.
    if (error && client.connected)
      log('warn', 'LIVE_SUBSCRIBE_FAILED', `The broker did not take the subscription: ${error.message}.`)
  })
}

/** One line for each time the broker comes, goes, or stays away for another reason. */
function watchLink(client: MqttClient, watch: PartWatch, { mqttUrl, log }: { mqttUrl: string; log: Log }): PartWatch {
  const place = withoutPassword(mqttUrl)
  const down = (why: string) => {
    if (watch.set(false, `${place}: ${why}`))
      log('warn', 'BROKER_UNREACHABLE', `live: ${place}: ${why}. Pages mark what is old; trying again each second.`)
  }
  client.on('connect', () => {
    watch.set(true, place)
    log('info', 'BROKER_CONNECTED', `live: connected to ${place}.`)
  })
  client.on('error', (error) => down(reasonOf(error)))
  client.on('close', () => {
    if (watch.state.up && !client.disconnecting) down('the connection closed')
  })
  return watch
}

interface Arrived {
  readonly site: string
  readonly topic: string
  readonly payload: Buffer
  readonly retained: boolean
}

/** null when it was taken over, else why not. */
function hand(
  { city, alarms, plans }: Pick<LiveFeedSettings, 'city' | 'alarms' | 'plans'>,
  { site, topic, payload, retained }: Arrived,
): string | null {
  const parsed = parseTopic(topic)
  if (!parsed || parsed.site !== site) return 'foreign topic'
  if (!city.hasEdge(parsed.edge)) return `unknown edge ${parsed.edge}`
  if (payload.length > PAYLOAD_BYTES_MAX) return `${payload.length} bytes, at most ${PAYLOAD_BYTES_MAX}`
  const message = parseJson(payload)
  if (parsed.kind === 'presence') {
    if (!validPresence.Check(message) || !isVersionAccepted(message.v)) return 'malformed presence'
    city.acceptPresence(parsed.edge, message.state === 'online', message.atEpochMs)
    return null
  }
  if (parsed.kind === 'alarms') {
    if (!validAlarms.Check(message) || !isVersionAccepted(message.v)) return 'malformed alarms'
    alarms.accept(parsed.edge, message)
    return null
  }
  if (parsed.kind === 'planReported') {
    if (!validPlans.Check(message) || !isVersionAccepted(message.v)) return 'malformed report of plans'
    plans.accept(parsed.edge, message)
    return null
  }
  if (parsed.kind !== 'state') return 'foreign topic'
  if (city.edgeOf(parsed.intersection) !== parsed.edge) return `${parsed.edge} does not serve ${parsed.intersection}`
  if (!validState.Check(message) || !isVersionAccepted(message.v)) return 'malformed state'
  if (message.intersection !== parsed.intersection) return `state of ${message.intersection} on a topic of another`
  city.acceptState(message, retained)
  return null
}

function parseJson(payload: Buffer): unknown {
  try {
    return JSON.parse(payload.toString('utf8'))
  } catch {
    return undefined
  }
}

function countIgnored(log: Log): { readonly total: number; add(topic: string, why: string): void } {
  let total = 0
  let unsaid = 0
  let saidAtMonoMs = Number.NEGATIVE_INFINITY
  return {
    get total() {
      return total
    },
    add(topic, why) {
      total += 1
      unsaid += 1
      if (performance.now() - saidAtMonoMs < IGNORED_LOG_PERIOD_MS) return
      log('warn', 'LIVE_MESSAGE_IGNORED', `${unsaid} ignored (${total} since start), the last on ${topic}: ${why}.`)
      unsaid = 0
      saidAtMonoMs = performance.now()
    },
  }
}

/** An AggregateError (several addresses tried) has an empty message; its code tells. */
function reasonOf(error: Error & { code?: string | number }): string {
  return error.message || String(error.code ?? error.name)
}

function withoutPassword(url: string): string {
  return url.replace(/\/\/[^@/]*@/, '//')
}
