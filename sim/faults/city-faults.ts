/** A desk for the faults of a whole city: every intersection with its wires, and what its controllers tell. */
import type { IntersectionId } from '#base/id.ts'
import type { DeviceProfile } from '#devices/profile/schema.ts'
import type { CityJunction } from '../city.ts'
import type { CabinetLines } from '../field-servers.ts'
import { FaultDesk, type DeskParts } from './fault-desk.ts'
import type { FaultPlace } from './fault-kind.ts'

export interface CityFaultParts extends Pick<DeskParts, 'broker' | 'onReport'> {
  readonly city: {
    readonly junctions: ReadonlyMap<IntersectionId, Pick<CityJunction, 'cabinet'>>
    readonly epochMs: number
  }
  readonly profiles: ReadonlyMap<string, DeviceProfile>
  /** Wires by intersection; none where the edge stands in the same memory. */
  readonly lines?: ReadonlyMap<IntersectionId, CabinetLines>
}

export function cityFaults({ city, profiles, lines, broker, onReport }: CityFaultParts): FaultDesk {
  const places = [...city.junctions].map(([id, { cabinet }]): [IntersectionId, FaultPlace] => [
    id,
    {
      cabinet,
      lines: lines?.get(id) ?? new Map(),
      tells: (point) => profiles.get(cabinet.config.controller.profile)?.points.has(point) ?? true,
      trueEpochMs: () => city.epochMs,
    },
  ])
  return new FaultDesk({ places: new Map(places), broker, onReport })
}
