/** The ways in which the city is run: who decides, and what is done to him. */
import { unreachable } from '#base/invariant.ts'
import { actuated } from '#control/actuated.ts'
import { adaptive, adaptiveWith, type Foresight } from '#control/adaptive/adaptive.ts'
import { forecastStreet } from '#control/adaptive/street-forecast.ts'
import { coordinated } from '#control/coordinated.ts'
import { fixed } from '#control/fixed.ts'
import { PRESSURE_OPTIONS } from '#control/max-pressure/max-pressure.ts'
import type { Strategy } from '#control/strategy.ts'
import type { SiteConfig } from '#config/site.ts'
import { ladderOf } from '#sim/closed-loop/ladders.ts'
import type { NeighbourSwitch } from '#sim/closed-loop/supervise-cabinets.ts'
import { oneCableEach, oneDetectorEach, type Failure } from './failures.ts'

export const WAYS = [
  'adaptive',
  'coordinated',
  'actuated',
  'fixed',
  'alone',
  'silence',
  'detector',
  'cable',
  'flow -20 %',
  'flow +20 %',
  'spoofed',
] as const
export type Way = (typeof WAYS)[number]

export interface Conditions {
  readonly strategies: readonly Strategy<unknown>[]
  readonly neighbours: NeighbourSwitch
  readonly failures: readonly Failure[]
  /** The attack that was found stands from the beginning of the measured time. */
  readonly isAttacked: boolean
}

export interface Circumstance {
  readonly site: SiteConfig
  readonly seed: number
  /** What is done to it is done from then on; measured, since the start of the run. */
  readonly fromMs: number
}

/** Every way that is not told otherwise: the adaptive ladder with all that belongs to it. */
export function conditionsOf(way: Way, { site, seed, fromMs }: Circumstance): Conditions {
  switch (way) {
    case 'coordinated':
      return { ...SOUND, strategies: [coordinated, actuated] }
    case 'actuated':
      return { ...SOUND, strategies: [actuated] }
    case 'fixed':
      return { ...SOUND, strategies: [fixed] }
    case 'alone':
      return { ...SOUND, neighbours: 'off' }
    case 'silence':
      return { ...SOUND, strategies: SOUND.strategies.map((each) => silencedFrom(fromMs, each)) }
    case 'detector':
      return { ...SOUND, failures: oneDetectorEach(site, seed) }
    case 'cable':
      return { ...SOUND, failures: oneCableEach(site, seed) }
    case 'flow -20 %':
      return { ...SOUND, strategies: adaptiveLadder(believing(0.8)) }
    case 'flow +20 %':
      return { ...SOUND, strategies: adaptiveLadder(believing(1.2)) }
    case 'spoofed':
      return { ...SOUND, isAttacked: true }
    case 'adaptive':
      return SOUND
    default:
      return unreachable(way)
  }
}

const adaptiveLadder = (best: Strategy<unknown>): readonly Strategy<unknown>[] => [
  best,
  ...(ladderOf('adaptive') ?? []).filter(({ rung }) => rung !== best.rung),
]

const SOUND: Conditions = {
  strategies: adaptiveLadder(adaptive),
  neighbours: 'on',
  failures: [],
  isAttacked: false,
}

/** Plans with so many times the saturation flow that it usually takes for true. */
const believing = (factor: number): Strategy<unknown> =>
  adaptiveWith(PRESSURE_OPTIONS, (...street: Parameters<Foresight>) => {
    const forecast = forecastStreet(...street)
    return { ...forecast, rate: forecast.rate.map((vehiclesPerS) => vehiclesPerS * factor) }
  })

/** Nobody hears from it any more: what was heard last grows old with each listener, as when a broker is gone. */
export const silencedFrom = <Memory>(fromMs: number, strategy: Strategy<Memory>): Strategy<Memory> => ({
  ...strategy,
  decide(view, memory) {
    const decision = strategy.decide(view, memory)
    if (view.nowMonoMs < fromMs || !decision.outlook) return decision
    return { command: decision.command, memory: decision.memory, why: decision.why, outlook: null }
  },
})
