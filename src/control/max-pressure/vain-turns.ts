/**
 * Turns of which nobody had any good. A stage that ends at its least green, with fewer gone than stay behind, has cost two
 * clearances for nothing. Where such turns follow one another a strategy swings to and fro, whatever makes it: queues that
 * are miscounted, a loop that lies, a neighbour who swings as well.
 */
import { hasBit, type Bits } from '#base/bits.ts'
import { wayKey, type DepartureMemory } from '../neighbours/departures.ts'
import { approachFacts, type LaneFacts } from '../queues/lane-facts.ts'
import { leastGreenMs } from '../stage-limits.ts'
import type { Circumstances } from './choose-stage.ts'

/** By so many turns in vain outnumber the others where a strategy swings. */
const SWINGING = 3
/** No more are remembered: whoever has swung for an hour is trusted again after a few good turns. */
const REMEMBERED_MOST = 6
/** A green that lasts longer than it must by more than this is no swing; strategies decide once a second. */
const LONGER_MS = 2_000

export const isSwinging = ({ vainTurns }: Pick<Circumstances, 'vainTurns'>): boolean => vainTurns >= SWINGING

export interface Turn {
  /** The stage that ends, … */
  readonly stage: Bits
  /** … and the one that comes for it. */
  readonly next: Bits
}

/** By how many turns in vain outnumber the others once this one is over. */
export const countTurn = (of: Circumstances, turn: Turn, departures: DepartureMemory): number =>
  isVain(of, turn, departures) ? Math.min(REMEMBERED_MOST, of.vainTurns + 1) : Math.max(0, of.vainTurns - 1)

/** Of what nobody counts the best is believed. Who walks takes longer than the least green, and is no swing either. */
function isVain(of: Circumstances, turn: Turn, departures: DepartureMemory): boolean {
  const lanes = endedLanes(of, turn)
  if (lanes.length === 0 || !isShort(of, turn) || lanes.some(({ facts }) => !isCounted(facts, departures))) return false
  const ids = new Set(lanes.map(({ facts }) => facts.id))
  const behind = of.demand.lanes.reduce((sum, { facts, waiting }) => sum + (ids.has(facts.id) ? waiting : 0), 0)
  return goneIn(of, lanes, { stage: turn.stage, departures }) < Math.max(1, behind)
}

interface EndedLane {
  readonly approach: string
  readonly facts: LaneFacts
}

/** Of which no way is green any more. */
const endedLanes = ({ view }: Circumstances, { stage, next }: Turn): EndedLane[] =>
  approachFacts(view.intersection).flatMap(({ id, lanes }) =>
    lanes.filter((lane) => isGreen(lane, stage) && !isGreen(lane, next)).map((facts) => ({ approach: id, facts })),
  )

const isGreen = ({ ways }: LaneFacts, stage: Bits): boolean => ways.some(({ phases }) => (phases & stage) !== 0)

const isShort = ({ view, signal, limits }: Circumstances, { stage, next }: Turn): boolean =>
  view.intersection.phases
    .filter(({ id }) => hasBit(stage, id) && !hasBit(next, id))
    .every((phase) =>
      signal.rings.every(
        (ring) => ring.phase !== phase.id || ring.elapsedMs <= leastGreenMs(limits, phase) + LONGER_MS,
      ),
    )

const isCounted = ({ stopBar }: LaneFacts, { shown }: DepartureMemory): boolean =>
  stopBar !== null && shown[stopBar.id] !== undefined

interface Departed {
  readonly stage: Bits
  readonly departures: DepartureMemory
}

/** By their ways that were green, since the green began: a short one lies within the minute that is remembered. */
function goneIn({ signal }: Circumstances, lanes: readonly EndedLane[], { stage, departures }: Departed): number {
  const seconds = Math.ceil(Math.max(0, ...signal.rings.map(({ elapsedMs }) => elapsedMs)) / 1_000)
  const ways = new Set(
    lanes.flatMap(({ approach, facts }) =>
      facts.ways.filter(({ phases }) => (phases & stage) !== 0).map(({ turn }) => wayKey(approach, turn)),
    ),
  )
  return [...ways].reduce((sum, way) => sum + total((departures.left[way] ?? []).slice(-seconds)), 0)
}

const total = (vehicles: readonly number[]): number => vehicles.reduce((sum, each) => sum + each, 0)
