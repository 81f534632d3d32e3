/** One small file that an edge must not forget: read at the start, replaced whole, and on the medium before anybody is told. */
import { closeSync, fsyncSync, mkdirSync, openSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'

/** Synchronous: whoever keeps orders lives in the thread of the disk, and answers only when they are kept. */
export interface KeptFile {
  /** Null where there is none. @throws as `node:fs` does where it cannot be read. */
  read(): string | null
  /** @throws as `node:fs` does; what was there before is there still, then. */
  write(text: string): void
}

export const keptFileAt = (path: string): KeptFile => ({
  read() {
    try {
      return readFileSync(path, 'utf8')
    } catch (error) {
      if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null
      throw error
    }
  },
  write(text) {
    // Orders say who gave them: only the service's own user reads them.
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 })
    const file = openSync(`${path}.new`, 'w', 0o600)
    try {
      writeFileSync(file, text)
      fsyncSync(file)
    } finally {
      closeSync(file)
    }
    renameSync(`${path}.new`, path)
    syncFolder(dirname(path))
  },
})

/** Puts the new name on the medium. */
function syncFolder(path: string): void {
  const folder = openSync(path, 'r')
  try {
    fsyncSync(folder)
  } finally {
    closeSync(folder)
  }
}
