/** Which events stay when there is no room for all: alarms, commands and what the edge says of itself, never raw samples. */
import { EVENT } from '#signal/events.ts'

/** Of the list of Indiana: what somebody may have to answer for later. All else is a lamp, a call or a loop of a moment. */
const KEPT = new Set<number>([
  EVENT.detectorRestored,
  EVENT.detectorFault,
  EVENT.detectorWatchdog,
  EVENT.detectorOpenLoop,
  EVENT.detectorShortedLoop,
  EVENT.detectorExcessiveChange,
  EVENT.pedDetectorFault,
  EVENT.pedDetectorRestored,
  EVENT.preemptCallOn,
  EVENT.preemptCallOff,
  EVENT.preemptEntry,
  EVENT.preemptTrack,
  EVENT.preemptDwell,
  EVENT.preemptExit,
  EVENT.pattern,
  EVENT.unitControl,
  EVENT.flashState,
  EVENT.manualControl,
  EVENT.intervalAdvance,
  EVENT.stopTime,
  EVENT.clockUpdated,
  EVENT.powerFailure,
  EVENT.powerRestored,
  EVENT.alarmOn,
  EVENT.alarmOff,
])

/** Private codes are alarms and accounts of commands, a new one too; these come several times a minute. */
const RAW_PRIVATE = new Set<number>([EVENT.redAmber, EVENT.strategyDecision])
const PRIVATE_FROM = 256

export const isWorthKeeping = (code: number): boolean =>
  code >= PRIVATE_FROM ? !RAW_PRIVATE.has(code) : KEPT.has(code)
