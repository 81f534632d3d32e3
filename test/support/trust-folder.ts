/** A folder of keys and certificates of a small site, removed after the test. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect } from 'vitest'
import type { Outcome } from '#base/outcome.ts'
import { foundAuthority, type Authority } from '#trust/authority.ts'
import { issueMissing, type SiteParties } from '#trust/provision.ts'

export interface TrustFolder {
  readonly root: string
  readonly authority: Authority
  dispose(): void
}

export const LOOPBACK = ['localhost', '127.0.0.1']

/** With everything that the site needs, reached on loopback. */
export async function trustFolder(parties: SiteParties): Promise<TrustFolder> {
  const root = join(mkdtempSync(join(tmpdir(), 'sabz-trust-')), 'tls')
  const authority = valueOf(await foundAuthority(root, parties.site, Date.now()))
  valueOf(await issueMissing(authority, parties, LOOPBACK))
  return { root, authority, dispose: () => rmSync(join(root, '..'), { recursive: true, force: true }) }
}

export function valueOf<T>(outcome: Outcome<T, unknown>): T {
  expect(outcome).toMatchObject({ ok: true })
  if (!outcome.ok) throw new Error('it failed')
  return outcome.value
}
