/** The search over the ways to go on: what it would do at one moment of a crossing of two streets, stage by stage and second by second. */
import { describe, expect, test } from 'vitest'
import { bitsOf } from '#base/bits.ts'
import { search } from '#control/adaptive/search.ts'
import { stageGraph, type StageGraph } from '#control/adaptive/stage-graph.ts'
import type { StreetForecast } from '#control/adaptive/street-forecast.ts'
import { CROSSING } from '#test/support/boulevard-crossing.ts'

const SECONDS = 115

/** Stage 0 lets the first street go, stage 1 the second; 5 s lost between them, 5 s of least green. */
const GRAPH: StageGraph = {
  stages: [1, 2],
  rings: 1,
  clearanceS: Uint8Array.from([0, 5, 5, 0]),
  staying: new Uint32Array(4),
  passed: new Uint32Array(4),
  ending: Uint8Array.from([0, 1, 1, 0]),
  leastS: Uint8Array.from([5, 5]),
}

interface Moment {
  readonly waiting: readonly [number, number]
  /** Seconds at which somebody comes, by street. */
  readonly coming?: readonly [readonly number[], readonly number[]]
  readonly ageS?: number
  readonly weight?: readonly [number, number]
  /** The second street may go on red, each after a stop. */
  readonly onRed?: boolean
}

function costsAt({ waiting, coming = [[], []], ageS = 10, weight = [1, 1], onRed = false }: Moment): readonly number[] {
  const come = new Float64Array(2 * (SECONDS + 1))
  coming.forEach((times, street) => {
    for (const at of times)
      for (let t = at; t <= SECONDS; t++) {
        const place = street * (SECONDS + 1) + t
        come[place] = (come[place] ?? 0) + 1
      }
  })
  const forecast: StreetForecast = {
    streams: 2,
    waiting: Float64Array.from(waiting),
    come,
    secondsMost: SECONDS,
    rate: Float64Array.from([0.5, onRed ? 0.2 : 0, 0, 0.5]),
    opposing: new Int16Array(4).fill(-1),
    stops: Uint8Array.of(0, onRed ? 1 : 0, 0, 0),
    weight: Float64Array.from(weight),
  }
  const { costs } = search({
    graph: GRAPH,
    forecast,
    stage: 0,
    agesS: Uint8Array.of(ageS),
    leastS: GRAPH.leastS,
    servedAnyway: 0,
  })
  return [...costs]
}

const chosen = (moment: Moment): 'holds' | 'changes' => {
  const [hold, change] = costsAt(moment) as [number, number]
  return change < hold ? 'changes' : 'holds'
}

/** Somebody every other second, from `from` on. */
const platoon = (from: number, vehicles: number): number[] => Array.from({ length: vehicles }, (_, n) => from + 2 * n)

describe('with the first street green', () => {
  test.each<[what: string, choice: 'holds' | 'changes', moment: Moment]>([
    ['nobody is anywhere', 'holds', { waiting: [0, 0] }],
    ['one waits beside an empty green', 'changes', { waiting: [0, 1] }],
    ['a long queue still discharges, and one waits', 'holds', { waiting: [12, 1] }],
    ['one discharges, and a long queue waits', 'changes', { waiting: [1, 12] }],
    ['a platoon is about to come, and one waits', 'holds', { waiting: [0, 1], coming: [platoon(1, 10), []] }],
    ['one is a second from the stop line, and one waits', 'changes', { waiting: [0, 1], coming: [[1], []] }],
    ['one is two seconds away and would stop for the yellow', 'holds', { waiting: [0, 1], coming: [[2], []] }],
    ['the least green is not over', 'holds', { waiting: [0, 9], ageS: 4 }],
    ['the least green is just over', 'changes', { waiting: [0, 9], ageS: 5 }],
  ])('%s: it %s', (_, choice, moment) => {
    expect(chosen(moment)).toBe(choice)
  })

  test('who may turn on red is given a green that nobody else needs, and else has to stop', () => {
    const alone: Moment = { waiting: [0, 0], coming: [[], [6]], onRed: true }
    expect(chosen(alone)).toBe('changes')
    expect(chosen({ ...alone, coming: [platoon(1, 10), [6]] })).toBe('holds')
  })

  test('nobody anywhere costs nothing, and every further vehicle costs more', () => {
    expect(costsAt({ waiting: [0, 0] })[0]).toBe(0)
    const costs = [1, 2, 4, 8].map((vehicles) => Math.min(...costsAt({ waiting: [0, vehicles] })))
    expect(costs).toEqual(costs.toSorted((a, b) => a - b))
    expect(new Set(costs).size).toBe(4)
  })

  test('who has waited long counts for more: the same queues, another choice', () => {
    expect(chosen({ waiting: [6, 4] })).toBe('holds')
    expect(chosen({ waiting: [6, 4], weight: [1, 6] })).toBe('changes')
  })

  test('the same moment gives the same costs, whatever was searched before', () => {
    const once = costsAt({ waiting: [3, 5], coming: [platoon(4, 5), platoon(2, 3)] })
    costsAt({ waiting: [30, 50] })
    expect(costsAt({ waiting: [3, 5], coming: [platoon(4, 5), platoon(2, 3)] })).toEqual(once)
  })
})

test('the graph of a crossing: between greens that conflict lie yellow and red clearance, and who is in both stays green', () => {
  const { stages, clearanceS, staying, leastS } = stageGraph(CROSSING, 0)
  const places = stages.map((_, index) => index)
  for (const from of places)
    for (const to of places) {
      const place = from * stages.length + to
      expect((staying[place]! & ~(stages[from]! & stages[to]!)) >>> 0).toBe(0)
      expect(clearanceS[place]! > 0).toBe(staying[place] !== stages[from])
    }
  expect([...leastS].every((seconds) => seconds >= 5)).toBe(true)
  expect(stages).toContain(bitsOf([2, 6]))
})
