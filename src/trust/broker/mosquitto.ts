/** Configuration and access list for Mosquitto 2: only certificates of the site, each under its own name, each to its own topics. */
import type { Party } from './parties.ts'

export interface MosquittoSite {
  readonly site: string
  readonly parties: readonly Party[]
  readonly edges: number
  readonly host: string
  readonly port: number
  /** Absolute paths, as the broker's machine has them. */
  readonly files: {
    readonly ca: string
    readonly certificate: string
    readonly key: string
    readonly revoked: string
    readonly accessList: string
    /** Folder of sessions and retained messages. */
    readonly data: string
  }
  /** The user that the broker becomes when root starts it; its own default unless given. */
  readonly user?: string
}

/** Batches that one edge has under way (live, backlog, and those sent again), so that none is dropped for want of room. */
const QUEUED_PER_EDGE = 128
/** What Mosquitto allows by itself. */
const QUEUED_MIN = 1_000
/** A batch has up to 50 kB, a plan of a large intersection some hundred. */
const PACKET_BYTES_MAX = 1_048_576
/** Sessions that stay are those of ingest; what a service missed for longer is offered again by the edges. */
const SESSION_DAYS = 14
/** Retained states are made again every ten seconds: what a power cut takes of a minute costs nothing. */
const AUTOSAVE_S = 60
/** Connections of one party: a half-open one, and the new one that takes its place. */
const CONNECTIONS_PER_PARTY = 2

export function mosquittoConfiguration({ site, parties, edges, host, port, files, user }: MosquittoSite): string {
  const queued = Math.max(QUEUED_MIN, edges * QUEUED_PER_EDGE)
  return `# Broker of ${site}, made by sabz broker-config: change the site or the options and make it again.

listener ${port} ${host}
max_connections ${Math.max(1, parties.length) * CONNECTIONS_PER_PARTY}

# Whoever has no certificate of this site, or one that was revoked, is turned away before it says a word.
cafile ${files.ca}
certfile ${files.certificate}
keyfile ${files.key}
crlfile ${files.revoked}
require_certificate true
tls_version tlsv1.2

# The name of the certificate is the user and the client id: nobody takes another's place.
use_identity_as_username true
use_username_as_clientid true
allow_anonymous false
acl_file ${files.accessList}

# Sessions of ingest and retained states outlive a restart. Delivery does not rest on it: an edge keeps each event until
# central says that it is stored, so a queue that overflows or is lost costs time, not data.
persistence true
persistence_location ${files.data.replace(/\/*$/, '/')}
autosave_interval ${AUTOSAVE_S}
persistent_client_expiration ${SESSION_DAYS}d
# ${QUEUED_PER_EDGE} for each of ${edges} edges, at least ${QUEUED_MIN}.
max_queued_messages ${queued}
queue_qos0_messages false
max_packet_size ${PACKET_BYTES_MAX}

log_dest stderr
log_type error
log_type warning
log_type notice
connection_messages true
${user === undefined ? '' : `user ${user}\n`}`
}

/** A party that is not listed may nothing; there is no line for everybody. */
export function mosquittoAccessList({ site, parties }: Pick<MosquittoSite, 'site' | 'parties'>): string {
  const blocks = parties.map(({ name, says, hears }) =>
    [
      `user ${name}`,
      ...says.map((filter) => `topic write ${filter}`),
      ...hears.map((filter) => `topic read ${filter}`),
    ].join('\n'),
  )
  return `# Who may say and hear what in ${site}, made by sabz broker-config.\n\n${blocks.join('\n\n')}\n`
}
