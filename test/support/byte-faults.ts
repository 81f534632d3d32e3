/** Answers as a bad wire leaves them: bits flipped, bytes lost, doubled, exchanged or made up, by a chance that repeats. */
import { nextUniform, randomStream, type RandomStream } from '#base/random.ts'

/** One way to spoil a piece; what it returns may by chance be the piece itself. */
type Spoil = (piece: Buffer, chance: RandomStream) => Buffer

const below = (chance: RandomStream, limit: number): number => Math.floor(nextUniform(chance) * limit)
const from1To = (chance: RandomStream, most: number): number => 1 + below(chance, most)

/** What can happen to any bytes. */
const ANYWHERE: readonly Spoil[] = [
  function flipBits(piece, chance) {
    const spoilt = Buffer.from(piece)
    for (let flips = from1To(chance, 3); flips > 0; flips--) {
      const at = below(chance, spoilt.length)
      spoilt.writeUInt8((spoilt[at] ?? 0) ^ (1 << below(chance, 8)), at)
    }
    return spoilt
  },
  (piece, chance) => overwrite(piece, chance, { most: 1, byte: () => below(chance, 256) }),
  (piece, chance) => overwrite(piece, chance, { most: 16, byte: () => below(chance, 256) }),
  (piece, chance) => overwrite(piece, chance, { most: 8, byte: () => 0 }),
  (piece, chance) => overwrite(piece, chance, { most: 8, byte: () => 0xff }),
  function exchange(piece, chance) {
    const spoilt = Buffer.from(piece)
    const [a, b] = [below(chance, piece.length), below(chance, piece.length)]
    spoilt[a] = piece[b] ?? 0
    spoilt[b] = piece[a] ?? 0
    return spoilt
  },
  (piece, chance) => without(piece, below(chance, piece.length), from1To(chance, 4)),
  function cutOff(piece, chance) {
    return piece.subarray(0, below(chance, piece.length))
  },
  function doubleBytes(piece, chance) {
    const at = below(chance, piece.length)
    return Buffer.concat([piece.subarray(0, at + from1To(chance, 4)), piece.subarray(at)])
  },
  (piece) => Buffer.concat([piece, piece]),
]

/** What a gateway can do that makes a frame of its own of what it has misheard (Modbus TCP: length in bytes 4 and 5, function in 7). */
const MODBUS: readonly Spoil[] = [
  (piece, chance) => framed(without(piece, 7 + below(chance, Math.max(1, piece.length - 7)), from1To(chance, 4))),
  (piece, chance) => framed(Buffer.concat([piece, Buffer.from([below(chance, 256), below(chance, 256)])])),
  function header(piece, chance) {
    const spoilt = Buffer.from(piece)
    spoilt.writeUInt8(below(chance, 256), below(chance, Math.min(9, piece.length)))
    return spoilt
  },
  function exception(piece, chance) {
    const head = Buffer.from(piece.subarray(0, 9))
    head[7] = (head[7] ?? 0) | 0x80
    head[8] = below(chance, 16)
    return framed(head)
  },
]

export interface ByteFaults {
  /** Pieces that went on otherwise than they came. */
  readonly spoilt: number
  /** Pieces in all. */
  readonly pieces: number
  /** Spoils a piece, or lets it pass. */
  change(piece: Buffer): Buffer[]
}

/** `share` of the pieces are spoilt. */
export function byteFaults(seed: number, share: number, wire: 'modbus-tcp' | 'any'): ByteFaults {
  const chance = randomStream(seed, 'byte faults')
  const ways = wire === 'modbus-tcp' ? [...ANYWHERE, ...MODBUS] : ANYWHERE
  let [spoilt, pieces] = [0, 0]
  return {
    get spoilt() {
      return spoilt
    },
    get pieces() {
      return pieces
    },
    change(piece) {
      pieces++
      if (piece.length === 0 || nextUniform(chance) >= share) return [piece]
      const changed = ways[below(chance, ways.length)]?.(piece, chance) ?? piece
      if (!changed.equals(piece)) spoilt++
      return changed.length === 0 ? [] : [changed]
    },
  }
}

function overwrite(
  piece: Buffer,
  chance: RandomStream,
  { most, byte }: { readonly most: number; readonly byte: () => number },
): Buffer {
  const spoilt = Buffer.from(piece)
  const at = below(chance, piece.length)
  for (let i = at; i < Math.min(piece.length, at + from1To(chance, most)); i++) spoilt.writeUInt8(byte(), i)
  return spoilt
}

const without = (piece: Buffer, at: number, bytes: number): Buffer =>
  Buffer.concat([piece.subarray(0, at), piece.subarray(at + bytes)])

/** With the length that it has now. */
function framed(piece: Buffer): Buffer {
  const frame = Buffer.from(piece)
  if (frame.length >= 6) frame.writeUInt16BE(frame.length - 6, 4)
  return frame
}
