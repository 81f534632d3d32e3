/** An edge of one crossing as a process of its own: over real sockets, on the machine's clocks, with a spool; tells its parent what it publishes. */
import { edgeId } from '#base/id.ts'
import { systemClock } from '#app/system-clock.ts'
import { actuated } from '#control/actuated.ts'
import { coordinated } from '#control/coordinated.ts'
import { queueCount } from '#control/queue-count.ts'
import { openDevice } from '#devices/open.ts'
import { startEdge } from '#edge/edge.ts'
import { startTelemetry } from '#edge/telemetry/telemetry.ts'
import { NO_LIMITS } from '#signal/adaptive-limits.ts'
import { DATABASE, LIMITS } from '#test/support/boulevard-crossing.ts'
import { profileNamed } from '#test/support/profiles.ts'

/** What the parent hears of each state that is published. */
export interface Told {
  readonly mode: string
  readonly ladder: string | null
  readonly alarms: readonly string[]
  readonly wallEpochMs: number
}

const [controllerPort = '', loopsPort = '', spoolDirectory = ''] = process.argv.slice(2)
const NOBODY = 'mqtt://127.0.0.1:9' // Nobody listens there: control must not need a broker.

const telemetry = await startTelemetry({
  site: 'test',
  edge: edgeId('edge-1'),
  mqttUrl: NOBODY,
  spoolDirectory,
  log: () => {},
})
const profiles = {
  controller: await profileNamed('sabz-modbus-controller'),
  loops: await profileNamed('sabz-modbus-loop-card'),
}
const device = (name: keyof typeof profiles, port: string) => ({
  name,
  open: () => openDevice(profiles[name], { host: '127.0.0.1', port: Number(port), unit: 1 }),
})
const edge = startEdge({
  intersections: [
    {
      database: DATABASE,
      limits: LIMITS,
      adaptiveLimits: NO_LIMITS,
      controller: device('controller', controllerPort),
      cards: [device('loops', loopsPort)],
    },
  ],
  telemetry: {
    record: (events) => telemetry.record(events),
    publishState: ({ mode, ladder, fieldAlarms = [] }) => {
      const alarms = fieldAlarms.map(({ alarm }) => alarm)
      process.send?.({ mode, ladder: ladder?.code ?? null, alarms, wallEpochMs: Date.now() } satisfies Told)
    },
    pending: () => telemetry.pending(),
    cursor: (intersection) => telemetry.cursor(intersection),
    close: () => telemetry.close(),
  },
  strategies: [coordinated, actuated],
  queues: queueCount,
  clock: systemClock,
  log: () => {},
})

process.on('SIGTERM', () => {
  void edge.stop().then(async () => {
    await telemetry.close()
    process.exit(0)
  })
})
