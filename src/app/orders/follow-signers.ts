/** Takes a changed `keys.yaml` over while an edge runs: a key that is lost must count no longer than it takes to copy a file. */
import { statSync } from 'node:fs'
import type { Log } from '#base/log.ts'
import type { ConfigFault } from '#config/config-fault.ts'
import { keysFileOf, loadKeys, type SiteKey } from '#config/keys-file.ts'

/** Whoever has revoked a key looks whether it worked; a file that is being copied has stood still for one of these. */
const LOOK_MS = 1_000

export interface SignerParts {
  /** Directory of the site's configuration. */
  readonly config: string
  /** As they were read at the start. */
  readonly signers: readonly SiteKey[]
  readonly follow: (signers: readonly SiteKey[]) => void
  readonly log: Log
  readonly lookMs?: number
}

/** Returns how to stop. A file that cannot be read is named, and changes nothing. */
export function followSigners({ config, signers, follow, log, lookMs = LOOK_MS }: SignerParts): () => void {
  const file = keysFileOf(config)
  let known = signers
  // It may have changed while the edge started.
  let read: string | null = null
  let seen = markOf(file)
  const look = async () => {
    const mark = markOf(file)
    const isStill = mark === seen
    seen = mark
    if (!isStill || mark === read) return
    read = mark
    const keys = await loadKeys(config)
    if (!keys.ok) return log('error', 'KEYS_NOT_FOLLOWED', refusalOf(keys.fault))
    const changes = changesIn(known, keys.value)
    if (changes.length === 0) return
    known = keys.value
    follow(known)
    log('info', 'KEYS_FOLLOWED', `${file}: ${changes.join(', ')}; ${known.length} keys are trusted now.`)
  }
  const timer = setInterval(() => void look(), lookMs).unref()
  return () => clearInterval(timer)
}

/** Tells one state of the file from the next; a file that is gone trusts nobody, as at a start. */
function markOf(file: string): string {
  const stat = statSync(file, { throwIfNoEntry: false })
  return stat === undefined ? 'none' : `${stat.ino} ${stat.size} ${stat.mtimeMs} ${stat.ctimeMs}`
}

const refusalOf = (faults: readonly ConfigFault[]): string =>
  `${faults.map(({ code, message }) => `${code} ${message}`).join(' ')} The keys from before go on counting.`

function changesIn(before: readonly SiteKey[], after: readonly SiteKey[]): string[] {
  const of = (keys: readonly SiteKey[]) => new Map(keys.map((key) => [key.id, key]))
  const [former, now] = [of(before), of(after)]
  return [
    ...after.filter(({ id }) => !former.has(id)).map((key) => `new ${nameOf(key)}`),
    ...before.filter(({ id }) => !now.has(id)).map((key) => `no more ${nameOf(key)}`),
    ...after.filter((key) => isChanged(former.get(key.id), key)).map((key) => `changed ${nameOf(key)}`),
  ]
}

const nameOf = ({ id, holder }: SiteKey): string => `${id} (${holder})`

const isChanged = (former: SiteKey | undefined, key: SiteKey): boolean =>
  former !== undefined && JSON.stringify(former) !== JSON.stringify(key)
