/** Files that hold secrets: written whole, for their owner alone, and not read where others could have read them. */
import { mkdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { failed, ok, type Outcome } from '#base/outcome.ts'
import type { TrustFault } from './trust-fault.ts'

const FILE_MODE = 0o600
const FOLDER_MODE = 0o700
/** What group and others may do. */
const OTHERS = 0o077

/** Made with its parents, closed to others. */
export function makeSecretFolder(path: string): void {
  mkdirSync(path, { recursive: true, mode: FOLDER_MODE })
}

/** Whoever reads meanwhile gets the old file or the new one, never half of one. */
export function writeSecretFile(path: string, content: string | Buffer): void {
  makeSecretFolder(dirname(path))
  const aside = `${path}.new`
  rmSync(aside, { force: true })
  writeFileSync(aside, content, { mode: FILE_MODE, flag: 'wx', flush: true })
  renameSync(aside, path)
}

export function readSecretFile(path: string): Outcome<string, TrustFault> {
  try {
    const open = [dirname(path), path].map(openTo).find((fault) => fault !== null)
    return open ? failed(open) : ok(readFileSync(path, 'utf8'))
  } catch (error) {
    if (isMissing(error)) return failed({ code: 'SECRET_MISSING', path })
    return failed({ code: 'TLS_FOLDER_UNUSABLE', path, detail: (error as NodeJS.ErrnoException).code ?? String(error) })
  }
}

function openTo(path: string): TrustFault | null {
  // Windows keeps rights elsewhere, and shows modes that it made up.
  if (process.platform === 'win32') return null
  const stats = statSync(path)
  if ((stats.mode & OTHERS) === 0) return null
  const allowed = stats.isDirectory() ? FOLDER_MODE : FILE_MODE
  return { code: 'SECRET_TOO_OPEN', path, mode: stats.mode & 0o7777, allowed }
}

export const isMissing = (error: unknown): boolean => (error as NodeJS.ErrnoException).code === 'ENOENT'
