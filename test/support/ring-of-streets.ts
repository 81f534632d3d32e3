/**
 * Four crossings whose streets lead round in a ring. At each, one lane of the ring goes on round it and one leaves it; from
 * outside two lanes cross the ring and one joins it. For a while the streets into which they leave it are full, and so the ring
 * fills up; then there is room.
 */
import { at } from '#base/at.ts'
import { hasBit } from '#base/bits.ts'
import { detectorId, intersectionId, phaseId, type DetectorId, type IntersectionId } from '#base/id.ts'
import { good, type Known } from '#base/known.ts'
import type { choosingStages, PRESSURE_OPTIONS } from '#control/max-pressure/max-pressure.ts'
import { createController, QUIET_UNIT, type Controller } from '#signal/controller.ts'
import type { Detector } from '#signal/detector.ts'
import type { Approach, Intersection, Lane, Turn } from '#signal/intersection.ts'
import type { Outlook } from '#signal/outlook.ts'
import { statusOf, stepController } from '#signal/phase-machine.ts'
import { CROSSING, viewOf, type DetectorPicture } from './boulevard-crossing.ts'
import { database, junction } from './junctions.ts'

type Strategy = ReturnType<typeof choosingStages>
type Options = typeof PRESSURE_OPTIONS

export interface Ring {
  readonly strategyWith: (options: Options) => Strategy
  readonly options: Options
  /** Until then nobody can leave the ring. */
  readonly jammedS: number
  readonly mostS: number
}

const EPOCH_MS = Date.UTC(2026, 0, 5, 8)
const COUNT = 4
const STREET_M = 75
/** Of each of the two lanes between two crossings, and of both. */
const LANE_HOLDS = STREET_M / 7.5
const STREET_HOLDS = 2 * LANE_HOLDS
/** The loop lies where the seventh of a queue stands. */
const [LOOP_M, BEFORE_LOOP] = [50, 6]
const [HEADWAY_MS, TRAVEL_MS] = [2_000, 6_000]
/** From outside: who crosses the ring, and who joins it. */
const COMES_EVERY_S: Readonly<Record<number, number>> = { 3: 2, 4: 4, 5: 2 }
const OUTSIDE_MOST = 60
/** Then nobody joins any more. */
const JOINS_UNTIL_S = 92

/** By number, which is that of its stop-bar loop too; ten more is its advance loop. */
const LANES: readonly { readonly number: number; readonly turn: Turn; readonly phase: number }[] = [
  { number: 1, turn: 'left', phase: 1 },
  { number: 2, turn: 'through', phase: 1 },
  { number: 3, turn: 'through', phase: 2 },
  { number: 4, turn: 'right', phase: 2 },
  { number: 5, turn: 'through', phase: 2 },
]
const [ROUND, OUT, JOINING] = [1, 2, 4] as const

interface Row {
  standing: number
  left: number
  goesAtMs: number
  comingMs: number[]
}

interface Crossing {
  readonly intersection: Intersection
  readonly controller: Controller
  readonly strategy: Strategy
  memory: ReturnType<Strategy['initial']>
  readonly rows: ReadonlyMap<number, Row>
  told: Outlook | null
}

/** Seconds from when they can leave until for good no more than so much of the ring is taken. */
export function dissolveS({ strategyWith, options, jammedS, mostS }: Ring): number {
  const ring = Array.from({ length: COUNT }, (_, index) => crossingAt(index, strategyWith(options)))
  let fullUntilS = 0
  for (let ms = 0; ms < (jammedS + mostS) * 1_000; ms += 100) {
    const second = ms / 1_000
    ring.forEach((crossing, index) => {
      const next = at(ring, (index + 1) % COUNT)
      drive(crossing, { ms, next, mayLeave: second >= jammedS })
    })
    const load = ring.reduce((sum, { rows }) => sum + loadOf(rows), 0)
    if (load > STILL_FULL * STREET_HOLDS * COUNT) fullUntilS = second - jammedS
    const told = ring.map(({ intersection, told: word }) => [intersection.id, word] as const)
    const words = new Map([...told, [OUTSIDE, outsideSays(ms, second < jammedS ? 0 : STREET_HOLDS)] as const])
    for (const crossing of ring) decide(crossing, ms, words)
  }
  return fullUntilS
}

const STILL_FULL = 0.7

/** Of the streets into which they leave the ring. */
function outsideSays(ms: number, free: number): Outlook {
  const feeders = Array.from({ length: COUNT }, (_, index) => ({
    ...{ intersection: idOf(index), approach: 'ring', turn: 'through' as const },
  }))
  const approaches = [{ approach: 'all', feeders, storage: STREET_HOLDS, free }]
  return { atEpochMs: EPOCH_MS + ms, movements: [], approaches }
}

const OUTSIDE = intersectionId('OUTSIDE')

/** Both lanes that come round the ring. */
const loadOf = (rows: Crossing['rows']): number =>
  [...rows].reduce((sum, [lane, { standing, comingMs }]) => sum + (lane <= OUT ? standing + comingMs.length : 0), 0)

interface Drive {
  readonly ms: number
  readonly next: Crossing
  readonly mayLeave: boolean
}

function drive({ rows, controller }: Crossing, { ms, next, mayLeave }: Drive): void {
  const { greens } = statusOf(controller)
  for (const { number, phase } of LANES) {
    const row = rows.get(number) as Row
    const everyS = COMES_EVERY_S[number]
    const comes = everyS !== undefined && ms % (everyS * 1_000) === 0 && row.standing < OUTSIDE_MOST
    if (comes && (number !== JOINING || ms < JOINS_UNTIL_S * 1_000)) row.comingMs.push(ms)
    row.standing += row.comingMs.filter((dueMs) => dueMs <= ms).length
    row.comingMs = row.comingMs.filter((dueMs) => dueMs > ms)
    if (!hasBit(greens, phase)) row.goesAtMs = ms + HEADWAY_MS
    if (row.standing === 0 || ms < row.goesAtMs) continue
    const onward = number === ROUND || number === JOINING ? emptierLane(next) : null
    if (onward === undefined || (number === OUT && !mayLeave)) continue
    row.standing--
    row.left++
    row.goesAtMs = ms + HEADWAY_MS
    onward?.comingMs.push(ms + TRAVEL_MS)
  }
}

/** Of the next street; undefined where both are full: nobody enters the junction then. */
function emptierLane({ rows }: Crossing): Row | undefined {
  const load = ({ standing, comingMs }: Row) => standing + comingMs.length
  const [emptier] = [ROUND, OUT].map((lane) => rows.get(lane) as Row).toSorted((a, b) => load(a) - load(b))
  return emptier !== undefined && load(emptier) < LANE_HOLDS ? emptier : undefined
}

function decide(crossing: Crossing, ms: number, words: ReadonlyMap<IntersectionId, Outlook | null>): void {
  const { intersection, controller, strategy, rows } = crossing
  const detectors = new Map<DetectorId, DetectorPicture>()
  const occupied = new Uint8Array(65)
  for (const [lane, { standing, left }] of rows) {
    const over = (loop: number, places: number) => {
      const isOver = standing > places
      occupied[loop] = isOver ? 1 : 0
      const seen = { occupied: isOver, actuationCount: left + Math.min(standing, places + 1) }
      detectors.set(detectorId(loop), good(seen, 0))
    }
    over(lane, 0)
    over(10 + lane, BEFORE_LOOP)
  }
  const neighbours = new Map<IntersectionId, Known<Outlook>>()
  for (const [id, told] of words) if (told !== null && id !== intersection.id) neighbours.set(id, good(told, 0))
  const { all } = controller.layout
  const facts = { intersection, nowMonoMs: ms, nowEpochMs: EPOCH_MS + ms, signal: statusOf(controller) }
  const view = { ...viewOf({ ...facts, omittable: all, neighbours, unit: { controlStatus: 'supervised' } }), detectors }
  const { command, memory, outlook } = strategy.decide(view, crossing.memory)
  crossing.memory = memory
  crossing.told = outlook ?? crossing.told
  const inputs = { ...QUIET_UNIT, epochMs: EPOCH_MS + ms, occupied, pedestrianButtons: 0, pattern: command.pattern }
  stepController(controller, { ...inputs, control: command }, 100, () => undefined)
}

function crossingAt(index: number, strategy: Strategy): Crossing {
  const plain = junction({ rings: [[[1, 2]]], phases: { 1: LONG, 2: LONG } })
  const before = idOf((index + COUNT - 1) % COUNT)
  const feeder = { intersection: before, distanceM: STREET_M }
  const feeders = [
    { ...feeder, approach: 'ring', turn: 'left' as const },
    { ...feeder, approach: 'outside', turn: 'right' as const },
  ]
  const intersection: Intersection = {
    ...plain,
    id: idOf(index),
    approaches: [
      { ...approach('ring', 0, LANES.slice(0, 2)), upstream: { ...feeder, feeders } },
      approach('outside', 90, LANES.slice(2)),
    ],
    detectors: LANES.flatMap(({ number, phase }): Detector[] => {
      const loop = { ...at(CROSSING.detectors, 1), lanes: [`L${number}`], phase: phaseId(phase) }
      return [
        { ...loop, id: detectorId(number), deviceChannel: number },
        { ...loop, id: detectorId(10 + number), deviceChannel: 10 + number, kind: 'advance', setbackM: LOOP_M },
      ]
    }),
  }
  const rows = new Map(LANES.map(({ number }) => [number, { standing: 0, left: 0, goesAtMs: 0, comingMs: [] }]))
  const controller = createController(database(intersection))
  return { intersection, controller, strategy, memory: strategy.initial(), rows, told: null }
}

/** The crossing street is wide: its green may be long. */
const LONG = { timing: { max1Ms: 60_000 } }

const idOf = (index: number): IntersectionId => intersectionId(`R-${index + 1}`)

const approach = (id: string, bearingDeg: number, lanes: typeof LANES): Approach => ({
  ...at(CROSSING.approaches, 0),
  id,
  bearingDeg,
  lengthM: STREET_M,
  lanes: lanes.map(({ number, turn, phase }): Lane => ({
    id: `L${number}`,
    turns: [turn],
    lengthM: STREET_M,
    head: { kind: 'vehicle', phase: phaseId(phase) },
  })),
})
