/** MQTT topics: `sabz/v1/<site>/<edge>/…`; the edge's name is the third level of all it may say or hear. */

export const TOPIC_ROOT = 'sabz/v1'

export interface EdgeTopics {
  /** Retained, with a will: online, shutdown, offline. */
  readonly presence: string
  /** QoS 1 batches of recorded events, kept by the edge until acknowledged end to end. */
  readonly batch: string
  /** Down: everything of an epoch up to a sequence is in the store. */
  readonly ack: string
  /** Down: how fast the backlog may come. */
  readonly throttle: string
  /** Down: a past range is wanted again. */
  readonly fetch: string
  /** What became of a fetch. */
  readonly fetched: string
  /** Retained: all alarms that stand. */
  readonly alarms: string
  /** One alarm that came or went. */
  alarm(id: string): string
  /** Retained live state of one intersection. */
  state(intersection: string): string
  /** What one intersection tells the neighbours on other edges; never retained. */
  outlook(intersection: string): string
  /** Down, retained and signed: the timing that is to run. */
  readonly planDesired: string
  /** Up, retained: what has become of it, intersection by intersection. */
  readonly planReported: string
  /** Down, signed, never retained: an order that holds for a while. */
  command(name: string): string
  /** Up: what has become of an order; whoever asks may name a topic below it. */
  readonly result: string
}

export function edgeTopics(site: string, edge: string): EdgeTopics {
  const root = `${TOPIC_ROOT}/${site}/${edge}`
  return {
    presence: `${root}/presence`,
    batch: `${root}/batch`,
    ack: `${root}/ack`,
    throttle: `${root}/throttle`,
    fetch: `${root}/fetch`,
    fetched: `${root}/fetched`,
    alarms: `${root}/alarms`,
    alarm: (id) => `${root}/alarm/${id}`,
    state: (intersection) => `${root}/state/${intersection}`,
    outlook: (intersection) => `${root}/outlook/${intersection}`,
    planDesired: `${root}/plan/desired`,
    planReported: `${root}/plan/reported`,
    command: (name) => `${root}/command/${name}`,
    result: `${root}/result`,
  }
}

/** What central listens to, for every edge of a site. */
export function centralSubscriptions(
  site: string,
): Record<'presence' | 'batch' | 'state' | 'alarms' | 'planReported', string> {
  const root = `${TOPIC_ROOT}/${site}/+`
  return {
    presence: `${root}/presence`,
    batch: `${root}/batch`,
    state: `${root}/state/+`,
    alarms: `${root}/alarms`,
    planReported: `${root}/plan/reported`,
  }
}

const OF_AN_EDGE = ['presence', 'batch', 'ack', 'throttle', 'fetch', 'fetched', 'alarms'] as const

export type ParsedTopic =
  | { readonly kind: (typeof OF_AN_EDGE)[number] | 'planReported'; readonly site: string; readonly edge: string }
  | { readonly kind: 'state' | 'outlook'; readonly site: string; readonly edge: string; readonly intersection: string }

/** null for a topic that is not ours. */
export function parseTopic(topic: string): ParsedTopic | null {
  const [root, version, site, edge, kind, intersection, ...rest] = topic.split('/')
  if (`${root}/${version}` !== TOPIC_ROOT || !site || !edge || rest.length > 0) return null
  if ((kind === 'state' || kind === 'outlook') && intersection) return { kind, site, edge, intersection }
  if (kind === 'plan' && intersection === 'reported') return { kind: 'planReported', site, edge }
  const own = OF_AN_EDGE.find((name) => name === kind)
  return own !== undefined && intersection === undefined ? { kind: own, site, edge } : null
}
