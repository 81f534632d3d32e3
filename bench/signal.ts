/** How fast one controller runs: eight phases, 24 detectors, stepped at 10 Hz of simulated time, free and in a plan. */
import { patternId } from '#base/id.ts'
import { nextUniform, randomStream } from '#base/random.ts'
import { NO_PHASE_CONTROL } from '#signal/command.ts'
import { createController, QUIET_UNIT } from '#signal/controller.ts'
import { stepController } from '#signal/phase-machine.ts'
import { database, EIGHT_PHASES, junction, plan } from '#test/support/junctions.ts'

const STEPS = 2_000_000
const TICK_MS = 100
const DETECTORS = 24
/** The floor that the project sets itself, on one core. */
const STEPS_PER_SECOND_MIN = 500_000

const crossing = junction({
  ...EIGHT_PHASES,
  detectors: Object.fromEntries(Array.from({ length: DETECTORS }, (_, i) => [i + 1, (i % 8) + 1])),
})
const midday = plan(1, {
  cycleS: 100,
  offsetS: 20,
  coordinated: [2, 6],
  splitsS: { 1: 15, 2: 40, 3: 15, 4: 30, 5: 15, 6: 40, 7: 15, 8: 30 },
})

/** The loops that change in each step, as they do in traffic; drawn before, so that only the controller is measured. */
function drawTraffic(): number[][] {
  const random = randomStream(1, 'bench')
  const loops = Array.from({ length: DETECTORS }, (_, index) => index + 1)
  return Array.from({ length: 10_000 }, () => loops.filter(() => nextUniform(random) < 0.03))
}

function measure(title: string, pattern: number): number {
  const controller = createController(database(crossing, [midday]))
  const traffic = drawTraffic()
  const inputs = {
    ...QUIET_UNIT,
    epochMs: Date.UTC(2026, 0, 5),
    occupied: new Uint8Array(65),
    pedestrianButtons: 0,
    control: NO_PHASE_CONTROL,
    pattern: patternId(pattern),
  }
  let events = 0
  const emit = () => {
    events++
  }
  const run = (steps: number) => {
    for (let step = 0; step < steps; step++) {
      inputs.epochMs += TICK_MS
      for (const loop of traffic[step % traffic.length] ?? []) inputs.occupied[loop] = 1 - (inputs.occupied[loop] ?? 0)
      stepController(controller, inputs, TICK_MS, emit)
    }
  }
  run(STEPS / 10)
  const heapBefore = process.memoryUsage().heapUsed
  // Processor time, not wall time: the machine may be shared.
  const before = process.cpuUsage()
  run(STEPS)
  const { user, system } = process.cpuUsage(before)
  const nsPerStep = ((user + system) * 1000) / STEPS
  const heapGrowth = (process.memoryUsage().heapUsed - heapBefore) / 1024
  const stepsPerSecond = 1e9 / nsPerStep
  console.log(
    `${title.padEnd(12)}${nsPerStep.toFixed(0).padStart(8)} ns/step${stepsPerSecond.toFixed(0).padStart(12)} steps/s` +
      `${heapGrowth.toFixed(0).padStart(8)} KiB heap${events.toString().padStart(10)} events`,
  )
  return stepsPerSecond
}

const slowest = Math.min(measure('free', 254), measure('plan', 1))
if (slowest < STEPS_PER_SECOND_MIN) {
  console.log(`below the floor of ${STEPS_PER_SECOND_MIN} steps/s`)
  process.exitCode = 1
}
