/** What one experiment puts up: a directory, and the ends of all that it starts, also when somebody interrupts the run. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const standing = new Set<Rig>()

export class Rig {
  readonly directory = mkdtempSync(join(tmpdir(), 'sabz-chaos-'))
  readonly #endings: (() => unknown)[] = []

  constructor() {
    standing.add(this)
  }

  /** Something that `close` ends, the last one first. */
  andThen(end: () => unknown): void {
    this.#endings.push(end)
  }

  at(name: string): string {
    return join(this.directory, name)
  }

  async close(): Promise<void> {
    standing.delete(this)
    for (const end of this.#endings.splice(0).toReversed()) await end()
    rmSync(this.directory, { recursive: true, force: true })
  }
}

/** Puts up a rig, and takes it down whatever happens. */
export async function onRig<T>(act: (rig: Rig) => Promise<T>): Promise<T> {
  const rig = new Rig()
  try {
    return await act(rig)
  } finally {
    await rig.close()
  }
}

/** For the one who interrupts. */
export async function takeAllDown(): Promise<void> {
  for (const rig of standing) await rig.close()
}
