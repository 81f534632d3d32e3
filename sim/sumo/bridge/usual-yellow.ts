/** The yellow under which strategies are compared on public networks: 3 s everywhere, however long a network's own is. */
import type { Light, Step } from '../network/network.ts'

const USUAL_YELLOW_S = 3

/** Shorter ones stay as they are: a controller has its own least. Fixed programs are run with the yellow that they were made with. */
export const withUsualYellow = (lights: ReadonlyMap<string, Light>): ReadonlyMap<string, Light> =>
  new Map(
    [...lights].map(([id, light]) => [
      id,
      { ...light, programs: light.programs.map((program) => ({ ...program, steps: program.steps.map(shortened) })) },
    ]),
  )

const shortened = (step: Step): Step =>
  /[yY]/.test(step.state) ? { ...step, durationS: Math.min(USUAL_YELLOW_S, step.durationS) } : step
