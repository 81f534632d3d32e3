/** The tests that must kill every mutant of the rooms with the last word: quick ones, stopped at the first that fails. */
import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: ['test/safety/**/*.test.ts', 'test/signal/conflicts.test.ts'],
    pool: 'threads',
    isolate: false,
    bail: 1,
    reporters: ['dot'],
  },
})
