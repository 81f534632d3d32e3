/** Keys and certificates of both sides of OPC UA, out of the folder in which `sabz tls` puts them, as drivers and virtual devices take them. */
import { readdirSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { DeviceResult } from '#devices/device.ts'
import type { OpcuaCredentials, OpcuaTrust } from '#devices/opcua/trust.ts'
import type { OpcuaServerIdentity } from '#sim/servers/opcua-server.ts'
import { applicationUri, readCertificate, readIdentity, type Identity } from '#trust/identity.ts'
import { deviceName, holderFolder, ownFolder, pinIn, trustedIn } from '#trust/layout.ts'
import { OPCUA_ROLE } from '#trust/roles.ts'
import { trustFaultText, type TrustFault } from '#trust/trust-fault.ts'

/** What the edge shows to one device, and what it expects of it; read at each connection. */
export function trustTowards(folder: string, edge: string, intersection: string, device: string): OpcuaTrust {
  return () => {
    const own = ownFolder(folder, { kind: 'edge', name: edge })
    const identity = readIdentity({ folder: own, role: OPCUA_ROLE, isSigned: false })
    if (!identity.ok) return untrusted(identity.fault)
    const pin = readCertificate(pinIn(own, deviceName(intersection, device)))
    if (!pin.ok) return untrusted(pin.fault)
    return { ok: true, value: { ...applicationOf(identity.value), deviceCertificate: pin.value.raw } }
  }
}

/** What a virtual device shows, and whom it lets in; null where there is nothing for it, which is said when it starts. */
export function identityOfDevice(folder: string, intersection: string, device: string): OpcuaServerIdentity | null {
  const own = holderFolder(folder, { kind: 'device', name: deviceName(intersection, device) })
  const identity = readIdentity({ folder: own, role: OPCUA_ROLE, isSigned: false })
  return identity.ok ? { ...applicationOf(identity.value), trusted: trustedBy(own) } : null
}

function applicationOf({ certificate, keyPem }: Identity): Omit<OpcuaCredentials, 'deviceCertificate'> {
  return { certificate: certificate.raw, privateKeyPem: keyPem, applicationUri: applicationUri(certificate) }
}

function trustedBy(deviceFolder: string): Buffer[] {
  const folder = dirname(trustedIn(deviceFolder, 'any'))
  return readdirSync(folder).flatMap((file) => {
    const certificate = readCertificate(join(folder, file))
    return certificate.ok ? [certificate.value.raw] : []
  })
}

const untrusted = (fault: TrustFault): DeviceResult<never> => ({
  ok: false,
  fault: { code: 'NOT_TRUSTED', detail: trustFaultText(fault) },
})
