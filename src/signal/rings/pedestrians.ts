/** People on foot beside a green: walk, then clearance, and how much of them the green has to wait for. */
import { EVENT, type EmitEvent } from '../events.ts'
import type { PhaseLayout } from '../layout.ts'

/** What the crossing of a ring's phase shows; `none` is don't walk. */
export interface PedestrianService {
  pedestrians: 'none' | 'walk' | 'clearance'
  pedestrianMs: number
  /** Walk goes on past its time: the green rests, and nobody waits. */
  walkRests: boolean
}

/** Serves pedestrians of the phase that is on: walk, then clearance; its green lasts until they are over. */
export function beginWalk(service: PedestrianService, phase: PhaseLayout, emit: EmitEvent): void {
  service.pedestrians = 'walk'
  service.pedestrianMs = 0
  emit(EVENT.walk, phase.number)
}

/** Lets `elapsedMs` pass, whatever the vehicles of the phase are shown meanwhile. */
export function advancePedestrians(
  service: PedestrianService,
  phase: PhaseLayout,
  elapsedMs: number,
  emit: EmitEvent,
): void {
  if (service.pedestrians === 'none') return
  service.pedestrianMs += elapsedMs
  if (service.pedestrians === 'clearance') endClearance(service, phase, emit)
  else if (!service.walkRests) endWalk(service, phase, phase.timing.walkMs, emit)
}

/** Walk gives way to clearance once it has lasted `leastMs`. */
export function endWalk(service: PedestrianService, phase: PhaseLayout, leastMs: number, emit: EmitEvent): void {
  if (service.pedestrians !== 'walk' || service.pedestrianMs < leastMs) return
  service.pedestrians = 'clearance'
  service.pedestrianMs = 0
  emit(EVENT.pedClear, phase.number)
}

/** True once the vehicles may be shown yellow: whoever is still on the crossing is across before it ends. */
export function mayClearInYellow({ pedestrians, pedestrianMs }: PedestrianService, phase: PhaseLayout): boolean {
  if (pedestrians === 'none') return true
  return pedestrians === 'clearance' && pedestrianMs >= phase.clearInGreenMs
}

function endClearance(service: PedestrianService, phase: PhaseLayout, emit: EmitEvent): void {
  if (service.pedestrianMs < phase.timing.pedClearMs) return
  service.pedestrians = 'none'
  emit(EVENT.dontWalk, phase.number)
}
