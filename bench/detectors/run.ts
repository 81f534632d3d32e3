/** Lets a city live under the edge, breaks loops in it, and notes what the edge says of them, and of sound ones. */
import type { DetectorId, IntersectionId } from '#base/id.ts'
import { FIELD_ALARMS } from '#contract/field-alarms.ts'
import type { DeviceProfile } from '#devices/profile/schema.ts'
import type { SiteConfig } from '#config/site.ts'
import type { ObservedEvent } from '#edge/telemetry/port.ts'
import { FAULT_EVENTS } from '#signal/detection/diagnostics.ts'
import { EVENT } from '#signal/events.ts'
import { CITY_STEP_MS } from '#sim/city.ts'
import { closeLoop, type LoopStart } from '#sim/closed-loop/close-loop.ts'
import { telemetrySink } from '#sim/closed-loop/telemetry-sink.ts'
import { cityFaults } from '#sim/faults/city-faults.ts'
import type { Injection } from './injections.ts'

export interface WatchPlan {
  readonly site: SiteConfig
  readonly profiles: ReadonlyMap<string, DeviceProfile>
  readonly seed: number
  /** When loops begin to break. */
  readonly epochMs: number
  readonly hours: number
  /** The same hours of so many days before, in which all is sound and what comes is learnt. */
  readonly learnDays: number
  readonly injections: readonly Injection[]
  /** Told at each hour of the city, learning included. */
  readonly onHour?: () => void
}

export interface FoundFault {
  readonly injection: Injection
  /** null = never. */
  readonly foundAfterMs: number | null
  /** From the mending until it was believed again; null = never found, or not ended before the run. */
  readonly clearedAfterMs: number | null
}

export interface FalseFlag {
  readonly place: IntersectionId
  readonly detectors: readonly DetectorId[]
  readonly atEpochMs: number
}

export interface WatchResult {
  readonly faults: readonly FoundFault[]
  readonly falseFlags: readonly FalseFlag[]
  readonly detectorDays: number
}

/** What a mended loop has still to tell of its own past: a counter's minute, the blocks of an exchange. */
const GRACE_MS = 3_600_000
const HOUR_MS = 3_600_000
const DAY_MS = 24 * HOUR_MS

/** One that is, or was lately, broken. */
interface Case {
  readonly injection: Injection
  readonly plantedMs: number
  foundMs: number | null
  mendedMs: number | null
  clearedMs: number | null
}

export function watchFaults(plan: WatchPlan): WatchResult {
  const { site, epochMs, hours, learnDays } = plan
  const falseFlags: FalseFlag[] = []
  let learnt: Learning | undefined
  for (let day = learnDays; day > 0; day--) {
    const sound = liveWith(plan, { injections: [], epochMs: epochMs - day * DAY_MS, learnt })
    learnt = sound.learnt
    falseFlags.push(...sound.falseFlags)
  }
  const broken = liveWith(plan, { injections: plan.injections, epochMs, learnt })
  const detectors = site.intersections.reduce((sum, { database }) => sum + database.intersection.detectors.length, 0)
  return {
    faults: broken.cases.map(foundOf),
    falseFlags: [...falseFlags, ...broken.falseFlags],
    detectorDays: (detectors * hours * HOUR_MS * (learnDays + 1)) / DAY_MS,
  }
}

type Learning = NonNullable<LoopStart['learnt']>

interface Hours {
  readonly injections: readonly Injection[]
  readonly epochMs: number
  readonly learnt: Learning | undefined
}

interface Lived {
  readonly cases: readonly Case[]
  readonly falseFlags: readonly FalseFlag[]
  readonly learnt: Learning
}

function liveWith({ site, profiles, seed, hours, onHour }: WatchPlan, { injections, epochMs, learnt }: Hours): Lived {
  const book = new FaultBook()
  let nowMs = 0
  const telemetry = telemetrySink({
    onEvents: (events) => events.forEach((event) => book.hear(event, nowMs)),
  })
  // Another day, other drivers.
  const daySeed = seed + epochMs / DAY_MS
  const loop = closeLoop({ site, profiles, seed: Math.floor(daySeed), epochMs, telemetry, ...(learnt && { learnt }) })
  const desk = cityFaults({ city: loop.city, profiles, broker: null, onReport: () => {} })
  const due = injections.toSorted((a, b) => a.atMs - b.atMs)
  let next = 0
  for (; nowMs < hours * HOUR_MS; nowMs += CITY_STEP_MS) {
    if (nowMs % HOUR_MS === 0) onHour?.()
    for (let injection = due[next]; injection && injection.atMs <= nowMs; injection = due[++next]) {
      for (const lost of book.giveUp(injection, nowMs)) desk.mend(orderOf(lost), 'script')
      const planted = desk.plant({ ...orderOf(injection), forMs: null }, 'script')
      if (!planted.ok) throw new Error(`${injection.kind} at ${injection.place}: ${planted.fault}`)
      book.planted(injection, nowMs)
    }
    for (const injection of book.takeFound(nowMs)) desk.mend(orderOf(injection), 'script')
    desk.step(CITY_STEP_MS)
    loop.step()
  }
  return { cases: book.cases, falseFlags: book.falseFlags, learnt: (id) => loop.learnt(id) }
}

const orderOf = ({ kind, place, detectors }: Injection) => ({ fault: kind, place, words: detectors.map(String) })

/** What was broken when, and what was said of it. */
class FaultBook {
  readonly cases: Case[] = []
  readonly falseFlags: FalseFlag[] = []

  planted(injection: Injection, nowMs: number): void {
    this.cases.push({ injection, plantedMs: nowMs, foundMs: null, mendedMs: null, clearedMs: null })
  }

  /** Those that are found, and are mended now. */
  takeFound(nowMs: number): readonly Injection[] {
    return this.#mend(({ foundMs }) => foundMs !== null, nowMs)
  }

  /** Those of the same lane that nobody has found until the next one comes. */
  giveUp({ place, detectors }: Injection, nowMs: number): readonly Injection[] {
    const isThere = ({ injection }: Case) =>
      injection.place === place && injection.detectors.some((each) => detectors.includes(each))
    return this.#mend(isThere, nowMs)
  }

  #mend(isDue: (each: Case) => boolean, nowMs: number): readonly Injection[] {
    const due = this.cases.filter((each) => each.mendedMs === null && isDue(each))
    for (const each of due) each.mendedMs = nowMs
    return due.map(({ injection }) => injection)
  }

  hear(event: ObservedEvent, nowMs: number): void {
    const told = toldOf(event)
    if (told === null) return
    const known = this.#caseOf(event.intersection, told, nowMs)
    if (!told.begins) {
      if (known !== undefined && known.mendedMs !== null) known.clearedMs ??= nowMs
    } else if (known === undefined)
      this.falseFlags.push({ place: event.intersection, detectors: told.detectors, atEpochMs: event.epochMs })
    else if (told.isSwap === (known.injection.kind === 'swapped-wires')) known.foundMs ??= nowMs
  }

  #caseOf(place: IntersectionId, { detectors }: Told, nowMs: number): Case | undefined {
    return this.cases.findLast(
      ({ injection, mendedMs }) =>
        injection.place === place &&
        (mendedMs === null || nowMs - mendedMs < GRACE_MS) &&
        detectors.some((each) => injection.detectors.includes(each)),
    )
  }
}

function foundOf({ injection, plantedMs, foundMs, mendedMs, clearedMs }: Case): FoundFault {
  return {
    injection,
    foundAfterMs: foundMs === null ? null : foundMs - plantedMs,
    clearedAfterMs: clearedMs === null || mendedMs === null ? null : clearedMs - mendedMs,
  }
}

interface Told {
  readonly begins: boolean
  readonly isSwap: boolean
  readonly detectors: readonly DetectorId[]
}

const SWAPPED = FIELD_ALARMS.indexOf('loopsSwapped') + 1
const FAULTS: ReadonlySet<number> = new Set(FAULT_EVENTS)

/** What an event says of detectors; null where it says nothing. */
function toldOf({ code, parameter }: ObservedEvent): Told | null {
  if (FAULTS.has(code)) return { begins: true, isSwap: false, detectors: [parameter as DetectorId] }
  if (code === EVENT.detectorRestored) return { begins: false, isSwap: false, detectors: [parameter as DetectorId] }
  if (code !== EVENT.fieldAlarmOn && code !== EVENT.fieldAlarmOff) return null
  if (Math.floor(parameter / 10_000) !== SWAPPED) return null
  const pair = [Math.floor((parameter % 10_000) / 100), parameter % 100] as DetectorId[]
  return { begins: code === EVENT.fieldAlarmOn, isSwap: true, detectors: pair }
}
