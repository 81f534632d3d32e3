/** Reads the live stream into a merged city, and takes the line up again whenever it breaks or falls silent. */
import type { StreamHeartbeat, StreamPresence, StreamSnapshot } from '#contract/api.ts'
import type { LiveState } from '#contract/messages.ts'
import type { MergedCity, OwnReading } from './merged-city.ts'

const STREAM_URL = '/api/v1/stream'
/** Heartbeats come each second: after four that are missing the line is dead, whatever the socket says. */
const SILENCE_MS_MAX = 4_000
const WATCH_PERIOD_MS = 1_000

/** Both clocks of this browser; the monotonic one counts from the same start in every tab and worker. */
export function ownReading(): OwnReading {
  return { epochMs: Date.now(), monoMs: performance.timeOrigin + performance.now() }
}

/** Calls `onChange` after each event. The result ends it. */
export function readStream(city: MergedCity, onChange: () => void): () => void {
  let source = open()
  let heardAtMs = performance.now()

  function open(): EventSource {
    const opened = new EventSource(STREAM_URL)
    const on = <T>(event: string, take: (data: T) => void) =>
      opened.addEventListener(event, (message: MessageEvent<string>) => {
        heardAtMs = performance.now()
        take(JSON.parse(message.data) as T)
        onChange()
      })
    on<StreamSnapshot>('snapshot', (snapshot) => city.snapshot(snapshot, ownReading()))
    on<LiveState>('state', (state) => city.state(state, ownReading()))
    on<StreamPresence>('presence', (presence) => city.presence(presence))
    on<StreamHeartbeat>('hb', (heartbeat) => city.heartbeat(heartbeat, ownReading()))
    opened.addEventListener('error', lost)
    return opened
  }

  function lost(): void {
    city.disconnected()
    onChange()
  }

  // A refused stream is closed for good by the browser, a half-open one stays silent for minutes: both begin anew.
  const watch = setInterval(() => {
    const silent = performance.now() - heardAtMs > SILENCE_MS_MAX
    if (!silent && source.readyState !== EventSource.CLOSED) return
    source.close()
    lost()
    heardAtMs = performance.now()
    source = open()
  }, WATCH_PERIOD_MS)

  return () => {
    clearInterval(watch)
    source.close()
  }
}
