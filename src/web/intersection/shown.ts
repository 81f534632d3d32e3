/** What one state says of heads, pedestrians, loops and lanes, in the words of the drawing and its tables. */
import { hasBit } from '#base/bits.ts'
import type { LiveSignal, LiveState } from '#contract/messages.ts'
import { lampOf, type Shown } from '../live/bands.ts'

/** `flashing`: a yellow arrow; its drivers may go where there is a gap. */
export type HeadShown = Shown | 'flashing'
export type PedestrianShown = 'walk' | 'clearing' | 'dontWalk' | 'unknown'
export type DetectorShown = 'idle' | 'occupied' | 'untrusted'

/** null: nothing is known of the lamps. */
export function headShown(signal: LiveSignal | null, kind: string, number: number): HeadShown {
  if (!signal) return 'unknown'
  if (kind !== 'overlap') return lampOf(signal, number)
  if (hasBit(signal.overlapGreens, number)) return 'green'
  if (hasBit(signal.overlapFlashes, number)) return 'flashing'
  return hasBit(signal.overlapYellows, number) ? 'yellow' : 'red'
}

export function pedestrianShown(signal: LiveSignal | null, phase: number): PedestrianShown {
  if (!signal) return 'unknown'
  if (hasBit(signal.walks, phase)) return 'walk'
  return hasBit(signal.pedClears, phase) ? 'clearing' : 'dontWalk'
}

export function detectorShown(detectors: LiveState['detectors'], id: number): DetectorShown {
  const found = detectors.find((detector) => detector.id === id)
  if (found?.quality !== 'good') return 'untrusted'
  return found.occupied === true ? 'occupied' : 'idle'
}

export const queueOf = (state: LiveState | null, lane: string): number =>
  state?.queues.find((queue) => queue.lane === lane)?.vehicles ?? 0
