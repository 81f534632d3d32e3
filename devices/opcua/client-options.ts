/** How node-opcua is told to speak to a device: which policy, which certificates, and nothing tried again behind our back. */
import type { OPCUAClientOptions, UserIdentityInfo } from 'node-opcua-client'
import type { OpcuaSecurity } from '../profile/schema.ts'
import { APPLICATION_URI, processCertificate, type NodeOpcua } from './library.ts'
import type { OpcuaCredentials } from './trust.ts'

/** For so long nothing may be asked. The server forgets a session that we could not close; soon, as a server has few of them. */
const IDLE_MS_MAX = 10_000

const COMMON: OPCUAClientOptions = {
  applicationName: 'Sabz',
  endpointMustExist: false,
  // When to try again is not the driver's to decide, and a repeated write would be one that nobody asked for.
  connectionStrategy: { maxRetry: 0, initialDelay: 100, maxDelay: 100 },
  // Each scan tells whether the session lives.
  keepSessionAlive: false,
  requestedSessionTimeout: IDLE_MS_MAX,
  // Half of it is the library's limit for opening the socket; a silent peer is found by our own deadlines long before.
  transportTimeout: IDLE_MS_MAX,
}

/** Without encryption: for devices that have nothing better, and for asking a device what it offers. */
export async function plainOptions(library: NodeOpcua): Promise<OPCUAClientOptions> {
  return {
    ...COMMON,
    applicationUri: APPLICATION_URI,
    securityMode: library.MessageSecurityMode.None,
    securityPolicy: library.SecurityPolicy.None,
    certificateKeyPairProvider: await processCertificate(library),
    clientCertificateManager: new library.InMemoryCertificateStore(),
  }
}

/**
 * The channel is opened towards the pinned certificate itself, and not towards the one that the server tells us: who has
 * not its key cannot read the first message. Nor is the server asked which policies it has, so none can be talked down.
 */
export async function secureOptions(
  library: NodeOpcua,
  { policy }: OpcuaSecurity,
  { certificate, privateKeyPem, applicationUri, deviceCertificate }: OpcuaCredentials,
): Promise<OPCUAClientOptions> {
  const known = new library.InMemoryCertificateStore({ autoAcceptUnknown: false })
  await known.trustCertificate(deviceCertificate)
  return {
    ...COMMON,
    applicationUri,
    securityMode: library.MessageSecurityMode.SignAndEncrypt,
    securityPolicy: library.SecurityPolicy[policy],
    serverCertificate: deviceCertificate,
    certificateKeyPairProvider: new library.InMemoryCertificateKeyPairProvider([certificate], {
      hidden: privateKeyPem,
    }),
    clientCertificateManager: known,
  }
}

export function userOf(
  library: NodeOpcua,
  { user }: OpcuaSecurity,
  credentials: OpcuaCredentials | null,
): UserIdentityInfo {
  if (user === 'anonymous' || credentials === null) return { type: library.UserTokenType.Anonymous }
  const { certificate: certificateData, privateKeyPem: privateKey } = credentials
  return { type: library.UserTokenType.Certificate, certificateData, privateKey }
}
