/** The client's half of node-opcua, loaded when a site has OPC UA and not before: the import takes most of a second. The server's half would take as long again by half. */

type Common = Pick<
  typeof import('node-opcua-common'),
  'InMemoryCertificateKeyPairProvider' | 'InMemoryCertificateStore'
>
type Transport = Pick<typeof import('node-opcua-transport'), 'ClientTCP_transport'>

export type NodeOpcua = typeof import('node-opcua-client') & Common & Transport
type CertificateMaker = Pick<NodeOpcua, 'InMemoryCertificateKeyPairProvider'>
type OwnCertificate = InstanceType<NodeOpcua['InMemoryCertificateKeyPairProvider']>

let loading: Promise<NodeOpcua> | null = null
let making: Promise<OwnCertificate> | null = null

/** The URI that our certificates carry, on both sides of a simulator's wire. */
export const APPLICATION_URI = 'urn:sabz'

export function loadNodeOpcua(): Promise<NodeOpcua> {
  loading ??= load()
  return loading
}

async function load(): Promise<NodeOpcua> {
  const client = await import('node-opcua-client')
  const { InMemoryCertificateKeyPairProvider, InMemoryCertificateStore } = await import('node-opcua-common')
  const { ClientTCP_transport } = await import('node-opcua-transport')
  // It writes to the console; what it has to say comes back to us as faults.
  const silent = () => {}
  client.setErrorLogger(silent)
  client.setWarningLogger(silent)
  return { ...client, InMemoryCertificateKeyPairProvider, InMemoryCertificateStore, ClientTCP_transport }
}

/**
 * A self-signed certificate of this process alone, in memory. Even without security node-opcua asks for one, and would
 * otherwise make it in the home folder. Shared, as a key takes about 100 ms.
 */
export function processCertificate(library: CertificateMaker): Promise<OwnCertificate> {
  making ??= make(library)
  return making
}

async function make(library: CertificateMaker): Promise<OwnCertificate> {
  const certificate = new library.InMemoryCertificateKeyPairProvider()
  await certificate.ensureCertificateExists({
    applicationUri: APPLICATION_URI,
    subject: '/CN=Sabz',
    dns: ['localhost'],
  })
  return certificate
}
