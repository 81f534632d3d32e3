/** Faults of the field that a simulation plants by itself: rows of a scenario, or of a file of their own. */
import { Type } from 'typebox'
import { failed, ok, type Outcome } from '#base/outcome.ts'
import { checkShape } from './check-shape.ts'
import { faultsIn, type ConfigFault } from './config-fault.ts'
import { FAULT_MOMENT, ID, strict } from './fields.ts'
import { readYaml } from './read-yaml.ts'
import { momentMs } from './scenario-clock.ts'

/** A script of a day: more is generated, and slips its writer's eye. */
const ROWS_MAX = 1_000
const DAY_S = 86_400

const detector = Type.Integer({ minimum: 1, maximum: 64 })

export const FaultRow = strict({
  at: Type.Optional(Type.String({ pattern: FAULT_MOMENT, description: 'on the clock of the simulation' })),
  after_s: Type.Optional(
    Type.Number({ minimum: 0, maximum: 14 * DAY_S, description: 'or so long after the start of the run' }),
  ),
  fault: Type.String({ description: 'key of the catalogue, docs/faults.md' }),
  intersection: Type.Optional(Type.String({ pattern: ID, description: 'not for faults of the broker' })),
  for_s: Type.Optional(
    Type.Number({ minimum: 1, maximum: 14 * DAY_S, description: 'mended after so long; never, if left out' }),
  ),
  detector: Type.Optional(detector),
  detectors: Type.Optional(Type.Array(detector, { minItems: 2, maxItems: 2 })),
  channel: Type.Optional(Type.Integer({ minimum: 1, maximum: 32 })),
  colour: Type.Optional(Type.Enum(['red', 'yellow', 'green'])),
  device: Type.Optional(Type.String({ description: 'the controller, if left out' })),
  late_ms: Type.Optional(Type.Integer()),
  off_s: Type.Optional(Type.Integer()),
})
export type FaultRow = Type.Static<typeof FaultRow>

export const FaultRows = Type.Array(FaultRow, { maxItems: ROWS_MAX, description: 'what breaks in the field, and when' })

const FaultsFile = strict({ faults: FaultRows })

/** Where a list of rows stands. */
export interface FaultList {
  readonly file: string
  readonly rows: readonly FaultRow[]
}

/** A file of faults: of the right shape; what its rows are about, only the simulation knows. */
export async function loadFaults(file: string): Promise<Outcome<FaultList, readonly ConfigFault[]>> {
  const data = await readYaml(file)
  if (!data.ok) return data
  const at = faultsIn(file)
  const shaped = checkShape(FaultsFile, data.value, at)
  if (!shaped.ok) return shaped
  const { faults: rows } = shaped.value
  const faults = checkMoments({ file, rows })
  return faults.length > 0 ? failed(faults) : ok({ file, rows })
}

/** Each row says when, once. */
export function checkMoments({ file, rows }: FaultList): ConfigFault[] {
  const says = 'a row has either at or after_s. Write one of them.'
  return rows.flatMap((row, i) =>
    (row.at === undefined) === (row.after_s === undefined)
      ? [faultsIn(file)('FAULT_MOMENT_UNCLEAR', ['faults', i], says)]
      : [],
  )
}

/** When a row is due, in ms from the start of the run. */
export function dueMs(row: FaultRow, start: Temporal.ZonedDateTime): number {
  return row.at === undefined ? Math.round(1_000 * (row.after_s ?? 0)) : momentMs(row.at, start)
}
