/** The kernel's protocol for a file system in user space (FUSE 7.31), as far as one single file `disk` needs it. */
import { openSync, read, writeSync } from 'node:fs'
import { spawnSync } from 'node:child_process'

/** What is asked of the one file. Throws nothing: an error is its number. */
export interface BlockFile {
  readonly bytes: number
  /** null: the disk answers no more (EIO). */
  read(offset: number, length: number): Buffer | null
  write(offset: number, bytes: Buffer): boolean
  sync(): boolean
}

// Operations and sizes of include/uapi/linux/fuse.h.
const OP = {
  lookup: 1,
  forget: 2,
  getattr: 3,
  setattr: 4,
  open: 14,
  read: 15,
  write: 16,
  statfs: 17,
  release: 18,
  fsync: 20,
  flush: 25,
  init: 26,
  interrupt: 36,
  batchForget: 42,
} as const
const HEAD_BYTES = 40
const REPLY_HEAD_BYTES = 16
const WRITE_HEAD_BYTES = 40
const ATTRIBUTE_BYTES = 88
const MESSAGE_BYTES_MAX = 1_048_576
const WRITE_BYTES_MAX = 131_072
const BIG_WRITES = 1 << 5
const ROOT_NODE = 1
const FILE_NODE = 2
/** Nobody but us changes the file. */
const VALID_S = 3_600n
const [ENOENT, EIO, ENOSYS] = [2, 5, 38]

/** Mounts `folder` with the one file in it, and answers until it is unmounted; then calls `ended`. @throws when not allowed. */
export function serveFile(file: BlockFile, folder: string, ended: () => void): void {
  const kernel = openSync('/dev/fuse', 'r+')
  const options = `fd=3,rootmode=040000,user_id=${process.getuid?.() ?? 0},group_id=${process.getgid?.() ?? 0}`
  const mount = spawnSync('mount', ['-i', '-t', 'fuse', '-o', options, 'sabz-chaos', folder], {
    stdio: ['ignore', 'ignore', 'pipe', kernel],
    encoding: 'utf8',
  })
  if (mount.status !== 0) throw new Error(`${folder} cannot be mounted: ${mount.stderr.trim()}`)
  const message = Buffer.alloc(MESSAGE_BYTES_MAX)
  const next = () =>
    read(kernel, message, 0, message.length, null, (error, length) => {
      if (error) return ended()
      const answer = answerTo(file, message.subarray(0, length))
      if (answer) writeSync(kernel, answer)
      next()
    })
  next()
}

/** null for what is not to be answered. */
function answerTo(file: BlockFile, message: Buffer): Buffer | null {
  const operation = message.readUInt32LE(4)
  const unique = message.readBigUInt64LE(8)
  const node = Number(message.readBigUInt64LE(16))
  const body = message.subarray(HEAD_BYTES)
  const done = (content: Buffer | null) => (content === null ? reply(unique, EIO) : reply(unique, 0, content))
  const nothing = Buffer.alloc(0)
  switch (operation) {
    case OP.init:
      return done(initReply())
    case OP.lookup:
      return body.toString('utf8', 0, body.length - 1) === 'disk' ? done(entryOf(file)) : reply(unique, ENOENT)
    case OP.getattr:
    case OP.setattr:
      return done(Buffer.concat([validity(), attributesOf(file, node)]))
    case OP.open:
      return done(Buffer.alloc(16))
    case OP.read:
      return done(file.read(Number(body.readBigUInt64LE(8)), body.readUInt32LE(16)))
    case OP.write:
      return done(writeInto(file, body))
    case OP.fsync:
      return done(file.sync() ? nothing : null)
    case OP.statfs:
      return done(Buffer.alloc(80))
    case OP.release:
    case OP.flush:
      return done(nothing)
    case OP.forget:
    case OP.batchForget:
    case OP.interrupt:
      return null
    default:
      return reply(unique, ENOSYS)
  }
}

function reply(unique: bigint, error: number, content: Buffer = Buffer.alloc(0)): Buffer {
  const head = Buffer.alloc(REPLY_HEAD_BYTES)
  head.writeUInt32LE(REPLY_HEAD_BYTES + content.length, 0)
  head.writeInt32LE(-error, 4)
  head.writeBigUInt64LE(unique, 8)
  return Buffer.concat([head, content])
}

function initReply(): Buffer {
  const content = Buffer.alloc(64)
  content.writeUInt32LE(7, 0)
  content.writeUInt32LE(31, 4)
  content.writeUInt32LE(WRITE_BYTES_MAX, 8)
  content.writeUInt32LE(BIG_WRITES, 12)
  content.writeUInt16LE(16, 16)
  content.writeUInt16LE(12, 18)
  content.writeUInt32LE(WRITE_BYTES_MAX, 20)
  content.writeUInt32LE(1, 24)
  return content
}

function entryOf(file: BlockFile): Buffer {
  const content = Buffer.alloc(40)
  content.writeBigUInt64LE(BigInt(FILE_NODE), 0)
  content.writeBigUInt64LE(VALID_S, 16)
  content.writeBigUInt64LE(VALID_S, 24)
  return Buffer.concat([content, attributesOf(file, FILE_NODE)])
}

function validity(): Buffer {
  const content = Buffer.alloc(16)
  content.writeBigUInt64LE(VALID_S, 0)
  return content
}

function attributesOf({ bytes }: BlockFile, node: number): Buffer {
  const content = Buffer.alloc(ATTRIBUTE_BYTES)
  content.writeBigUInt64LE(BigInt(node), 0)
  if (node !== ROOT_NODE) {
    content.writeBigUInt64LE(BigInt(bytes), 8)
    content.writeBigUInt64LE(BigInt(Math.ceil(bytes / 512)), 16)
  }
  content.writeUInt32LE(node === ROOT_NODE ? 0o40700 : 0o100600, 60)
  content.writeUInt32LE(1, 64)
  content.writeUInt32LE(4_096, 80)
  return content
}

function writeInto(file: BlockFile, body: Buffer): Buffer | null {
  const length = body.readUInt32LE(16)
  const bytes = Buffer.from(body.subarray(WRITE_HEAD_BYTES, WRITE_HEAD_BYTES + length))
  if (!file.write(Number(body.readBigUInt64LE(8)), bytes)) return null
  const content = Buffer.alloc(8)
  content.writeUInt32LE(length, 0)
  return content
}
