/** A loop card or camera of the cabinet on the wire: what its own channels see; it takes no command and keeps no log. */
import type { PointSource } from '#devices/device.ts'
import type { PointName, PointValue } from '#devices/points.ts'
import type { Identity } from './identity.ts'
import type { LoopInputs } from './loop-inputs.ts'

export interface CardSide {
  readonly identity: Identity
  readonly loops: LoopInputs
  /** It shares the cabinet's power, and its clock. */
  readonly cabinet: { readonly epochMs: number; readonly uptimeMs: number }
}

/** A point that a card does not have reads 0. */
export const cardPoints = (card: CardSide): PointSource => ({
  readPoint: (name) => READERS[name]?.(card) ?? 0,
  reader(name) {
    const read = READERS[name] ?? (() => 0)
    return () => read(card)
  },
  writeControl: () => false,
  readLog: () => [],
})

const READERS: Readonly<Partial<Record<PointName, (card: CardSide) => PointValue>>> = {
  'identity.vendor': ({ identity }) => identity.vendor,
  'identity.model': ({ identity }) => identity.model,
  'identity.firmware': ({ identity }) => identity.firmware,
  'identity.profileVersion': ({ identity }) => identity.profileVersion,
  'unit.clockEpochMs': ({ cabinet }) => cabinet.epochMs,
  'unit.uptimeMs': ({ cabinet }) => cabinet.uptimeMs,
  'detector.occupied': ({ loops }) => loops.occupied,
  'detector.actuationCounts': ({ loops }) => loops.actuationCounts,
  'detector.faults': ({ loops }) => loops.faults,
  'detector.zoneVehicles': ({ loops }) => loops.zoneVehicles,
  'detector.zoneCells': ({ loops }) => loops.zoneCells,
}
