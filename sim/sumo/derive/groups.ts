/** Signal groups: links that always change together, and how any two of them stand to each other. */
import type { Movement } from './movements.ts'
import { isGreen, type Stage } from './stages.ts'

export interface SignalGroup {
  /** Ascending. */
  readonly links: readonly number[]
  readonly onFoot: boolean
  /** Indices of the stages in which it is green, ascending; at least one. */
  readonly stages: readonly number[]
}

/**
 * Of two groups whose ways cross: `separate` are never green together; `permissive` are, and one yields, as the
 * network's own program shows; `shared` are, and neither does: the network leaves it to them, as where lanes merge.
 */
export interface Conflict {
  /** Indices of groups, ascending. */
  readonly groups: readonly [number, number]
  readonly kind: 'separate' | 'permissive' | 'shared'
}

/** Links that are never green, and those that nobody uses, are in no group. */
export function groupsOf(movements: readonly Movement[], stages: readonly Stage[]): SignalGroup[] {
  const links = new Map(movements.map(({ link, onFoot }) => [link, onFoot]))
  const facts = [...links].map(([link, onFoot]) => ({
    link,
    onFoot,
    stages: stages.flatMap(({ state }, stage) => (isGreen(state[link]) ? [stage] : [])),
  }))
  const lit = facts.filter((fact) => fact.stages.length > 0).toSorted((a, b) => a.link - b.link)
  return [...Map.groupBy(lit, (fact) => `${fact.onFoot} ${fact.stages.join(' ')}`).values()]
    .flatMap((same) => {
      const [first] = same
      return first === undefined ? [] : [{ ...first, links: same.map(({ link }) => link) }]
    })
    .map(({ links: own, onFoot, stages: green }) => ({ links: own, onFoot, stages: green }))
}

export function conflictsOf(
  groups: readonly SignalGroup[],
  movements: readonly Movement[],
  stages: readonly Stage[],
): Conflict[] {
  const foes = Map.groupBy(movements, ({ link }) => link)
  const cross = (a: number, b: number) => (foes.get(a) ?? []).some((movement) => movement.foes.has(b))
  return groups.flatMap((one, a) =>
    groups.slice(a + 1).flatMap((other, beyond): Conflict[] => {
      const pairs = one.links.flatMap((p) => other.links.filter((q) => cross(p, q) || cross(q, p)).map((q) => [p, q]))
      if (pairs.length === 0) return []
      const together = stages.filter((_, stage) => one.stages.includes(stage) && other.stages.includes(stage))
      const yields = together.some(({ state }) => pairs.some((pair) => pair.some((link) => state[link] === 'g')))
      const kind = together.length === 0 ? 'separate' : yields ? 'permissive' : 'shared'
      return [{ groups: [a, a + 1 + beyond], kind }]
    }),
  )
}
