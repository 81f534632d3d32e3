/** A site of two crossings and two edges for tests of central: built from the boulevard crossing, watched by a hand-set clock. */
import { edgeId, intersectionId } from '#base/id.ts'
import { ok } from '#base/outcome.ts'
import type { ApiParts } from '#central/api/parts.ts'
import { LiveCity } from '#central/live-city.ts'
import type { PartState } from '#central/part-state.ts'
import type { EventQuery, EventStore, StoredEvent } from '#central/store/port.ts'
import type { IntersectionConfig, SiteConfig } from '#config/site.ts'
import type { LiveState } from '#contract/messages.ts'
import { NO_LIMITS } from '#signal/adaptive-limits.ts'
import { CROSSING, DATABASE, LIMITS, NOON_EPOCH_MS } from '#test/support/boulevard-crossing.ts'

export const NOON = NOON_EPOCH_MS

export class HandClock {
  #epochMs = NOON
  #monoMs = 50_000
  epochMs = () => this.#epochMs
  monoMs = () => this.#monoMs
  pass(ms: number): void {
    this.#epochMs += ms
    this.#monoMs += ms
  }
  /** An operator or NTP sets the wall clock; the monotonic one does not notice. */
  stepWall(ms: number): void {
    this.#epochMs += ms
  }
}

function crossing(id: string, name: { fa: string; en: string }): IntersectionConfig {
  return {
    database: { ...DATABASE, intersection: { ...CROSSING, id: intersectionId(id), name } },
    limits: LIMITS,
    adaptiveLimits: NO_LIMITS,
    controller: { name: 'controller', profile: 'none', address: { host: '127.0.0.1', port: 1, unit: 1 } },
    cards: [],
    demand: [],
  }
}

export const SITE: SiteConfig = {
  id: 'twotown',
  name: { fa: 'دوشهر', en: 'Twotown' },
  timeZone: 'Asia/Tehran',
  ladder: ['coordinated', 'actuated'],
  edges: [
    { id: edgeId('north'), intersections: [intersectionId('IX-01')] },
    { id: edgeId('south'), intersections: [intersectionId('IX-02')] },
  ],
  intersections: [
    crossing('IX-01', { fa: 'میدان', en: 'The square' }),
    crossing('IX-02', { fa: 'پل', en: 'The bridge' }),
  ],
  warnings: [],
}

/** Phases 2 and 6 green, 34 s into a cycle of 80. */
export function stateOf(intersection: string, sampledAtEpochMs: number, changes: Partial<LiveState> = {}): LiveState {
  return {
    v: 1,
    intersection,
    sampledAtEpochMs,
    mode: 'coordinated',
    flash: 'none',
    alarms: [],
    plan: 'midday',
    why: { code: 'COORDINATED_GREEN', phase: 2, numbers: { localCycleMs: 34_000, yieldMs: 45_000 } },
    ladder: null,
    signal: {
      greens: 0b10_0010,
      yellows: 0,
      redAmbers: 0,
      walks: 0b10,
      pedClears: 0,
      vehicleCalls: 0b1000,
      pedestrianCalls: 0,
      nexts: 0b1000_1000,
      overlapGreens: 0,
      overlapYellows: 0,
      overlapFlashes: 0,
      rings: [
        { phase: 2, interval: 'green', elapsedMs: 12_000, termination: 'none' },
        { phase: 6, interval: 'green', elapsedMs: 12_000, termination: 'none' },
      ],
      pattern: 3,
      cycleMs: 80_000,
      localCycleMs: 34_000,
      offsetMs: 10_000,
      transition: 'inStep',
      preempt: { number: 0, state: 'none', calls: 0, priorityCalls: 0, priorityActive: 0 },
    },
    detectors: [{ id: 1, quality: 'good', occupied: true }],
    queues: [{ lane: 'E1', vehicles: 3 }],
    doorOpen: false,
    mainsPower: true,
    clockDriftMs: 40,
    ...changes,
  }
}

export const storedEvent = (sequence: number, changes: Partial<StoredEvent> = {}): StoredEvent => ({
  site: SITE.id,
  edge: 'north',
  epoch: '00000000deadbeef',
  sequence,
  intersection: 'IX-01',
  epochMs: NOON - 60_000 + sequence * 1_000,
  code: 1,
  parameter: 2,
  source: 'controller',
  deviceSequence: sequence,
  ...changes,
})

/** Holds events in memory, answers as the port says. */
export function storeOf(events: readonly StoredEvent[]): EventStore {
  const matching = ({ intersection, fromEpochMs, toEpochMs, codes }: Omit<EventQuery, 'limit'>) =>
    events
      .filter((event) => intersection === undefined || event.intersection === intersection)
      .filter((event) => event.epochMs >= fromEpochMs && event.epochMs < toEpochMs)
      .filter((event) => codes === undefined || codes.includes(event.code))
      .toSorted((a, b) => b.epochMs - a.epochMs)
  return {
    kind: 'embedded',
    write: async () => ok(undefined),
    query: async (query) => ok(matching(query).slice(0, query.limit)),
    count: async (query) => ok(matching(query).length),
    close: async () => undefined,
  }
}

const UP: PartState = { up: true, detail: 'there', sinceEpochMs: NOON }

export interface TestParts extends ApiParts {
  readonly clock: HandClock
}

export function partsOf(changes: Partial<ApiParts> = {}): TestParts {
  const clock = new HandClock()
  const duties = SITE.edges.map(({ id, intersections }) => ({ edge: id, intersections }))
  return {
    site: SITE,
    simulated: false,
    city: new LiveCity(duties, clock),
    store: storeOf([]),
    log: () => undefined,
    webRoot: '/nowhere/that/exists',
    brokerState: () => UP,
    storeState: () => UP,
    ignoredMessages: () => 0,
    gaps: () => [],
    alarms: () => [],
    plans: () => [],
    ...changes,
    clock,
  }
}
