/** Cuts the bytes of a TCP connection into messages, however they come in pieces. */
import { failed, ok, type Outcome } from '#base/outcome.ts'
import type { SumoFault } from './sumo-fault.ts'

/** The largest cities we know report a few megabytes a step; what announces more is no TraCI. */
const MESSAGE_BYTES_MOST = 256 * 1024 * 1024

const HEADER_BYTES = 4

export class MessageSplitter {
  #pieces: Buffer[] = []
  #length = 0

  /** The messages that are whole now, each without its length. After a fault nothing more can be read. */
  push(piece: Buffer): Outcome<Buffer[], SumoFault> {
    this.#pieces.push(piece)
    this.#length += piece.length
    const messages: Buffer[] = []
    while (this.#length >= HEADER_BYTES) {
      const bytes = this.#peek(HEADER_BYTES).readInt32BE(0)
      if (bytes < HEADER_BYTES || bytes > MESSAGE_BYTES_MOST)
        return failed({ code: 'SUMO_REPLY_MALFORMED', detail: `a message of ${bytes} bytes announced` })
      if (this.#length < bytes) break
      messages.push(this.#take(bytes).subarray(HEADER_BYTES))
    }
    return ok(messages)
  }

  /** Joined only where they must be: a large message comes in many pieces. */
  #peek(bytes: number): Buffer {
    const [first] = this.#pieces
    if (first === undefined || first.length < bytes) this.#pieces = [Buffer.concat(this.#pieces)]
    return this.#pieces[0] ?? Buffer.alloc(0)
  }

  #take(bytes: number): Buffer {
    const first = this.#peek(bytes)
    this.#pieces[0] = first.subarray(bytes)
    this.#length -= bytes
    return first.subarray(0, bytes)
  }
}
