/** Reads a profile file and checks it whole: either a device profile that can be trusted, or every fault it has. */
import { readFile } from 'node:fs/promises'
import { LineCounter, isCollection, isNode, isPair, parseDocument, type Document } from 'yaml'
import type { ProfileFault, ProfilePath, ReportFault } from './fault.ts'
import { readMap, type MapReader } from './map-reader.ts'
import { readModbusProfile } from './modbus-file.ts'
import { readOpcuaProfile } from './opcua-file.ts'
import type { DeviceProfile } from './schema.ts'

export type ProfileResult =
  | { readonly ok: true; readonly value: DeviceProfile }
  | { readonly ok: false; readonly faults: readonly ProfileFault[] }

const PROFILE_NAME = /^[a-z0-9][a-z0-9-]*$/

/** `name` is the file's name under `devices/profiles`, without `.yaml`. */
export async function loadProfile(name: string): Promise<ProfileResult> {
  // The name comes from configuration: it must not lead out of the folder.
  if (!PROFILE_NAME.test(name)) return notFound(name, 'no profile can have such a name')
  const file = new URL(`../profiles/${name}.yaml`, import.meta.url)
  const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => error)
  return typeof text === 'string' ? checkProfile(name, text) : notFound(name, `cannot be read (${text.code})`)
}

/** Checks the text of the profile `name`; pure. */
export function checkProfile(name: string, text: string): ProfileResult {
  const lines = new LineCounter()
  const document = parseDocument(text, { lineCounter: lines })
  const faults: ProfileFault[] = []
  const lineOf = (path: ProfilePath) => lines.linePos(offsetOf(document, path)).line
  const report: ReportFault = (code, path, rule, remedy) =>
    faults.push({ code, file: fileOf(name), line: lineOf(path), path: path.join('.'), rule, remedy })

  for (const error of document.errors) {
    const rule = error.message.split('\n')[0] ?? error.code
    const line = lines.linePos(error.pos[0]).line
    faults.push({ code: 'PROFILE_NOT_YAML', file: fileOf(name), line, path: '', rule, remedy: 'Correct the line' })
  }
  if (faults.length > 0) return { ok: false, faults }

  const file = readMap(document.toJS(), [], report)
  const profile = file && readProfile(name, file, report)
  return profile && faults.length === 0
    ? { ok: true, value: profile }
    : { ok: false, faults: faults.toSorted((a, b) => a.line - b.line) }
}

function readProfile(name: string, file: MapReader, report: ReportFault): DeviceProfile | null {
  const protocol = file.oneOf('protocol', ['modbus-tcp', 'opcua'])
  // Which facts belong into the file depends on the protocol: without it the rest would be guessed.
  if (protocol === null) return null
  return protocol === 'modbus-tcp' ? readModbusProfile(name, file, report) : readOpcuaProfile(name, file, report)
}

function notFound(name: string, rule: string): ProfileResult {
  const remedy = 'Name a file of devices/profiles, without .yaml'
  return { ok: false, faults: [{ code: 'PROFILE_NOT_FOUND', file: fileOf(name), line: 1, path: '', rule, remedy }] }
}

const fileOf = (name: string) => `devices/profiles/${name}.yaml`

/** Offset of the key that `path` leads to, or of the deepest one on the way that exists. */
function offsetOf(document: Document, path: ProfilePath): number {
  let node: unknown = document.contents
  let offset = isNode(node) ? (node.range?.[0] ?? 0) : 0
  for (const key of path) {
    if (!isCollection(node)) break
    const pair = node.items.find((item) => isPair(item) && String(item.key) === String(key))
    if (!isPair(pair)) break
    if (isNode(pair.key)) offset = pair.key.range?.[0] ?? offset
    node = pair.value
  }
  return offset
}
