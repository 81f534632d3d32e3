/** Ways of control that are held against each other: a strategy, and what its lights see. */

export const STRATEGIES = ['adaptive', 'max-pressure', 'actuated', 'fixed'] as const
export type StrategyName = (typeof STRATEGIES)[number]

export const DETECTORS = ['loops', 'camera'] as const
export type Detectors = (typeof DETECTORS)[number]

export interface Way {
  readonly strategy: StrategyName
  readonly detectors: Detectors
}

export const SIMPLE_STRATEGIES = ['fixed', 'actuated', 'max-pressure'] as const satisfies readonly StrategyName[]

/** A fixed plan looks nowhere, and an actuated controller in the street has loops: a camera would tell them nothing more. */
const BY_LOOPS_ALONE: ReadonlySet<StrategyName> = new Set(['fixed', 'actuated'])

export const waysOf = (strategies: readonly StrategyName[], detectors: readonly Detectors[]): Way[] =>
  strategies.flatMap((strategy) => {
    const seen = BY_LOOPS_ALONE.has(strategy) ? (['loops'] as const) : detectors
    return seen.map((kind) => ({ strategy, detectors: kind }))
  })

/** The way that a strategy is run in where another one sees by these detectors. */
export const beside = (strategy: StrategyName, detectors: Detectors): Way => ({
  strategy,
  detectors: BY_LOOPS_ALONE.has(strategy) ? 'loops' : detectors,
})
