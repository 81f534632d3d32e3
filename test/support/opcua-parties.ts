/** An edge and a device of OPC UA as two parties with certificates of their own, made as `sabz tls` makes them. */
import { X509Certificate } from 'node:crypto'
import type { OpcuaCredentials } from '#devices/opcua/trust.ts'
import type { OpcuaServerIdentity } from '#sim/servers/opcua-server.ts'
import { makeApplicationCertificate } from '#trust/certificate-maker.ts'
import { applicationUri } from '#trust/identity.ts'

export interface OpcuaParty {
  /** DER. */
  readonly certificate: Buffer
  readonly privateKeyPem: string
  readonly applicationUri: string
}

/** Good for `days` from `nowEpochMs` on. */
export async function opcuaParty(name: string, nowEpochMs = Date.now(), days = 30): Promise<OpcuaParty> {
  const wish = { name, applicationUri: `urn:test:${name}`, hosts: ['127.0.0.1'], nowEpochMs, days }
  const { keyPem, certificatePem } = await makeApplicationCertificate(wish)
  const certificate = new X509Certificate(certificatePem)
  return { certificate: certificate.raw, privateKeyPem: keyPem, applicationUri: applicationUri(certificate) }
}

/** What the edge needs to reach the device. */
export const towards = (edge: OpcuaParty, device: Pick<OpcuaParty, 'certificate'>): OpcuaCredentials => ({
  ...edge,
  deviceCertificate: device.certificate,
})

export const lettingIn = (device: OpcuaParty, ...edges: readonly OpcuaParty[]): OpcuaServerIdentity => ({
  ...device,
  trusted: edges.map(({ certificate }) => certificate),
})
