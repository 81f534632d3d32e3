/** Brings a timing to a cabinet in the same memory: the same dialogue as over a wire, done within one tick. */
import type { PointSource } from '#devices/device.ts'
import { TIMING_FAULTS, type TimingStep } from '#devices/timing.ts'
import {
  failure,
  misunderstood,
  type CourierState,
  type TimingCourier,
  type TimingErrand,
} from '#edge/orders/timing-courier.ts'

/** What the text of a timing is cut into, as on a wire. */
const PART_MAX = 200

export class DirectCourier implements TimingCourier {
  readonly #source: PointSource
  readonly #writer: number
  #leaseEpoch = 0
  #state: CourierState = { at: 'home' }

  /** `writer`: a number that no other writer of the cabinet has, from 1. */
  constructor(source: PointSource, writer: number) {
    this.#source = source
    this.#writer = writer
  }

  get state(): CourierState {
    return this.#state
  }

  bring({ text, hash, leaseEpoch }: TimingErrand): void {
    this.#leaseEpoch = leaseEpoch
    const refused = stepsFor(text).find((step) => !this.#ask(step))
    const staged = Number(this.#source.readPoint('database.stagedHash'))
    if (refused !== undefined) this.#state = this.#refusal()
    else if (staged !== hash) this.#state = misunderstood(staged, hash)
    else this.#state = this.#ask({ do: 'activate' }) ? { at: 'armed' } : this.#refusal()
  }

  drop(): void {
    this.#ask({ do: 'abandon' })
    this.#state = { at: 'home' }
  }

  #ask(step: TimingStep): boolean {
    return this.#source.askForTiming?.({ asker: { writer: this.#writer, leaseEpoch: this.#leaseEpoch }, step }) ?? false
  }

  #refusal(): CourierState {
    const refusal = TIMING_FAULTS[Number(this.#source.readPoint('database.fault'))] ?? 'none'
    return failure({ code: 'TIMING_REFUSED', refusal, detail: String(this.#source.readPoint('database.faultDetail')) })
  }
}

function stepsFor(text: string): TimingStep[] {
  const steps: TimingStep[] = [{ do: 'begin' }]
  for (let offset = 0; offset < text.length; offset += PART_MAX)
    steps.push({ do: 'write', offset, part: text.slice(offset, offset + PART_MAX) })
  return [...steps, { do: 'verify' }]
}
