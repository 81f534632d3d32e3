/** The stages of a light: what its own program lets go together, in the order and for the time it does. */
import type { Program, Step } from '../network/network.ts'

export interface Stage {
  /** One letter a link, as SUMO writes them: `G` with priority, `g` yielding, `s` may turn on red, anything else is red. */
  readonly state: string
  readonly greenMs: number
  /** How short and how long an actuated program makes it; null where it is not said. */
  readonly leastMs: number | null
  readonly mostMs: number | null
  /** From its end to the next stage; 0 where the program has none. */
  readonly yellowMs: number
  readonly redMs: number
}

export const isGreen = (letter: string | undefined): boolean => letter === 'G' || letter === 'g'

export interface ProgramStages {
  /** From the start of the program to the first of them. */
  readonly leadMs: number
  readonly stages: readonly Stage[]
}

/**
 * What changes to yellow or red belongs to the stage before it; so does a step in which nobody but people on foot has
 * lost the green: it clears the crossing. A stage that comes twice in a cycle stands where it comes first, for both times.
 */
export function stagesOf({ steps }: Program, onFoot: ReadonlySet<number>): ProgramStages {
  const first = steps.findIndex(isStage)
  if (first < 0) return { leadMs: 0, stages: [] }
  const stages: Stage[] = []
  for (const step of [...steps.slice(first), ...steps.slice(0, first)]) {
    const last = stages.at(-1)
    if (last === undefined) stages.push(asStage(step))
    else if (isChange(step)) stages[stages.length - 1] = withChange(last, step)
    else if (last.yellowMs + last.redMs === 0 && continues(last, step, onFoot))
      stages[stages.length - 1] = { ...last, greenMs: last.greenMs + asMs(step.durationS) }
    else stages.push(asStage(step))
  }
  return {
    leadMs: steps.slice(0, first).reduce((sum, { durationS }) => sum + asMs(durationS), 0),
    stages: once(stages),
  }
}

const asMs = (seconds: number): number => Math.round(seconds * 1_000)

const hasYellow = (state: string): boolean => /[yYu]/.test(state)

const isStage = ({ state }: Step): boolean => !hasYellow(state) && [...state].some(isGreen)

const isChange = (step: Step): boolean => !isStage(step)

const asStage = ({ state, durationS, leastS, mostS }: Step): Stage => ({
  state,
  greenMs: asMs(durationS),
  leastMs: leastS === null ? null : asMs(leastS),
  mostMs: mostS === null ? null : asMs(mostS),
  yellowMs: 0,
  redMs: 0,
})

function withChange(stage: Stage, { state, durationS }: Step): Stage {
  const isYellow = /[yY]/.test(state) && stage.yellowMs === 0
  return isYellow ? { ...stage, yellowMs: asMs(durationS) } : { ...stage, redMs: stage.redMs + asMs(durationS) }
}

/** The same greens for vehicles, and none for people that was not there before. */
function continues(stage: Stage, { state }: Step, onFoot: ReadonlySet<number>): boolean {
  return [...state].every((letter, link) => {
    const before = stage.state[link]
    return letter === before || (onFoot.has(link) && isGreen(before))
  })
}

function once(stages: readonly Stage[]): Stage[] {
  return [...Map.groupBy(stages, ({ state }) => state).values()].flatMap((same) => {
    const [first] = same
    if (first === undefined) return []
    return [{ ...first, greenMs: same.reduce((sum, { greenMs }) => sum + greenMs, 0) }]
  })
}
