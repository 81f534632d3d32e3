/** The dialogue of a transaction, whatever the wire: begin, write part after part, verify, and what a refusal means. */
import { randomInt } from 'node:crypto'
import type { DeviceFault, DeviceResult, FieldDevice } from './device.ts'
import type { PointImage } from './points.ts'
import {
  TIMING_FAULTS,
  TIMING_POINTS,
  TIMING_STATES,
  WRITER_MAX,
  type TimingPort,
  type TimingRefused,
  type TimingRequest,
  type TimingResult,
  type TimingStatus,
  type TimingStep,
} from './timing.ts'

/** What a protocol must offer. */
export interface TimingWire {
  /** Characters that one request carries. */
  readonly partMax: number
  /** `REFUSED_BY_DEVICE` also where the controller says no; why stands in the points. */
  ask(request: TimingRequest, timeoutMs: number): Promise<DeviceResult<void>>
}

/** `wire` is null where the profile takes no timing: then every call says so. */
export const timingPort = (device: Pick<FieldDevice, 'read'>, wire: TimingWire | null): TimingPort =>
  wire === null ? NO_TIMING : new WiredTimingPort(device, wire)

class WiredTimingPort implements TimingPort {
  readonly #device: Pick<FieldDevice, 'read'>
  readonly #wire: TimingWire
  /** By chance, so that whoever starts again is not taken for whom he was before. */
  readonly #writer = randomInt(1, WRITER_MAX)
  #leaseEpoch = 0
  /** Resolves when the last text that was to be staged is through: two texts of one writer would be one to the device. */
  #turns: Promise<unknown> = Promise.resolve()

  constructor(device: Pick<FieldDevice, 'read'>, wire: TimingWire) {
    this.#device = device
    this.#wire = wire
  }

  stage(text: string, leaseEpoch: number, timeoutMs: number): Promise<TimingResult<{ readonly hash: number }>> {
    const staged = this.#turns.then(() => this.#stage(text, leaseEpoch, timeoutMs))
    this.#turns = staged
    return staged
  }

  activate(timeoutMs: number): Promise<TimingResult<void>> {
    return this.#ask({ do: 'activate' }, timeoutMs)
  }

  abandon(timeoutMs: number): Promise<TimingResult<void>> {
    return this.#ask({ do: 'abandon' }, timeoutMs)
  }

  async status(timeoutMs: number): Promise<TimingResult<TimingStatus>> {
    const image = await this.#device.read(TIMING_POINTS, timeoutMs)
    return image.ok ? statusOf(image.value) : image
  }

  async #stage(text: string, leaseEpoch: number, timeoutMs: number): Promise<TimingResult<{ readonly hash: number }>> {
    if (!isAscii(text)) return failed({ code: 'NOT_IN_PROFILE', detail: 'the text has characters beyond ASCII' })
    this.#leaseEpoch = leaseEpoch
    for (const step of stepsFor(text, this.#wire.partMax)) {
      const answer = await this.#ask(step, timeoutMs)
      if (!answer.ok) return answer
    }
    return this.#verified(timeoutMs)
  }

  async #ask(step: TimingStep, timeoutMs: number): Promise<TimingResult<void>> {
    const asker = { writer: this.#writer, leaseEpoch: this.#leaseEpoch }
    const answer = await this.#wire.ask({ asker, step }, timeoutMs)
    return answer.ok || answer.fault.code !== 'REFUSED_BY_DEVICE' ? answer : this.#refused(answer.fault, timeoutMs)
  }

  /** Names the refusal; where somebody else has asked meanwhile it can no longer be named. */
  async #refused(fault: DeviceFault, timeoutMs: number): Promise<TimingResult<never>> {
    const status = await this.status(timeoutMs)
    if (!status.ok) return status
    return failed(this.#refusalIn(status.value) ?? fault)
  }

  /** null where the refusal that is read was not ours. */
  #refusalIn({ asker, refusal, detail }: TimingStatus): TimingRefused | null {
    return asker === this.#writer && refusal !== 'none' ? { code: 'TIMING_REFUSED', refusal, detail } : null
  }

  /** The hash of what was verified a moment ago; its lease may have run out since. */
  async #verified(timeoutMs: number): Promise<TimingResult<{ readonly hash: number }>> {
    const status = await this.status(timeoutMs)
    if (!status.ok) return status
    const { state, owner, stagedHash } = status.value
    if (state === 'verified' && owner === this.#writer) return { ok: true, value: { hash: stagedHash } }
    return failed(this.#refusalIn(status.value) ?? misfit(`it has verified, and its transaction is ${state}`))
  }
}

function stepsFor(text: string, partMax: number): TimingStep[] {
  const steps: TimingStep[] = [{ do: 'begin' }]
  for (let offset = 0; offset < text.length; offset += partMax)
    steps.push({ do: 'write', offset, part: text.slice(offset, offset + partMax) })
  return [...steps, { do: 'verify' }]
}

function statusOf(image: PointImage): TimingResult<TimingStatus> {
  const number = (name: (typeof TIMING_POINTS)[number]) => Number(image.get(name))
  const state = TIMING_STATES[number('database.state')]
  const refusal = TIMING_FAULTS[number('database.fault')]
  if (state === undefined) return failed(misfit(`there is no transaction state ${number('database.state')}`))
  if (refusal === undefined) return failed(misfit(`there is no timing fault ${number('database.fault')}`))
  return {
    ok: true,
    value: {
      state,
      refusal,
      detail: String(image.get('database.faultDetail')),
      asker: number('database.asker'),
      owner: number('database.owner'),
      length: number('database.length'),
      stagedHash: number('database.stagedHash'),
    },
  }
}

/** One character is one byte on every wire. */
const isAscii = (text: string): boolean => Array.from(text).every((character) => character <= '\u007f')

type Fault = Extract<TimingResult<never>, { ok: false }>['fault']
const failed = (fault: Fault) => ({ ok: false, fault }) as const
const misfit = (detail: string): DeviceFault => ({ code: 'BAD_REPLY', detail })

const noTiming = async () => failed({ code: 'NOT_IN_PROFILE', detail: 'the device takes no timing from outside' })
const NO_TIMING: TimingPort = { stage: noTiming, activate: noTiming, abandon: noTiming, status: noTiming }
