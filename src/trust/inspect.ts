/** What lies in a folder of keys and certificates, each judged: sound, soon to expire, or at fault. */
import { existsSync, readdirSync, statSync } from 'node:fs'
import { join, relative } from 'node:path'
import { expiryOf, type Expiry } from './expiry.ts'
import { commonName, outOfDate, readCertificate, readIdentity } from './identity.ts'
import { caFiles, HOLDER_KINDS, keyPlace } from './layout.ts'
import { OPCUA_ROLE } from './roles.ts'
import { readSecretFile } from './secret-file.ts'
import type { TrustFault } from './trust-fault.ts'

export interface Inspected {
  /** From the folder that was asked for: `edge/hamadan-1/mqtt`. */
  readonly place: string
  readonly name: string
  /** SHA-256; empty for what cannot be read. */
  readonly fingerprint: string
  /** null for what cannot be read. */
  readonly expiry: Expiry | null
  readonly fault: TrustFault | null
}

/** The whole folder of the office, or the part of it that lies on a machine. */
export function inspectFolder(root: string, nowEpochMs: number): readonly Inspected[] {
  const holders = HOLDER_KINDS.flatMap((kind) => foldersIn(join(root, kind)))
  const own = holders.length > 0 || existsSync(caFiles(root).certificate) ? holders : [root]
  const found = [
    ...certificateOf(root, caFiles(root).certificate, nowEpochMs),
    ...own.flatMap((folder) => inHolder(root, folder, nowEpochMs)),
  ]
  const open = existsSync(caFiles(root).key) ? readSecretFile(caFiles(root).key) : null
  return open?.ok === false ? found.map((row, i) => (i === 0 ? { ...row, fault: open.fault } : row)) : found
}

function inHolder(root: string, folder: string, nowEpochMs: number): Inspected[] {
  const roles = foldersIn(folder).filter((path) => existsSync(keyPlace(path, '.').certificate))
  const pins = ['devices', 'trusted'].flatMap((name) => filesIn(join(folder, name)))
  return [
    ...roles.map((path) => keyIn(root, { folder, role: relative(folder, path) }, nowEpochMs)),
    ...pins.flatMap((path) => certificateOf(root, path, nowEpochMs)),
  ]
}

function keyIn(
  root: string,
  { folder, role }: { readonly folder: string; readonly role: string },
  nowEpochMs: number,
): Inspected {
  const path = keyPlace(folder, role).certificate
  const [row] = certificateOf(root, path, nowEpochMs)
  const identity = readIdentity({ folder, role, isSigned: role !== OPCUA_ROLE })
  const fault = identity.ok ? (row?.fault ?? null) : identity.fault
  const place = relative(root, join(folder, role))
  return { name: '', fingerprint: '', expiry: null, ...row, place, fault }
}

/** Empty where there is none. */
function certificateOf(root: string, path: string, nowEpochMs: number): Inspected[] {
  if (!existsSync(path)) return []
  const place = relative(root, path)
  const read = readCertificate(path)
  if (!read.ok) return [{ place, name: '', fingerprint: '', expiry: null, fault: read.fault }]
  const { value } = read
  return [
    {
      place,
      name: commonName(value),
      fingerprint: value.fingerprint256,
      expiry: expiryOf(value, nowEpochMs),
      fault: outOfDate(value, path, nowEpochMs),
    },
  ]
}

const foldersIn = (path: string) => entriesOf(path).filter((entry) => statSync(entry).isDirectory())

const filesIn = (path: string) => entriesOf(path).filter((entry) => entry.endsWith('.pem'))

const entriesOf = (path: string): string[] =>
  existsSync(path)
    ? readdirSync(path)
        .toSorted()
        .map((name) => join(path, name))
    : []
