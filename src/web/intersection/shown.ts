/** What one state says of heads, pedestrians, loops and lanes, in the words of the drawing and its tables. */
import { hasBit } from '#base/bits.ts'
import type { Geometry } from '#contract/api.ts'
import type { LiveSignal, LiveState } from '#contract/messages.ts'
import { isFlashing, lampOf, type Lamp } from '../live/bands.ts'

/** `flashingArrow`: its drivers may go where there is a gap. The other two: all lamps flash. */
export type HeadShown = Lamp | 'flashingArrow' | 'flashingYellow' | 'flashingRed' | 'unknown'
/** `dark`: as pedestrian heads are while all others flash. */
export type PedestrianShown = 'walk' | 'clearing' | 'dontWalk' | 'dark' | 'unknown'
export type DetectorShown = 'idle' | 'occupied' | 'untrusted'

export interface Head {
  readonly kind: string
  readonly number: number
}

/** null: nothing is known of the lamps. */
export function headShown(state: LiveState | null, { kind, number }: Head, geometry: Geometry): HeadShown {
  if (state && isFlashing(state)) return flashOf(kind === 'overlap' ? geometry.overlaps : geometry.phases, number)
  if (!state?.signal) return 'unknown'
  return kind === 'overlap' ? overlapShown(state.signal, number) : lampOf(state.signal, number)
}

function flashOf(facts: readonly { readonly id: number; readonly flashesYellow: boolean }[], id: number): HeadShown {
  return facts.find((each) => each.id === id)?.flashesYellow === true ? 'flashingYellow' : 'flashingRed'
}

function overlapShown(signal: LiveSignal, overlap: number): HeadShown {
  if (hasBit(signal.overlapGreens, overlap)) return 'green'
  if (hasBit(signal.overlapFlashes, overlap)) return 'flashingArrow'
  return hasBit(signal.overlapYellows, overlap) ? 'yellow' : 'red'
}

export function pedestrianShown(state: LiveState | null, phase: number): PedestrianShown {
  if (state && isFlashing(state)) return 'dark'
  if (!state?.signal) return 'unknown'
  if (hasBit(state.signal.walks, phase)) return 'walk'
  return hasBit(state.signal.pedClears, phase) ? 'clearing' : 'dontWalk'
}

/** The walk of the phase leads: its vehicles still have red. */
export const walkLeads = (signal: LiveSignal, phase: number): boolean =>
  signal.rings.some((ring) => ring.phase === phase && ring.interval === 'leadingPed')

export function detectorShown(detectors: LiveState['detectors'], id: number): DetectorShown {
  const found = detectors.find((detector) => detector.id === id)
  if (found?.quality !== 'good') return 'untrusted'
  return found.occupied === true ? 'occupied' : 'idle'
}

export const queueOf = (state: LiveState | null, lane: string): number =>
  state?.queues.find((queue) => queue.lane === lane)?.vehicles ?? 0
