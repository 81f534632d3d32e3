/** OPC UA as a wire: one session without subscriptions, asked one thing at a time, and never kept alive behind our back. */
import type { ClientSession, OPCUAClient, OPCUAClientOptions, StatusCode, UserIdentityInfo } from 'node-opcua-client'
import type { Wire } from '../connection.ts'
import type { DeviceAddress, DeviceFault, DeviceResult } from '../device.ts'
import type { OpcuaProfile } from '../profile/schema.ts'
import { plainOptions, secureOptions, userOf } from './client-options.ts'
import { whyDistrusted } from './distrust.ts'
import { loadNodeOpcua, type NodeOpcua } from './library.ts'
import { credentialsOf, type OpcuaTrust } from './trust.ts'

export interface OpcuaSession {
  readonly client: OPCUAClient
  readonly session: ClientSession
  /** Index of the profile's namespace on this server. */
  readonly namespace: number
  /** Ends the socket at once. */
  readonly cut: () => void
}

/** How long the server may take to hear that we leave. */
const LEAVE_MS = 250

export function opcuaWire(profile: OpcuaProfile, address: DeviceAddress, trust: OpcuaTrust | null): Wire<OpcuaSession> {
  const place = urlOf(profile, address)
  return {
    async open(signal, lost) {
      const library = await loadNodeOpcua()
      const { factory, cut } = breakableTransport(library)
      const way = await wayTo(library, profile, trust)
      const client = library.OPCUAClient.create({ ...way.options, transportFactory: factory })
      const leave = () => void drop(client, cut)
      signal.addEventListener('abort', leave, { once: true })
      const refused = async (error: unknown): Promise<never> => {
        throw (await whyDistrusted(library, { profile, place, signal, pinned: way.pinned })) ?? error
      }
      try {
        const session = await begin(client, place, way.user).catch(refused)
        const namespace = await namespaceOf(session, profile)
        listen(client, lost)
        return { client, cut, session, namespace }
      } catch (error) {
        leave()
        throw error
      }
    },
    drop: ({ client, cut }) => drop(client, cut),
  }
}

async function wayTo(library: NodeOpcua, { security }: OpcuaProfile, trust: OpcuaTrust | null) {
  if (security.policy === 'None')
    return { options: await plainOptions(library), user: userOf(library, security, null), pinned: null }
  const credentials = credentialsOf(trust, Date.now())
  return {
    options: await secureOptions(library, security, credentials),
    user: userOf(library, security, credentials),
    pinned: credentials.deviceCertificate,
  }
}

async function begin(client: OPCUAClient, place: string, user: UserIdentityInfo): Promise<ClientSession> {
  await client.connect(place)
  return client.createSession(user)
}

export function urlOf({ endpointPath }: Pick<OpcuaProfile, 'endpointPath'>, { host, port }: DeviceAddress): string {
  return `opc.tcp://${host.includes(':') ? `[${host}]` : host}:${port}${endpointPath}`
}

async function namespaceOf(session: ClientSession, { namespaceUri }: OpcuaProfile): Promise<number> {
  const namespace = (await session.readNamespaceArray()).indexOf(namespaceUri)
  if (namespace < 0) throw new Error(`the server has no namespace ${namespaceUri}`)
  return namespace
}

function listen(client: OPCUAClient, lost: (fault: DeviceFault) => void): void {
  const onEnd = (error?: Error | null) => lost(lossOf(error?.message ?? 'the device closed the connection'))
  client.on('connection_lost', () => onEnd())
  client.on('close', onEnd)
  client.on('abort', () => onEnd())
}

/** node-opcua's own TCP transport, remembered, so that a peer that does not answer can be left. */
function breakableTransport(library: NodeOpcua) {
  type Transport = InstanceType<typeof library.ClientTCP_transport>
  const made: Transport[] = []
  const create: NonNullable<OPCUAClientOptions['transportFactory']>['create'] = (settings) => {
    const transport = new library.ClientTCP_transport(settings)
    made.push(transport)
    return transport
  }
  const cut = () => {
    for (const transport of made) transport.forceConnectionBreak()
  }
  return { factory: { create }, cut }
}

/** Says goodbye, for as long as a sound peer needs to hear it, then ends the socket. */
async function drop(client: OPCUAClient, cut: () => void): Promise<void> {
  const { promise: waited, resolve } = Promise.withResolvers<void>()
  const timer = setTimeout(resolve, LEAVE_MS)
  await Promise.race([client.disconnect().catch(() => {}), waited])
  clearTimeout(timer)
  cut()
}

/** What node-opcua rejects with: a service that the device refused, or a session that is no more. */
export async function asResult<T>(asking: Promise<T>, what: string): Promise<DeviceResult<T>> {
  try {
    return { ok: true, value: await asking }
  } catch (error) {
    const status = serviceResult(error)
    const refused = status && !/Session|SecureChannel|Connection|Timeout/.test(status.name)
    const detail = error instanceof Error ? error.message : String(error)
    return { ok: false, fault: refused ? refusal(status, what) : lossOf(detail) }
  }
}

/** The status of a ServiceFault (OPC UA part 4, 7.34), which node-opcua hangs onto its error; null for any other error. */
function serviceResult(error: unknown): StatusCode | null {
  const { response } = error as { response?: { responseHeader?: { serviceResult?: StatusCode } } }
  return response?.responseHeader?.serviceResult ?? null
}

export const refusal = (status: StatusCode, what: string): DeviceFault => ({
  code: 'REFUSED_BY_DEVICE',
  protocolCode: status.value,
  detail: `${what}: ${status.name}`,
})

const lossOf = (detail: string): DeviceFault => ({ code: 'CONNECTION_LOST', detail })
