/** What every experiment of the chaos run is: a name, what it needs of the machine, what it asks, and the run itself. */
import type { Seen } from './figure.ts'
import type { Need } from './needs.ts'

export interface Setting {
  /** A few rounds of each, for somebody who waits. */
  readonly isQuick: boolean
  /** Of everything that is drawn by chance. */
  readonly seed: number
  /** Progress, for the person who waits. */
  readonly say: (line: string) => void
}

export interface Experiment {
  readonly name: string
  readonly about: string
  readonly needs: readonly Need[]
  run(setting: Setting): Promise<readonly Seen[]>
}
