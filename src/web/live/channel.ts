/** The line of one tab to the live city: through the browser's shared worker, or a stream of its own where there is none. */
import { MergedCity, type CityUpdate } from './merged-city.ts'
import { readStream } from './stream-reader.ts'

/** A worker that said nothing by then is not coming: blocked, crashed, or not supported. */
const WORKER_ANSWER_MS_MAX = 3_000

export function openChannel(onUpdate: (update: CityUpdate) => void): void {
  if (typeof SharedWorker === 'undefined') return readAlone(onUpdate)
  const worker = startWorker()
  if (!worker) return readAlone(onUpdate)
  let answered = false
  const fallBack = () => {
    if (answered) return
    answered = true
    worker.port.close()
    readAlone(onUpdate)
  }
  worker.addEventListener('error', fallBack)
  setTimeout(fallBack, WORKER_ANSWER_MS_MAX)
  worker.port.addEventListener('message', ({ data }: MessageEvent<CityUpdate>) => {
    answered = true
    onUpdate(data)
  })
  worker.port.start()
  // A tab that is kept for "back" may come again: it is told everything anew then.
  addEventListener('pagehide', () => worker.port.postMessage('bye', []))
  addEventListener('pageshow', ({ persisted }) => {
    if (persisted) location.reload()
  })
}

function startWorker(): SharedWorker | null {
  try {
    return new SharedWorker(new URL('./stream-worker.ts', import.meta.url), { type: 'module', name: 'sabz-live' })
  } catch {
    return null
  }
}

function readAlone(onUpdate: (update: CityUpdate) => void): void {
  const city = new MergedCity()
  readStream(city, () => {
    const changes = city.takeChanges()
    if (changes) onUpdate(changes)
  })
}
