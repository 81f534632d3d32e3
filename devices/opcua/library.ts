/** node-opcua, loaded when a site has OPC UA and not before: the import takes more than a second and 80 MB. */

type NodeOpcua = typeof import('node-opcua')
type OwnCertificate = InstanceType<NodeOpcua['InMemoryCertificateKeyPairProvider']>

let loading: Promise<NodeOpcua> | null = null
let making: Promise<OwnCertificate> | null = null

/** The URI that our certificates carry, on both sides of a simulator's wire. */
export const APPLICATION_URI = 'urn:sabz'

export function loadNodeOpcua(): Promise<NodeOpcua> {
  loading ??= import('node-opcua').then((library) => {
    // It writes to the console; what it has to say comes back to us as faults.
    const silent = () => {}
    library.setErrorLogger(silent)
    library.setWarningLogger(silent)
    return library
  })
  return loading
}

/**
 * A self-signed certificate of this process alone, in memory. Even without security node-opcua asks for one, and would
 * otherwise make it in the home folder. Shared, as a key takes about 100 ms.
 */
export function processCertificate(library: NodeOpcua): Promise<OwnCertificate> {
  making ??= make(library)
  return making
}

async function make(library: NodeOpcua): Promise<OwnCertificate> {
  const certificate = new library.InMemoryCertificateKeyPairProvider()
  await certificate.ensureCertificateExists({
    applicationUri: APPLICATION_URI,
    subject: '/CN=Sabz',
    dns: ['localhost'],
  })
  return certificate
}
