/** Max-pressure: every second the stage that presses most is held or asked for, on queues estimated from ordinary loops. */
import { at } from '#base/at.ts'
import type { Bits } from '#base/bits.ts'
import { oncePer } from '#base/once-per.ts'
import { hashText } from '#base/random.ts'
import { NO_PHASE_CONTROL, NO_REQUESTS, type PhaseControl } from '#signal/command.ts'
import type { Intersection } from '#signal/intersection.ts'
import { legalStages } from '#signal/legal-stages.ts'
import type { Outlook } from '#signal/outlook.ts'
import type { SignalStatus } from '#signal/status.ts'
import { PATTERN_FREE } from '#signal/timing-plan.ts'
import type { IntersectionView } from '#signal/view.ts'
import { explainChoice } from '../explain.ts'
import { forwardCalls, NO_CALLS_YET, type CallMemory, type ForwardedCalls } from '../forwarded-calls.ts'
import { omittedBy } from '../green-limits.ts'
import { NO_GAPS_YET } from '../lane-gaps.ts'
import { beginQueues, learntOfQueues, recount } from '../queues/learnt-queues.ts'
import { heardOf } from '../neighbours/heard.ts'
import { NO_NEIGHBOURS_YET, stepNeighbours, tellNeighbours, type NeighbourMemory } from '../neighbours/neighbours.ts'
import type { PlannedDepartures } from '../neighbours/outlook-of.ts'
import { streetsSeen } from '../neighbours/streets-seen.ts'
import { NO_QUEUES_YET, stepQueues, type QueuesMemory } from '../queues/lane-queues.ts'
import { askedPattern, scheduledNow, type Scheduled } from '../scheduled.ts'
import { leastGreenMs, limitsNow } from '../stage-limits.ts'
import { commandStage, maySteer, servedAnyway } from '../stage-command.ts'
import type { Reason, Strategy } from '../strategy.ts'
import { chooseStage, type Choice, type Circumstances, type PressureOptions } from './choose-stage.ts'
import { demandOf, noteCalls, type Demand } from './demand.ts'
import { noteVainGreens, type VainGreens } from './inert-lanes.ts'
import { clearingFirst } from './turners.ts'
import { noteStarts, type GreenStarts } from './turn-bounds.ts'
import { countTurn } from './vain-turns.ts'

export interface PressureMemory extends Pick<Demand, 'vehiclesSince' | 'walksSince'> {
  readonly calls: CallMemory
  readonly queues: QueuesMemory
  readonly neighbours: NeighbourMemory
  /** The plan of the day says which phases are left out, and leaves its flash to the cabinet. */
  readonly scheduled: Scheduled | null
  /** Wanted; null while somebody else has the street. */
  readonly stage: Bits | null
  readonly decidedAtMonoMs: number
  /** For the engineer's bounds on cycles. */
  readonly starts: GreenStarts
  /** By how many turns of which nobody had any good outnumber the others. */
  readonly vainTurns: number
  readonly vainGreens: VainGreens
  readonly why: Reason
  /** By the plan that was begun last; null where nobody plans. */
  readonly planned: PlannedDepartures | null
}

const DECIDE_EVERY_MS = 1_000

/** For every street alike; what differs from street to street is learnt. */
export const PRESSURE_OPTIONS: PressureOptions = {
  order: 'free',
  waitMostMs: 120_000,
  walkWaitMostMs: 90_000,
  hysteresis: 0.1,
  reliefMost: 3,
}

/** Needs no clock; where no detector is trusted it serves by history, and everybody within the bound. */
export const maxPressure: Strategy<PressureMemory> = maxPressureWith(PRESSURE_OPTIONS)

export function maxPressureWith(options: PressureOptions): Strategy<PressureMemory> {
  return choosingStages('maxPressure', options, (of, stage) => clearingFirst(of, stage, chooseStage(of, stage)))
}

/** Any strategy that holds one stage or asks for another: `choose` says which, while the first is green and all its minimums are served. */
export function choosingStages(
  rung: 'adaptive' | 'maxPressure',
  options: PressureOptions,
  choose: (of: Circumstances, stage: Bits) => Choice,
): Strategy<PressureMemory> {
  return {
    rung,
    initial: (learnt) => (learnt === undefined ? NOTHING_YET : { ...NOTHING_YET, queues: beginQueues(learnt) }),
    learnt: ({ queues }) => learntOfQueues(queues),
    decide(view, memory) {
      const calls = forwardCalls(view, memory.calls)
      const scheduled = scheduledNow(view, memory.scheduled)
      const neighbours = stepNeighbours(view, memory.neighbours)
      const kept = { calls: calls.memory, scheduled, neighbours }
      const circumstances = { view, gaps: NO_GAPS_YET, forceOff: 0, recalls: calls.recalls, scheduled }
      const free = { ...NO_PHASE_CONTROL, ...NO_REQUESTS, pattern: askedPattern(scheduled, PATTERN_FREE) }
      if (view.signal.quality !== 'good') {
        const { vehicleCall, pedestrianCall } = calls
        const command = { ...free, vehicleCall, pedestrianCall }
        return {
          command,
          memory: { ...NOTHING_YET, ...kept, queues: recount(memory.queues) },
          why: explainChoice(circumstances, memory.why),
        }
      }
      const steered = steer(view, view.signal.value, { calls, scheduled, memory, neighbours, options, choose })
      return {
        command: { ...free, ...steered.control },
        memory: { ...steered.memory, ...kept },
        why: explainChoice(circumstances, steered.memory.why),
        outlook: neighbours === memory.neighbours ? null : outlookOn(view, neighbours, steered.memory),
      }
    },
  }
}

/** Where nothing is planned the neighbours take it that vehicles leave as they lately did. */
const outlookOn = (view: IntersectionView, neighbours: NeighbourMemory, { queues, planned }: Steered): Outlook =>
  tellNeighbours(view, neighbours, { streets: streetsSeen(view, queues), planned })

const NOTHING_YET: PressureMemory = {
  calls: NO_CALLS_YET,
  queues: NO_QUEUES_YET,
  neighbours: NO_NEIGHBOURS_YET,
  scheduled: null,
  vehiclesSince: {},
  walksSince: {},
  starts: {},
  vainTurns: 0,
  vainGreens: {},
  stage: null,
  decidedAtMonoMs: -DECIDE_EVERY_MS,
  why: { code: 'RESTING', numbers: {} },
  planned: null,
}

interface Steering {
  readonly calls: ForwardedCalls
  readonly scheduled: Scheduled
  readonly memory: PressureMemory
  /** By now. */
  readonly neighbours: NeighbourMemory
  readonly options: PressureOptions
  readonly choose: (of: Circumstances, stage: Bits) => Choice
}

type Steered = Omit<PressureMemory, 'calls' | 'scheduled' | 'neighbours'>

function steer(
  view: IntersectionView,
  signal: SignalStatus,
  steering: Steering,
): { readonly control: PhaseControl; readonly memory: Steered } {
  const { calls, scheduled, memory } = steering
  const queues = stepQueues(view, signal.greens, memory.queues)
  const since = noteCalls(view, signal, calls, memory)
  const limits = limitsNow(view, scheduled.pattern)
  const starts = noteStarts(view, signal, memory.starts)
  const vainGreens = noteVainGreens(view, signal.greens, { queues, before: memory.vainGreens })
  const noted = { queues, ...since, starts, vainGreens }
  const omitted = omittedBy(view.plans.find(({ pattern }) => pattern === scheduled.pattern) ?? null)
  const stages = legalStages(view.intersection, omitted)
  const begun = maySteer(signal) && stages.length > 0 ? (memory.stage ?? stageShown(signal, stages)) : null
  const { vehicleCall, pedestrianCall } = calls
  if (begun === null) {
    const control = { ...NO_PHASE_CONTROL, vehicleCall, pedestrianCall }
    const { vainTurns, why } = memory
    return {
      control,
      memory: { ...noted, vainTurns, stage: null, decidedAtMonoMs: view.nowMonoMs, why, planned: null },
    }
  }
  // Once a second; but a green whose minimum ends meanwhile is not kept waiting for the next.
  const isTime =
    secondOf(view, view.nowMonoMs) !== secondOf(view, memory.decidedAtMonoMs) &&
    isServed({ view, limits }, signal, begun)
  const { vainTurns, ...choice } = isTime
    ? chooseNext(steering, begun, {
        ...{ view, signal, omitted, limits, starts },
        servedAnyway: servedAnyway(view, signal, calls),
        demand: demandOf(view, queues, {
          ...{ ...since, ...limits, vainGreens },
          heard: heardOf(view, steering.neighbours, { queues, reliefMost: steering.options.reliefMost }),
        }),
      })
    : { stage: begun, why: memory.why, vainTurns: memory.vainTurns, planned: memory.planned }
  const decidedAtMonoMs = isTime ? view.nowMonoMs : memory.decidedAtMonoMs
  return {
    control: commandStage(view, signal, { stage: choice.stage, omitted, calls: { vehicleCall, pedestrianCall } }),
    memory: { ...noted, vainTurns, decidedAtMonoMs, ...choice },
  }
}

/** What a choice is made on, but for what is remembered and set. */
type Seen = Omit<Circumstances, 'maximum' | 'options' | 'vainTurns'>

function chooseNext(
  { scheduled, memory, options, neighbours, choose }: Steering,
  stage: Bits,
  seen: Seen,
): Pick<PressureMemory, 'why' | 'planned' | 'vainTurns'> & Pick<Choice, 'stage'> {
  const of: Circumstances = { ...seen, options, maximum: scheduled.maximum, vainTurns: memory.vainTurns }
  const choice = choose(of, stage)
  const vainTurns =
    choice.stage === stage ? of.vainTurns : countTurn(of, { stage, next: choice.stage }, neighbours.departures)
  return { planned: null, ...choice, vainTurns }
}

/** Each intersection has its second begin in a tenth of its own: all of an edge at once would keep the scan cycle waiting. */
const secondOf = ({ intersection }: IntersectionView, monoMs: number): number =>
  Math.floor((monoMs + turnMs(intersection)) / DECIDE_EVERY_MS)

const turnMs = oncePer(({ id }: Intersection): number => (hashText(id) % TENTHS) * (DECIDE_EVERY_MS / TENTHS))
const TENTHS = 10

/** What the street shows, or is about to: the controller has committed itself, and what it began it serves. */
function stageShown({ greens, phaseNexts }: SignalStatus, stages: readonly Bits[]): Bits {
  const shown = greens === 0 ? phaseNexts : greens
  return stages.find((stage) => (shown & ~stage) === 0) ?? at(stages, 0)
}

/**
 * The stage is green, but for what one ring is on its way to while another goes on, and one of its greens has had its
 * minimum, the controller's and the engineer's.
 */
function isServed(
  { view, limits }: Pick<Circumstances, 'view' | 'limits'>,
  { greens, phaseNexts, rings }: SignalStatus,
  stage: Bits,
): boolean {
  if ((stage & ~(greens | phaseNexts)) !== 0) return false
  return rings.some(({ phase, interval, elapsedMs }) =>
    view.intersection.phases.some(
      (each) => each.id === phase && interval === 'green' && elapsedMs >= leastGreenMs(limits, each),
    ),
  )
}
