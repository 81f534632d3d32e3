/** `sabz keys`: makes the signing key of a person, and says whose keys a site trusts. */
import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, relative, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { Document, parseDocument } from 'yaml'
import { keysFileOf, loadKeys, type SiteKey } from '#config/keys-file.ts'
import { didYouMean } from '#config/nearest.ts'
import { EXIT, type ExitCode } from '../exit-code.ts'
import { explainFaults } from '../site.ts'
import type { Terminal } from '../terminal.ts'
import { makeKeyFile, readKeyFile } from './key-files.ts'
import { publicHalf } from './sign-order.ts'

export interface NewKeyOptions {
  readonly out: string
}

export async function runKeysNew({ out }: NewKeyOptions, terminal: Terminal): Promise<ExitCode> {
  const made = makeKeyFile(out)
  if (!made.ok) {
    const { code, message, remedy } = made.fault
    terminal.fail(code, message, remedy)
    return EXIT.usage
  }
  const { id, publicKey } = made.value
  terminal.print(`${out} holds the private key ${id}: keep it to yourself.`)
  terminal.print(`Its public half: ${publicKey}`)
  terminal.print(`A site trusts it after: sabz keys trust ${publicKey} --holder "<your name>"`)
  terminal.record({ ok: true, id, publicKey, file: out })
  return EXIT.ok
}

export interface TrustOptions {
  readonly config: string
  readonly holder: string
  readonly may: readonly ('plan' | 'command')[]
  readonly until?: string
}

/** `text`: a public key, or the file of one's own private key. */
export async function runKeysTrust(text: string, options: TrustOptions, terminal: Terminal): Promise<ExitCode> {
  const publicKey = publicKeyOf(text)
  const keys = await keysOrExplain(options.config, terminal)
  if (keys === null) return EXIT.invalidConfig
  const { keyIdOf } = await import('#edge/orders/key-ring.ts')
  const id = keyIdOf(Buffer.from(publicKey, 'base64'))
  const { holder, may, until } = options
  const file = keysFileOf(options.config)
  const before = textOf(file)
  const document = before === null ? new Document({ keys: {} }) : parseDocument(before)
  document.setIn(['keys', id], { holder, public: publicKey, may: [...may], ...(until !== undefined && { until }) })
  writeFileSync(file, withSchema(document.toString(), file))
  const after = await loadKeys(options.config)
  if (!after.ok) {
    if (before !== null) writeFileSync(file, before)
    else rmSync(file)
    explainFaults(after.fault, terminal)
    return EXIT.usage
  }
  terminal.print(`${file}: the key ${id} of ${holder} may sign ${may.join(' and ')}.`)
  terminal.print(BRING)
  terminal.record({ ok: true, id, holder, may })
  return EXIT.ok
}

export async function runKeysList({ config }: { readonly config: string }, terminal: Terminal): Promise<ExitCode> {
  const keys = await keysOrExplain(config, terminal)
  if (keys === null) return EXIT.invalidConfig
  for (const key of keys) terminal.print(describe(key))
  if (keys.length === 0) terminal.print(`${keysFileOf(config)} trusts nobody: no plan and no order is followed.`)
  terminal.record({ ok: true, keys })
  return EXIT.ok
}

export async function runKeysRevoke(
  id: string,
  { config }: { readonly config: string },
  terminal: Terminal,
): Promise<ExitCode> {
  const keys = await keysOrExplain(config, terminal)
  if (keys === null) return EXIT.invalidConfig
  const known = keys.map((key) => key.id)
  const file = keysFileOf(config)
  if (!known.includes(id)) {
    terminal.fail('KEY_UNKNOWN', `${file} does not trust the key ${id}.`, didYouMean(id, known) || 'sabz keys list')
    return EXIT.usage
  }
  const document = parseDocument(textOf(file) ?? '')
  document.deleteIn(['keys', id])
  writeFileSync(file, withSchema(document.toString(), file))
  terminal.print(`${file}: the key ${id} signs nothing any more.`)
  terminal.print(BRING)
  terminal.record({ ok: true, id })
  return EXIT.ok
}

export async function keysOrExplain(config: string, terminal: Terminal): Promise<readonly SiteKey[] | null> {
  const keys = await loadKeys(config)
  if (keys.ok) return keys.value
  explainFaults(keys.fault, terminal)
  return null
}

const BRING = 'Bring the file to every edge: one that runs takes it over within seconds, and says so in its log.'

const KEYS_SCHEMA = fileURLToPath(new URL('../../../config/schema/keys.schema.json', import.meta.url))
const SCHEMA_LINE = '# yaml-language-server: '

/** With the line by which an editor completes and checks the file, as the other files of a site have it. */
function withSchema(text: string, file: string): string {
  if (text.startsWith(SCHEMA_LINE)) return text
  return `${SCHEMA_LINE}$schema=${relative(dirname(resolve(file)), KEYS_SCHEMA).replaceAll('\\', '/')}\n${text}`
}

/** Whoever trusts himself need not copy his key by hand. */
function publicKeyOf(text: string): string {
  const key = readKeyFile(text)
  return key.ok ? publicHalf(key.value).toString('base64') : text
}

function textOf(file: string): string | null {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return null
  }
}

const describe = ({ id, holder, may, untilEpochMs }: SiteKey): string =>
  `${id}  ${may.join(', ').padEnd(13)}  ${untilEpochMs === null ? 'without end ' : `before ${new Date(untilEpochMs).toISOString().slice(0, 10)}`}  ${holder}`
