/** What is on record of an intersection: how whole its history is, which signed plan it has, and when its loops were flagged. */
import type { ComponentChildren } from 'preact'
import { useCallback, useEffect, useState } from 'preact/hooks'
import type { IntersectionDetail, StoredEventView } from '#contract/api.ts'
import type { EdgeGapsView, GapView } from '#contract/gaps-view.ts'
import type { LiveState } from '#contract/messages.ts'
import type { PlanProgress } from '#contract/plan-bundle.ts'
import type { PlansView } from '#contract/plans-view.ts'
import { askHistory, READING, type Asked } from '../facts.ts'
import { AskedNotice } from '../frame/asked.tsx'
import { instant, slowNow } from '../live/city.ts'
import { detectorFlags, FLAG_CODES, type DetectorFlag } from '../live/detector-flags.ts'
import { gaps, plans, readRecords } from '../records.ts'
import { faultWords } from '../text/cabinet.ts'
import { refusalWords } from '../text/refusals.ts'
import { format, isolate, text } from '../text/texts.ts'

/** The newest say what happened; `sabz gaps` and `sabz events` have all. */
const ROWS_MAX = 5
const FLAGS_OVER_MS = 86_400_000
const FLAG_EVENTS_MAX = 1_000
/** An event is in the store within a second of the flag that the live state shows. */
const STORED_WITHIN_MS = 3_000

interface RecordsProps {
  readonly detail: IntersectionDetail
  readonly state: LiveState | null
}

export function Records({ detail, state }: RecordsProps) {
  const t = text.value.records
  const { id, edge } = detail
  return (
    <section class="panel records" aria-labelledby="records-title">
      <h2 id="records-title">{t.title}</h2>
      <dl>
        <Row title={t.history(isolate(edge))}>
          <OfEdge asked={gaps.value} edge={edge} what={t.historyWord} show={(own) => <History gaps={own} />} />
        </Row>
        <Row title={t.plan}>
          <OfEdge asked={plans.value} edge={edge} what={t.planWord} show={(own) => <Plan plans={own} id={id} />} />
        </Row>
        <Row title={t.detectors}>
          <Flags id={id} state={state} />
        </Row>
      </dl>
    </section>
  )
}

function Row({ title, children }: { readonly title: string; readonly children: ComponentChildren }) {
  return (
    <div>
      <dt>{title}</dt>
      <dd>{children}</dd>
    </div>
  )
}

interface OfEdgeProps<T> {
  readonly asked: Asked<readonly T[]>
  readonly edge: string
  readonly what: string
  readonly show: (own: T) => ComponentChildren
}

function OfEdge<T extends { readonly edge: string }>({ asked, edge, what, show }: OfEdgeProps<T>) {
  if (asked.kind !== 'there') return <AskedNotice asked={asked} what={what} onRetry={readRecords} />
  const own = asked.value.find((each) => each.edge === edge)
  return <>{own ? show(own) : text.value.dash}</>
}

/** Days only where it was not today. */
function moment(at: string | number | null): string {
  const t = text.value.records
  if (at === null) return t.unknownMoment
  const { date, time, minute } = format.value
  const epochMs = typeof at === 'number' ? at : Date.parse(at)
  const isToday = date(epochMs) === date(slowNow.value.serverEpochMs)
  return isolate(isToday ? time(epochMs) : `${date(epochMs)} ${minute(epochMs)}`)
}

function History({ gaps: { completeUntil, missingEvents, missing, lostEvents, lost, online, replay } }: GapsProps) {
  const t = text.value.records
  const { number } = format.value
  const coming = replay === null ? t.missingOnline : t.replayed(number(Math.round(replay.eventsPerS)))
  return (
    <>
      <p>{completeUntil === null ? t.nothingStored : t.completeUntil(moment(completeUntil))}</p>
      {missingEvents > 0 && <p>{t.missing(number(missingEvents), online ? coming : t.missingOffline)}</p>}
      <Holes holes={missing} />
      <p class={lostEvents > 0 ? 'lost-for-ever' : 'muted'}>
        {lostEvents > 0 ? t.lostForEver(number(lostEvents)) : t.nothingLost}
      </p>
      <Holes holes={lost} />
    </>
  )
}

interface GapsProps {
  readonly gaps: EdgeGapsView
}

function Holes({ holes }: { readonly holes: readonly GapView[] }) {
  const t = text.value.records
  const { number } = format.value
  const shown = holes.slice(-ROWS_MAX).toReversed()
  return (
    <ul>
      {shown.map(({ epoch, first, events, from, until }) => (
        <li key={`${epoch} ${first}`}>{t.hole(number(events), moment(from), moment(until))}</li>
      ))}
      {holes.length > shown.length && <li class="muted">{t.olderHoles(number(holes.length - shown.length))}</li>}
    </ul>
  )
}

function Plan({
  plans: { at, accepted, refused, intersections },
  id,
}: {
  readonly plans: PlansView
  readonly id: string
}) {
  const t = text.value.records
  const { number } = format.value
  const own = intersections.find((each) => each.id === id)
  if (at === null) return <p>{t.planUnheard}</p>
  return (
    <>
      <p>{own ? <Progress progress={own} /> : t.planUnheard}</p>
      <p>
        {accepted === null
          ? t.planNone
          : t.planAccepted(number(accepted.version), accepted.signedBy.map(signerOf).join(text.value.comma))}
        {accepted !== null && accepted.note !== '' && ` (${isolate(accepted.note)})`}
      </p>
      {refused !== null && (
        <p>
          {t.planRefused(moment(refused.at), number(refused.count), refusalWords(refused.code, t.refusals))}{' '}
          <bdi lang="en" dir="ltr" class="problem">
            {refused.code}: {refused.detail}
          </bdi>
        </p>
      )}
    </>
  )
}

/** A key that is no longer on the list has a number only. */
const signerOf = ({ key, holder }: NonNullable<PlansView['accepted']>['signedBy'][number]): string =>
  isolate(holder ?? key)

function Progress({ progress: { state, running, desired, why } }: { readonly progress: PlanProgress }) {
  const t = text.value.records
  const version = (of: number) => (of === 0 ? t.planCommissioned : t.planVersion(format.value.number(of)))
  return (
    <>
      {t.planRuns(running === null ? t.planUnknown : version(running))}
      {running !== desired && ` · ${version(desired)}: ${t.planStates[state]}`}
      {running !== desired && why !== '' && (
        <>
          {' '}
          <bdi lang="en" dir="ltr" class="problem">
            {why}
          </bdi>
        </>
      )}
    </>
  )
}

function Flags({ id, state }: { readonly id: string; readonly state: LiveState | null }) {
  const t = text.value.records
  const standing = (state?.detectors ?? []).flatMap((each) => (each.faults === undefined ? [] : [each]))
  const [asked, readFlags] = useFlagEvents(id, standing.map((each) => `${each.id}:${each.faults}`).join(' '))
  if (asked.kind !== 'there') return <AskedNotice asked={asked} what={t.flagsWord} onRetry={readFlags} />
  const flags = detectorFlags(asked.value, state?.detectors ?? null)
  if (flags.length === 0) return <p class="muted">{t.noFlags}</p>
  const shown = flags.slice(0, Math.max(ROWS_MAX, standing.length))
  return (
    <ul>
      {shown.map((flag) => (
        <li key={`${flag.detector} ${flag.sinceEpochMs} ${flag.clearedEpochMs}`}>
          {flagWords(flag, standing.find((each) => each.id === flag.detector)?.faults)}
        </li>
      ))}
      {flags.length > shown.length && (
        <li class="muted">{t.olderFlags(format.value.number(flags.length - shown.length))}</li>
      )}
    </ul>
  )
}

/** What stands is told as it stands now. */
function flagWords({ detector, faults, sinceEpochMs, clearedEpochMs }: DetectorFlag, now: number | undefined): string {
  const t = text.value
  const told = faults.map((name) => t.detectorFaults[name]).join(t.comma) || t.detectorFaults.other
  const what = clearedEpochMs === null && now !== undefined ? faultWords(now) : told
  const since = sinceEpochMs === null ? t.records.beforeYesterday : moment(sinceEpochMs)
  const flag = t.detectorFault(format.value.number(detector), what)
  return clearedEpochMs === null
    ? t.records.flagged(flag, since)
    : t.records.cleared(flag, since, moment(clearedEpochMs))
}

/** Asked anew when other flags stand, once their events are in the store. */
function useFlagEvents(id: string, standing: string): readonly [Asked<readonly StoredEventView[]>, () => void] {
  const [asked, setAsked] = useState<Asked<readonly StoredEventView[]>>(READING)
  const read = useCallback(() => {
    const fromEpochMs = instant().serverEpochMs - FLAGS_OVER_MS
    void askHistory({ id, fromEpochMs, codes: FLAG_CODES, limit: FLAG_EVENTS_MAX }).then(setAsked)
  }, [id])
  useEffect(read, [read])
  useEffect(() => {
    const timer = setTimeout(read, STORED_WITHIN_MS)
    return () => clearTimeout(timer)
  }, [read, standing])
  return [asked, read]
}
