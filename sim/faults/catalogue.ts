/** Every fault of the field that the simulator knows: one table for scripts, for what is typed, and for `docs/faults.md`. */
import { BROKER_FAULTS } from './of-brokers.ts'
import { CABINET_FAULTS } from './of-cabinets.ts'
import { LOOP_FAULTS } from './of-loops.ts'
import { WIRE_FAULTS } from './of-wires.ts'
import type { FaultKind } from './fault-kind.ts'

export const FAULTS: readonly FaultKind[] = [...LOOP_FAULTS, ...CABINET_FAULTS, ...WIRE_FAULTS, ...BROKER_FAULTS]

export const FAULT_KEYS: readonly string[] = FAULTS.map(({ key }) => key)

export const faultOf = (key: string): FaultKind | undefined => FAULTS.find((each) => each.key === key)
