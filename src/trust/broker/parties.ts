/** Whom a broker knows: everybody who has a certificate that counts, with what each may say and hear. */
import { edgeAccess, SERVICE_NAMES, serviceAccess, type Access, type ServiceName } from '#contract/access.ts'
import type { IssuedRow } from '../authority.ts'
import { MQTT_ROLE } from '../roles.ts'

/** An edge of the site, and the edges whose outlooks it listens to. */
export interface EdgeOnBroker {
  readonly edge: string
  readonly heard: readonly string[]
}

export interface Party extends Access {
  /** Certificate name, user, client id. */
  readonly name: string
}

/** Edges of the site first, then services; who has no certificate, or one that was revoked, is not among them. */
export function partiesOf(site: string, edges: readonly EdgeOnBroker[], issued: readonly IssuedRow[]): Party[] {
  const valid = issued.filter(({ revokedAtEpochMs }) => revokedAtEpochMs === null)
  const hasEdge = (edge: string) =>
    valid.some(({ kind, role, name }) => kind === 'edge' && role === MQTT_ROLE && name === edge)
  const services = new Map(valid.flatMap(({ kind, role, name }) => serviceOf(kind, role, name)))
  return [
    ...edges
      .filter(({ edge }) => hasEdge(edge))
      .map(({ edge, heard }) => ({ name: edge, ...edgeAccess(site, edge, heard) })),
    ...[...services].map(([name, service]) => ({ name, ...serviceAccess(site, service) })),
  ]
}

/** The role of a service's key says what it may do; of one service there may be several, each with a name of its own. */
function serviceOf(kind: IssuedRow['kind'], role: string, name: string): [string, ServiceName][] {
  const service = SERVICE_NAMES.find((one) => one === role)
  return kind === 'service' && service !== undefined ? [[name, service]] : []
}
