/** The attention list of this moment, for every page that shows it; derived twice a second. */
import { computed } from '@preact/signals'
import { unreachable } from '#base/invariant.ts'
import { intersections } from '../facts.ts'
import { edges, link, liveOf, slowNow } from '../live/city.ts'
import { edgeAlarms, gaps, plans } from '../records.ts'
import { format, isolate, text } from '../text/texts.ts'
import {
  deriveAttention,
  FirstSeen,
  isBlind,
  worstFirst,
  type Attention,
  type WatchedIntersection,
} from './attention.ts'
import { recordAttention, type Records } from './record-attention.ts'

const firstSeen = new FirstSeen()

export const watched = computed<readonly WatchedIntersection[]>(() =>
  intersections.value.kind === 'there'
    ? intersections.value.value.map(({ id }) => {
        const live = liveOf(id)
        return { id, state: live?.slow.value?.state ?? null, freshness: live?.freshness.value ?? 'lost' }
      })
    : [],
)

/** What could not be asked for is none: the pages that show it say so. */
const records = computed<Records>(() => ({
  gaps: gaps.value.kind === 'there' ? gaps.value.value : [],
  plans: plans.value.kind === 'there' ? plans.value.value : [],
  alarms: edgeAlarms.value.kind === 'there' ? edgeAlarms.value.value : [],
}))

export const attention = computed<readonly Attention[]>(() => {
  // Not knowing yet is no alarm, and nothing stands "since now" because of it.
  if (!link.value || link.value.line === 'connecting') return []
  const nowEpochMs = slowNow.value.serverEpochMs
  const live = deriveAttention({ link: link.value, edges: edges.value, intersections: watched.value })
  const recorded = isBlind(live) ? [] : recordAttention(records.value, nowEpochMs)
  const rows = [...live, ...recorded].toSorted(worstFirst)
  firstSeen.note(rows, nowEpochMs)
  return rows.filter((row) => firstSeen.isDue(row, nowEpochMs))
})

/** Intersections that are live and have no row of their own. */
export const normalCount = computed(() => {
  if (isBlind(attention.value)) return 0
  const marked = new Set(attention.value.map((row) => row.intersection))
  const offline = new Set(edges.value.filter(({ online }) => !online).flatMap((edge) => edge.intersections))
  return watched.value.filter(({ id, freshness }) => freshness === 'live' && !marked.has(id) && !offline.has(id)).length
})

/** How long it stands already; empty when nobody knows. */
export function durationOf(row: Attention): string {
  const since = firstSeen.of(row)
  if (!since) return ''
  const duration = format.value.duration(slowNow.value.serverEpochMs - since.atEpochMs)
  return since.atLeast ? text.value.atLeast(duration) : duration
}

export function wordsOf({ kind, edge, device, counted, cause }: Attention): string {
  const words = text.value.attention
  const behind = cause === null ? '' : text.value.causes[cause]
  const [first = '', second = ''] = counted.map((count) => format.value.number(count))
  switch (kind) {
    case 'edgeOffline':
    case 'edgeSilent':
    case 'eventsLost':
    case 'eventsNotKept':
    case 'planRefused':
      return words[kind](isolate(edge ?? ''), first)
    case 'clockDrift':
    case 'planNotTaken':
      return words[kind](first)
    case 'detectorsBad':
    case 'loopsSwapped':
      return words[kind](first, second)
    case 'displayedConflict':
    case 'dualIndication':
    case 'missingRed':
    case 'shortYellow':
    case 'skippedClearance':
      return words[kind](counted.map((channel) => format.value.number(channel)).join(' '))
    case 'deviceUnreachable':
    case 'deviceSilent':
    case 'deviceLate':
    case 'deviceFrozen':
    case 'wrongUnit':
    case 'wrongMap':
      return words[kind](device === 'controller' ? text.value.controllerDevice : isolate(device ?? ''))
    case 'faultFlash':
    case 'flash':
    case 'manual':
      return words[kind](behind)
    case 'centralDown':
    case 'brokerDown':
    case 'commsLost':
    case 'controllerUnread':
    case 'mainsOff':
    case 'doorOpen':
    case 'notSupervised':
    case 'lowerRung':
    case 'stuckLease':
    case 'secondSupervisor':
    case 'storeDown':
      return words[kind]
    default:
      return unreachable(kind)
  }
}
