/** The few things the spool asks of a disk, so that a test can put one in its place that forgets what was not synced. */
import {
  closeSync,
  fdatasyncSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  statSync,
  unlinkSync,
  writeSync,
} from 'node:fs'
import { join } from 'node:path'

export interface DiskFile {
  /** Appends; returns how many bytes were taken, which may be fewer than given. Throws as `node:fs` does. */
  write(bytes: Uint8Array): number
  /** Returns when the content is on the medium (fdatasync). Throws when the disk says it may not be. */
  sync(): void
  close(): void
}

/**
 * All calls are synchronous: the spool has a thread of its own, and the shared pool of asynchronous file calls can be
 * held up for half a second by anything else in the process that uses it (password hashes do).
 */
export interface Disk {
  /** File names in the spool's directory, which is created when missing. */
  list(): string[]
  sizeOf(name: string): number
  read(name: string): Buffer
  /** Fails when the file exists. */
  create(name: string): DiskFile
  remove(name: string): void
  /** Puts the content of a file that an earlier process wrote on the medium. */
  sync(name: string): void
  /** Puts created and removed names on the medium. */
  syncNames(): void
}

export function diskAt(directory: string): Disk {
  const at = (name: string): string => join(directory, name)
  return {
    list: () => {
      // Events say who stood where and when: only the service's own user reads them.
      mkdirSync(directory, { recursive: true, mode: 0o700 })
      return readdirSync(directory)
    },
    sizeOf: (name) => statSync(at(name)).size,
    read: (name) => readFileSync(at(name)),
    create: (name) => fileOf(openSync(at(name), 'ax', 0o600)),
    remove: (name) => unlinkSync(at(name)),
    sync: (name) => withDescriptor(at(name), fdatasyncSync),
    syncNames: () => withDescriptor(directory, fsyncSync),
  }
}

function fileOf(descriptor: number): DiskFile {
  return {
    write: (bytes) => writeSync(descriptor, bytes),
    sync: () => fdatasyncSync(descriptor),
    close: () => closeSync(descriptor),
  }
}

function withDescriptor(path: string, act: (descriptor: number) => void): void {
  const descriptor = openSync(path, 'r')
  try {
    act(descriptor)
  } finally {
    closeSync(descriptor)
  }
}
