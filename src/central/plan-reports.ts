/** What has become of signed plans, as each edge reported last; the retained reports bring it back after a restart of central. */
import type { PlanReported } from '#contract/plan-bundle.ts'
import type { PlansView } from '#contract/plans-view.ts'

/** Who has a key; null where nobody is known to. */
export type HolderOf = (key: string) => string | null

export class PlanReports {
  readonly #edges: readonly string[]
  readonly #holderOf: HolderOf
  readonly #reports = new Map<string, PlanReported>()

  constructor(edges: readonly string[], holderOf: HolderOf) {
    this.#edges = edges
    this.#holderOf = holderOf
  }

  accept(edge: string, report: PlanReported): void {
    this.#reports.set(edge, report)
  }

  all(): PlansView[] {
    return this.#edges.map((edge) => {
      const report = this.#reports.get(edge)
      return report === undefined ? { edge, ...NOTHING_REPORTED } : this.#viewOf(edge, report)
    })
  }

  #viewOf(edge: string, { atEpochMs, accepted, refused, intersections }: PlanReported): PlansView {
    return {
      edge,
      at: instant(atEpochMs),
      accepted: accepted && {
        version: accepted.version,
        note: accepted.note,
        signedBy: accepted.signedBy.map((key) => ({ key, holder: this.#holderOf(key) })),
        validUntil: instant(accepted.validUntilEpochMs),
      },
      refused: refused && {
        code: refused.code,
        detail: refused.detail,
        at: instant(refused.atEpochMs),
        count: refused.count,
      },
      intersections,
    }
  }
}

const NOTHING_REPORTED = { at: null, accepted: null, refused: null, intersections: [] }

const instant = (epochMs: number): string => new Date(epochMs).toISOString()
