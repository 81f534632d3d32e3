/** What a fault of the field is, as data: what it is called, what a technician sees of it, how it is done, and the alarm it must raise. */
import type { Outcome } from '#base/outcome.ts'
import type { Bilingual } from '#base/text.ts'
import type { FieldAlarmName } from '#contract/field-alarms.ts'
import type { PointName } from '#devices/points.ts'
import type { AlarmName } from '#signal/alarms.ts'
import type { DETECTOR_FAULT } from '#signal/detector.ts'
import type { VirtualCabinet } from '../cabinet/virtual-cabinet.ts'
import type { CabinetLines } from '../field-servers.ts'

/** The one alarm that a fault must raise, by who raises it. */
export type FaultAlarm =
  /** The edge: events 267 and 268, `fieldAlarms` of the live state. */
  | { readonly by: 'edge'; readonly alarm: FieldAlarmName }
  /** The card, the controller or the edge says it of a detector: events 84 to 88 and 83, `faults` of the live state. */
  | { readonly by: 'detector'; readonly fault: keyof typeof DETECTOR_FAULT }
  /** The cabinet: events 200 and 201, `alarms` of the live state. */
  | { readonly by: 'cabinet'; readonly alarm: AlarmName }
  /** Central: the wall says that it does not reach its broker. */
  | { readonly by: 'central'; readonly alarm: 'brokerDown' }

/** One intersection of the simulation, as far as faults reach it. */
export interface FaultPlace {
  readonly cabinet: VirtualCabinet
  /** Its devices on the wire; none where the edge stands in the same memory. */
  readonly lines: CabinetLines
  /** Whether its controller tells a point at all. */
  readonly tells: (point: PointName) => boolean
  /** What a time server would tell. */
  readonly trueEpochMs: () => number
}

/** A broker that can be taken away and given back. */
export interface BrokerSwitch {
  down(): void
  up(): void
}

/** A fault at its place, ready to be done. */
export interface AimedFault {
  /** What it is done to: a second fault of the same takes the place of the first. */
  readonly part: string
  plant(): void
  mend(): void
  /** Where it is something that goes on: before each step of the simulation, while it stands. */
  step?(elapsedMs: number): void
}

/** What there is instead, in words, when a fault cannot be aimed as it was asked for. */
export type Aim = Outcome<AimedFault, string>

/** What a row of a script may say of its target. */
export type FaultSubject = 'detector' | 'detectors' | 'channel' | 'colour' | 'device' | 'late_ms' | 'off_s'

interface KindFacts {
  readonly key: string
  readonly name: Bilingual
  /** What is seen of it in the field. */
  readonly symptom: string
  /** What stands behind `on` and `off`, such as `<detector>`. */
  readonly usage: string
  /** The same as keys of a script's row. */
  readonly takes: readonly FaultSubject[]
  readonly alarm: FaultAlarm
  /** How long the alarm may take: seconds in the demo city by day, and the rule behind them. */
  readonly within: { readonly s: number; readonly rule: string }
}

/** At one intersection. */
export interface CabinetFault extends KindFacts {
  readonly at: 'intersection'
  aim(place: FaultPlace, words: readonly string[]): Aim
}

/** At the broker between the edges and central. */
export interface BrokerFault extends KindFacts {
  readonly at: 'broker'
  aim(broker: BrokerSwitch): AimedFault
}

export type FaultKind = CabinetFault | BrokerFault

/** For answers to what was misspelt. */
export const thereAre = (all: readonly string[]): string =>
  all.length === 0 ? 'it has none' : `there are ${all.join(', ')}`
