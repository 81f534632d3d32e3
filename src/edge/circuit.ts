/** When to try a device again, and when to leave it alone: a pure state machine for one connection. */

export interface Circuit {
  readonly state: 'disconnected' | 'connecting' | 'connected'
  /** Failed attempts and scans in a row since the last answer. */
  readonly faults: number
  /** `disconnected`: when the next attempt is due. */
  readonly retryAtMonoMs: number
}

/** One or two lost answers are the network's noise and cost a new connection each; with the third the device is lost. */
const FAULTS_MAX = 3
/** A loss is often a short one: the first attempt after it comes soon, */
const FIRST_BACK_OFF_MS = 250
/** and a device that was down for a night is back in supervision within seconds of its return, though it is left in peace. */
const BACK_OFF_MS_MAX = 5_000
/** So much longer at most, by chance: devices behind one switch came down together, and must not all be asked together. */
const JITTER = 0.2

export const unconnected = (nowMonoMs: number): Circuit => ({
  state: 'disconnected',
  faults: 0,
  retryAtMonoMs: nowMonoMs,
})

export const isRetryDue = (circuit: Circuit, nowMonoMs: number): boolean =>
  circuit.state === 'disconnected' && nowMonoMs >= circuit.retryAtMonoMs

/** The circuit is open: the device is lost until it answers. */
export const isOpen = ({ faults }: Circuit): boolean => faults >= FAULTS_MAX

export const connecting = (circuit: Circuit): Circuit => ({ ...circuit, state: 'connecting' })

/** Only an answer proves a device: a port that merely accepts connections does not reset the count. */
export const connected = (circuit: Circuit): Circuit => ({ ...circuit, state: 'connected' })

export const answered = (circuit: Circuit): Circuit =>
  circuit.state === 'connected' && circuit.faults === 0 ? circuit : { ...circuit, state: 'connected', faults: 0 }

/** After a write whose answer did not come: the connection is not used again, but only scans judge a device. */
export const severed = (circuit: Circuit, nowMonoMs: number): Circuit => ({
  ...circuit,
  state: 'disconnected',
  retryAtMonoMs: nowMonoMs,
})

/** After a failed attempt or scan. A driver does not reuse a connection after that, so neither do we. `chance` is uniform in [0, 1). */
export function afterFault({ faults: before }: Circuit, nowMonoMs: number, chance: number): Circuit {
  const faults = before + 1
  const doublings = Math.min(faults - FAULTS_MAX, 10)
  const backOffMs = doublings < 0 ? 0 : Math.min(BACK_OFF_MS_MAX, FIRST_BACK_OFF_MS * 2 ** doublings)
  const waitMs = Math.floor(backOffMs * (1 + JITTER * chance))
  return { state: 'disconnected', faults, retryAtMonoMs: nowMonoMs + waitMs }
}
