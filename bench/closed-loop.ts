/**
 * How fast the city lives: alone, and under the edge that supervises it, as a ratio to real time, with the heap at every hour.
 * `--hours 24` drives a whole day; `--json` prints the figures for a machine.
 */
import { parseArgs } from 'node:util'
import { actuated } from '#control/actuated.ts'
import { coordinated } from '#control/coordinated.ts'
import type { Strategy } from '#control/strategy.ts'
import { CITY_STEP_MS, createCity } from '#sim/city.ts'
import { closeLoop } from '#sim/closed-loop/close-loop.ts'
import { telemetrySink } from '#sim/closed-loop/telemetry-sink.ts'
import { loadHamadan, loadProfiles, MORNING_EPOCH_MS } from '#test/sim/hamadan.ts'

const HOUR_MS = 3_600_000
const DAY_MS = 24 * HOUR_MS
const SEED = 1

const { values } = parseArgs({
  options: { hours: { type: 'string' }, json: { type: 'boolean', default: false } },
})
/** A quarter of an hour of the morning peak, unless more is asked for. */
const durationMs = values.hours === undefined ? HOUR_MS / 4 : Math.round(Number(values.hours) * HOUR_MS)
if (!(durationMs > 0 && durationMs <= 7 * DAY_MS)) {
  console.error(`--hours ${values.hours} is no time between 0 and 168 hours. Give a number, such as --hours 24.`)
  process.exit(2)
}

const site = await loadHamadan()
const profiles = await loadProfiles()
const start = { seed: SEED, epochMs: durationMs < DAY_MS ? MORNING_EPOCH_MS : MORNING_EPOCH_MS - 7 * HOUR_MS, profiles }

interface Figures {
  readonly what: string
  /** Simulated seconds in a second: of the wall clock, and of the processor that the run had to itself. */
  readonly timesReal: number
  readonly timesRealOfProcessor: number
  /** As long as a day of the city would take, s. */
  readonly dayS: number
  readonly events: number
  /** After a collection, at the end of each hour. */
  readonly heapMb: readonly number[]
}

function measure(what: string, step: () => void, events: () => number): Figures {
  const heapMb: number[] = []
  const before = process.cpuUsage()
  const startedMs = performance.now()
  for (let ms = 0; ms < durationMs; ms += CITY_STEP_MS) {
    if (ms % HOUR_MS === 0) heapMb.push(heapNow())
    step()
  }
  const tookMs = performance.now() - startedMs
  const { user, system } = process.cpuUsage(before)
  heapMb.push(heapNow())
  return {
    what,
    timesReal: durationMs / tookMs,
    timesRealOfProcessor: durationMs / ((user + system) / 1_000),
    dayS: ((tookMs / durationMs) * DAY_MS) / 1_000,
    events: events(),
    heapMb,
  }
}

/** Run with `--expose-gc` this is what is kept, without what is merely not yet swept. */
function heapNow(): number {
  globalThis.gc?.()
  return Math.round(process.memoryUsage().heapUsed / 1e5) / 10
}

function cityAlone(): Figures {
  let events = 0
  const city = createCity({ ...start, intersections: site.intersections, onRecord: () => events++ })
  return measure(
    'the city alone',
    () => city.step(),
    () => events,
  )
}

function wholeLoop(rung: string, strategies: readonly Strategy<unknown>[]): Figures {
  let events = 0
  const telemetry = telemetrySink({
    onEvents(some) {
      events += some.length
    },
  })
  const loop = closeLoop({ ...start, site, strategies, telemetry })
  return measure(
    `the whole loop, ${rung}`,
    () => loop.step(),
    () => events,
  )
}

function print({ what, timesReal, timesRealOfProcessor, dayS, events, heapMb }: Figures): void {
  const ratio = `${timesReal.toFixed(0)} × real time (${timesRealOfProcessor.toFixed(0)} × of the processor's)`
  console.log(`${what.padEnd(30)}${ratio.padEnd(46)} a day in ${dayS.toFixed(0)} s, ${events} events`)
  console.log(`${''.padEnd(30)}heap by the hour, MB: ${heapMb.join(' ')}`)
}

const runs = [
  cityAlone,
  () => wholeLoop('coordinated', [coordinated, actuated]),
  () => wholeLoop('actuated', [actuated]),
]
const figures = runs.map((run) => {
  const found = run()
  if (!values.json) print(found)
  return found
})
if (values.json) console.log(JSON.stringify({ simulatedMs: durationMs, seed: SEED, figures }, null, 2))
