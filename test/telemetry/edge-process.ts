/** An edge for tests that kill it: reads a controller's endless log from where the spool knows it to be, in a process of its own. */
import { edgeId, intersectionId } from '#base/id.ts'
import { startTelemetry } from '#edge/telemetry/telemetry.ts'

const [mqttUrl = '', spoolDirectory = '', lastInLog = '0'] = process.argv.slice(2)
const here = intersectionId('IX-01')
const READ_EVERY_MS = 5

const telemetry = await startTelemetry({
  site: 'hamadan',
  edge: edgeId('hamadan-1'),
  mqttUrl,
  spoolDirectory,
  log: (level, code) => console.error(level, code),
})

let read = telemetry.cursor(here)
console.log(`cursor ${read}`)
setInterval(() => {
  const first = read + 1
  read = Math.min(Number(lastInLog), read + 7)
  const events = Array.from({ length: read - first + 1 }, (_, index) => ({
    intersection: here,
    epochMs: Date.now(),
    code: 82,
    parameter: first + index,
    source: 'controller' as const,
    deviceSequence: first + index,
  }))
  if (events.length > 0) telemetry.record(events)
  console.log(`recorded ${read - telemetry.pending()}`)
}, READ_EVERY_MS)
