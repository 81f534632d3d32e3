/** The command envelope's check: refuses by name what supervision may never ask of a cabinet, and passes the rest unchanged. */
import { listBits, withBit, type Bits } from '#base/bits.ts'
import { oncePer } from '#base/once-per.ts'
import {
  LEASE_MS_MAX,
  NO_PHASE_CONTROL,
  NO_REQUESTS,
  type PhaseControl,
  type PriorityRequests,
  type SupervisoryCommand,
} from '#signal/command.ts'
import type { CommandLimits } from '#signal/database.ts'
import type { Intersection } from '#signal/intersection.ts'
import type { ControlStatus, SignalStatus } from '#signal/status.ts'
import { PATTERN_FREE, PATTERN_STANDBY } from '#signal/timing-plan.ts'
import type { CheckCommand, Refusal } from './envelope.ts'

/**
 * Someone at the cabinet has the word; what we ask would be ignored at best. A preempt only passes through: whoever
 * supervises then goes on with calls and pattern, so that no lease is lost over it, but steers nothing.
 */
const NOT_OURS: ReadonlySet<ControlStatus> = new Set(['manual', 'flash', 'fault'])

const FIELDS = Object.keys(NO_PHASE_CONTROL) as (keyof PhaseControl)[]
const REQUESTS = Object.keys(NO_REQUESTS) as (keyof PriorityRequests)[]
const BIT_FIELDS = [...FIELDS, ...REQUESTS]

/**
 * Passes `command` as it is, or refuses it whole for the first rule that it breaks; never repairs it.
 * The controller keeps its own minimums too: this is the second lock, not the only one.
 * Source: field contract, "What the edge may ask".
 */
export const checkCommand: CheckCommand = (limits, view, command) => {
  if (view.signal.quality !== 'good' || view.unit.quality !== 'good') return refuse({ code: 'IMAGE_NOT_FRESH' })
  const { controlStatus } = view.unit.value
  if (NOT_OURS.has(controlStatus)) return refuse({ code: 'CABINET_NOT_AVAILABLE', controlStatus })
  const refusal =
    malformed(command) ??
    beyondTheSite(limits, command) ??
    breaksIn(limits, command) ??
    steersAgainstPreempt(controlStatus, command) ??
    cutsShort(limits, view.signal.value, command) ??
    omitsTooMuch({ limits, intersection: view.intersection, signal: view.signal.value, command })
  return refusal ? refuse(refusal) : { pass: true, command }
}

/** A lease of 0 would never run out or never begin, a long one would outlive us: both are refused. */
export function checkLease(leaseMs: number): Refusal | null {
  if (Number.isInteger(leaseMs) && leaseMs >= 1 && leaseMs <= LEASE_MS_MAX) return null
  return { code: 'LEASE_OUT_OF_BOUNDS', leaseMs, maxMs: LEASE_MS_MAX }
}

const refuse = (refusal: Refusal) => ({ pass: false, refusal }) as const

function malformed(command: SupervisoryCommand): Refusal | null {
  for (const field of BIT_FIELDS) {
    if (command[field] >>> 0 !== command[field]) return { code: 'NOT_A_BIT_FIELD', field }
  }
  return null
}

function beyondTheSite(limits: CommandLimits, command: SupervisoryCommand): Refusal | null {
  const asked = FIELDS.reduce<Bits>((bits, field) => bits | command[field], 0)
  const unknown = without(asked, limits.phases)
  if (unknown) return { code: 'PHASE_UNKNOWN', phases: unknown }
  const { pattern } = command
  const allowed = pattern === PATTERN_STANDBY || pattern === PATTERN_FREE || limits.patterns.includes(pattern)
  // 255 is flash: never by this way, whatever the site's list says.
  if (!allowed || pattern > PATTERN_FREE) return { code: 'PATTERN_NOT_ALLOWED', pattern }
  return null
}

/** Breaking in is for engines and buses at their own inputs; by this way only where the site says so, number by number. */
function breaksIn(limits: CommandLimits, command: SupervisoryCommand): Refusal | null {
  const preempts = without(command.preempts, limits.preempts)
  if (preempts) return { code: 'PREEMPT_NOT_ALLOWED', preempts }
  const priorities = without(command.priorities, limits.priorities)
  return priorities ? { code: 'PRIORITY_NOT_ALLOWED', priorities } : null
}

function steersAgainstPreempt(controlStatus: ControlStatus, command: SupervisoryCommand): Refusal | null {
  if (controlStatus !== 'preempt') return null
  const phases = (command.hold | command.forceOff | command.phaseOmit | command.pedestrianOmit) >>> 0
  return phases ? { code: 'PREEMPT_IN_SERVICE', phases } : null
}

function cutsShort(limits: CommandLimits, signal: SignalStatus, command: SupervisoryCommand): Refusal | null {
  const both = (command.hold & command.forceOff) >>> 0
  if (both) return { code: 'HOLD_AND_FORCE_OFF', phases: both }
  const walking = (command.forceOff & (signal.walks | signal.pedClears)) >>> 0
  if (walking) return { code: 'PEDESTRIAN_NOT_CLEARED', phases: walking }
  // Red-amber is the promise of a green that has shown nothing yet.
  for (const phase of listBits((command.forceOff & (signal.greens | signal.redAmbers)) >>> 0)) {
    const shownMs = greenShownMs(signal, phase)
    const minGreenMs = limits.minGreenMs[phase] ?? Infinity
    if (shownMs < minGreenMs) return { code: 'GREEN_BELOW_MINIMUM', phase, shownMs, minGreenMs }
  }
  return null
}

/** 0 when no ring reports the phase as green: a green of unknown age is a green that has just begun. */
function greenShownMs(signal: SignalStatus, phase: number): number {
  const ring = signal.rings.find((each) => each.phase === phase && each.interval === 'green')
  return ring?.elapsedMs ?? 0
}

interface OmitFacts {
  readonly limits: CommandLimits
  readonly intersection: Intersection
  readonly signal: SignalStatus
  readonly command: SupervisoryCommand
}

function omitsTooMuch({ limits, intersection, signal, command }: OmitFacts): Refusal | null {
  const omitted = (command.phaseOmit | command.pedestrianOmit) >>> 0
  const forbidden = without(omitted, limits.omittable)
  if (forbidden) return { code: 'OMIT_NOT_ALLOWED', phases: forbidden }
  const stranded = (omitted & (signal.pedestrianCalls | command.pedestrianCall)) >>> 0
  if (stranded) return { code: 'OMIT_STRANDS_PEDESTRIAN', phases: stranded }
  for (const [ring, phases] of phasesByRing(intersection)) {
    if (without(phases, command.phaseOmit) === 0) return { code: 'OMIT_EMPTIES_RING', ring }
  }
  return null
}

const phasesByRing = oncePer((intersection: Intersection): ReadonlyMap<number, Bits> => {
  const rings = new Map<number, Bits>()
  for (const phase of intersection.phases) {
    rings.set(phase.ring, withBit(rings.get(phase.ring) ?? 0, phase.id))
  }
  return rings
})

const without = (bits: Bits, removed: Bits): Bits => (bits & ~removed) >>> 0
