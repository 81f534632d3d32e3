/** The folder of keys: what is in it, who may read it, and by which name each thing is refused that is not as it should be. */
import { chmodSync, copyFileSync, existsSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { Outcome } from '#base/outcome.ts'
import { foundAuthority, openAuthority } from '#trust/authority.ts'
import { expiryOf, WARN_DAYS } from '#trust/expiry.ts'
import { readIdentity } from '#trust/identity.ts'
import { inspectFolder } from '#trust/inspect.ts'
import { caFiles, caIn, holderFolder, keyPlace, ownFolder, pinIn, trustedIn } from '#trust/layout.ts'
import { issueEdge, issueService, serviceKeys } from '#trust/provision.ts'
import { explainTrustFault, type TrustFault } from '#trust/trust-fault.ts'
import { filesBelow } from '#test/support/secrets-in.ts'
import { trustFolder, type TrustFolder } from '#test/support/trust-folder.ts'

const SITE = 'small'
const DEVICE = { device: 'IX-01.controller', edge: 'north', host: '127.0.0.1' }
const DAY_MS = 86_400_000

let trust: TrustFolder
beforeEach(async () => {
  trust = await trustFolder({ site: SITE, edges: ['north', 'south'], devices: [DEVICE] })
})
afterEach(() => trust.dispose())

const north = () => holderFolder(trust.root, { kind: 'edge', name: 'north' })
const south = () => holderFolder(trust.root, { kind: 'edge', name: 'south' })
const device = () => holderFolder(trust.root, { kind: 'device', name: DEVICE.device })
const wish = (name = 'north') => ({ folder: north(), role: 'mqtt', name, isSigned: true })
const codeOf = (outcome: Outcome<unknown, TrustFault>) => (outcome.ok ? 'ok' : outcome.fault.code)

test('every file is for its owner alone, and so is every folder', () => {
  const files = filesBelow(trust.root)
  expect(files.length).toBeGreaterThan(20)
  expect(files.filter((path) => (statSync(path).mode & 0o077) !== 0)).toEqual([])
  expect(files.map((path) => dirname(path)).filter((path) => (statSync(path).mode & 0o077) !== 0)).toEqual([])
})

test('an edge and its device know each other, and nobody else', () => {
  const certificates = { edge: keyPlace(north(), 'opcua').certificate, device: keyPlace(device(), 'opcua').certificate }
  expect(readFileSync(pinIn(north(), DEVICE.device))).toEqual(readFileSync(certificates.device))
  expect(readFileSync(trustedIn(device(), 'north'))).toEqual(readFileSync(certificates.edge))
  expect([pinIn(south(), DEVICE.device), trustedIn(device(), 'south')].map((path) => existsSync(path))).toEqual([
    false,
    false,
  ])
})

describe('a key is not used', () => {
  const place = () => keyPlace(north(), 'mqtt')
  test.each<[string, string, () => void]>([
    ['its folder is not there', 'TLS_FOLDER_MISSING', () => rmSync(north(), { recursive: true })],
    ['its certificate is not there', 'CERTIFICATE_MISSING', () => rmSync(place().certificate)],
    ['its certificate is garbage', 'CERTIFICATE_UNREADABLE', () => writeFileSync(place().certificate, 'garbage')],
    ['it is not there itself', 'SECRET_MISSING', () => rmSync(place().key)],
    ['its group may read it', 'SECRET_TOO_OPEN', () => chmodSync(place().key, 0o640)],
    ['others may read it', 'SECRET_TOO_OPEN', () => chmodSync(place().key, 0o604)],
    ['others may look into its folder', 'SECRET_TOO_OPEN', () => chmodSync(dirname(place().key), 0o701)],
    ['it is garbage', 'CERTIFICATE_KEY_MISMATCH', () => writeFileSync(place().key, 'garbage')],
    [
      'it belongs to another certificate',
      'CERTIFICATE_KEY_MISMATCH',
      () => copyFileSync(keyPlace(south(), 'mqtt').key, place().key),
    ],
    ['it is that of somebody else', 'CERTIFICATE_WRONG_NAME', () => swapFolders()],
    [
      'another CA lies beside it',
      'CERTIFICATE_FOREIGN',
      () => copyFileSync(keyPlace(south(), 'mqtt').certificate, caIn(north())),
    ],
  ])('when %s: %s', (_when, code, spoil) => {
    expect(codeOf(readIdentity(wish()))).toBe('ok')
    spoil()
    const read = readIdentity(wish())
    expect(codeOf(read)).toBe(code)
    if (!read.ok) expect(explainTrustFault(read.fault).remedy).not.toBe('')
  })

  function swapFolders() {
    rmSync(north(), { recursive: true })
    renameSync(south(), north())
  }
})

test('the CA is made once, opened for its own site, and issues only while its key is there', async () => {
  expect(codeOf(await foundAuthority(trust.root, SITE, Date.now()))).toBe('TLS_FOLDER_EXISTS')
  expect(codeOf(openAuthority(trust.root, 'other'))).toBe('CA_OF_ANOTHER_SITE')
  expect(codeOf(openAuthority(join(trust.root, 'nowhere'), SITE))).toBe('TLS_FOLDER_MISSING')
  chmodSync(caFiles(trust.root).key, 0o644)
  expect(codeOf(openAuthority(trust.root, SITE))).toBe('SECRET_TOO_OPEN')
  rmSync(caFiles(trust.root).key)
  expect(codeOf(openAuthority(trust.root, SITE))).toBe('CA_KEY_MISSING')
})

test('no two parties of the broker have one name, and none has a name that means more than one topic', async () => {
  const edge = (name: string) => issueEdge(trust.authority, { site: SITE, edge: name }, Date.now())
  expect(codeOf(await edge('ingest'))).toBe('NAME_TAKEN')
  for (const name of ['+', '#', 'a/b', '', '-x', 'a b', 'x'.repeat(64)])
    expect(codeOf(await edge(name))).toBe('NAME_UNUSABLE')
  expect(codeOf(await edge('north'))).toBe('ok')
})

test('a name that was revoked may be given again', async () => {
  expect(await trust.authority.revoke({ kind: 'edge', name: 'north' }, Date.now())).toBe(2)
  expect([existsSync(north()), existsSync(trustedIn(device(), 'north'))]).toEqual([false, false])
  const keys = serviceKeys('ingest-1of2') ?? []
  const service = { service: 'ingest-1of2', keys, hosts: [] }
  expect(codeOf(await issueService(trust.authority, service, Date.now()))).toBe('ok')
  expect(codeOf(await issueEdge(trust.authority, { site: SITE, edge: 'north' }, Date.now()))).toBe('ok')
})

test('the whole folder is judged at once, and so is the part of one machine', () => {
  const whole = inspectFolder(trust.root, Date.now())
  expect(whole.filter(({ fault }) => fault !== null)).toEqual([])
  expect(whole.map(({ place }) => place)).toContain('edge/north/mqtt')
  const part = inspectFolder(north(), Date.now())
  expect(part.map(({ place, name }) => [place, name])).toEqual([
    ['mqtt', 'north'],
    ['opcua', 'north'],
    [`devices/${DEVICE.device}.pem`, DEVICE.device],
  ])
  const later = inspectFolder(north(), Date.now() + 731 * DAY_MS)
  expect(later.map(({ fault }) => fault?.code ?? null)).toEqual(['CERTIFICATE_EXPIRED', null, null])
})

test('a folder is found on the office machine and on its own', () => {
  const holder = { kind: 'edge', name: 'north' } as const
  expect([ownFolder(trust.root, holder), ownFolder(north(), holder)]).toEqual([north(), north()])
})

test.each([
  [WARN_DAYS * DAY_MS, 'good', WARN_DAYS],
  [WARN_DAYS * DAY_MS - 1, 'soon', WARN_DAYS - 1],
  [0, 'soon', 0],
  [-1, 'expired', -1],
])('a certificate that is good for %i ms is %s', (leftMs, state, daysLeft) => {
  const nowEpochMs = Date.UTC(2026, 10, 23)
  const validTo = new Date(nowEpochMs + leftMs).toISOString()
  expect(expiryOf({ validTo }, nowEpochMs)).toEqual({ state, daysLeft })
})
