/**
 * The life of one connection, whatever the protocol: one request in flight, a deadline round every call, and no reuse after an
 * answer that was late or did not fit, because what comes next on that wire could be taken for another's answer.
 */
import { type Deadline, remainingMs } from './deadline.ts'
import type { DeviceFault, DeviceResult } from './device.ts'

/** What a protocol must offer. `Session` is whatever its requests need. */
export interface Wire<Session> {
  /** Rejects with an `Error` that says why, `Distrust` where it is about keys and certificates. Gives up when `signal` aborts. `lost` is called when the peer ends the session later. */
  open(signal: AbortSignal, lost: (fault: DeviceFault) => void): Promise<Session>
  /** Ends the session without waiting for the peer's leave. Never rejects. */
  drop(session: Session): Promise<void>
}

interface Line<Session> {
  readonly session: Session
  /**
   * Answers the call that is under way, if one is. A promise for the line's whole life would hold on to every call that
   * has ever been raced against it: a line stands for months, and is asked ten times a second.
   */
  interrupt: (fault: DeviceFault) => void
  /** null while the line stands. */
  fault: DeviceFault | null
}

/** What kept a session from being opened is that one side does not trust the other. */
export class Distrust extends Error {}

type Failed = { readonly ok: false; readonly fault: DeviceFault }

export class Connection<Session> {
  readonly #wire: Wire<Session>
  #line: Line<Session> | null = null
  #opening: AbortController | null = null
  /** Resolves when the last request that took a number is done. */
  #turns: Promise<void> = Promise.resolve()

  constructor(wire: Wire<Session>) {
    this.#wire = wire
  }

  /** At once where it is connected already. */
  async connect(timeoutMs: number): Promise<DeviceResult<void>> {
    if (this.#line) return { ok: true, value: undefined }
    if (this.#opening) return failed({ code: 'CONNECT_FAILED', detail: 'another attempt is under way' })
    const attempt = new AbortController()
    this.#opening = attempt
    const timer = setTimeout(() => attempt.abort(timedOut(timeoutMs)), timeoutMs)
    try {
      return await this.#open(attempt.signal)
    } finally {
      clearTimeout(timer)
      this.#opening = null
    }
  }

  /**
   * Asks when its turn has come. `ask` gets the session and resolves with the answer or a fault; it must not reject.
   * A request that missed its deadline waiting was never sent, and costs nobody the connection.
   */
  async request<T>(deadline: Deadline, ask: (session: Session) => Promise<DeviceResult<T>>): Promise<DeviceResult<T>> {
    const line = this.#line
    if (!line) return failed({ code: 'NOT_CONNECTED' })
    const turn = this.#turns
    const { promise: done, resolve: finish } = Promise.withResolvers<void>()
    this.#turns = turn.then(() => done)
    const late = await before(deadline, turn)
    try {
      if (line.fault) return failed(asLoss(line.fault))
      // Whoever was stopped for a while must not send what is too old by now.
      if (late || remainingMs(deadline) === 0) return failed(timedOut(deadline.afterMs))
      return await this.#ask(line, deadline, ask)
    } finally {
      finish()
    }
  }

  /** Pending calls return `CONNECTION_LOST`. */
  async close(): Promise<void> {
    const closed: DeviceFault = { code: 'CONNECTION_LOST', detail: 'closed by ourselves' }
    this.#opening?.abort(closed)
    if (this.#line) await this.#end(this.#line, closed)
  }

  async #open(signal: AbortSignal): Promise<DeviceResult<void>> {
    let early: DeviceFault | null = null
    let lose = (fault: DeviceFault) => void (early = fault)
    const opening = this.#wire.open(signal, (fault) => lose(fault))
    const aborted = Promise.withResolvers<DeviceFault>()
    signal.addEventListener('abort', () => aborted.resolve(signal.reason as DeviceFault), { once: true })
    const fault = await Promise.race([opening.then(() => early, connectFailed), aborted.promise])
    if (fault) {
      // A session that comes up after all belongs to nobody.
      opening.then((session) => this.#wire.drop(session)).catch(() => {})
      return failed(fault)
    }
    const line: Line<Session> = { session: await opening, interrupt: () => {}, fault: null }
    lose = (loss) => void this.#end(line, loss)
    this.#line = line
    return { ok: true, value: undefined }
  }

  async #ask<T>(
    line: Line<Session>,
    deadline: Deadline,
    ask: (session: Session) => Promise<DeviceResult<T>>,
  ): Promise<DeviceResult<T>> {
    const { promise: interrupted, resolve } = Promise.withResolvers<Failed>()
    line.interrupt = (fault) => resolve(failed(fault))
    const timer = setTimeout(() => line.interrupt(timedOut(deadline.afterMs)), remainingMs(deadline))
    const answer = await Promise.race([ask(line.session), interrupted])
    clearTimeout(timer)
    if (!answer.ok && spoils(answer.fault)) void this.#end(line, answer.fault)
    return answer
  }

  async #end(line: Line<Session>, fault: DeviceFault): Promise<void> {
    if (line.fault) return
    line.fault = fault
    if (this.#line === line) this.#line = null
    line.interrupt(fault)
    await this.#wire.drop(line.session)
  }
}

/** Whether a fault leaves the wire in a state that is not known. */
const spoils = (fault: DeviceFault) => fault.code !== 'REFUSED_BY_DEVICE' && fault.code !== 'NOT_IN_PROFILE'

const failed = (fault: DeviceFault): Failed => ({ ok: false, fault })

const timedOut = (afterMs: number): DeviceFault => ({ code: 'TIMED_OUT', afterMs })

const connectFailed = (error: unknown): DeviceFault => ({
  code: error instanceof Distrust ? 'NOT_TRUSTED' : 'CONNECT_FAILED',
  detail: error instanceof Error ? error.message : String(error),
})

/** For a call that waited while another one lost the connection. */
const asLoss = (fault: DeviceFault): DeviceFault =>
  fault.code === 'CONNECTION_LOST' ? fault : { code: 'CONNECTION_LOST', detail: `dropped after ${fault.code}` }

/** Whether the deadline came before the turn. */
async function before(deadline: Deadline, turn: Promise<void>): Promise<boolean> {
  const { promise, resolve } = Promise.withResolvers<boolean>()
  const timer = setTimeout(() => resolve(true), remainingMs(deadline))
  const late = await Promise.race([turn.then(() => false), promise])
  clearTimeout(timer)
  return late
}
