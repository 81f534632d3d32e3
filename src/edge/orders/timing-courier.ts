/** Brings a timing to a controller beside the scan: asked for in one tick, and what has become of it is seen in a later one. */
import type { DeviceFault } from '#devices/device.ts'
import type { TimingDevice, TimingFaultName, TimingRefused, TimingResult } from '#devices/timing.ts'

export interface TimingErrand {
  /** Canonical, as the controller is to verify it. */
  readonly text: string
  /** Of what is to run: a controller that has understood something else is not let run it. */
  readonly hash: number
  readonly leaseEpoch: number
}

export type CourierState =
  | { readonly at: 'home' | 'staging' | 'armed' }
  /** `isFinal`: the controller will never run it. */
  | { readonly at: 'failed'; readonly isFinal: boolean; readonly why: string }

/** One errand at a time; nothing here waits. */
export interface TimingCourier {
  readonly state: CourierState
  /** Only from `home`. */
  bring(errand: TimingErrand): void
  /** Takes back what is not running yet, as far as the controller can be reached, and goes home. */
  drop(): void
}

/** A controller on an unhurried link writes a part in 100 ms, and verifies a whole timing in a second. */
const REQUEST_MS_MAX = 5_000

/** The controller's word on the moment, not on the timing: it may be asked again. */
const PASSING: ReadonlySet<TimingFaultName> = new Set([
  'none',
  'notPermitted',
  'outOfOrder',
  'leaseLost',
  'timedOut',
  'noLegalMoment',
  'inUse',
])

/** Over a connection of its own for each errand: none stands while there is nothing to bring. */
export class WireCourier implements TimingCourier {
  readonly #open: () => TimingDevice
  #state: CourierState = { at: 'home' }
  #device: TimingDevice | null = null
  /** Of the errand that counts: what comes of an earlier one is of no interest any more. */
  #errand = 0

  constructor(open: () => TimingDevice) {
    this.#open = open
  }

  get state(): CourierState {
    return this.#state
  }

  bring(errand: TimingErrand): void {
    const number = ++this.#errand
    const device = this.#open()
    this.#device = device
    this.#state = { at: 'staging' }
    void this.#run(device, errand, number)
  }

  drop(): void {
    this.#errand++
    const device = this.#device
    this.#device = null
    this.#state = { at: 'home' }
    if (device !== null) void settled(() => leave(device))
  }

  async #run(device: TimingDevice, errand: TimingErrand, number: number): Promise<void> {
    const state = await settled(() => carry(device, errand))
    if (number === this.#errand) this.#state = state
    if (state.at === 'failed') await settled(() => leave(device))
  }
}

async function carry(
  { device, timing }: TimingDevice,
  { text, hash, leaseEpoch }: TimingErrand,
): Promise<CourierState> {
  const connected = await device.connect(REQUEST_MS_MAX)
  if (!connected.ok) return failure(connected.fault)
  const staged = await timing.stage(text, leaseEpoch, REQUEST_MS_MAX)
  if (!staged.ok) return failure(staged.fault)
  if (staged.value.hash !== hash) return misunderstood(staged.value.hash, hash)
  const activated = await timing.activate(REQUEST_MS_MAX)
  return activated.ok ? { at: 'armed' } : failure(activated.fault)
}

/** What runs by then is not touched by it. */
async function leave({ device, timing }: TimingDevice): Promise<CourierState> {
  await timing.abandon(REQUEST_MS_MAX)
  await device.close()
  return { at: 'home' }
}

/** Drivers return their faults; one that throws has a bug, which must cost this errand only. */
async function settled(act: () => Promise<CourierState>): Promise<CourierState> {
  try {
    return await act()
  } catch (error) {
    return { at: 'failed', isFinal: false, why: `the driver failed: ${String(error)}` }
  }
}

export const misunderstood = (staged: number, hash: number): CourierState => ({
  at: 'failed',
  isFinal: true,
  why: `the controller has understood a timing with hash ${staged}, the plan says ${hash}`,
})

export function failure(fault: (TimingResult<never> & { readonly ok: false })['fault']): CourierState {
  const isFinal = fault.code === 'NOT_IN_PROFILE' || (fault.code === 'TIMING_REFUSED' && !PASSING.has(fault.refusal))
  return { at: 'failed', isFinal, why: sayFault(fault) }
}

function sayFault(fault: DeviceFault | TimingRefused): string {
  if (fault.code === 'TIMING_REFUSED') return [fault.refusal, fault.detail].filter((word) => word !== '').join(': ')
  return 'detail' in fault ? `${fault.code}: ${fault.detail}` : fault.code
}
