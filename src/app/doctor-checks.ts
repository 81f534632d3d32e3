/** What the doctor makes of the values of one device: pure judgement, one check each, with a remedy where it is needed. */
import { hasBit } from '#base/bits.ts'
import { ALARMS } from '#signal/alarms.ts'
import { DETECTOR_FAULT } from '#signal/detector.ts'
import { CONTROL_STATUSES, FLASH_CAUSES, PREEMPT_STATES } from '#signal/status.ts'
import { FLASH_CAUSE_WORDS } from './flash-cause-words.ts'
import type { PointImage, PointName } from '#devices/points.ts'

export type Verdict = 'ok' | 'warning' | 'failure'

export interface Check {
  readonly name: string
  readonly verdict: Verdict
  readonly detail: string
  readonly remedy?: string
}

const STARTING = 'ask again in half a minute; if it flashes still, send a crew'

// A16 of the alarm catalogue: a controller this far off runs its day plan at the wrong moment.
const CLOCK_DRIFT_MAX_MS = 2_000

/** All that can be told from one whole reading; checks of points that the profile does not have are left out. */
export function checkImage(image: PointImage, facts: { nowEpochMs: number; approvedHash: number }): Check[] {
  return [
    checkClock(image, facts.nowEpochMs),
    checkHash(image, facts.approvedHash),
    checkStatus(image),
    checkLease(image),
    checkCabinet(image),
    checkDetectors(image),
  ].filter((check) => check !== null)
}

function checkClock(image: PointImage, nowEpochMs: number): Check | null {
  const clockEpochMs = numberAt(image, 'unit.clockEpochMs')
  if (clockEpochMs === null) return null
  const driftMs = clockEpochMs - nowEpochMs
  const detail = `${driftMs < 0 ? '−' : '+'}${(Math.abs(driftMs) / 1000).toFixed(2)} s (limit 2 s)`
  return Math.abs(driftMs) <= CLOCK_DRIFT_MAX_MS
    ? { name: 'clock', verdict: 'ok', detail }
    : { name: 'clock', verdict: 'failure', detail, remedy: 'set the clock of the controller, or mend its time source' }
}

function checkHash(image: PointImage, approved: number): Check | null {
  const running = numberAt(image, 'identity.configurationHash')
  if (running === null) return null
  if (running === approved) return { name: 'configuration', verdict: 'ok', detail: `${hex(running)} as approved` }
  return {
    name: 'configuration',
    verdict: 'failure',
    detail: `${hex(running)}, approved is ${hex(approved)}`,
    remedy: 'load the approved timing into the controller; until then it is not supervised',
  }
}

function checkStatus(image: PointImage): Check | null {
  const status = CONTROL_STATUSES[numberAt(image, 'unit.controlStatus') ?? -1]
  if (status === undefined) return null
  const flash = FLASH_CAUSES[numberAt(image, 'unit.flashCause') ?? 0]
  const cause = flash === undefined ? 'unknown' : FLASH_CAUSE_WORDS[flash]
  if (status === 'flash' && flash === 'automatic')
    return { name: 'control', verdict: 'ok', detail: 'flash by the schedule' }
  if (status === 'flash' && flash === 'startup')
    return { name: 'control', verdict: 'warning', detail: 'flash while it starts', remedy: STARTING }
  if (status === 'manual')
    return { name: 'control', verdict: 'warning', detail: status, remedy: 'look whether somebody is there' }
  if (status === 'preempt') return { name: 'control', verdict: 'ok', detail: preemptWords(image) }
  if (status !== 'flash' && status !== 'fault') return { name: 'control', verdict: 'ok', detail: status }
  const remedy = 'send a crew and tell the police; only a person at the cabinet may reset it'
  return {
    name: 'control',
    verdict: 'failure',
    detail: [`${status}, cause: ${cause}`, ...alarmNames(image)].join(', '),
    remedy,
  }
}

function preemptWords(image: PointImage): string {
  const state = PREEMPT_STATES[numberAt(image, 'preempt.state') ?? 0] ?? 'unknown'
  return `preempt ${numberAt(image, 'preempt.active') ?? ''}, ${state}`
}

const alarmNames = (image: PointImage): string[] => {
  const bits = numberAt(image, 'unit.alarmBits') ?? 0
  return Object.entries(ALARMS).flatMap(([name, number]) => (hasBit(bits, number) ? [name] : []))
}

function checkLease(image: PointImage): Check | null {
  const remainingMs = numberAt(image, 'supervision.leaseRemainingMs')
  if (remainingMs === null) return null
  const detail =
    remainingMs > 0 ? `held, ${(remainingMs / 1000).toFixed(1)} s left` : 'none: the cabinet runs its local plan'
  return { name: 'lease', verdict: 'ok', detail }
}

function checkCabinet(image: PointImage): Check | null {
  const door = numberAt(image, 'unit.doorOpen')
  const mains = numberAt(image, 'unit.mainsPower')
  if (door === null && mains === null) return null
  const odd = [door === 1 ? 'door open' : null, mains === 0 ? 'on battery' : null].filter((text) => text !== null)
  if (odd.length === 0) return { name: 'cabinet', verdict: 'ok', detail: 'door shut, mains power' }
  return { name: 'cabinet', verdict: 'warning', detail: odd.join(', '), remedy: 'look whether a crew is there' }
}

function checkDetectors(image: PointImage): Check | null {
  const faults = image.get('detector.faults')
  if (!Array.isArray(faults)) return null
  const broken = faults.flatMap((fault: number, index) => (fault === 0 ? [] : [`${index + 1} (${faultNames(fault)})`]))
  if (broken.length === 0) return { name: 'detectors', verdict: 'ok', detail: `${faults.length} channels sound` }
  return {
    name: 'detectors',
    verdict: 'warning',
    detail: `channel ${broken.join(', ')}`,
    remedy: 'check loop and lead-in',
  }
}

function faultNames(fault: number): string {
  const names = Object.entries(DETECTOR_FAULT).flatMap(([name, bits]) => ((fault & bits) === 0 ? [] : [name]))
  return names.length === 0 ? `fault ${fault}` : names.join(', ')
}

function numberAt(image: PointImage, name: PointName): number | null {
  const value = image.get(name)
  return typeof value === 'number' ? value : null
}

const hex = (hash: number) => hash.toString(16).padStart(8, '0')
