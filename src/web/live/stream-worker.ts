/** SharedWorker: one stream for all tabs of the browser; each tab gets the whole city at once, then what changes. */
import { MergedCity } from './merged-city.ts'
import { readStream } from './stream-reader.ts'

/** Changes are handed on together this often: twelve states are one message for a tab, not twelve. */
const HAND_ON_PERIOD_MS = 50

const city = new MergedCity()
const ports = new Set<MessagePort>()
let handingOn: ReturnType<typeof setTimeout> | undefined

globalThis.addEventListener('connect', (event) => {
  const port = event instanceof MessageEvent ? event.ports[0] : undefined
  if (!port) return
  // A tab says one thing only: that it is leaving.
  port.addEventListener('message', () => ports.delete(port))
  port.start()
  ports.add(port)
  port.postMessage(city.whole())
})

readStream(city, () => {
  handingOn ??= setTimeout(handOn, HAND_ON_PERIOD_MS)
})

function handOn(): void {
  handingOn = undefined
  const changes = city.takeChanges()
  if (changes) for (const port of ports) port.postMessage(changes)
}
