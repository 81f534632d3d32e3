/** The programs that lights run in SUMO, as SUMO itself has them: of the network, or of a file that replaces them. */
import { failed, ok, type Outcome } from '#base/outcome.ts'
import type { Light, Program, Step } from '../network/network.ts'
import { ID_LIST, VARIABLE } from '../traci/protocol.ts'
import type { SumoFault } from '../traci/sumo-fault.ts'
import type { TraciClient } from '../traci/traci-client.ts'
import type { TypedValue } from '../traci/typed-value.ts'
import { nemaSteps } from './nema-pairs.ts'

/** SUMO numbers the kinds of programs; those of rails are nobody's to run here. */
const STATIC_KIND = 0
const RAIL_KINDS: ReadonlySet<number> = new Set([1, 2])
const NEMA_KIND = 4

/**
 * What the clocks of the cabinets show when the simulation begins. Plans count from their midnight; that is far off, so
 * that none has to come into step again on the way.
 */
export const CLOCK_AT_BEGIN_S = 3 * 3_600

/** Where a program stands: by that it is known when it began its cycle. */
interface Running {
  readonly nowS: number
  readonly program: string
  readonly step: number
  readonly nextSwitchS: number
}

/** Each light with the program that it runs now, with its offset by the clocks of the cabinets. Before the first step. */
export async function ownPrograms(traci: TraciClient): Promise<Outcome<ReadonlyMap<string, Light>, SumoFault>> {
  const time = await traci.get('simulation', '', VARIABLE.simulation.timeS)
  if (!time.ok) return time
  const ids = await traci.get('light', '', ID_LIST)
  if (!ids.ok) return ids
  const lights = await Promise.all(textsOf(ids.value).map((id) => readLight(traci, id, numberOf(time.value))))
  const fault = lights.find((light) => !light.ok)
  if (fault?.ok === false) return fault
  return ok(new Map(lights.flatMap((light) => (light.ok ? [[light.value.id, light.value]] : []))))
}

async function readLight(traci: TraciClient, id: string, nowS: number): Promise<Outcome<Light, SumoFault>> {
  const { program, programs, step, nextSwitchS } = VARIABLE.light
  const answers = await Promise.all([program, programs, step, nextSwitchS].map((v) => traci.get('light', id, v)))
  const values: TypedValue[] = []
  for (const answer of answers) {
    if (!answer.ok) return failed(answer.fault)
    values.push(answer.value)
  }
  const [name, all, index, next] = values
  const running = { nowS, program: textOf(name), step: numberOf(index), nextSwitchS: numberOf(next) }
  const logic = partsOf(all).find((each) => textOf(partsOf(each)[0]) === running.program)
  return ok({ id, programs: logic === undefined ? [] : [programOf(logic, running)] })
}

function programOf(logic: TypedValue, { nowS, program, step, nextSwitchS }: Running): Program {
  const kind = numberOf(partsOf(logic)[1])
  if (kind === NEMA_KIND) return nemaProgramOf(logic, program)
  const steps = partsOf(partsOf(logic)[3]).map((value) => stepOf(value, kind === STATIC_KIND))
  const passedS = steps.slice(0, step + 1).reduce((sum, { durationS }) => sum + durationS, 0) - (nextSwitchS - nowS)
  const type = RAIL_KINDS.has(kind) ? 'rail' : 'own'
  return { id: program, type, offsetS: CLOCK_AT_BEGIN_S - passedS, steps }
}

/** Its rings are where the traffic has brought them: its cycle begins with the simulation. */
function nemaProgramOf(logic: TypedValue, id: string): Program {
  const phases = partsOf(partsOf(logic)[3]).map((value) => ({
    name: textOf(partsOf(value)[5]),
    step: stepOf(value, false),
  }))
  const parameters = partsOf(partsOf(logic)[4]).map((pair) => {
    const [key = '', value = ''] = textsOf(pair)
    return [key, value] as const
  })
  return { id, type: 'own', offsetS: CLOCK_AT_BEGIN_S, steps: nemaSteps(phases, new Map(parameters)) }
}

/**
 * Limits that equal the duration are no limits: SUMO fills in what a program leaves out. One that obeys its limits (a
 * NEMA phase lasts "99 s") is never longer than they say.
 */
function stepOf(value: TypedValue, isStatic: boolean): Step {
  const [duration, state, least, most] = partsOf(value)
  const leastS = numberOf(least)
  const mostS = numberOf(most)
  const limited = leastS < mostS
  const durationS = limited && !isStatic ? Math.min(numberOf(duration), mostS) : numberOf(duration)
  const within = limited && leastS <= durationS && durationS <= mostS
  return { durationS, leastS: within ? leastS : null, mostS: within ? mostS : null, state: textOf(state) }
}

const partsOf = (value: TypedValue | undefined): readonly TypedValue[] =>
  value?.type === 'compound' ? value.value : []

const textOf = (value: TypedValue | undefined): string => (value?.type === 'string' ? value.value : '')

const textsOf = (value: TypedValue): readonly string[] => (value.type === 'strings' ? value.value : [])

const numberOf = (value: TypedValue | undefined): number => (typeof value?.value === 'number' ? value.value : 0)
