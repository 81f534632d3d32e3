/** The key under which pages and API are served, shown anew when it was renewed: browsers and scripts need no restart. */
import { statSync } from 'node:fs'
import type { Server } from 'node:https'
import type { Log } from '#base/log.ts'
import type { Outcome } from '#base/outcome.ts'
import { readIdentity } from './identity.ts'
import { keyPlace } from './layout.ts'
import { WEB_ROLE } from './roles.ts'
import { trustFaultText, type TrustFault } from './trust-fault.ts'

/** Whoever renews looks whether it worked, but not at once. */
const LOOK_MS = 60_000

export interface WebKey {
  readonly key: string
  readonly cert: string
}

/** `folder` is central's own. */
export function readWebKey(folder: string): Outcome<WebKey, TrustFault> {
  const identity = readIdentity({ folder, role: WEB_ROLE, isSigned: true })
  if (!identity.ok) return identity
  const { keyPem: key, certificatePem: cert } = identity.value
  return { ok: true, value: { key, cert } }
}

/** Returns how to stop. */
export function followWebKey(folder: string, server: Pick<Server, 'setSecureContext'>, log: Log): () => void {
  const { certificate } = keyPlace(folder, WEB_ROLE)
  const changed = () => statSync(certificate, { throwIfNoEntry: false })?.mtimeMs ?? 0
  let known = changed()
  const timer = setInterval(() => {
    const now = changed()
    if (now === known) return
    known = now
    const key = readWebKey(folder)
    if (key.ok) server.setSecureContext(key.value)
    else log('error', key.fault.code, trustFaultText(key.fault))
  }, LOOK_MS).unref()
  return () => clearInterval(timer)
}
