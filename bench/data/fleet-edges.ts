/** Many edges in one process: each sends its batches four times a second and again what nobody has answered, as a real one does. */
import { crc32 } from 'node:zlib'
import { setTimeout as sleep } from 'node:timers/promises'
import mqtt, { type MqttClient } from 'mqtt'
import type { Acknowledgement } from '#contract/messages.ts'
import { edgeTopics } from '#contract/topics.ts'

const TURN_MS = 250
const POINTS_PER_S = 10
const AGAIN_MS = 5_000
/** After the last batch, for what is still under way. */
const SETTLE_MS = 60_000

export interface FleetRun {
  readonly mqttUrl: string
  readonly edges: number
  /** Of each edge. */
  readonly intersections: number
  readonly seconds: number
}

export interface FleetResult {
  readonly sent: number
  readonly seconds: number
  /** Of each batch: from its oldest point until central says that it is in the store. */
  readonly latenciesMs: number[]
}

interface Batch {
  readonly payload: string
  readonly last: number
  readonly oldestEpochMs: number
  sentAtMs: number
}

class SyntheticEdge {
  readonly #client: MqttClient
  readonly #topic: string
  readonly #epoch: string
  readonly #intersections: number
  readonly #inFlight: Batch[] = []
  readonly latenciesMs: number[] = []
  sent = 0
  #observedUntilMs = Date.now()

  constructor(client: MqttClient, { number, intersections }: { number: number; intersections: number }) {
    const topics = edgeTopics('bench', `edge-${number}`)
    this.#client = client
    this.#topic = topics.batch
    this.#epoch = number.toString(16).padStart(16, '0')
    this.#intersections = intersections
    client.on('message', (_topic, payload) => this.#hear(JSON.parse(payload.toString()) as Acknowledgement))
  }

  get isDone(): boolean {
    return this.#inFlight.length === 0
  }

  /** All points since the last turn, as one batch. */
  turn(): void {
    const nowMs = Date.now()
    const eachMs = 1_000 / POINTS_PER_S
    const rows: unknown[][] = []
    for (; this.#observedUntilMs + eachMs <= nowMs; this.#observedUntilMs += eachMs)
      for (let index = 0; index < this.#intersections; index++) {
        const sequence = this.sent + rows.length + 1
        rows.push([sequence, this.#observedUntilMs, `IX-${index + 1}`, 81 + (sequence % 2), sequence % 64, 0, sequence])
      }
    if (rows.length === 0) return
    const [first, last] = [this.sent + 1, this.sent + rows.length]
    this.sent = last
    const text = JSON.stringify(rows)
    const digest = crc32(text).toString(16).padStart(8, '0')
    const payload = `{"v":1,"epoch":"${this.#epoch}","first":${first},"last":${last},"digest":"${digest}","rows":${text}}`
    const batch = { payload, last, oldestEpochMs: Number(rows[0]?.[1]), sentAtMs: nowMs }
    this.#inFlight.push(batch)
    this.#client.publish(this.#topic, payload, { qos: 1 })
  }

  again(): void {
    const nowMs = Date.now()
    for (const batch of this.#inFlight) {
      if (nowMs - batch.sentAtMs < AGAIN_MS) continue
      batch.sentAtMs = nowMs
      this.#client.publish(this.#topic, batch.payload, { qos: 1 })
    }
  }

  #hear({ upTo }: Acknowledgement): void {
    for (let oldest = this.#inFlight[0]; oldest && oldest.last <= upTo; oldest = this.#inFlight[0]) {
      this.latenciesMs.push(Date.now() - oldest.oldestEpochMs)
      this.#inFlight.shift()
    }
  }
}

export async function runFleet({ mqttUrl, edges, intersections, seconds }: FleetRun): Promise<FleetResult> {
  const fleet = await Promise.all(
    Array.from({ length: edges }, async (_, index) => {
      const client = await mqtt.connectAsync(mqttUrl, { clientId: `fleet-${index + 1}` })
      await client.subscribeAsync(edgeTopics('bench', `edge-${index + 1}`).ack)
      return new SyntheticEdge(client, { number: index + 1, intersections })
    }),
  )
  const begunMs = performance.now()
  while (performance.now() - begunMs < seconds * 1_000) {
    // Spread over the turn, as edges that know nothing of each other are.
    for (const part of [0, 1, 2, 3, 4]) {
      for (let index = part; index < fleet.length; index += 5) fleet[index]?.turn()
      await sleep(TURN_MS / 5)
    }
    for (const edge of fleet) edge.again()
  }
  const lastedMs = performance.now() - begunMs
  for (const until = performance.now() + SETTLE_MS; performance.now() < until && fleet.some((edge) => !edge.isDone);) {
    for (const edge of fleet) edge.again()
    await sleep(TURN_MS)
  }
  return {
    sent: fleet.reduce((sum, { sent }) => sum + sent, 0),
    seconds: lastedMs / 1_000,
    latenciesMs: fleet.flatMap((edge) => edge.latenciesMs),
  }
}
