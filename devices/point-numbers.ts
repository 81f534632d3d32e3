/** The points that are read in every cycle, by number: looked up here once, and nowhere again. */
import { numberOf } from './points.ts'

export const CONFIGURATION_HASH = numberOf('identity.configurationHash')

export const UNIT = {
  controlStatus: numberOf('unit.controlStatus'),
  flashCause: numberOf('unit.flashCause'),
  clockEpochMs: numberOf('unit.clockEpochMs'),
  uptimeMs: numberOf('unit.uptimeMs'),
  alarmBits: numberOf('unit.alarmBits'),
  mainsPower: numberOf('unit.mainsPower'),
  doorOpen: numberOf('unit.doorOpen'),
} as const

export const PHASE = {
  reds: numberOf('phase.reds'),
  yellows: numberOf('phase.yellows'),
  greens: numberOf('phase.greens'),
  redAmbers: numberOf('phase.redAmbers'),
  walks: numberOf('phase.walks'),
  pedClears: numberOf('phase.pedClears'),
  dontWalks: numberOf('phase.dontWalks'),
  vehicleCalls: numberOf('phase.vehicleCalls'),
  pedestrianCalls: numberOf('phase.pedestrianCalls'),
  ons: numberOf('phase.ons'),
  nexts: numberOf('phase.nexts'),
} as const

export const OVERLAP = {
  reds: numberOf('overlap.reds'),
  yellows: numberOf('overlap.yellows'),
  greens: numberOf('overlap.greens'),
} as const

export const CHANNEL = {
  reds: numberOf('channel.reds'),
  yellows: numberOf('channel.yellows'),
  greens: numberOf('channel.greens'),
} as const

export const RINGS = ([1, 2, 3, 4] as const).map((ring) => ({
  phase: numberOf(`ring.${ring}.phase`),
  interval: numberOf(`ring.${ring}.interval`),
  elapsedMs: numberOf(`ring.${ring}.elapsedMs`),
  termination: numberOf(`ring.${ring}.termination`),
}))

export const COORDINATION = {
  pattern: numberOf('coordination.pattern'),
  cycleMs: numberOf('coordination.cycleMs'),
  localCycleMs: numberOf('coordination.localCycleMs'),
  offsetMs: numberOf('coordination.offsetMs'),
  transition: numberOf('coordination.transition'),
} as const

export const PREEMPT = {
  active: numberOf('preempt.active'),
  state: numberOf('preempt.state'),
  calls: numberOf('preempt.calls'),
  priorityCalls: numberOf('priority.calls'),
  priorityActive: numberOf('priority.active'),
} as const

export const SUPERVISION = {
  epoch: numberOf('supervision.epoch'),
  sequence: numberOf('supervision.sequence'),
  leaseRemainingMs: numberOf('supervision.leaseRemainingMs'),
  refusedCode: numberOf('supervision.refusedCode'),
  localCycles: numberOf('supervision.localCycles'),
} as const

export const DETECTOR = {
  occupied: numberOf('detector.occupied'),
  actuationCounts: numberOf('detector.actuationCounts'),
  faults: numberOf('detector.faults'),
  zoneVehicles: numberOf('detector.zoneVehicles'),
  zoneCells: numberOf('detector.zoneCells'),
} as const

export const BUTTONS = numberOf('pedestrian.occupied')

export const LOG_HEAD = numberOf('eventLog.head')
