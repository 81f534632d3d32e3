/** What a cabinet is started with, and what the street, and those who break into its sequence, do to it. */
import type { Bits } from '#base/bits.ts'
import type { LogRecord } from '#devices/device.ts'
import type { DeviceProfile } from '#devices/profile/schema.ts'
import type { CabinetMemory } from './cabinet-memory.ts'
import type { ControllerFault } from './controller-unit.ts'
import type { LoopReadings } from './loop-inputs.ts'

export interface CabinetStart {
  /** What the controller's clock shows at power-up. */
  readonly epochMs: number
  readonly memory?: CabinetMemory
  /** What the devices say they are, by the profile's name. */
  readonly profiles?: ReadonlyMap<string, DeviceProfile>
  /** Is handed every record of the log, as it is written. */
  readonly onRecord?: (record: LogRecord) => void
  /** Is told why the controller has stopped. */
  readonly onFault?: (fault: ControllerFault) => void
}

/** What the street does to the cabinet in a step. */
export interface StreetInputs extends LoopReadings {
  /** Push buttons held down: bit field by the phase that they call. */
  readonly pedestrianButtons: number
  /** Fire engines and buses on the street that ask by themselves; none unless given. */
  readonly breakIns?: BreakInInputs
}

/** Whoever breaks in: vehicles on the street, or technicians who push these inputs by hand. */
export interface BreakInInputs {
  /** Bit field by preempt. */
  preempts: Bits
  /** Bit field by strategy of transit priority. */
  priorities: Bits
  /** By strategy, s. */
  readonly latenessS: Int16Array
}
