/** Whose signature counts: a file of keys that contradicts itself is refused whole, with place, rule and remedy. */
import { createHash, generateKeyPairSync, type KeyObject } from 'node:crypto'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { keysFileOf, loadKeys } from '#config/keys-file.ts'

const { publicKey } = generateKeyPairSync('ed25519')
const { publicKey: ofAnotherKind } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
const asBase64 = (key: KeyObject): string => key.export({ format: 'der', type: 'spki' }).toString('base64')
const PUBLIC = asBase64(publicKey)
const ID = createHash('sha256').update(Buffer.from(PUBLIC, 'base64')).digest('hex').slice(0, 16)
const OTHER_ID = ID.startsWith('0') ? `1${ID.slice(1)}` : `0${ID.slice(1)}`

const file = (id: string, key = PUBLIC, until = '2027-01-31'): string =>
  `keys:\n  "${id}": { holder: A. Karimi, public: ${key}, may: [plan], until: ${until} }\n`

async function read(text: string | null) {
  const folder = await mkdtemp(join(tmpdir(), 'sabz-keys-'))
  try {
    if (text !== null) await writeFile(keysFileOf(folder), text)
    return await loadKeys(folder)
  } finally {
    await rm(folder, { recursive: true })
  }
}

test('a key under its own id counts until the day before its last', async () => {
  const loaded = await read(file(ID))
  const untilEpochMs = Date.UTC(2027, 0, 31)
  expect(loaded).toEqual({
    ok: true,
    value: [{ id: ID, holder: 'A. Karimi', publicKey: PUBLIC, may: ['plan'], untilEpochMs }],
  })
})

test('without the file nobody signs', async () => expect(await read(null)).toEqual({ ok: true, value: [] }))

test.each([
  ['another id than its own', file(OTHER_ID), 'KEY_ID_DIFFERS', `keys.${OTHER_ID}`],
  ['no key at all', file(ID, 'AAAA'), 'KEY_ID_DIFFERS', `keys.${ID}`],
  ['a key of another kind', file(ID, asBase64(ofAnotherKind)), 'KEY_ID_DIFFERS', `keys.${ID}`],
  ['a day that is none', file(ID, PUBLIC, '2027-02-31'), 'OUT_OF_RANGE', `keys.${ID}.until`],
  ['a key that may do what nobody may', file(ID).replace('[plan]', '[flash]'), 'NOT_ALLOWED', `keys.${ID}.may.0`],
])('%s is refused, at the place', async (_what, text, code, path) => {
  const loaded = await read(text)
  expect(loaded.ok ? [] : loaded.fault.map((fault) => [fault.code, fault.path])).toEqual([[code, path]])
})
