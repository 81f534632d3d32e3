/** `keys.yaml`: whose signature counts in this site, for what and until when; without the file nobody's does. */
import { createHash, createPublicKey } from 'node:crypto'
import { join } from 'node:path'
import { Type } from 'typebox'
import { failed, ok, type Outcome } from '#base/outcome.ts'
import { checkShape } from './check-shape.ts'
import { faultsIn, type ConfigFault } from './config-fault.ts'
import { strict, table } from './fields.ts'
import { readYaml } from './read-yaml.ts'

/** First 64 bits of SHA-256 over the public key. */
const KEY_ID = '^[0-9a-f]{16}$'

const KeyRow = strict({
  holder: Type.String({
    minLength: 1,
    maxLength: 80,
    description: 'the person who has it; two keys of one are one signer',
  }),
  public: Type.String({
    minLength: 1,
    maxLength: 200,
    description: 'Ed25519, SPKI in base64, as `sabz keys new` prints it',
  }),
  may: Type.Array(Type.Enum(['plan', 'command']), { minItems: 1, uniqueItems: true }),
  until: Type.Optional(
    Type.String({ pattern: '^[0-9]{4}-[0-9]{2}-[0-9]{2}$', description: 'good before this day (UTC)' }),
  ),
})

export const KeysFile = strict({ keys: Type.Optional(table(KEY_ID, KeyRow, 'by the id that `sabz keys new` prints')) })
export type KeysFile = Type.Static<typeof KeysFile>

export interface SiteKey {
  readonly id: string
  readonly holder: string
  /** SPKI, DER, base64. */
  readonly publicKey: string
  readonly may: readonly ('plan' | 'command')[]
  readonly untilEpochMs: number | null
}

export const keysFileOf = (directory: string): string => join(directory, 'keys.yaml')

export async function loadKeys(directory: string): Promise<Outcome<readonly SiteKey[], readonly ConfigFault[]>> {
  const at = faultsIn(keysFileOf(directory))
  const data = await readYaml(keysFileOf(directory), 'empty')
  const file = data.ok ? checkShape(KeysFile, data.value, at) : data
  if (!file.ok) return file
  const rows = Object.entries(file.value.keys ?? {})
  const faults = rows.flatMap(([id, { public: text, until }]) => [
    ...(idOf(text) === id ? [] : [at('KEY_ID_DIFFERS', ['keys', id], keyFaultText(idOf(text)))]),
    ...(until === undefined || isDay(until)
      ? []
      : [at('OUT_OF_RANGE', ['keys', id, 'until'], `there is no day ${until}. Correct it.`)]),
  ])
  return faults.length > 0 ? failed(faults) : ok(rows.map(([id, row]) => keyOf(id, row)))
}

const keyFaultText = (id: string | null): string =>
  id === null
    ? '`public` is no Ed25519 key. Copy it from the file that `sabz keys new` wrote.'
    : `\`public\` is the key ${id}. Correct the id, or the key.`

/** `Date.parse` takes the 31st of February for the 3rd of March. */
const isDay = (text: string): boolean =>
  !Number.isNaN(Date.parse(text)) && new Date(text).toISOString().startsWith(text)

/** Null where it is no Ed25519 key. */
function idOf(base64: string): string | null {
  const der = Buffer.from(base64, 'base64')
  try {
    const key = createPublicKey({ key: der, format: 'der', type: 'spki' })
    return key.asymmetricKeyType === 'ed25519' ? createHash('sha256').update(der).digest('hex').slice(0, 16) : null
  } catch {
    return null
  }
}

const keyOf = (id: string, row: NonNullable<KeysFile['keys']>[string]): SiteKey => ({
  id,
  holder: row.holder,
  publicKey: row.public,
  may: row.may,
  untilEpochMs: row.until === undefined ? null : Date.parse(row.until),
})
