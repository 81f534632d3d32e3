/** The tests in projects, quick ones first: pure tests share threads, what opens sockets, processes or browsers is kept apart. */
import { defineConfig } from 'vitest/config'

const WIRE =
  'test/{closed-loop,deterministic,devices,sim,sim-servers,edge,edge-wire,telemetry,central,central-store,trust}/**/*.test.{ts,tsx}'
const PROCESS = 'test/app/**/*.test.ts'
const BROWSER = 'test/web/**/*.test.{ts,tsx}'
const END_TO_END = 'test/e2e/**/*.test.ts'
const setupFiles = ['test/setup/any-seed.ts']

/** Real sockets and processes on a machine that others share: one stall is no defect, two are. The summary names who needed it. */
const SECOND_CHANCE = { retry: 1 }

export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: 'street',
          setupFiles,
          include: ['test/**/*.test.{ts,tsx}'],
          exclude: [WIRE, PROCESS, BROWSER, END_TO_END],
          pool: 'threads',
          isolate: false,
          testTimeout: 30_000,
          sequence: { groupOrder: 0 },
        },
      },
      {
        test: {
          name: 'wire',
          ...SECOND_CHANCE,
          setupFiles,
          include: [WIRE],
          // Sockets, spools and native OPC UA stacks: each file gets a process of its own.
          pool: 'forks',
          maxWorkers: 2,
          // A city that lives for an hour, on a machine that has something else to do as well.
          testTimeout: 180_000,
          hookTimeout: 60_000,
          sequence: { groupOrder: 1 },
        },
      },
      apart('process', PROCESS, 2, 120_000),
      apart('browser', BROWSER, 3, 120_000),
      apart('e2e', END_TO_END, 4, 900_000),
    ],
  },
})

/** One file at a time: these tests start whole programs and would take each other's processor. */
function apart(name: string, include: string, groupOrder: number, timeoutMs: number) {
  return {
    test: {
      name,
      ...SECOND_CHANCE,
      setupFiles,
      include: [include],
      pool: 'forks' as const,
      maxWorkers: 1,
      testTimeout: timeoutMs,
      hookTimeout: timeoutMs,
      sequence: { groupOrder },
    },
  }
}
