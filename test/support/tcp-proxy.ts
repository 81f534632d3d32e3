/** A wire with bad luck: a TCP proxy between a master and a device that delays, swallows, changes or cuts what passes. */
import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'

/** What happens to each piece that the device sends, or the master, as it passes. */
export interface Passage {
  readonly delayMs: number
  /** Returns what goes on instead: nothing, or several pieces that arrive one after another. */
  readonly change: (piece: Buffer) => readonly Buffer[]
}

/** Between pieces, so that they do not arrive as one. */
const PIECES_APART_MS = 3

export const UNTOUCHED: Passage = { delayMs: 0, change: (piece) => [piece] }
export const SWALLOWED: Passage = { delayMs: 0, change: () => [] }

export interface TcpProxy {
  readonly port: number
  /** Device → master; may be set at any time, and holds from the next piece on. */
  fromDevice: Passage
  /** Master → device. */
  fromMaster: Passage
  /** Connections accepted so far. */
  readonly accepted: number
  /** Ends every connection on both sides at once, as a pulled cable never would: with a reset. */
  cut(): void
  /** Ends every connection towards the master in order, with a FIN, as a device does that restarts or has had enough of it. */
  hangUp(): void
  close(): Promise<void>
}

/** Listens on a port of loopback, a free one unless it is given, and passes on to `devicePort`. */
export async function proxyTo(devicePort: number, port = 0): Promise<TcpProxy> {
  const sockets = new Set<Socket>()
  const masters = new Set<Socket>()
  let accepted = 0
  const server = createServer((master) => {
    accepted++
    masters.add(master)
    master.on('close', () => masters.delete(master))
    const device = connect({ host: '127.0.0.1', port: devicePort, noDelay: true })
    master.setNoDelay(true)
    join(master, device, () => proxy.fromMaster)
    join(device, master, () => proxy.fromDevice)
    for (const socket of [master, device]) {
      sockets.add(socket)
      socket.on('close', () => sockets.delete(socket))
    }
  })
  server.listen(port, '127.0.0.1')
  await once(server, 'listening')

  const cut = () => {
    for (const socket of sockets) socket.resetAndDestroy()
  }
  const proxy: TcpProxy = {
    port: (server.address() as AddressInfo).port,
    fromDevice: UNTOUCHED,
    fromMaster: UNTOUCHED,
    get accepted() {
      return accepted
    },
    cut,
    hangUp() {
      for (const master of masters) master.end()
    },
    close: () => {
      cut()
      return new Promise((resolve) => server.close(() => resolve()))
    },
  }
  return proxy
}

/** Pieces keep their order while the delay stays the same. */
function join(from: Socket, to: Socket, passage: () => Passage): void {
  from.on('data', (piece: Buffer) => {
    const { delayMs, change } = passage()
    for (const [i, changed] of change(piece).entries()) {
      const waitMs = delayMs + i * PIECES_APART_MS
      if (waitMs === 0) to.write(changed)
      else setTimeout(() => to.writable && to.write(changed), waitMs)
    }
  })
  from.on('close', () => to.destroy())
  from.on('error', () => to.destroy())
}
