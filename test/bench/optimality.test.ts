/** The optimum of two streets that cross: the least that any way to serve them costs, held against all of them one by one. */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { nearOracleS } from '#bench/optimality/two-phase-case.ts'
import { LEAST_STEPS, live, optimum, type Arrivals, type Policy } from '#bench/optimality/two-phase.ts'

const arrivalsOf = (first: string, second: string): Arrivals => [
  Uint8Array.from([...first].map(Number)),
  Uint8Array.from([...second].map(Number)),
]

/** Changes at the choices that are listed, counted from the first that it is asked for. */
function byList(choices: readonly boolean[]): Policy {
  let asked = 0
  return () => choices[asked++] === true
}

/** Of every list of choices; Infinity where none has served everybody in so many steps. */
function leastOfAll(arrivals: Arrivals, steps: number, stopS: number): number {
  let least = Infinity
  const vehicles = [...arrivals[0], ...arrivals[1]].reduce((sum, come) => sum + come, 0)
  for (let list = 0; list < 2 ** steps; list++) {
    const choices = Array.from({ length: steps }, (_, n) => (list & (1 << n)) !== 0)
    const { delayS, stops, left } = live(arrivals, steps, byList(choices))
    if (left === vehicles) least = Math.min(least, delayS + stopS * stops)
  }
  return least
}

describe('two streets in steps of two seconds', () => {
  test('a car on the green street drives through, and costs nothing', () => {
    expect(optimum(arrivalsOf('1010', '0000'), { steps: 12, cap: 4 }, { stopS: 6 })).toBe(0)
  })

  test('a car on the red street waits for yellow, red and start-up, and for nothing else', () => {
    // It comes in step 0; the change takes steps 0 and 1, the start-up step 2, and it leaves in step 3.
    expect(optimum(arrivalsOf('0', '1'), { steps: 12, cap: 4 }, { stopS: 0 })).toBe(6)
    expect(optimum(arrivalsOf('0', '1'), { steps: 12, cap: 4 }, { stopS: 5 })).toBe(11)
  })

  test('whoever knows that it comes changes before it is there', () => {
    expect(optimum(arrivalsOf('0000', '0001'), { steps: 12, cap: 4 }, { stopS: 6 })).toBe(0)
  })

  test.each([
    ['the cap is the queue that must form', 3, 1, Infinity],
    ['and one less would not hold it', 3, 2, Infinity],
  ])('%s', (_, come, cap, cost) => {
    expect(optimum([Uint8Array.of(0), Uint8Array.of(come)], { steps: 30, cap }, { stopS: 0 })).toBe(cost)
    expect(optimum([Uint8Array.of(0), Uint8Array.of(come)], { steps: 30, cap: come }, { stopS: 0 })).toBeLessThan(cost)
  })

  test('no list of choices is cheaper than the optimum, and one costs just as much', () => {
    const street = fc.array(fc.nat({ max: 2 }), { minLength: 4, maxLength: 4 })
    fc.assert(
      fc.property(street, street, fc.constantFrom(0, 6), (first, second, stopS) => {
        const arrivals: Arrivals = [Uint8Array.from(first), Uint8Array.from(second)]
        const steps = 13
        expect(optimum(arrivals, { steps, cap: 16 }, { stopS })).toBe(leastOfAll(arrivals, steps, stopS))
      }),
      { numRuns: 12 },
    )
  })

  test('the near-oracle is never better than the optimum, and hardly worse', () => {
    const street = fc.array(fc.constantFrom(0, 0, 0, 1, 1, 2), { minLength: 40, maxLength: 40 })
    fc.assert(
      fc.property(street, street, (first, second) => {
        const arrivals: Arrivals = [Uint8Array.from(first), Uint8Array.from(second)]
        const least = optimum(arrivals, { steps: 80, cap: 60 }, { stopS: 0 })
        const near = nearOracleS(arrivals, 60)
        expect(near).toBeGreaterThanOrEqual(least)
        expect(near).toBeLessThanOrEqual(1.05 * least + 20)
      }),
      { numRuns: 20 },
    )
  })

  test('a green is held for its least time before anybody is asked', () => {
    const asked: number[] = []
    live(arrivalsOf('11111111', '11111111'), 20, ({ step, age }) => {
      expect(age).toBe(LEAST_STEPS)
      asked.push(step)
      return true
    })
    // Change at step 0: two steps lost, three of least green.
    expect(asked.slice(0, 3)).toEqual([0, 5, 10])
  })
})
