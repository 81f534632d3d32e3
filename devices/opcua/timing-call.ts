/** A request of a transaction as the arguments of the profile's method: made by the driver, read by the simulator's server. */
import type { Variant } from 'node-opcua-client'
import { TIMING_STEPS, type TimingRequest, type TimingStep } from '../timing.ts'

/** In the order of the wire. */
export const TIMING_ARGUMENTS = [
  ['step', 'UInt16'],
  ['writer', 'UInt32'],
  ['epoch', 'Double'],
  ['offset', 'UInt32'],
  ['part', 'String'],
] as const

export function encodeTimingCall({ asker, step }: TimingRequest): readonly (number | string)[] {
  const { offset, part } = step.do === 'write' ? step : { offset: 0, part: '' }
  return [TIMING_STEPS.indexOf(step.do) + 1, asker.writer, asker.leaseEpoch, offset, part]
}

/** null where the arguments ask for nothing that there is. */
export function decodeTimingCall(
  given: readonly Pick<Variant, 'value'>[],
  partCharacters: number,
): TimingRequest | null {
  const [number, writer, leaseEpoch, offset] = given.slice(0, 4).map(({ value }) => Number(value))
  const part = String(given[4]?.value ?? '')
  const step = stepOf(TIMING_STEPS[(number ?? 0) - 1], offset ?? 0, part)
  const sound = isWhole(writer) && writer > 0 && isWhole(leaseEpoch) && part.length <= partCharacters
  return sound && step !== null ? { asker: { writer, leaseEpoch }, step } : null
}

function stepOf(name: (typeof TIMING_STEPS)[number] | undefined, offset: number, part: string): TimingStep | null {
  if (name === undefined) return null
  return name === 'write' ? { do: name, offset, part } : { do: name }
}

const isWhole = (value: number | undefined): value is number => Number.isSafeInteger(value) && Number(value) >= 0
