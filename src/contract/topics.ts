/** MQTT topics: `sabz/v1/<site>/<edge>/…`; the edge's name is the third level of all it may say or hear. */

export const TOPIC_ROOT = 'sabz/v1'

export interface EdgeTopics {
  /** Retained, with a will: online, shutdown, offline. */
  readonly presence: string
  /** QoS 1 batches of recorded events, kept by the edge until acknowledged end to end. */
  readonly batch: string
  /** Down: everything of an epoch up to a sequence is in the store. */
  readonly ack: string
  /** Retained live state of one intersection. */
  state(intersection: string): string
  /** What one intersection tells the neighbours on other edges; never retained. */
  outlook(intersection: string): string
}

export function edgeTopics(site: string, edge: string): EdgeTopics {
  const root = `${TOPIC_ROOT}/${site}/${edge}`
  return {
    presence: `${root}/presence`,
    batch: `${root}/batch`,
    ack: `${root}/ack`,
    state: (intersection) => `${root}/state/${intersection}`,
    outlook: (intersection) => `${root}/outlook/${intersection}`,
  }
}

/** What central listens to, for every edge of a site. */
export function centralSubscriptions(site: string): { presence: string; batch: string; state: string } {
  const root = `${TOPIC_ROOT}/${site}/+`
  return { presence: `${root}/presence`, batch: `${root}/batch`, state: `${root}/state/+` }
}

export type ParsedTopic =
  | { readonly kind: 'presence' | 'batch' | 'ack'; readonly site: string; readonly edge: string }
  | { readonly kind: 'state' | 'outlook'; readonly site: string; readonly edge: string; readonly intersection: string }

/** null for a topic that is not ours. */
export function parseTopic(topic: string): ParsedTopic | null {
  const [root, version, site, edge, kind, intersection, ...rest] = topic.split('/')
  if (`${root}/${version}` !== TOPIC_ROOT || !site || !edge || rest.length > 0) return null
  if ((kind === 'state' || kind === 'outlook') && intersection) return { kind, site, edge, intersection }
  if ((kind === 'presence' || kind === 'batch' || kind === 'ack') && intersection === undefined)
    return { kind, site, edge }
  return null
}
