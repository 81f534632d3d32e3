/** A hand-made edge: says batches as it likes over a real broker and hears what central answers. */
import { connect, type MqttClient } from 'mqtt'
import { crc32 } from 'node:zlib'
import type { Acknowledgement, Batch, EventRow } from '#contract/messages.ts'
import { edgeTopics } from '#contract/topics.ts'
import { eventually } from '#test/support/eventually.ts'

export const EPOCH = '00000000000000aa'

export function row(sequence: number, change: Partial<Record<number, unknown>> = {}): EventRow {
  const whole: unknown[] = [
    sequence,
    Date.now() - 60_000 + (sequence % 50_000),
    'IX-01',
    82,
    sequence % 64,
    0,
    sequence,
  ]
  for (const [index, value] of Object.entries(change)) whole[Number(index)] = value
  return whole as EventRow
}

export const rows = (first: number, last: number): EventRow[] =>
  Array.from({ length: last - first + 1 }, (_, index) => row(first + index))

export function batchOf(content: readonly unknown[], first: number, change: Partial<Batch> = {}): Batch {
  const digest = crc32(JSON.stringify(content)).toString(16).padStart(8, '0')
  const last = first + content.length - 1
  return { v: 1, epoch: EPOCH, first, last, digest, rows: content as EventRow[], ...change }
}

export const batch = (first: number, last: number, change: Partial<Batch> = {}): Batch =>
  batchOf(rows(first, last), first, change)

export class HandMadeEdge {
  readonly acks: Acknowledgement[] = []
  readonly #client: MqttClient
  readonly #topics

  private constructor(client: MqttClient, name: string) {
    this.#client = client
    this.#topics = edgeTopics('hamadan', name)
  }

  static async at(url: string, name = 'hamadan-1'): Promise<HandMadeEdge> {
    const client = connect(url, { clientId: `hand-made-${name}` })
    const edge = new HandMadeEdge(client, name)
    client.on('message', (_topic, payload) => edge.acks.push(JSON.parse(payload.toString()) as Acknowledgement))
    await new Promise<void>((resolve) =>
      client.once('connect', () => client.subscribe(edge.#topics.ack, { qos: 1 }, () => resolve())),
    )
    return edge
  }

  async say(message: Batch | string | Buffer, topic = this.#topics.batch): Promise<void> {
    const payload = typeof message === 'string' || Buffer.isBuffer(message) ? message : JSON.stringify(message)
    await this.#client.publishAsync(topic, payload, { qos: 1 })
  }

  /** The last answer, once it says at least `upTo`. */
  async heard(upTo: number): Promise<Acknowledgement> {
    return eventually(`an acknowledgement up to ${upTo}`, () => this.acks.findLast((ack) => ack.upTo >= upTo))
  }

  async leave(): Promise<void> {
    await this.#client.endAsync(true)
  }
}
