/** A dual-ring program of SUMO as one cycle: phases of the two rings that run side by side are one step. */
import { at } from '#base/at.ts'
import type { Step } from '../network/network.ts'

export interface NemaPhase {
  readonly name: string
  readonly step: Step
}

/** SUMO's actuated program gives limits and no plan: a maximum is 1.5 times what a plan would give (Signal Timing Manual, ch. 6). */
const MAXIMUM_TIMES_PLAN = 1.5

/** SUMO keeps the yellow and the red of its NEMA phases to itself; netconvert writes these. */
const CHANGE_S = { yellow: 3, red: 2 } as const

/** `parameters`: `ring1` and `ring2` by names of phases; each `barrier…Phases` names the last phases before a barrier. */
export function nemaSteps(phases: readonly NemaPhase[], parameters: ReadonlyMap<string, string>): Step[] {
  const named = new Map(phases.map(({ name, step }) => [name, step]))
  const wordsOf = (text: string) => text.split(',').map((word) => word.trim())
  const barriers = [...parameters].flatMap(([key, text]) => (/^barrier.*Phases$/.test(key) ? wordsOf(text) : []))
  const [one = [], two = []] = ['ring1', 'ring2'].map((ring) => {
    const groups: Step[][] = [[]]
    for (const name of wordsOf(parameters.get(ring) ?? '')) {
      const step = named.get(name)
      if (step !== undefined) groups.at(-1)?.push(step)
      if (barriers.includes(name)) groups.push([])
    }
    return groups
  })
  const pairs = Array.from({ length: Math.max(one.length, two.length) }, (_, group) =>
    sideBySide(one[group] ?? [], two[group] ?? []),
  ).flat()
  // Without rings that name its phases, one runs after the other.
  const together = pairs.length > 0 ? pairs : phases.map(({ step }) => [step])
  return together.map(joined).flatMap(withChange)
}

/** In the order of the rings; the shorter of two rests in its last phase until the barrier. */
function sideBySide(one: readonly Step[], two: readonly Step[]): Step[][] {
  return Array.from({ length: Math.max(one.length, two.length) }, (_, index) =>
    [one, two].flatMap((ring) => (ring.length === 0 ? [] : [at(ring, Math.min(index, ring.length - 1))])),
  )
}

function joined(steps: readonly Step[]): Step {
  const letters = [...(steps[0]?.state ?? '')].map((_, link) => {
    const shown = steps.map(({ state }) => state[link])
    return shown.includes('G') ? 'G' : shown.includes('g') ? 'g' : 'r'
  })
  const longest = (limit: (step: Step) => number | null) => Math.max(...steps.map((step) => limit(step) ?? 0)) || null
  const mostS = longest((step) => step.mostS)
  const leastS = longest((step) => step.leastS)
  const durationS = mostS === null ? (longest((step) => step.durationS) ?? 0) : mostS / MAXIMUM_TIMES_PLAN
  return { durationS: Math.round(Math.max(leastS ?? 0, durationS)), leastS, mostS, state: letters.join('') }
}

function withChange(step: Step): Step[] {
  const fixedStep = (durationS: number, state: string): Step => ({ durationS, leastS: null, mostS: null, state })
  const { yellow, red } = CHANGE_S
  return [
    step,
    fixedStep(yellow, step.state.replaceAll(/[Gg]/g, 'y')),
    fixedStep(red, step.state.replaceAll(/[^r]/g, 'r')),
  ]
}
