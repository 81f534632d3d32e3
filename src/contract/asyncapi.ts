/** The whole of what goes over MQTT as one AsyncAPI 3.0 document, made of the very schemas that both ends check with. */
import Type, { type TSchema } from 'typebox'
import { CommandOrder, CommandResult } from './command-order.ts'
import { AlarmChange, AlarmList, Fetch, Fetched, Throttle } from './edge-words.ts'
import { Acknowledgement, Batch, LiveState, MESSAGE_VERSION, Presence } from './messages.ts'
import { OutlookMessage } from './outlook-message.ts'
import { PlanBundle, PlanReported } from './plan-bundle.ts'
import { KeyId } from './signed-order.ts'
import { edgeTopics } from './topics.ts'

interface Channel {
  readonly address: string
  /** Who sends. */
  readonly from: 'edge' | 'central'
  readonly qos: 0 | 1
  readonly retained: boolean
  readonly summary: string
  readonly payload: TSchema
}

/** Braces survive in a topic as they are: the addresses are those that edge and central use. */
const topics = edgeTopics('{site}', '{edge}')

const signed = (body: TSchema): TSchema =>
  Type.Object({ body, signatures: Type.Array(Type.Object({ key: KeyId, signature: Type.String() })) })

const CHANNELS: Readonly<Record<string, Channel>> = {
  presence: {
    ...{ address: topics.presence, from: 'edge', qos: 1, retained: true, payload: Presence },
    summary: 'Online, shutdown, or offline by the will of a connection that broke',
  },
  state: {
    ...{ address: topics.state('{intersection}'), from: 'edge', qos: 0, retained: true, payload: LiveState },
    summary: 'What an intersection does now: on change, and every ten seconds',
  },
  batch: {
    ...{ address: topics.batch, from: 'edge', qos: 1, retained: false, payload: Batch },
    summary: 'Recorded events, sent until they are acknowledged on `ack`; a PUBACK acknowledges nothing',
  },
  ack: {
    ...{ address: topics.ack, from: 'central', qos: 0, retained: false, payload: Acknowledgement },
    summary: 'What of an epoch is in the store: the edge may free it',
  },
  throttle: {
    ...{ address: topics.throttle, from: 'central', qos: 1, retained: false, payload: Throttle },
    summary: 'How fast the backlog may come for a while',
  },
  fetch: {
    ...{ address: topics.fetch, from: 'central', qos: 1, retained: false, payload: Fetch },
    summary: 'A past range is wanted again; it comes as batches that name the id',
  },
  fetched: {
    ...{ address: topics.fetched, from: 'edge', qos: 1, retained: false, payload: Fetched },
    summary: 'All of a fetch is in the store, or it is refused',
  },
  alarm: {
    ...{ address: topics.alarm('{alarm}'), from: 'edge', qos: 1, retained: false, payload: AlarmChange },
    summary: 'One alarm that came or went',
  },
  alarms: {
    ...{ address: topics.alarms, from: 'edge', qos: 1, retained: true, payload: AlarmList },
    summary: 'All alarms that stand',
  },
  outlook: {
    ...{ address: topics.outlook('{intersection}'), from: 'edge', qos: 0, retained: false, payload: OutlookMessage },
    summary: 'What an intersection tells its neighbours on other edges',
  },
  planDesired: {
    ...{ address: topics.planDesired, from: 'central', qos: 1, retained: true, payload: signed(PlanBundle) },
    summary: 'The timing that is to run, signed',
  },
  planReported: {
    ...{ address: topics.planReported, from: 'edge', qos: 1, retained: true, payload: PlanReported },
    summary: 'What has become of it, intersection by intersection',
  },
  command: {
    ...{
      address: topics.command('{command}'),
      from: 'central',
      qos: 1,
      retained: false,
      payload: signed(CommandOrder),
    },
    summary: 'An order that holds for a while, signed',
  },
  result: {
    ...{ address: topics.result, from: 'edge', qos: 1, retained: false, payload: CommandResult },
    summary: 'What has become of an order',
  },
}

const DESCRIPTION = [
  'Payloads are JSON in UTF-8 with the version of their schema in `v`.',
  `The version is ${MESSAGE_VERSION}; the one before and the one after are accepted.`,
  'A newer version adds fields, also at the end of the row of an event, and changes none; unknown fields are kept.',
  'The name of an edge is the common name of its certificate, its user and its client id.',
  'Nothing depends on properties of MQTT 5.',
].join(' ')

/** As the text of a file. */
export function asyncApiText(): string {
  const document = {
    asyncapi: '3.0.0',
    info: { title: 'Sabz: between the edges and central', version: String(MESSAGE_VERSION), description: DESCRIPTION },
    defaultContentType: 'application/json',
    channels: Object.fromEntries(Object.entries(CHANNELS).map(([name, channel]) => [name, channelOf(name, channel)])),
    operations: Object.fromEntries(Object.entries(CHANNELS).map(([name, channel]) => operationOf(name, channel))),
    components: {
      messages: Object.fromEntries(
        Object.entries(CHANNELS).map(([name, { summary, payload }]) => [name, { name, summary, payload }]),
      ),
    },
  }
  return `${JSON.stringify(document, null, 2)}\n`
}

function channelOf(name: string, { address, retained }: Channel) {
  const parameters = [...address.matchAll(/\{(\w+)\}/g)].map(([, parameter]) => [parameter, {}] as const)
  return {
    address,
    parameters: Object.fromEntries(parameters),
    messages: { [name]: { $ref: `#/components/messages/${name}` } },
    'x-retained': retained,
  }
}

/** Described from central's side: it sends what goes down and receives what comes up. */
function operationOf(name: string, { from, qos, retained, summary }: Channel) {
  const operation = {
    action: from === 'central' ? 'send' : 'receive',
    channel: { $ref: `#/channels/${name}` },
    summary,
    bindings: { mqtt: { qos, retain: retained } },
  }
  return [`${operation.action}${name.charAt(0).toUpperCase()}${name.slice(1)}`, operation] as const
}
