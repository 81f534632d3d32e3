/** Finds ports of the loopback that nobody listens on. */
import { createServer } from 'node:net'

// The demo moves all its field ports together by this much when one of them is taken.
const OFFSET_STEP = 1_000
const OFFSET_MAX = 40_000

const PORT_MAX = 65_535

/** True when the port of 127.0.0.1 can be had now; 0 always can. */
export function isFree(port: number): Promise<boolean> {
  if (port > PORT_MAX) return Promise.resolve(false)
  const { promise, resolve } = Promise.withResolvers<boolean>()
  const server = createServer()
  server.once('error', () => resolve(false))
  server.listen({ port, host: '127.0.0.1', exclusive: true }, () => server.close(() => resolve(true)))
  return promise
}

/** The smallest offset from `from` on, in thousands, by which every port is free; null when there is none. */
export async function freeOffset(ports: readonly number[], from = 0): Promise<number | null> {
  for (let offset = from; offset <= OFFSET_MAX; offset += OFFSET_STEP) {
    const free = await Promise.all(ports.map((port) => isFree(port + offset)))
    if (free.every(Boolean)) return offset
  }
  return null
}

/** The wanted port when it is free, else one that the system picks. */
export async function freePort(wanted: number): Promise<number> {
  if (wanted !== 0 && (await isFree(wanted))) return wanted
  const { promise, resolve, reject } = Promise.withResolvers<number>()
  const server = createServer()
  server.once('error', reject)
  server.listen(0, '127.0.0.1', () => {
    const address = server.address()
    server.close(() => resolve(typeof address === 'object' && address !== null ? address.port : 0))
  })
  return promise
}
