/** Who has waited past a whole cycle: such calls are served at the next chance, so that no plan starves anybody. */
import { hasBit, type Bits } from '#base/bits.ts'
import type { Coordinator } from './coordination.ts'

/** Phases that vehicles and pedestrians wait for. */
export interface Waiting {
  readonly vehicles: Bits
  readonly pedestrians: Bits
}

/** Keeps account of who has waited since the last yield point of his ring, and of who has waited past a whole cycle. */
export function noteWaiting(coordinator: Coordinator, phasesOfRings: readonly Bits[], waiting: Waiting): void {
  if (coordinator.yielded === 0) return
  const { vehicles, pedestrians } = waiting
  phasesOfRings.forEach((phases, ring) => {
    if (!hasBit(coordinator.yielded, ring + 1)) return
    const merge = (old: Bits, now: Bits) => (old & ~phases) | (now & phases)
    coordinator.overdueVehicles = merge(coordinator.overdueVehicles, coordinator.vehiclesSinceYield & vehicles)
    coordinator.vehiclesSinceYield = merge(coordinator.vehiclesSinceYield, vehicles)
    coordinator.overduePedestrians = merge(
      coordinator.overduePedestrians,
      coordinator.pedestriansSinceYield & pedestrians,
    )
    coordinator.pedestriansSinceYield = merge(coordinator.pedestriansSinceYield, pedestrians)
  })
}

/** Whoever is served now no longer waits. */
export function noteServed(coordinator: Coordinator, greens: Bits, walks: Bits): void {
  coordinator.vehiclesSinceYield &= ~greens
  coordinator.overdueVehicles &= ~greens
  coordinator.pedestriansSinceYield &= ~walks
  coordinator.overduePedestrians &= ~walks
}
