/** Lamps of a cabinet as the letters that SUMO's drivers read. */
import { describe, expect, test } from 'vitest'
import { bitsOf } from '#base/bits.ts'
import type { SignalGroup } from '#sim/sumo/derive/groups.ts'
import type { Stage } from '#sim/sumo/derive/stages.ts'
import { LampLetters } from '#sim/sumo/bridge/lamps.ts'

const stage = (state: string): Stage => ({
  state,
  greenMs: 20_000,
  leastMs: null,
  mostMs: null,
  yellowMs: 3_000,
  redMs: 0,
})
const group = (links: number[], stages: number[], onFoot = false): SignalGroup => ({ links, stages, onFoot })

/** Straight, a left turn that is protected in the second stage, right on red, a crossing, and a way that is never lit. */
const letters = new LampLetters({
  stages: [stage('Ggsro'), stage('rGrGo'), stage('rrGro')],
  groups: [group([0], [0]), group([1], [0, 1]), group([2], [2]), group([3], [1], true)],
})

interface Lamps {
  readonly greens?: number[]
  readonly yellows?: number[]
  readonly reds?: number[]
  /** Stages, from 1. */
  readonly green?: number[]
  readonly on?: number[]
  readonly next?: number[]
}

const read = ({ greens = [], yellows = [], reds = [], green = [], on = green, next = [] }: Lamps, flashes = false) =>
  letters.read(
    {
      channelGreens: bitsOf(greens),
      channelYellows: bitsOf(yellows),
      channelReds: bitsOf(reds),
      greens: bitsOf(green),
      phaseOns: bitsOf(on),
      phaseNexts: bitsOf(next),
      flash: 'none',
    },
    flashes,
  )

describe('a link shows', () => {
  test.each<[string, Lamps, string]>([
    ['G with priority and g where it yields, s where it may turn on red', { greens: [1, 2], green: [1] }, 'Ggsro'],
    ['G once it is protected, and people walk', { greens: [2, 4], green: [2] }, 'rGrGo'],
    [
      'the weaker of its rights between two stages that both let it go',
      { greens: [2], yellows: [1], on: [1], next: [2] },
      'ygsro',
    ],
    ['red to people who clear the crossing', { yellows: [4], green: [2], greens: [2] }, 'rGrro'],
    ['red and amber as u', { yellows: [3], reds: [3], on: [3] }, 'rruro'],
    ['red where nothing is on', {}, 'rrrrr'],
  ])('%s', (_, lamps, shown) => expect(read(lamps)).toBe(shown))

  test('o while all flash, so that everybody finds his own way', () => expect(read({ green: [1] }, true)).toBe('ooooo'))
})
