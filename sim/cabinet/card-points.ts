/** A loop card or camera of the cabinet on the wire: what its own channels see; it takes no command and keeps no log. */
import type { PointSource } from '#devices/device.ts'
import { UNIT } from '#devices/point-numbers.ts'
import { emptyRow, type FilledRow, type Row } from '#devices/point-row.ts'
import { numberOf, type PointName, type PointValue } from '#devices/points.ts'
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
  readPoint: (name) => IDENTITY[name]?.(card) ?? rowOf(card)[numberOf(name)] ?? 0,
  fill: (row) => fillCard(card, row),
  writeControl: () => false,
  readLog: () => [],
})

function rowOf(card: CardSide): Row {
  const row = emptyRow()
  fillCard(card, row)
  return row
}

function fillCard({ cabinet, loops }: CardSide, row: FilledRow): void {
  row[UNIT.clockEpochMs] = cabinet.epochMs
  row[UNIT.uptimeMs] = cabinet.uptimeMs
  loops.fill(row)
}

const IDENTITY: Readonly<Partial<Record<PointName, (card: CardSide) => PointValue>>> = {
  'identity.vendor': ({ identity }) => identity.vendor,
  'identity.model': ({ identity }) => identity.model,
  'identity.firmware': ({ identity }) => identity.firmware,
  'identity.profileVersion': ({ identity }) => identity.profileVersion,
}
