/** What is wrong on the wire of one virtual device, to be planted: answers that are late, that never come, or that are another's. */
import type { Server, Socket } from 'node:net'

export class WireFaults {
  /** So much later goes every answer out. */
  delayMs = 0
  /** Connections stand, and nothing comes: a peer that is gone without a word. */
  silent = false
  /** Connections are cut as soon as they stand, and as soon as anything is asked. */
  resets = false
  /** Every answer is the same as before: what is read is of the moment in which it froze. */
  frozen = false
  /** Answers carry the number of the next unit. Modbus only. */
  answersForAnother = false
  /** Every register lies one address further. Modbus only. */
  shifted = false
}

type Send = Socket['write']

/** From the next connection on, whatever is planted acts on all that is sent. `change` is the last to touch it. */
export function bendWire(
  listener: Server,
  faults: WireFaults,
  change: (piece: Uint8Array) => Uint8Array = (piece) => piece,
): void {
  listener.prependListener('connection', (socket: Socket) => {
    const cut = () => {
      if (faults.resets) socket.resetAndDestroy()
    }
    cut()
    socket.prependListener('data', cut)
    socket.write = bentSend(socket, faults, change)
  })
}

/** What is sent keeps its order, also where the delay changes meanwhile. */
function bentSend(socket: Socket, faults: WireFaults, change: (piece: Uint8Array) => Uint8Array): Send {
  const send: Send = socket.write.bind(socket)
  let freeAtMs = 0
  const bent = (piece: Uint8Array | string, ...rest: unknown[]): boolean => {
    const told = rest.find((each) => typeof each === 'function') as (() => void) | undefined
    if (faults.silent) {
      if (told) queueMicrotask(told)
      return true
    }
    const changed = typeof piece === 'string' ? Buffer.from(piece) : change(piece)
    const nowMs = performance.now()
    freeAtMs = Math.max(freeAtMs, nowMs + faults.delayMs)
    if (faults.delayMs === 0 && freeAtMs <= nowMs) return send(changed, told)
    setTimeout(() => socket.writable && send(changed, told), freeAtMs - nowMs)
    return true
  }
  return bent
}
