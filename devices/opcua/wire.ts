/** OPC UA as a wire: one session without subscriptions, asked one thing at a time, and never kept alive behind our back. */
import type { ClientSession, OPCUAClient, OPCUAClientOptions, StatusCode } from 'node-opcua'
import type { Wire } from '../connection.ts'
import type { DeviceAddress, DeviceFault, DeviceResult } from '../device.ts'
import type { OpcuaProfile } from '../profile/schema.ts'
import { APPLICATION_URI, loadNodeOpcua, processCertificate } from './library.ts'

/**
 * Folder of our certificates; made where it is missing. A device that is not known yet is turned away, and its certificate
 * lies in `rejected`: whoever has compared it at the cabinet moves it to `trusted/certs`. Our own is in `own/certs`.
 */
export interface OpcuaTrust {
  readonly certificateFolder: string
}

export interface OpcuaSession {
  readonly client: OPCUAClient
  readonly session: ClientSession
  /** Index of the profile's namespace on this server. */
  readonly namespace: number
  /** Ends the socket at once. */
  readonly cut: () => void
}

/** For so long nothing may be asked. The server forgets a session that we could not close; soon, as a server has few of them. */
const IDLE_MS_MAX = 10_000
/** How long the server may take to hear that we leave. */
const LEAVE_MS = 250

export function opcuaWire(profile: OpcuaProfile, address: DeviceAddress, trust: OpcuaTrust | null): Wire<OpcuaSession> {
  return {
    async open(signal, lost) {
      const library = await loadNodeOpcua()
      const { factory, cut } = breakableTransport(library)
      const client = library.OPCUAClient.create({ ...(await clientOptions(profile, trust)), transportFactory: factory })
      const leave = () => void drop(client, cut)
      signal.addEventListener('abort', leave, { once: true })
      try {
        const started = await startSession(client, profile, address)
        listen(client, lost)
        return { client, cut, ...started }
      } catch (error) {
        leave()
        throw error
      }
    },
    drop: ({ client, cut }) => drop(client, cut),
  }
}

async function startSession(client: OPCUAClient, profile: OpcuaProfile, address: DeviceAddress) {
  const host = address.host.includes(':') ? `[${address.host}]` : address.host
  await client.connect(`opc.tcp://${host}:${address.port}${profile.endpointPath}`)
  const session = await client.createSession()
  const namespace = (await session.readNamespaceArray()).indexOf(profile.namespaceUri)
  if (namespace < 0) throw new Error(`the server has no namespace ${profile.namespaceUri}`)
  return { session, namespace }
}

function listen(client: OPCUAClient, lost: (fault: DeviceFault) => void): void {
  const onEnd = (error?: Error | null) => lost(lossOf(error?.message ?? 'the device closed the connection'))
  client.on('connection_lost', () => onEnd())
  client.on('close', onEnd)
  client.on('abort', () => onEnd())
}

async function clientOptions(profile: OpcuaProfile, trust: OpcuaTrust | null): Promise<OPCUAClientOptions> {
  const library = await loadNodeOpcua()
  const options: OPCUAClientOptions = {
    applicationName: 'Sabz',
    applicationUri: APPLICATION_URI,
    endpointMustExist: false,
    // When to try again is not the driver's to decide, and a repeated write would be one that nobody asked for.
    connectionStrategy: { maxRetry: 0, initialDelay: 100, maxDelay: 100 },
    // Each scan tells whether the session lives.
    keepSessionAlive: false,
    requestedSessionTimeout: IDLE_MS_MAX,
    // Half of it is the library's limit for opening the socket; a silent peer is found by our own deadlines long before.
    transportTimeout: IDLE_MS_MAX,
  }
  if (profile.security === 'none')
    return {
      ...options,
      securityMode: library.MessageSecurityMode.None,
      securityPolicy: library.SecurityPolicy.None,
      certificateKeyPairProvider: await processCertificate(library),
      clientCertificateManager: new library.InMemoryCertificateStore(),
    }
  if (!trust) throw new Error(`${profile.name} wants ${profile.security}, and no certificate folder is given`)
  return {
    ...options,
    securityMode: library.MessageSecurityMode.SignAndEncrypt,
    securityPolicy: library.SecurityPolicy[profile.security],
    clientCertificateManager: new library.OPCUACertificateManager({
      rootFolder: trust.certificateFolder,
      automaticallyAcceptUnknownCertificate: false,
    }),
  }
}

/** node-opcua's own TCP transport, remembered, so that a peer that does not answer can be left. */
function breakableTransport(library: typeof import('node-opcua')) {
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
