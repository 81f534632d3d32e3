/** Who may say and hear what: the table that the access list of a broker is made of. Levels stand below `sabz/v1/<site>/<edge>`. */
import { TOPIC_ROOT } from './topics.ts'

/** Topic filters. */
export interface Access {
  readonly says: readonly string[]
  readonly hears: readonly string[]
}

/** What an edge says of itself, and nobody else says for it. */
const EDGE_SAYS = [
  'presence',
  'batch',
  'state/+',
  'alarms',
  'alarm/+',
  'outlook/+',
  'fetched',
  'plan/reported',
  'result/#',
] as const

/** What it is told. */
const EDGE_HEARS = ['ack', 'plan/desired', 'command/+', 'fetch', 'throttle'] as const

type Level = (typeof EDGE_SAYS)[number] | (typeof EDGE_HEARS)[number]

/** Connections of the office, each with a certificate of its own. */
export const SERVICE_NAMES = ['ingest', 'live', 'desk'] as const
export type ServiceName = (typeof SERVICE_NAMES)[number]

const SERVICES: Readonly<Record<ServiceName, { says: readonly Level[]; hears: readonly Level[] }>> = {
  /** Takes what is to be stored, and says what is. */
  ingest: { says: ['ack', 'throttle'], hears: ['batch'] },
  /** Shows the street as it is; says nothing. */
  live: { says: [], hears: ['presence', 'state/+', 'alarms', 'alarm/+', 'plan/reported'] },
  /** Brings plans and orders that people have signed, and asks an edge for what is missing. */
  desk: {
    says: ['plan/desired', 'command/+', 'fetch', 'throttle'],
    hears: ['presence', 'fetched', 'plan/reported', 'result/#'],
  },
}

/** `heard` are edges whose intersections are neighbours of its own. */
export function edgeAccess(site: string, edge: string, heard: readonly string[]): Access {
  const below = (of: string) => (level: string) => `${TOPIC_ROOT}/${site}/${of}/${level}`
  return {
    says: EDGE_SAYS.map(below(edge)),
    hears: [...EDGE_HEARS.map(below(edge)), ...heard.map((neighbour) => below(neighbour)('outlook/+'))],
  }
}

export function serviceAccess(site: string, service: ServiceName): Access {
  const ofAll = (level: Level) => `${TOPIC_ROOT}/${site}/+/${level}`
  const { says, hears } = SERVICES[service]
  return { says: says.map(ofAll), hears: hears.map(ofAll) }
}
