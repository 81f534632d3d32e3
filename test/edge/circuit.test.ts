/** When a device is tried again, in a timeline of attempts. */
import { expect, test } from 'vitest'
import { afterFault, answered, connected, connecting, isOpen, isRetryDue, severed, unconnected } from '#edge/circuit.ts'

test('a device that is down is tried at once, then ever more seldom, but at least every five seconds', () => {
  let circuit = unconnected(0)
  let nowMonoMs = 0
  const waitsMs: number[] = []
  for (let attempt = 0; attempt < 12; attempt++) {
    circuit = afterFault(connecting(circuit), nowMonoMs, 0)
    waitsMs.push(circuit.retryAtMonoMs - nowMonoMs)
    nowMonoMs = circuit.retryAtMonoMs
  }
  expect(waitsMs).toEqual([0, 0, 250, 500, 1_000, 2_000, 4_000, 5_000, 5_000, 5_000, 5_000, 5_000])
})

test.each([
  [0, 5_000],
  [0.5, 5_500],
  [0.999_999, 5_999],
])(
  'a device that stays down is left in peace for five seconds, and by the chance of %d for %d ms',
  (chance, waitMs) => {
    let circuit = unconnected(0)
    for (let attempt = 0; attempt < 12; attempt++) circuit = afterFault(connecting(circuit), 0, chance)
    expect(circuit.retryAtMonoMs).toBe(waitMs)
  },
)

test('what is tried again at once is not put off by chance', () => {
  expect(afterFault(unconnected(0), 7, 0.9).retryAtMonoMs).toBe(7)
})

test('the third fault in a row opens the circuit, not the second', () => {
  const second = afterFault(afterFault(unconnected(0), 10, 0), 20, 0)
  expect(isOpen(second)).toBe(false)
  expect(isOpen(afterFault(second, 30, 0))).toBe(true)
})

test('an answer between two faults begins the count anew', () => {
  const noisy = afterFault(answered(connected(afterFault(afterFault(unconnected(0), 1, 0), 2, 0))), 3, 0)
  expect(noisy.faults).toBe(1)
})

test('a port that accepts connections but answers nothing is not tried any faster', () => {
  let circuit = unconnected(0)
  for (let attempt = 0; attempt < 6; attempt++) circuit = afterFault(connected(connecting(circuit)), 0, 0)
  expect(circuit.retryAtMonoMs).toBe(2_000)
})

test('a lost write renews the connection and holds nothing against the device', () => {
  expect(severed(answered(unconnected(0)), 700)).toEqual({ state: 'disconnected', faults: 0, retryAtMonoMs: 700 })
})

test.each([
  [4_999, false],
  [5_000, true],
])('a retry that is due at 5,000 ms begins at %d ms: %s', (nowMonoMs, due) => {
  expect(isRetryDue({ state: 'disconnected', faults: 9, retryAtMonoMs: 5_000 }, nowMonoMs)).toBe(due)
})

test('nothing is retried while an attempt is under way or the connection stands', () => {
  expect(isRetryDue(connecting(unconnected(0)), 9_999)).toBe(false)
  expect(isRetryDue(connected(unconnected(0)), 9_999)).toBe(false)
})
