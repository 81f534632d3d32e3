/** Bytes as TraCI writes them: big-endian numbers, and texts of ISO 8859-1 or UTF-8 behind their length. */

/** Thrown inside the codec alone, where an answer ends too early or says what cannot be; its border returns a fault. */
export class MalformedBytes extends Error {}

const INITIAL_SIZE = 256

export class ByteWriter {
  #bytes = Buffer.allocUnsafe(INITIAL_SIZE)
  #length = 0

  ubyte(value: number): this {
    return this.#put(1, (at) => this.#bytes.writeUInt8(value, at))
  }

  byte(value: number): this {
    return this.#put(1, (at) => this.#bytes.writeInt8(value, at))
  }

  int(value: number): this {
    return this.#put(4, (at) => this.#bytes.writeInt32BE(value, at))
  }

  double(value: number): this {
    return this.#put(8, (at) => this.#bytes.writeDoubleBE(value, at))
  }

  string(value: string): this {
    return this.int(Buffer.byteLength(value)).raw(Buffer.from(value))
  }

  raw(bytes: Uint8Array): this {
    return this.#put(bytes.length, (at) => this.#bytes.set(bytes, at))
  }

  /** A copy: whoever has it may keep it. */
  take(): Buffer {
    return Buffer.from(this.#bytes.subarray(0, this.#length))
  }

  #put(size: number, write: (at: number) => void): this {
    while (this.#length + size > this.#bytes.length) this.#bytes = Buffer.concat([this.#bytes], this.#bytes.length * 2)
    write(this.#length)
    this.#length += size
    return this
  }
}

export class ByteReader {
  readonly #bytes: Buffer
  #at = 0

  constructor(bytes: Buffer) {
    this.#bytes = bytes
  }

  get left(): number {
    return this.#bytes.length - this.#at
  }

  ubyte(): number {
    return this.#bytes.readUInt8(this.#pass(1))
  }

  byte(): number {
    return this.#bytes.readInt8(this.#pass(1))
  }

  int(): number {
    return this.#bytes.readInt32BE(this.#pass(4))
  }

  double(): number {
    return this.#bytes.readDoubleBE(this.#pass(8))
  }

  string(): string {
    return this.raw(this.int()).toString()
  }

  /** A view, not a copy. */
  raw(length: number): Buffer {
    const from = this.#pass(length)
    return this.#bytes.subarray(from, from + length)
  }

  /** A count of things that take at least `leastSize` bytes each: more than fit here is garbage, and is not waited for. */
  count(leastSize: number): number {
    const count = this.int()
    if (count < 0 || count * leastSize > this.left)
      throw new MalformedBytes(`${count} items announced where ${this.left} bytes are left`)
    return count
  }

  #pass(size: number): number {
    if (size < 0 || size > this.left) throw new MalformedBytes(`${size} bytes announced where ${this.left} are left`)
    this.#at += size
    return this.#at - size
  }
}
