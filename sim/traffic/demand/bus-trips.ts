/** Buses of a line: by their timetable, a little late by chance, along their stops. */
import { hashText, nextWord, randomStream, uniformFor } from '#base/random.ts'
import type { BusLine } from '#config/scenario.ts'
import { invariant } from '#base/invariant.ts'
import type { EdgeNumber } from '../streets/street-network.ts'
import type { BusStop } from '../trip.ts'
import type { Departure, DepartureSource } from './departures.ts'
import type { OpenStreets } from './open-streets.ts'
import type { RunClock } from './run-clock.ts'
import type { StreetGraph } from './street-graph.ts'

const MINUTE_MS = 60_000
/** So late a bus may come into the network, and never later than the one after it. */
const LATE_MS_MAX = 2 * MINUTE_MS
const LATE = hashText('late bus')
const DWELL = hashText('dwell')

/** A line on the laid streets. */
export interface LaidLine {
  readonly line: BusLine
  readonly from: EdgeNumber
  readonly to: EdgeNumber
  /** In their order; `dwellMs` is the mean. */
  readonly stops: readonly BusStop[]
}

export function busTrips(
  laid: LaidLine,
  { clock, seed, streets }: { readonly clock: RunClock; readonly seed: number; readonly streets: OpenStreets },
): DepartureSource {
  const personas = randomStream(seed, `bus ${laid.line.key}`)
  const lateMsMax = Math.min(LATE_MS_MAX, laid.line.headwayMinutes * MINUTE_MS - 1)
  let minute = 0
  let next: Departure | null = null
  return {
    take: (untilMs) => {
      for (; next === null && minute * MINUTE_MS < untilMs; minute++) {
        if (!isDue(laid.line, clock.minuteOfDayAt(minute * MINUTE_MS))) continue
        const persona = nextWord(personas)
        const departMs = minute * MINUTE_MS + Math.floor(uniformFor(persona, LATE) * lateMsMax)
        next = busAt(laid, { departMs, persona }, streets.at(departMs))
      }
      if (next === null || next.departMs >= untilMs) return null
      const bus = next
      next = null
      return bus
    },
  }
}

/** The edges of the line along its stops; null where no way leads on. Stops on closed streets are left out. */
export function lineRoute({ from, to, stops }: LaidLine, graph: StreetGraph): EdgeNumber[] | null {
  if (!graph.isOpen(from) || !graph.isOpen(to)) return null
  const route = [from]
  const open = stops.map(({ edge }) => edge).filter((edge) => graph.isOpen(edge))
  for (const target of [...open, to]) {
    const here = route.at(-1) ?? from
    const seconds = graph.secondsTo([target])
    if (seconds[here] === Infinity) return null
    route.push(...graph.descend(here, seconds))
  }
  return route
}

function busAt(
  laid: LaidLine,
  bus: { readonly departMs: number; readonly persona: number },
  graph: StreetGraph,
): Departure {
  const route = lineRoute(laid, graph)
  invariant(route, `a way leads along the line ${laid.line.key}`)
  const stops = laid.stops.filter(({ edge }) => graph.isOpen(edge))
  return {
    ...bus,
    kind: 'bus',
    route,
    stops: stops.map((stop, i) => ({
      ...stop,
      dwellMs: Math.round(stop.dwellMs * (0.5 + uniformFor(bus.persona, DWELL + i))),
    })),
  }
}

/** The last bus of the day may leave after midnight. */
function isDue({ firstMinuteOfDay, lastMinuteOfDay, headwayMinutes }: BusLine, minuteOfDay: number): boolean {
  const since = (from: number) => (minuteOfDay - from + 1_440) % 1_440
  const serviceMinutes = (lastMinuteOfDay - firstMinuteOfDay + 1_440) % 1_440
  return since(firstMinuteOfDay) <= serviceMinutes && since(firstMinuteOfDay) % headwayMinutes === 0
}
