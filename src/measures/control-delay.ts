/** Control delay of a lane group at a signal by the Highway Capacity Manual (HCM 6, ch. 19), and its level of service. */

export interface LaneGroup {
  readonly volumeVph: number
  readonly saturationFlowVph: number
  /** Effective green and cycle, s. */
  readonly greenS: number
  readonly cycleS: number
}

export interface DelayOptions {
  /** T: how long the demand lasts, h. */
  readonly periodH?: number
  /** k: 0.5 at fixed time; see `incrementalDelayFactor` for actuated control. */
  readonly incrementalFactor?: number
  /** I: 1 where nothing is upstream; see `upstreamFilteringFactor`. */
  readonly upstreamFactor?: number
  /** PF: 1 for arrivals at random. */
  readonly progressionFactor?: number
}

/** c = s g / C. */
export const capacityVph = ({ saturationFlowVph, greenS, cycleS }: LaneGroup): number =>
  (saturationFlowVph * greenS) / cycleS

/** X = v / c. */
export const degreeOfSaturation = (group: LaneGroup): number => group.volumeVph / capacityVph(group)

/** d = d₁ PF + d₂, without an initial queue, s a vehicle. */
export function controlDelayS(group: LaneGroup, options: DelayOptions = {}): number {
  const { progressionFactor = 1 } = options
  return uniformDelayS(group) * progressionFactor + incrementalDelayS(group, options)
}

/** d₁: if all arrived evenly; beyond saturation, as at it. */
export function uniformDelayS(group: LaneGroup): number {
  const { greenS, cycleS } = group
  const greenShare = greenS / cycleS
  return (0.5 * cycleS * (1 - greenShare) ** 2) / (1 - Math.min(1, degreeOfSaturation(group)) * greenShare)
}

/** d₂: what chance adds, and what does not fit (d = 900 T [X - 1 + √((X - 1)² + 8 k I X / (c T))]). */
export function incrementalDelayS(
  group: LaneGroup,
  { periodH = 0.25, incrementalFactor = 0.5, upstreamFactor = 1 }: DelayOptions = {},
): number {
  const over = degreeOfSaturation(group) - 1
  const chance = (8 * incrementalFactor * upstreamFactor * (over + 1)) / (capacityVph(group) * periodH)
  return 900 * periodH * (over + Math.sqrt(over * over + chance))
}

/** k of actuated phases by their passage time: 0.04 to 0.5. */
export function incrementalDelayFactor(passageTimeS: number, degree: number): number {
  const pt = passageTimeS
  const least = Math.max(0.04, -0.375 + 0.354 * pt - 0.091 * pt ** 2 + 0.00889 * pt ** 3)
  return Math.max(least, Math.min(0.5, (1 - 2 * least) * (degree - 0.5) + least))
}

/** I: a signal upstream that is not full lets less chance through. */
export const upstreamFilteringFactor = (upstreamDegree: number): number =>
  Math.max(0.09, 1 - 0.91 * Math.min(1, upstreamDegree) ** 2.68)

export type LevelOfService = 'A' | 'B' | 'C' | 'D' | 'E' | 'F'

/** Up to so many seconds of control delay, of motor vehicles. */
const LEVELS: readonly (readonly [LevelOfService, number])[] = [
  ['A', 10],
  ['B', 20],
  ['C', 35],
  ['D', 55],
  ['E', 80],
]

/** F wherever more comes than can pass. */
export function levelOfService(delayS: number, degree = 0): LevelOfService {
  if (degree > 1) return 'F'
  return LEVELS.find(([, upToS]) => delayS <= upToS)?.[0] ?? 'F'
}
