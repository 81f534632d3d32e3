/** The faults of the field that a run without wires can plant: those of the scripts that act on cabinets, loops and cards. */
import { failed, ok, type Outcome } from '#base/outcome.ts'
import type { ConfigFault } from '#config/config-fault.ts'
import type { FaultList } from '#config/fault-rows.ts'
import type { ScenarioConfig } from '#config/scenario.ts'
import { faultOf } from '../faults/catalogue.ts'
import { cityFaults, type CityFaultParts } from '../faults/city-faults.ts'
import type { ScriptedFault } from '../faults/fault-desk.ts'
import type { FaultKind } from '../faults/fault-kind.ts'
import { WIRE_FAULTS } from '../faults/of-wires.ts'
import { readScript } from '../faults/script.ts'
import type { Window } from './window.ts'

export interface FieldScript {
  /** On the clock of the run, which begins with its warm-up. */
  readonly planted: readonly ScriptedFault[]
  /** Keys of those that need a wire or a broker, where there is none whom they could keep from anything. */
  readonly leftOut: readonly string[]
}

export interface ScriptedRun extends Pick<CityFaultParts, 'city' | 'profiles'> {
  /** Whole, as its scripts reckon. */
  readonly scenario: ScenarioConfig
  readonly window: Window
}

export function fieldScript(
  lists: readonly FaultList[],
  { scenario, window, ...cityParts }: ScriptedRun,
): Outcome<FieldScript, readonly ConfigFault[]> {
  const desk = cityFaults({ ...cityParts, broker: null, onReport: () => {} })
  const start = Temporal.Instant.fromEpochMilliseconds(scenario.startEpochMs).toZonedDateTimeISO(scenario.timeZone)
  const read = lists.map((list) => readScript(list, desk, { start, leavesOut: isOfWires }))
  const faults = read.flatMap((each) => (each.ok ? [] : each.fault))
  if (faults.length > 0) return failed(faults)
  const skippedMs = window.scenario.startEpochMs - scenario.startEpochMs
  const orders = read.flatMap((each) => (each.ok ? each.value : []))
  const keys = lists.flatMap(({ rows }) => rows.map(({ fault }) => fault))
  return ok({
    planted: orders.flatMap((order) => startedEarlier(order, skippedMs)),
    leftOut: keys.filter((key) => isOfWires(faultOf(key))),
  })
}

const isOfWires = (kind: FaultKind | undefined): boolean =>
  kind !== undefined && (kind.at === 'broker' || WIRE_FAULTS.includes(kind))

/** A fault that stands when the run begins is planted there, for what is left of it; one that is mended by then is not. */
function startedEarlier(order: ScriptedFault, skippedMs: number): ScriptedFault[] {
  const atMs = order.atMs - skippedMs
  if (atMs >= 0) return [{ ...order, atMs }]
  if (order.forMs === null) return [{ ...order, atMs: 0 }]
  const leftMs = order.forMs + atMs
  return leftMs > 0 ? [{ ...order, atMs: 0, forMs: leftMs }] : []
}
