/** `npm run coverage`: every branch of the pure rooms is taken by a test of a certain street; what is drawn by chance does not count. */
import { defineConfig } from 'vitest/config'

const PURE_ROOMS = 'src/{base,signal,control,safety,contract}/**/*.ts'

export default defineConfig({
  test: {
    include: ['test/{base,signal,control,safety,contract}/**/*.test.ts'],
    setupFiles: ['test/setup/any-seed.ts'],
    exclude: ['test/signal/any-*.test.ts'],
    pool: 'threads',
    isolate: false,
    testTimeout: 60_000,
    reporters: ['dot'],
    coverage: {
      enabled: true,
      provider: 'v8',
      include: [PURE_ROOMS],
      reporter: [['text', { skipFull: true }]],
      reportsDirectory: 'var/coverage',
      reportOnFailure: true,
      thresholds: { perFile: true, branches: 100, lines: 100 },
    },
  },
})
