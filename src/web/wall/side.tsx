/** Beside the tiles: what needs attention, worst first, and which plan comes next. */
import type { PlanChange } from '#contract/api.ts'
import { intersections, site } from '../facts.ts'
import { link } from '../live/city.ts'
import { intersectionPath } from '../route.ts'
import { format, nameOf, planName, text } from '../text/texts.ts'
import { attentionKey, type Attention } from './attention.ts'
import { attention, durationOf, wordsOf } from './attention-now.ts'
import { Mark } from './mark.tsx'

export function AttentionList() {
  const t = text.value
  const rows = attention.value
  const saysNothing = link.value?.line === 'up' && rows.length === 0
  return (
    <section class="panel attention" aria-labelledby="attention-title">
      <h2 id="attention-title">{t.attentionTitle}</h2>
      {saysNothing && <p class="muted">{t.nothingWrong}</p>}
      <ul>
        {rows.map((row) => (
          <li key={attentionKey(row)} class={`row row-p${row.priority}`}>
            <Mark priority={row.priority} />
            <span class="row-words">
              <Place row={row} /> {wordsOf(row)}
            </span>
            <bdi class="digits row-since">{durationOf(row)}</bdi>
          </li>
        ))}
      </ul>
    </section>
  )
}

function Place({ row }: { readonly row: Attention }) {
  const known = intersections.value.kind === 'there' ? intersections.value.value : []
  const summary = known.find(({ id }) => id === row.intersection)
  if (!summary) return null
  return (
    <a href={intersectionPath(summary.id)}>
      {nameOf(summary.name)}{' '}
      <bdi dir="ltr" class="code">
        {summary.id}
      </bdi>
    </a>
  )
}

export function NextPlans() {
  const t = text.value
  const changes = site.value?.nextPlanChanges ?? []
  return (
    <section class="panel next" aria-labelledby="next-title">
      <h2 id="next-title">{t.nextTitle}</h2>
      {site.value && changes.length === 0 && <p class="muted">{t.noPlanChange}</p>}
      <ul>
        {changes.map((change) => (
          <li key={`${change.at} ${change.from} ${change.to}`}>
            <time dateTime={change.at} title={change.at}>
              <bdi class="digits">{format.value.minute(Date.parse(change.at))}</bdi>
            </time>{' '}
            {t.planChange(planName(change.from), planName(change.to))} <span class="muted">{whereOf(change)}</span>
          </li>
        ))}
      </ul>
    </section>
  )
}

function whereOf({ intersections: changing }: PlanChange): string {
  const all = intersections.value.kind === 'there' ? intersections.value.value.length : 0
  return changing.length === all ? text.value.everywhere : format.value.number(changing.length)
}

/** The three worst things elsewhere, for pages that are not the wall. */
export function AttentionBar() {
  const rows = attention.value.slice(0, 3)
  if (rows.length === 0) return null
  return (
    <aside class="attention-bar" aria-label={text.value.attentionTitle}>
      {rows.map((row) => (
        <span key={attentionKey(row)} class={`row row-p${row.priority}`}>
          <Mark priority={row.priority} />
          <span class="row-words">
            <Place row={row} /> {wordsOf(row)}
          </span>
          <bdi class="digits row-since">{durationOf(row)}</bdi>
        </span>
      ))}
    </aside>
  )
}
