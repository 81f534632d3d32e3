/** Two writers who ask at random never get a text verified, or run, that is not wholly the one's or the other's. */
import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import type { TimingStep } from '#devices/timing.ts'
import { configurationHash } from '#config/configuration-hash.ts'
import { encodeTiming } from '#signal/transaction/timing-text.ts'
import { timingOf } from '#signal/transaction/timing.ts'
import { BETTER, BETTER_TEXT, BUILT_HASH, cabinetInFlash, pass } from '#test/support/timing-bench.ts'

/** As long as the other text, and with other times in it: any mixture of the two is a timing too. */
const OTHER = {
  ...BETTER,
  intersection: {
    ...BETTER.intersection,
    phases: BETTER.intersection.phases.map((phase) => ({ ...phase, timing: { ...phase.timing, minGreenMs: 8_000 } })),
  },
}
const TEXTS = [BETTER_TEXT, encodeTiming(timingOf(OTHER))]
const HASHES = [configurationHash(BETTER), configurationHash(OTHER)]
const PART = Math.ceil(BETTER_TEXT.length / 3)

type Move = {
  readonly who: 0 | 1
  readonly what: 'begin' | 'next' | 'stray' | 'verify' | 'activate' | 'abandon' | 'wait'
}

const moves: fc.Arbitrary<Move[]> = fc.array(
  fc.record({
    who: fc.constantFrom<0 | 1>(0, 0, 1),
    what: fc.oneof(
      { weight: 5, arbitrary: fc.constant<Move['what']>('next') },
      { weight: 3, arbitrary: fc.constantFrom<Move['what'][]>('begin', 'verify', 'activate') },
      { weight: 1, arbitrary: fc.constantFrom<Move['what'][]>('stray', 'abandon', 'wait') },
    ),
  }),
  { minLength: 10, maxLength: 60 },
)

function stepOf({ who, what }: Move, written: number): TimingStep {
  const text = TEXTS[who] ?? ''
  if (what === 'next') return { do: 'write', offset: written, part: text.slice(written, written + PART) }
  if (what === 'stray') return { do: 'write', offset: PART, part: text.slice(PART, 2 * PART) }
  return { do: what === 'wait' ? 'abandon' : what }
}

/** One of them alone, to the end: chance seldom gets so far. */
const toTheEnd: Move[] = (['begin', 'next', 'next', 'next', 'verify', 'activate', 'wait'] as const).map((what) => ({
  who: 0,
  what,
}))

test('whatever two writers ask in whatever order, what is verified and what runs is the text of one of them', () => {
  const seen = new Set<string>()
  fc.assert(
    fc.property(moves, (list) => {
      const cabinet = cabinetInFlash()
      cabinet.panels.timingAllowed = true
      let running = BUILT_HASH
      for (const move of list) {
        const { timing } = cabinet
        const armed = timing.transaction.state === 'armed' ? timing.stagedHash : running
        if (move.what === 'wait') pass(cabinet, 100)
        else cabinet.askForTiming(stepOf(move, timing.transaction.text.length), { writer: move.who + 1, leaseEpoch: 0 })
        const { state, text } = timing.transaction
        seen.add(state)
        if (text !== '') expect(TEXTS[timing.owner - 1]?.startsWith(text)).toBe(true)
        if (state === 'verified' || state === 'armed') expect(timing.stagedHash).toBe(HASHES[timing.owner - 1])
        expect([running, armed]).toContain(cabinet.configurationHash)
        if (cabinet.configurationHash !== running) seen.add('activated')
        running = cabinet.configurationHash
      }
    }),
    { numRuns: 300, examples: [[toTheEnd]] },
  )
  expect([...seen].toSorted()).toEqual(['activated', 'armed', 'idle', 'open', 'verified'])
})
