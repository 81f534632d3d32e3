/** When to try a device again, and when to leave it alone: a pure state machine for one connection. */
import type { DeviceFault } from '#devices/device.ts'

export type Circuit =
  /** No connection; the next attempt is due at `probeAtMonoMs`. */
  | { readonly state: 'open'; readonly failures: number; readonly probeAtMonoMs: number }
  | { readonly state: 'connecting'; readonly failures: number }
  /** Connected; `faults` in a row since the last answer, `failures` until there was one. */
  | { readonly state: 'closed'; readonly failures: number; readonly faults: number }

/** One or two lost answers are the network's noise; with the third the connection itself is in doubt. */
const FAULTS_MAX = 3
/** A loss is often a short one: the first attempt after it comes soon, */
const FIRST_PROBE_MS = 250
/** and a device that was down for a night is back in supervision within seconds of its return. */
const PROBE_MS_MAX = 5_000

export const unconnected = (nowMonoMs: number): Circuit => ({ state: 'open', failures: 0, probeAtMonoMs: nowMonoMs })

export const isProbeDue = (circuit: Circuit, nowMonoMs: number): boolean =>
  circuit.state === 'open' && nowMonoMs >= circuit.probeAtMonoMs

export const connecting = ({ failures }: Circuit): Circuit => ({ state: 'connecting', failures })

export const connected = ({ failures }: Circuit): Circuit => ({ state: 'closed', failures, faults: 0 })

/** Only an answer proves a device; a port that merely accepts connections does not reset the back-off. */
export const answered = (): Circuit => ({ state: 'closed', failures: 0, faults: 0 })

/** After a failed attempt, or a fault of a request: stays closed up to the limit, then opens and backs off. */
export function afterFault(circuit: Circuit, fault: DeviceFault, nowMonoMs: number): Circuit {
  const faults = circuit.state === 'closed' ? circuit.faults + 1 : FAULTS_MAX
  if (circuit.state === 'closed' && faults < FAULTS_MAX && !isSevered(fault)) return { ...circuit, faults }
  const failures = circuit.failures + 1
  const backOffMs = Math.min(PROBE_MS_MAX, FIRST_PROBE_MS * 2 ** (failures - 1))
  return { state: 'open', failures, probeAtMonoMs: nowMonoMs + backOffMs }
}

/** There is no connection left that another request could use. */
const isSevered = ({ code }: DeviceFault): boolean =>
  code === 'CONNECTION_LOST' || code === 'NOT_CONNECTED' || code === 'CONNECT_FAILED'
