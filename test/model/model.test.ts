/** The model of the dual ring: every state of it is safe, every guard is needed, and the machine does what it does. */
import { describe, expect, test } from 'vitest'
import { findProgram } from '#test/support/program.ts'
import { guardsOfModel, MUTANTS } from './mutants.ts'
import { firstDivergence, readTrace } from './replay.ts'
import { readAnswer, search, trace, type Question } from './spin.ts'
import { CROSSING, STATION, T_JUNCTION } from './streets.ts'

/** The nightly run asks everything; by day a small part shows that model and machine still agree. */
const NIGHTLY = process.env['NIGHTLY'] !== undefined
const TIMEOUT_MS = NIGHTLY ? 3_600_000 : 120_000

const STREETS = [CROSSING, T_JUNCTION, STATION]
const TRACES = NIGHTLY ? 200 : 4
const TRACE_STEPS = 400
const MUTANTS_BY_DAY = ['MINIMUM_GREEN', 'LOCKED_CALL']

const QUESTIONS: readonly Question[] = NIGHTLY
  ? STREETS.flatMap((street) => [
      { street, about: 'safety' },
      { street, about: 'liveness' },
    ])
  : [
      { street: CROSSING, about: 'safety', alone: true },
      { street: T_JUNCTION, about: 'liveness', alone: true },
    ]

const tools = [findProgram('spin'), findProgram('gcc')]

describe.runIf(!tools.includes(null))('the model of the dual ring', { timeout: TIMEOUT_MS }, () => {
  test.each(QUESTIONS.map((question) => [question.street.name, question.about, question] as const))(
    'at the %s no state and no history breaks a rule of %s',
    async (name, about, question) => {
      const answer = await search(question)
      console.log(`${name}, ${about}: ${answer.states} states, ${answer.transitions} transitions, ${answer.seconds} s`)
      expect(answer).toMatchObject({ broken: null, complete: true })
      expect(answer.states).toBeGreaterThan(10_000)
    },
  )

  test.each(Object.entries(MUTANTS).filter(([name]) => NIGHTLY || MUTANTS_BY_DAY.includes(name)))(
    'without its guard %s the controller does harm, and Spin finds it',
    async (mutant, question) => {
      const { broken } = await search({ ...question, mutant })
      if (NIGHTLY) console.log(`${mutant}: ${broken}`)
      expect(broken).not.toBeNull()
    },
  )

  test.each(STREETS.map((street) => [street.name, street] as const))(
    'at the %s the machine shows in every step what the model shows',
    async (_, street) => {
      for (let seed = 1; seed <= TRACES; seed++) {
        const steps = readTrace(await trace(street, { seed, steps: TRACE_STEPS }))
        expect(steps).toHaveLength(TRACE_STEPS)
        expect({ seed, divergence: firstDivergence(street, steps) }).toEqual({ seed, divergence: null })
      }
    },
  )
})

test('every guard of the model has its mutant', () => {
  expect(Object.keys(MUTANTS)).toEqual(guardsOfModel())
})

test('a search that was cut off by its depth is not taken for a whole one', () => {
  const output = (remark: string) =>
    `${remark}\nState-vector 96 byte, depth reached 9999, errors: 0\n  1668893 states, stored\n  2e+06 transitions (= stored+matched)\npan: elapsed time 1.5 seconds\n`
  expect(readAnswer(output(''))).toMatchObject({ complete: true, states: 1_668_893, depth: 9_999 })
  expect(readAnswer(output('error: max search depth too small'))).toMatchObject({ complete: false })
  expect(readAnswer(output('Warning: Search not completed'))).toMatchObject({ complete: false })
  expect(readAnswer('pan: out of memory')).toMatchObject({ complete: false })
})
