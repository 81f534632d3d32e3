/** The port under modbus-serial: its frames over TCP with the header of Modbus TCP, every field of it checked. */
import { EventEmitter } from 'node:events'
import type { Socket } from 'node:net'
import crc16 from 'modbus-serial/utils/crc16.js'
import type { DeviceFault } from '../device.ts'

/** Transaction, protocol, length, unit (Modbus Messaging on TCP/IP 1.0b, 3.1.3). */
const HEADER_BYTES = 7
const CRC_BYTES = 2
/** Unit and function at least; unit and 253 bytes of PDU at most. */
const LENGTH_MIN = 2
const LENGTH_MAX = 254
const TRANSACTION_SPAN = 0x10000

/**
 * modbus-serial asks its port for `isOpen`, `open`, `write`, `close`, two transaction numbers, and `data` events with frames
 * as on a serial line (unit, PDU, checksum). It keeps one table entry for each transaction number it has seen; ours never
 * changes towards it, so the table holds one entry, while the wire gets 16-bit numbers that are checked here.
 * The socket is connected by whoever makes the port. `violation` is called for bytes that no sound answer has.
 */
export class ModbusTcpPort extends EventEmitter {
  _transactionIdRead = 1
  _transactionIdWrite = 1
  readonly #socket: Socket
  readonly #violation: (fault: DeviceFault) => void
  #received: Buffer = Buffer.alloc(0)
  #transaction = 0
  /** The unit asked and not yet answered. */
  #awaitedUnit: number | null = null

  constructor(socket: Socket, violation: (fault: DeviceFault) => void) {
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
    this.#awaitedUnit = body.readUInt8(0)
    const header = Buffer.alloc(HEADER_BYTES - 1)
    header.writeUInt16BE(this.#transaction, 0)
    header.writeUInt16BE(body.length, 4)
    this.#socket.write(Buffer.concat([header, body]))
  }

  #receive(chunk: Buffer): void {
    this.#received = Buffer.concat([this.#received, chunk])
    while (this.#received.length >= HEADER_BYTES) {
      const length = this.#received.readUInt16BE(4)
      const fault = this.#headerFault(this.#received, length)
      if (fault) return this.#violation(fault)
      const end = HEADER_BYTES - 1 + length
      if (this.#received.length < end) return
      const body = this.#received.subarray(HEADER_BYTES - 1, end)
      this.#received = this.#received.subarray(end)
      this.#awaitedUnit = null
      this.emit('data', withChecksum(body))
    }
  }

  #headerFault(header: Buffer, length: number): DeviceFault | null {
    const [transaction, protocol, unit] = [header.readUInt16BE(0), header.readUInt16BE(2), header.readUInt8(6)]
    if (protocol !== 0) return badReply(`protocol ${protocol} instead of 0`)
    if (length < LENGTH_MIN || length > LENGTH_MAX) return badReply(`a length of ${length}`)
    if (this.#awaitedUnit === null) return badReply('an answer that nothing was asked for')
    if (transaction !== this.#transaction) return badReply(`transaction ${transaction} instead of ${this.#transaction}`)
    if (unit !== this.#awaitedUnit)
      return { code: 'WRONG_UNIT', detail: `unit ${unit} instead of ${this.#awaitedUnit}` }
    return null
  }
}

const badReply = (detail: string): DeviceFault => ({ code: 'BAD_REPLY', detail })

function withChecksum(body: Buffer): Buffer {
  const frame = Buffer.concat([body, Buffer.alloc(CRC_BYTES)])
  frame.writeUInt16LE(crc16(body), body.length)
  return frame
}
