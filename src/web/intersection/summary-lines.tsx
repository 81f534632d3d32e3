/** The lines in words: what it does, why, why not on a higher rung, and how the cabinet is. */
import { hasBit, listBits } from '#base/bits.ts'
import type { IntersectionDetail } from '#contract/api.ts'
import type { Freshness } from '#contract/freshness.ts'
import type { LiveState } from '#contract/messages.ts'
import { edges } from '../live/city.ts'
import { format, isolate, nameOf, planName, text } from '../text/texts.ts'
import { faultWords, modeWords, withName } from '../text/cabinet.ts'
import { writeWhy } from '../text/why.ts'

interface HeadLineProps {
  readonly detail: IntersectionDetail
  readonly state: LiveState | null
  readonly freshness: Freshness
  /** null: never heard. */
  readonly ageMs: number | null
}

export function HeadLine({ detail, state, freshness, ageMs }: HeadLineProps) {
  const t = text.value
  const facts = [
    state ? modeWords(state, detail) : t.dash,
    ...(state ? [state.plan === null ? t.noPlan : t.plan(planName(state.plan))] : []),
    ...(state?.signal ? cycleWords(detail, state.signal, freshness === 'live' ? (ageMs ?? 0) : 0) : []),
  ]
  return (
    <div class="head-line">
      <h1>
        <bdi dir="ltr" class="code">
          {detail.id}
        </bdi>{' '}
        {nameOf(detail.name)}
      </h1>
      <ul class="facts">
        {facts.map((fact, index) => (
          <li key={index}>{fact}</li>
        ))}
        <li>
          <Age freshness={freshness} ageMs={ageMs} />
        </li>
      </ul>
    </div>
  )
}

function Age({ freshness, ageMs }: Pick<HeadLineProps, 'freshness' | 'ageMs'>) {
  const t = text.value
  const f = format.value
  if (ageMs === null) return <b class="badge">{t.neverHeard}</b>
  if (freshness === 'lost') return <b class="badge">{t.lost(f.duration(ageMs))}</b>
  if (freshness === 'stale') return <b class="badge">{t.stale(f.seconds(ageMs))}</b>
  return <span>{ageMs < 1_000 ? t.ageLive : t.ageSeconds(f.seconds(ageMs))}</span>
}

/** Master second, local second of the cycle, and the offset beside the one of the plan. */
function cycleWords({ plans }: IntersectionDetail, signal: NonNullable<LiveState['signal']>, ageMs: number): string[] {
  const t = text.value
  const { seconds } = format.value
  const { cycleMs, offsetMs, pattern, transition } = signal
  if (cycleMs <= 0) return [t.noCycle]
  const localMs = (signal.localCycleMs + ageMs) % cycleMs
  const planned = plans.find((plan) => plan.pattern === pattern)
  const transitions: Readonly<Record<string, string>> = t.transitions
  return [
    t.masterCycle(seconds((localMs + offsetMs) % cycleMs)),
    t.localCycle(seconds(localMs), seconds(cycleMs)),
    planned ? t.offset(seconds(offsetMs), seconds(planned.offsetMs)) : t.offsetAlone(seconds(offsetMs)),
    transitions[transition] ?? isolate(transition),
  ]
}

interface WhyProps {
  readonly detail: IntersectionDetail
  readonly state: LiveState | null
}

export function WhyLines({ detail, state }: WhyProps) {
  const t = text.value
  const preempt = state?.signal ? preemptWords(state.signal.preempt, detail) : []
  const priority = state?.signal ? priorityWords(state.signal.preempt, detail) : []
  return (
    <dl class="panel why">
      <BreakIn title={t.preemptTitle} words={preempt} />
      <BreakIn title={t.priorityTitle} words={priority} />
      <div>
        <dt>{t.whyTitle}</dt>
        <dd>{state?.why ? writeWhy(state.why, t, format.value) : t.dash}</dd>
      </div>
      {state?.ladder && (
        <div>
          <dt>{t.ladderTitle}</dt>
          <dd>{writeWhy(state.ladder, t, format.value)}</dd>
        </div>
      )}
    </dl>
  )
}

function BreakIn({ title, words }: { readonly title: string; readonly words: readonly string[] }) {
  if (words.length === 0) return null
  return (
    <div>
      <dt>{title}</dt>
      <dd>{words.join(' · ')}</dd>
    </div>
  )
}

type BreakIns = NonNullable<LiveState['signal']>['preempt']

/** Who is served and how far he is, and whose inputs call. */
function preemptWords({ number, state, calls }: BreakIns, { preempts }: IntersectionDetail): string[] {
  const t = text.value
  const called = listBits(calls).map((each) => withName(each, preempts))
  return [
    ...(number === 0 ? [] : [t.preemptServed(withName(number, preempts), t.preemptStates[state])]),
    ...(called.length === 0 ? [] : [t.preemptCalls(called.join(t.comma))]),
  ]
}

function priorityWords({ priorityCalls, priorityActive }: BreakIns, { priorities }: IntersectionDetail): string[] {
  const t = text.value
  return listBits((priorityCalls | priorityActive) >>> 0).map((number) =>
    (hasBit(priorityActive, number) ? t.priorityServed : t.priorityAsks)(withName(number, priorities)),
  )
}

interface CabinetLineProps {
  readonly detail: IntersectionDetail
  readonly state: LiveState | null
}

export function CabinetLine({ detail, state }: CabinetLineProps) {
  const t = text.value
  const f = format.value
  const online = edges.value.find(({ edge }) => edge === detail.edge)?.online ?? false
  const detectors = state?.detectors ?? []
  const good = detectors.filter(({ quality }) => quality === 'good').length
  const either = (known: boolean | null | undefined, yes: string, no: string, unknown: string) =>
    known === true ? yes : known === false ? no : unknown
  const facts = [
    either(state?.doorOpen, t.doorOpenNow, t.doorShut, t.doorUnknown),
    either(state?.mainsPower, t.mainsOn, t.mainsOff, t.mainsUnknown),
    typeof state?.clockDriftMs === 'number' ? t.drift(f.number(state.clockDriftMs)) : t.driftUnknown,
    t.detectorsGood(state ? f.number(good) : t.dash, f.number(detail.geometry.detectors.length)),
    ...detectors.flatMap(({ id, faults }) =>
      faults === undefined ? [] : [t.detectorFault(f.number(id), faultWords(faults))],
    ),
    (online ? t.edgeOnline : t.edgeOffline)(isolate(detail.edge)),
  ]
  return (
    <section class="panel cabinet" aria-label={t.cabinet}>
      <h2>{t.cabinet}</h2>
      <ul class="facts">
        {facts.map((fact, index) => (
          <li key={index}>{fact}</li>
        ))}
      </ul>
    </section>
  )
}
