/** A broker for the demo: in-process, loopback only, without users; a real site runs Mosquitto or a cluster. */
import { Aedes } from 'aedes'
import { createServer, type AddressInfo, type Server } from 'node:net'

const LOOPBACK = '127.0.0.1'

export interface EmbeddedBroker {
  readonly url: string
  close(): Promise<void>
}

/**
 * Port 0 takes a free one.
 * @throws when the port is in use or refused, in words for the operator.
 */
export async function startBroker({ port }: { port: number }): Promise<EmbeddedBroker> {
  const broker = await Aedes.createBroker()
  const server = createServer((socket) => broker.handle(socket.setNoDelay(true)))
  const error = await listen(server, port)
  if (!error) {
    const { port: taken } = server.address() as AddressInfo
    return { url: `mqtt://${LOOPBACK}:${taken}`, close: () => close(broker, server) }
  }
  await new Promise<void>((resolve) => broker.close(resolve))
  const why = error.code === 'EADDRINUSE' ? 'is in use by another program' : `cannot be opened (${error.message})`
  throw new Error(`broker: port ${port} of ${LOOPBACK} ${why}. Stop that program or choose another port.`)
}

function listen(server: Server, port: number): Promise<NodeJS.ErrnoException | null> {
  return new Promise((resolve) => {
    server.once('error', resolve)
    server.listen(port, LOOPBACK, () => resolve(null))
  })
}

async function close(broker: Aedes, server: Server): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>()
  server.close(() => resolve())
  await new Promise<void>((closed) => broker.close(closed))
  await promise
}
