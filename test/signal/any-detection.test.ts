/** Any street, with loops that come, go, chatter and break: the log of its detectors, and whom they call. */
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { nextUniform, nextWord, randomStream } from '#base/random.ts'
import { NO_PHASE_CONTROL } from '#signal/command.ts'
import { createController, QUIET_UNIT } from '#signal/controller.ts'
import { statusOf, stepController } from '#signal/phase-machine.ts'
import { DetectorWatch } from '#test/support/detector-watch.ts'
import { anyDatabase, patternsOf } from '#test/support/random-junctions.ts'

const STREETS = process.env['NIGHTLY'] === undefined ? 60 : 2_400
const STEPS = 3_000
const TICK_MS = 100

test('an actuation in the log has a vehicle, its delay and its extension, and calls whom it should', () => {
  fc.assert(
    fc.property(anyDatabase, fc.integer(), (database, seed) => {
      const random = randomStream(seed, 'detectors')
      const chance = (share: number) => nextUniform(random) < share
      const controller = createController(database)
      const watch = new DetectorWatch(database.intersection)
      const patterns = patternsOf(database)
      const inputs = {
        ...QUIET_UNIT,
        occupied: new Uint8Array(65),
        detectorFaults: new Uint8Array(65),
        pedestrianButtons: 0,
        control: NO_PHASE_CONTROL,
        pattern: patterns[nextWord(random) % patterns.length]!,
        epochMs: Date.UTC(2026, 0, 5),
      }
      for (let step = 0; step < STEPS; step++) {
        inputs.epochMs += TICK_MS
        for (const { id } of database.intersection.detectors) {
          if (chance(0.03)) inputs.occupied[id] = chance(0.4) ? 1 : 0
          if (chance(0.001)) inputs.detectorFaults[id] = chance(0.5) ? 0 : 1 << (nextWord(random) % 5)
        }
        const was = statusOf(controller)
        watch.prepare(inputs.occupied, TICK_MS)
        stepController(controller, inputs, TICK_MS, (code, parameter) => watch.record(code, parameter))
        watch.see(statusOf(controller), was)
        if (watch.faults.length > 0) expect.fail(`step ${step}: ${watch.faults.join('; ')}`)
      }
    }),
    { numRuns: STREETS, endOnFailure: true },
  )
}, 600_000)
