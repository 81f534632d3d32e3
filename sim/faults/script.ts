/** What a script has in rows, as orders to the desk; rows that cannot be carried out are faults of their file. */
import { failed, ok, type Outcome } from '#base/outcome.ts'
import { faultsIn, type ConfigFault } from '#config/config-fault.ts'
import { dueMs, type FaultList, type FaultRow } from '#config/fault-rows.ts'
import { writeInstead } from '#config/nearest.ts'
import { FAULT_KEYS, faultOf } from './catalogue.ts'
import { BROKER, type FaultDesk, type ScriptedFault } from './fault-desk.ts'
import type { FaultKind, FaultSubject } from './fault-kind.ts'

export interface ScriptFrame {
  /** The city's time at the start of the run. */
  readonly start: Temporal.ZonedDateTime
  /** Faults that the run has nothing for; it has for all unless given. */
  readonly leavesOut?: (kind: FaultKind) => boolean
}

/** Every order of the script but those that are left out, or all that is wrong with it. */
export function readScript(
  { file, rows }: FaultList,
  desk: FaultDesk,
  { start, leavesOut = () => false }: ScriptFrame,
): Outcome<readonly ScriptedFault[], readonly ConfigFault[]> {
  const at = faultsIn(file)
  const orders: ScriptedFault[] = []
  const faults: ConfigFault[] = []
  for (const [i, row] of rows.entries()) {
    const kind = faultOf(row.fault)
    if (!kind) {
      const says = `there is no such fault as ${row.fault}. ${writeInstead(row.fault, FAULT_KEYS)}`
      faults.push(at('FAULT_UNKNOWN', ['faults', i, 'fault'], says))
      continue
    }
    if (leavesOut(kind)) continue
    const order = { atMs: dueMs(row, start), ...orderOf(row, kind) }
    const says = strangeKeys(row, kind) ?? refusalOf(desk, order)
    if (says === null) orders.push(order)
    else faults.push(at('FAULT_NOT_THERE', ['faults', i], says))
  }
  return faults.length > 0 ? failed(faults) : ok(orders)
}

const orderOf = (row: FaultRow, { at }: FaultKind) => ({
  fault: row.fault,
  place: at === 'broker' ? BROKER : (row.intersection ?? ''),
  words: SUBJECTS.flatMap((subject) => wordsOf(row[subject])),
  forMs: row.for_s === undefined ? null : Math.round(1_000 * row.for_s),
})

/** In the order in which they are typed. */
const SUBJECTS: readonly FaultSubject[] = ['detector', 'detectors', 'channel', 'colour', 'device', 'late_ms', 'off_s']

const wordsOf = (value: FaultRow[FaultSubject]): string[] => (value === undefined ? [] : [value].flat().map(String))

function strangeKeys(row: FaultRow, { key, takes, at }: FaultKind): string | null {
  const strange = SUBJECTS.filter((subject) => row[subject] !== undefined && !takes.includes(subject))
  if (strange.length > 0)
    return `${key} takes no ${strange.join(', ')}; it takes ${takes.join(', ') || 'nothing'}. Remove what is too much.`
  if (at === 'intersection' && row.intersection === undefined) return `${key} is of an intersection. Add its name.`
  if (at === 'broker' && row.intersection !== undefined) return `${key} is of no intersection. Remove its name.`
  return null
}

function refusalOf(desk: FaultDesk, order: ScriptedFault): string | null {
  const checked = desk.check(order)
  return checked.ok ? null : `${checked.fault}. Correct the row.`
}
