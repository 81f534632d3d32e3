/** The alarms that stand, as each edge said last; the retained lists bring them back after a restart of central. */
import type { AlarmList } from '#contract/edge-words.ts'

export interface AlarmsOfEdge {
  readonly edge: string
  /** null where the edge has said nothing yet. */
  readonly list: AlarmList | null
}

export class AlarmLists {
  readonly #edges: readonly string[]
  readonly #lists = new Map<string, AlarmList>()

  constructor(edges: readonly string[]) {
    this.#edges = edges
  }

  accept(edge: string, list: AlarmList): void {
    this.#lists.set(edge, list)
  }

  all(): AlarmsOfEdge[] {
    return this.#edges.map((edge) => ({ edge, list: this.#lists.get(edge) ?? null }))
  }
}
