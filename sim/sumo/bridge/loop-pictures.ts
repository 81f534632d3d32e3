/** What a loop card would have seen: when a loop was occupied, tenth by tenth, out of the vehicles that SUMO reports of a step. */
import type { TypedValue } from '../traci/typed-value.ts'

/** Somebody on a loop, by the clock of the simulation. */
interface Stay {
  readonly fromS: number
  /** `Infinity` while he is on it. */
  readonly toS: number
}

export class LoopPictures {
  readonly #stays = new Map<string, readonly Stay[]>()

  /** `data`: vehicles that were on the loop in the last step, each by name, length, entry, exit and type. */
  report(loop: string, data: TypedValue | undefined): void {
    const stays = data?.type === 'compound' ? staysOf(data.value) : []
    if (stays.length === 0) this.#stays.delete(loop)
    else this.#stays.set(loop, stays)
  }

  /** A card looks at its loops at moments: at this one, within the step that was reported last. */
  isOccupied(loop: string, atS: number): boolean {
    const stays = this.#stays.get(loop)
    return stays !== undefined && stays.some(({ fromS, toS }) => fromS <= atS && atS < toS)
  }
}

/** SUMO's list: a count, then five values a vehicle. */
const VALUES_EACH = 5

function staysOf([, ...values]: readonly TypedValue[]): readonly Stay[] {
  return Array.from({ length: Math.floor(values.length / VALUES_EACH) }, (_, vehicle) => {
    const toS = numberAt(values, vehicle * VALUES_EACH + 3)
    return { fromS: numberAt(values, vehicle * VALUES_EACH + 2), toS: toS < 0 ? Infinity : toS }
  })
}

function numberAt(values: readonly TypedValue[], index: number): number {
  const value = values[index]?.value
  return typeof value === 'number' ? value : 0
}
