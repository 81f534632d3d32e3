/** The ways of control that a simulation can compare, by the names that engineers give them. */
import { actuated } from '#control/actuated.ts'
import { adaptive } from '#control/adaptive/adaptive.ts'
import { coordinated } from '#control/coordinated.ts'
import { maxPressure } from '#control/max-pressure/max-pressure.ts'
import type { Strategy } from '#control/strategy.ts'

/**
 * Best rung first, as an edge has them; null: nobody supervises, each cabinet runs the plan of its own schedule. Below the last
 * rung it does so too.
 */
const LADDERS = {
  local: null,
  coordinated: [coordinated, actuated],
  actuated: [actuated],
  'max-pressure': [maxPressure, coordinated, actuated],
  adaptive: [adaptive, maxPressure, coordinated, actuated],
} as const satisfies Readonly<Record<string, readonly Strategy<unknown>[] | null>>

export type StrategyName = keyof typeof LADDERS

export const ladderOf = (name: StrategyName): readonly Strategy<unknown>[] | null => LADDERS[name]
