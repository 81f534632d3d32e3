/** The phases of a sequence laid out in time: whose turn is when, if every phase takes its split. */

/** The turn of one phase, in ms after the first barrier; `ring` counts from 0. */
export interface Turn<P> {
  readonly phase: P
  readonly ring: number
  readonly splitMs: number
  readonly startMs: number
}

/** The order in which rings meet their barriers, as the ring that meets most of them has it; a ring may lack some. */
export function barrierOrder(rings: readonly (readonly { readonly barrier: number }[])[]): number[] {
  const met = rings.map((members) => [...new Set(members.map(({ barrier }) => barrier))])
  return [...new Set(met.toSorted((a, b) => b.length - a.length).flat())]
}

/** Group after group: a barrier is reached when the slowest ring has served its phases before it. */
export function layOutTurns<P extends { readonly barrier: number }>(
  rings: readonly (readonly P[])[],
  barriers: readonly number[],
  splitOf: (phase: P) => number,
): Turn<P>[] {
  let barrierMs = 0
  return barriers.flatMap((barrier) => {
    const groupMs = barrierMs
    return rings.flatMap((members, ring) => {
      let startMs = groupMs
      return members
        .filter((phase) => phase.barrier === barrier)
        .map((phase) => {
          const turn = { phase, ring, splitMs: splitOf(phase), startMs }
          startMs += turn.splitMs
          barrierMs = Math.max(barrierMs, startMs)
          return turn
        })
    })
  })
}
