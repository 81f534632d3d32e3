/** The port under modbus-serial: its frames over TCP with the header of Modbus TCP, every field of every answer checked. */
import { EventEmitter } from 'node:events'
import type { Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import crc16 from 'modbus-serial/utils/crc16.js'
import type { DeviceFault } from '../device.ts'
import { replyFault } from './reply-check.ts'

/** Transaction, protocol, length, unit (Modbus Messaging on TCP/IP 1.0b, 3.1.3). */
const HEADER_BYTES = 7
const CRC_BYTES = 2
/** Unit and function at least; unit and 253 bytes of PDU at most. */
const LENGTH_MIN = 2
const LENGTH_MAX = 254
const TRANSACTION_SPAN = 0x10000

/** What the port needs of a socket. */
export type ModbusSocket = Duplex & Pick<Socket, 'readyState'>

/**
 * modbus-serial asks its port for `isOpen`, `open`, `write`, `close`, two transaction numbers, and `data` events with frames
 * as on a serial line (unit, PDU, checksum). It keeps one table entry for each transaction number it has seen; ours never
 * changes towards it, so the table holds one entry, while the wire gets 16-bit numbers that are checked here.
 * The socket is connected by whoever makes the port. `violation` is called for bytes that no sound answer has.
 */
export class ModbusTcpPort extends EventEmitter {
  _transactionIdRead = 1
  _transactionIdWrite = 1
  readonly #socket: ModbusSocket
  readonly #violation: (fault: DeviceFault) => void
  #received: Buffer = Buffer.alloc(0)
  #transaction = 0
  /** Unit and PDU of what was asked and not yet answered. */
  #question: Buffer | null = null

  constructor(socket: ModbusSocket, violation: (fault: DeviceFault) => void) {
    super()
    this.#socket = socket
    this.#violation = violation
    socket.on('data', (chunk: Buffer) => this.#receive(chunk))
  }

  get isOpen(): boolean {
    return this.#socket.readyState === 'open'
  }

  open(callback: (error?: Error) => void): void {
    callback()
  }

  close(callback: () => void): void {
    this.#socket.destroy()
    callback()
  }

  write(frame: Buffer): void {
    const body = frame.subarray(0, -CRC_BYTES)
    this.#transaction = (this.#transaction + 1) % TRANSACTION_SPAN
    // modbus-serial keeps the frame for itself.
    this.#question = Buffer.from(body)
    const header = Buffer.alloc(HEADER_BYTES - 1)
    header.writeUInt16BE(this.#transaction, 0)
    header.writeUInt16BE(body.length, 4)
    this.#socket.write(Buffer.concat([header, body]))
  }

  #receive(chunk: Buffer): void {
    this.#received = Buffer.concat([this.#received, chunk])
    while (this.#received.length >= HEADER_BYTES) {
      const length = this.#received.readUInt16BE(4)
      const question = this.#question
      if (question === null) return this.#violation(badReply('an answer that nothing was asked for'))
      const fault = this.#headerFault(this.#received, length, question)
      if (fault) return this.#violation(fault)
      const end = HEADER_BYTES - 1 + length
      if (this.#received.length < end) return
      const answer = this.#received.subarray(HEADER_BYTES - 1, end)
      const misfit = replyFault(question, answer)
      if (misfit !== null) return this.#violation(badReply(misfit))
      this.#received = this.#received.subarray(end)
      this.#question = null
      this.emit('data', withChecksum(answer))
    }
  }

  #headerFault(header: Buffer, length: number, question: Buffer): DeviceFault | null {
    const [transaction, protocol, unit] = [header.readUInt16BE(0), header.readUInt16BE(2), header.readUInt8(6)]
    if (protocol !== 0) return badReply(`protocol ${protocol} instead of 0`)
    if (length < LENGTH_MIN || length > LENGTH_MAX) return badReply(`a length of ${length}`)
    if (transaction !== this.#transaction) return badReply(`transaction ${transaction} instead of ${this.#transaction}`)
    const asked = question.readUInt8(0)
    return unit === asked ? null : { code: 'WRONG_UNIT', detail: `unit ${unit} instead of ${asked}` }
  }
}

const badReply = (detail: string): DeviceFault => ({ code: 'BAD_REPLY', detail })

function withChecksum(body: Buffer): Buffer {
  const frame = Buffer.concat([body, Buffer.alloc(CRC_BYTES)])
  frame.writeUInt16LE(crc16(body), body.length)
  return frame
}
