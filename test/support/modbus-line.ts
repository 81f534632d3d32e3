/** A virtual Modbus device in the same process: its side of a socket, without a network, so that a million answers take minutes. */
import { Duplex } from 'node:stream'
import type { PointSource } from '#devices/device.ts'
import type { ModbusSocket } from '#devices/modbus/tcp-port.ts'
import type { ModbusProfile } from '#devices/profile/schema.ts'
import { EXCEPTION, ModbusException, registerBank, type RegisterBank } from '#sim/servers/register-bank.ts'

const HEADER_BYTES = 6
const READ_HOLDING = 3
const WRITE_MULTIPLE = 16

/** Answers each question at once, through `change`. */
export class ModbusLine extends Duplex implements ModbusSocket {
  readonly readyState = 'open'
  readonly #bank: RegisterBank
  readonly #change: (answer: Buffer) => Buffer[]

  constructor(profile: ModbusProfile, source: PointSource, change: (answer: Buffer) => Buffer[]) {
    super()
    this.#bank = registerBank(profile, source)
    this.#change = change
  }

  override _read(): void {}

  override _write(question: Buffer, _encoding: string, done: () => void): void {
    for (const piece of this.#change(answerTo(question, this.#bank))) this.push(piece)
    done()
  }
}

function answerTo(question: Buffer, bank: RegisterBank): Buffer {
  const [unit = 0, asked = 0] = question.subarray(HEADER_BYTES)
  const frame = (...pdu: readonly number[]) =>
    Buffer.from([...question.subarray(0, 4), 0, 1 + pdu.length, unit, ...pdu])
  try {
    return frame(asked, ...answered(asked, question.subarray(HEADER_BYTES + 2), bank))
  } catch (error) {
    if (error instanceof ModbusException) return frame(asked | 0x80, error.modbusErrorCode)
    throw error
  }
}

function answered(asked: number, rest: Buffer, bank: RegisterBank): number[] {
  const [address, length] = [rest.readUInt16BE(0), rest.readUInt16BE(2)]
  if (asked === WRITE_MULTIPLE) {
    bank.write({ address, words: Array.from({ length }, (_, i) => rest.readUInt16BE(5 + 2 * i)) })
    return [...rest.subarray(0, 4)]
  }
  if (asked > READ_HOLDING + 1) throw new ModbusException(EXCEPTION.illegalFunction)
  const words = bank.read({ table: asked === READ_HOLDING ? 'holding' : 'input', address, length })
  return [2 * length, ...words.flatMap((word) => [word >> 8, word & 0xff])]
}
