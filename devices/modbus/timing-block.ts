/** A request of a transaction as one block of holding registers: encoded by the driver, decoded by the simulator's server. */
import { decodeWhole, encodeWhole, type Registers } from '../profile/codec.ts'
import { TIMING_HEADER_REGISTERS } from '../profile/registers.ts'
import type { ModbusTiming } from '../profile/schema.ts'
import { TIMING_STEPS, type TimingRequest, type TimingStep } from '../timing.ts'
import type { RegisterBlock } from './wire.ts'

/** u16 step, u32 writer, u64 epoch, u32 offset, u16 characters, then the part: two characters to a register, NUL up to the end. */
export function encodeTimingBlock(timing: ModbusTiming, { asker, step }: TimingRequest): RegisterBlock {
  const { offset, part } = step.do === 'write' ? step : { offset: 0, part: '' }
  const words = [
    TIMING_STEPS.indexOf(step.do) + 1,
    ...encodeWhole(asker.writer, 2),
    ...encodeWhole(asker.leaseEpoch, 4),
    ...encodeWhole(offset, 2),
    part.length,
    ...encodePart(part, timing.partRegisters),
  ]
  return { address: timing.address, words }
}

/** null where the registers are not the block, whole and alone, or ask for nothing that there is. */
export function decodeTimingBlock(timing: ModbusTiming, { address, words }: RegisterBlock): TimingRequest | null {
  if (address !== timing.address || words.length !== TIMING_HEADER_REGISTERS + timing.partRegisters) return null
  const writer = decodeWhole(words.slice(1, 3))
  const leaseEpoch = decodeWhole(words.slice(3, 7))
  const step = stepOf(words)
  return !writer || leaseEpoch === null || step === null ? null : { asker: { writer, leaseEpoch }, step }
}

function stepOf(words: Registers): TimingStep | null {
  const name = TIMING_STEPS[(words[0] ?? 0) - 1]
  if (name !== 'write') return name === undefined ? null : { do: name }
  const length = words[9] ?? 0
  const bytes = words.slice(TIMING_HEADER_REGISTERS).flatMap((word) => [word >> 8, word & 0xff])
  if (length > bytes.length) return null
  return { do: name, offset: decodeWhole(words.slice(7, 9)) ?? 0, part: String.fromCharCode(...bytes.slice(0, length)) }
}

/** Not the codec's text, which ends at a blank: a part may end anywhere. */
function encodePart(part: string, registers: number): number[] {
  const byte = (i: number) => (i < part.length ? part.charCodeAt(i) : 0)
  return Array.from({ length: registers }, (_, i) => (byte(2 * i) << 8) | byte(2 * i + 1))
}
