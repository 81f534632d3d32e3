/** A folder, and all that lead to it: asked for them at once, Node waits for ever where a folder takes no entries, as in /proc. */
import { existsSync, mkdirSync, statSync } from 'node:fs'
import { dirname } from 'node:path'

/** Throws what the file system says of the first that cannot be made. */
export function makeFolder(directory: string): void {
  const parent = dirname(directory)
  if (!existsSync(parent)) makeFolder(parent)
  try {
    mkdirSync(directory)
  } catch (error) {
    if (!isFolder(directory)) throw error
  }
}

const isFolder = (path: string): boolean => statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false
