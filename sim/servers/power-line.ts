/** What a device without power is on a wire: whoever asks it has lost it, and whoever calls it gets nobody. */
import type { Server, Socket } from 'node:net'
import type { PointSource } from '#devices/device.ts'

/** Before anything else hears of a connection, or of what came in on it. */
export function hangUpWithoutPower(listener: Server, source: Pick<PointSource, 'isUp'>): void {
  listener.prependListener('connection', (socket: Socket) => {
    const hangUp = () => {
      if (source.isUp === false) socket.destroy()
    }
    hangUp()
    socket.prependListener('data', hangUp)
  })
}
