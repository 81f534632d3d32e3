/**
 * Where keys and certificates lie. The office has the whole folder; each machine gets the part that is its own, and the key of the
 * CA leaves for a stick:
 *
 *     tls/ca/                     ca.key.pem, ca.pem, crl.pem, issued.json
 *     tls/edge/<id>/              ca.pem, mqtt/, opcua/, devices/<intersection>.<device>.pem
 *     tls/service/<name>/         ca.pem, crl.pem, and a folder for each of its names
 *     tls/device/<ix>.<device>/   opcua/, trusted/<edge>.pem: what is loaded into a device, or served by a virtual one
 */
import { existsSync } from 'node:fs'
import { join } from 'node:path'

export const HOLDER_KINDS = ['edge', 'service', 'device'] as const
export type HolderKind = (typeof HOLDER_KINDS)[number]

/** A machine, or a device, that has a folder of its own. */
export interface Holder {
  readonly kind: HolderKind
  readonly name: string
}

/** A key with its certificate in a holder's folder. */
export interface KeyPlace {
  readonly key: string
  readonly certificate: string
}

export const CA_FOLDER = 'ca'

export const caFiles = (root: string) => ({
  key: join(root, CA_FOLDER, 'ca.key.pem'),
  certificate: join(root, CA_FOLDER, 'ca.pem'),
  revoked: join(root, CA_FOLDER, 'crl.pem'),
  issued: join(root, CA_FOLDER, 'issued.json'),
})

export const holderFolder = (root: string, { kind, name }: Holder): string => join(root, kind, name)

/** The holder's folder, whether `folder` is the whole of the office or the part that lies on the holder's own machine. */
export function ownFolder(folder: string, holder: Holder): string {
  const part = holderFolder(folder, holder)
  return existsSync(part) ? part : folder
}

export const keyPlace = (folder: string, role: string): KeyPlace => ({
  key: join(folder, role, 'key.pem'),
  certificate: join(folder, role, 'cert.pem'),
})

export const caIn = (folder: string): string => join(folder, 'ca.pem')

export const revokedIn = (folder: string): string => join(folder, 'crl.pem')

/** A device of a cabinet, as one name. */
export const deviceName = (intersection: string, device: string): string => `${intersection}.${device}`

/** The certificate that an edge expects of a device. */
export const pinIn = (edgeFolder: string, device: string): string => join(edgeFolder, 'devices', `${device}.pem`)

/** The certificate of an edge that a device is to take. */
export const trustedIn = (deviceFolder: string, edge: string): string => join(deviceFolder, 'trusted', `${edge}.pem`)
