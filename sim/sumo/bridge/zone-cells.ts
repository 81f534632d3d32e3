/** What a camera makes of the vehicles before a light: how many there are in each cell of its zones, and how fast they drive. */
import type { DetectorId } from '#base/id.ts'
import { ZONE_CELL_M, ZONE_CELLS } from '#signal/view.ts'
import type { DerivedLight } from '../derive/derive-lights.ts'
import type { Network } from '../network/network.ts'
import type { Subscription } from '../traci/commands.ts'
import { VARIABLE } from '../traci/protocol.ts'
import type { Report } from '../traci/replies.ts'

/** Zones follow the street, ranges are as the crow flies, from the edge of the junction: this is where both agree, and a car. */
const RANGE_M = ZONE_CELL_M * ZONE_CELLS + 20

const CELL_VEHICLES_UNIT = 256
const KPH_A_MPS = 3.6
const KPH_MOST = 255
const VEHICLES_MOST = 255

interface Watch {
  readonly detector: DetectorId
  /** From the beginning of the lane to the stop line. */
  readonly beginsBeforeM: number
}

export class ZoneCells {
  /** As `detector.zoneCells` has them. */
  readonly words = new Map<DetectorId, Uint16Array>()
  readonly #watches = new Map<string, readonly Watch[]>()
  readonly #speeds = new Map<DetectorId, Float64Array>()
  readonly #counts = new Map<DetectorId, Uint16Array>()

  constructor({ zones }: Pick<DerivedLight, 'zones'>, network: Network) {
    for (const { detector, stretches } of zones) {
      this.words.set(detector, new Uint16Array(ZONE_CELLS))
      this.#speeds.set(detector, new Float64Array(ZONE_CELLS))
      this.#counts.set(detector, new Uint16Array(ZONE_CELLS))
      for (const { lane, endsBeforeM } of stretches) {
        const beginsBeforeM = endsBeforeM + (network.lanes.get(lane)?.lengthM ?? 0)
        this.#watches.set(lane, [...(this.#watches.get(lane) ?? []), { detector, beginsBeforeM }])
      }
    }
  }

  /** Everybody near the light now, perhaps by several reports; whoever is in no zone is not looked at. */
  look(reports: readonly Report[]): void {
    for (const each of [...this.#speeds.values(), ...this.#counts.values()]) each.fill(0)
    const seen = new Set<string>()
    for (const { around } of reports)
      for (const [vehicle, values] of around) {
        if (seen.has(vehicle)) continue
        seen.add(vehicle)
        this.#see(values)
      }
    for (const [detector, words] of this.words)
      for (let cell = 0; cell < ZONE_CELLS; cell++) words[cell] = this.#word(detector, cell)
  }

  vehiclesIn(detector: DetectorId): number {
    return this.#counts.get(detector)?.reduce((sum, count) => sum + count, 0) ?? 0
  }

  #see(values: Report['values']): void {
    const { lane, positionM, speedMps } = VARIABLE.vehicle
    const where = values.get(lane)
    const watches = where?.type === 'string' ? this.#watches.get(where.value) : undefined
    if (watches === undefined) return
    const position = Number(values.get(positionM)?.value)
    for (const { detector, beginsBeforeM } of watches) {
      const cell = Math.floor((beginsBeforeM - position) / ZONE_CELL_M)
      const counts = this.#counts.get(detector)
      const speeds = this.#speeds.get(detector)
      if (cell < 0 || cell >= ZONE_CELLS || counts === undefined || speeds === undefined) continue
      counts[cell] = (counts[cell] ?? 0) + 1
      speeds[cell] = (speeds[cell] ?? 0) + Number(values.get(speedMps)?.value)
    }
  }

  #word(detector: DetectorId, cell: number): number {
    const vehicles = Math.min(VEHICLES_MOST, this.#counts.get(detector)?.[cell] ?? 0)
    if (vehicles === 0) return 0
    const speedMps = (this.#speeds.get(detector)?.[cell] ?? 0) / vehicles
    return vehicles * CELL_VEHICLES_UNIT + Math.min(KPH_MOST, Math.max(0, Math.round(speedMps * KPH_A_MPS)))
  }
}

/** What a light's cameras need of SUMO: those who are near the junctions at which its lanes end. */
export function zoneSubscriptions({ zones, database }: DerivedLight, network: Network): Subscription[] {
  if (zones.length === 0) return []
  const lanes = database.intersection.approaches.flatMap((approach) => approach.lanes)
  const edges = lanes.map(({ id }) => network.edges.get(network.lanes.get(id)?.edge ?? ''))
  const junctions = new Set(edges.flatMap((edge) => (edge === undefined ? [] : [edge.to])))
  const { lane, positionM, speedMps } = VARIABLE.vehicle
  return [...junctions].map((id) => ({
    domain: 'junction',
    id,
    variables: [lane, positionM, speedMps],
    around: { domain: 'vehicle', rangeM: RANGE_M },
  }))
}
