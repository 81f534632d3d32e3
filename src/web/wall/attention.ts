/** What needs a person's attention, worst first: derived from what is live, one cause instead of many symptoms. */
import type { Freshness } from '#contract/freshness.ts'
import type { FieldAlarm, FieldAlarmName } from '#contract/field-alarms.ts'
import type { LiveState } from '#contract/messages.ts'
import { causeOf, type ModeCause } from '../live/mode-cause.ts'
import type { EdgePresence, Link } from '../live/merged-city.ts'

/** 1 critical, 2 high, 3 low. */
export type Priority = 1 | 2 | 3

/** A clock that is off has its row from what is read of it. */
export type FieldKind = Exclude<FieldAlarm['alarm'], 'clockDrift'>

export type AttentionKind =
  | FieldKind
  | 'faultFlash'
  | 'centralDown'
  | 'brokerDown'
  | 'edgeOffline'
  | 'edgeSilent'
  | 'commsLost'
  | 'controllerUnread'
  | 'flash'
  | 'mainsOff'
  | 'doorOpen'
  | 'clockDrift'
  | 'notSupervised'
  | 'lowerRung'
  | 'manual'
  | 'detectorsBad'
  | 'storeDown'
  | 'eventsNotKept'
  | 'eventsLost'
  | 'planRefused'
  | 'planNotTaken'

export interface Attention {
  readonly kind: AttentionKind
  readonly priority: Priority
  /** null for what concerns an edge or the whole city. */
  readonly intersection: string | null
  readonly edge: string | null
  /** Of the intersection; null for what concerns it as a whole. */
  readonly device: string | null
  /** What the text counts: cabinets, detectors, milliseconds; or the numbers of loops or channels. */
  readonly counted: readonly number[]
  /** Who or what is behind it, where that is told. */
  readonly cause: ModeCause | null
  /** When it began, where that is known of itself. */
  readonly sinceEpochMs: number | null
}

export interface WatchedIntersection {
  readonly id: string
  readonly state: LiveState | null
  readonly freshness: Freshness
}

export interface CityView {
  readonly link: Link
  readonly edges: readonly EdgePresence[]
  readonly intersections: readonly WatchedIntersection[]
}

const CLOCK_DRIFT_MS_MAX = 2_000 // Coordination by the clock loses its meaning beyond.

/** One row for each thing to attend to, by priority and then by age; none before the stream has said anything. */
export function deriveAttention({ link, edges, intersections }: CityView): Attention[] {
  if (link.line === 'connecting') return []
  if (link.line === 'down') return [ofCity('centralDown', 2)]
  const store = link.storeUp ? [] : [ofCity('storeDown', 3)]
  if (!link.brokerUp) return [ofCity('brokerDown', 2), ...store]
  const ofEdges = edges.flatMap((edge) => ofEdge(edge, intersections))
  const silenced = new Set(
    edges.filter(({ edge }) => ofEdges.some((row) => row.edge === edge)).flatMap((edge) => edge.intersections),
  )
  const rows = intersections.filter(({ id }) => !silenced.has(id)).flatMap(ofIntersection)
  return [...ofEdges, ...rows, ...store].toSorted(worstFirst)
}

export const attentionKey = ({ kind, intersection, edge, device, counted }: Attention): string =>
  [kind, intersection ?? edge ?? '', ...(device === null ? [] : [device, ...counted])].join(' ')

export function worstFirst(a: Attention, b: Attention): number {
  return a.priority - b.priority || (a.sinceEpochMs ?? 0) - (b.sinceEpochMs ?? 0)
}

function ofCity(kind: AttentionKind, priority: Priority): Attention {
  return { kind, priority, intersection: null, edge: null, device: null, counted: [], cause: null, sinceEpochMs: null }
}

/** An edge that said it is gone, or one of which nothing comes although it never said so. */
function ofEdge(
  { edge, online, sinceEpochMs, intersections }: EdgePresence,
  all: readonly WatchedIntersection[],
): Attention[] {
  const own = all.filter(({ id }) => intersections.includes(id))
  const row = {
    priority: 2,
    intersection: null,
    edge,
    device: null,
    counted: [intersections.length],
    cause: null,
  } as const
  if (!online) return [{ ...row, kind: 'edgeOffline', sinceEpochMs }]
  if (own.length < 2 || own.some(({ freshness }) => freshness !== 'lost')) return []
  const heard = own.flatMap(({ state }) => state?.sampledAtEpochMs ?? [])
  return [{ ...row, kind: 'edgeSilent', sinceEpochMs: heard.length > 0 ? Math.max(...heard) : sinceEpochMs }]
}

function ofIntersection({ id, state, freshness }: WatchedIntersection): Attention[] {
  const row = (kind: AttentionKind, priority: Priority, ...counted: number[]): Attention => ({
    kind,
    priority,
    intersection: id,
    edge: null,
    device: null,
    counted,
    cause: null,
    sinceEpochMs: null,
  })
  const ofField = fieldRows(state, row)
  // An edge that knows why it cannot read the controller says more than that nothing comes.
  const known = ofField.filter(({ device, kind }) => device === CONTROLLER && !OF_THE_STREET.has(kind))
  if (freshness === 'lost' && known.length > 0) return known
  if (freshness === 'lost' || !state) return [{ ...row('commsLost', 2), sinceEpochMs: state?.sampledAtEpochMs ?? null }]
  const rows = [
    ...ofMode(state, row).filter(({ kind }) => kind !== 'controllerUnread' || known.length === 0),
    ...ofField,
  ]
  if (state.mainsPower === false) rows.push(row('mainsOff', 2))
  if (state.doorOpen === true) rows.push(row('doorOpen', 2))
  const drift = Math.abs(state.clockDriftMs ?? 0)
  if (drift > CLOCK_DRIFT_MS_MAX) rows.push(row('clockDrift', 2, drift))
  // Where a card is silent, its detectors are a symptom too, unless it had a fault to tell of them.
  const cardLost = ofField.some(({ device, kind }) => device !== CONTROLLER && kind !== 'loopsSwapped')
  const bad = state.detectors.filter(
    ({ quality, faults }) => quality !== 'good' && (faults !== undefined || !cardLost),
  ).length
  // When the controller itself is silent, its detectors are a symptom.
  if (bad > 0 && state.signal) rows.push(row('detectorsBad', 3, bad, state.detectors.length))
  return rows
}

const CONTROLLER = 'controller'

/** What the edge has found by itself. */
function fieldRows(state: LiveState | null, row: (kind: AttentionKind, priority: Priority) => Attention): Attention[] {
  return (state?.fieldAlarms ?? []).flatMap(({ alarm, device, detectors, channels }) =>
    alarm === 'clockDrift' ? [] : [{ ...row(alarm, PRIORITIES[alarm] ?? 2), device, counted: channels ?? detectors }],
  )
}

/** Lamps that lie to people come first; loops that do, last. A wire that is wrong is as bad as none. */
const PRIORITIES: Readonly<Partial<Record<FieldAlarmName, Priority>>> = {
  displayedConflict: 1,
  dualIndication: 1,
  shortYellow: 1,
  skippedClearance: 1,
  stuckLease: 1,
  loopsSwapped: 3,
}

/** What stands of a controller that can be read, or could. */
const OF_THE_STREET: ReadonlySet<AttentionKind> = new Set([
  'displayedConflict',
  'dualIndication',
  'missingRed',
  'shortYellow',
  'skippedClearance',
  'stuckLease',
  'secondSupervisor',
])

type Row = (kind: AttentionKind, priority: Priority) => Attention

function ofMode(state: LiveState, row: Row): Attention[] {
  const cause = causeOf(state)
  if (state.mode === 'fault') return [{ ...row('faultFlash', 1), cause }]
  if (!state.signal) return [row('controllerUnread', 2)]
  // A flash by the schedule is what the city wants.
  if (state.mode === 'flash') return cause === 'automatic' ? [] : [{ ...row('flash', 2), cause }]
  if (state.mode === 'manual') return [{ ...row('manual', 3), cause }]
  if (state.mode === 'local') return [row('notSupervised', 3)]
  return state.ladder !== null && LOOKED_AFTER.has(state.ladder.code) ? [row('lowerRung', 3)] : []
}

/** Why an intersection is not controlled as well as it could be, where somebody can do something about it. */
const LOOKED_AFTER: ReadonlySet<string> = new Set([
  'STRATEGY_FAILED',
  'DECIDES_TOO_SLOWLY',
  'OUTDONE_BY_SIMPLER',
  'PHASE_NOT_SEEN',
])

/** True when nothing can be seen of the street: what stood before may stand still. */
export const isBlind = (rows: readonly Attention[]): boolean =>
  rows.some(({ kind }) => kind === 'centralDown' || kind === 'brokerDown')

/** What may come and go by itself must stand this long before it asks for attention; all else is shown at once. */
const ON_DELAY_MS: Partial<Record<AttentionKind, number>> = {
  controllerUnread: 2_000, // One late answer of a controller.
  notSupervised: 10_000, // A lease that is taken anew after one local cycle starts from here.
  lowerRung: 10_000, // A card that reconnects, as below.
  clockDrift: 10_000,
  detectorsBad: 10_000, // A card that reconnects.
}

/** Since when each row stands, as far as this page has seen it. */
export class FirstSeen {
  readonly #seen = new Map<string, { readonly atEpochMs: number; readonly atLeast: boolean }>()
  #first = true

  /** Notes what is new and forgets what has ended; `atLeast` marks what already stood when the page was opened. */
  note(rows: readonly Attention[], nowEpochMs: number): void {
    const keys = new Set(rows.map(attentionKey))
    if (!isBlind(rows)) for (const key of this.#seen.keys()) if (!keys.has(key)) this.#seen.delete(key)
    for (const key of keys)
      if (!this.#seen.has(key)) this.#seen.set(key, { atEpochMs: nowEpochMs, atLeast: this.#first })
    if (!isBlind(rows)) this.#first = false
  }

  /** False for a row that has not stood for its on-delay yet; what was there before the page was opened has. */
  isDue(row: Attention, nowEpochMs: number): boolean {
    const since = this.of(row)
    return !since || since.atLeast || nowEpochMs - since.atEpochMs >= (ON_DELAY_MS[row.kind] ?? 0)
  }

  of(row: Attention): { readonly atEpochMs: number; readonly atLeast: boolean } | null {
    if (row.sinceEpochMs !== null) return { atEpochMs: row.sinceEpochMs, atLeast: false }
    return this.#seen.get(attentionKey(row)) ?? null
  }
}
