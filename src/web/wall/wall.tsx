/** The wall: is anything wrong, where, and how long already? Every intersection at once. */
import { computed, signal } from '@preact/signals'
import { useLayoutEffect } from 'preact/hooks'
import type { IntersectionSummary } from '#contract/api.ts'
import { AskedNotice } from '../frame/asked.tsx'
import { openHelp } from '../frame/help.tsx'
import { intersections } from '../facts.ts'
import { bindPageKeys, type KeyActions } from '../keys.ts'
import { go, intersectionPath } from '../route.ts'
import { format, text } from '../text/texts.ts'
import type { Attention } from './attention.ts'
import { attention, normalCount } from './attention-now.ts'
import { AttentionList, NextPlans } from './side.tsx'
import { Tile, TILE_KEYS } from './tile.tsx'
import { neighbourOf, type Arrow } from './neighbour.ts'

/** Below this the tiles stand in one column, worst first. */
const NARROW = matchMedia('(max-width: 700px)')
const narrow = signal(NARROW.matches)
NARROW.addEventListener('change', ({ matches }) => {
  narrow.value = matches
})

/** The tile that Tab reaches; arrows move it. */
const focused = signal<string | null>(null)

const worstOf = computed(() => {
  const worst = new Map<string, Attention>()
  for (const row of attention.value)
    if (row.intersection !== null && !worst.has(row.intersection)) worst.set(row.intersection, row)
  return worst
})

export function Wall() {
  const t = text.value
  const asked = intersections.value
  const summaries = asked.kind === 'there' ? asked.value : []
  useLayoutEffect(() => bindPageKeys(wallKeys(summaries)), [summaries])
  return (
    <main id="content" class="wall">
      <h1 class="question">{t.wallQuestion}</h1>
      <CountLine all={summaries.length} />
      <div class="wall-columns">
        {asked.kind === 'there' ? (
          <Tiles summaries={summaries} />
        ) : (
          <AskedNotice asked={asked} what={t.intersectionsWord} />
        )}
        <div class="side">
          <AttentionList />
          <NextPlans />
        </div>
      </div>
    </main>
  )
}

function CountLine({ all }: { readonly all: number }) {
  const t = text.value
  const f = format.value
  const rows = attention.value.length
  return (
    <p class="count" role="status">
      <b>{t.normalCount(f.number(normalCount.value), f.number(all))}</b>
      {rows > 0 && <span> · {t.attentionCount(f.number(rows))}</span>}
    </p>
  )
}

function Tiles({ summaries }: { readonly summaries: readonly IntersectionSummary[] }) {
  if (summaries.length === 0) return <p class="notice">{text.value.noIntersections}</p>
  const shown = narrow.value ? worstFirst(summaries) : summaries
  const first = focused.value ?? shown[0]?.id
  return (
    <ul
      class="tiles"
      onKeyDown={moveFocus}
      onFocusIn={({ target }) => {
        focused.value = target instanceof HTMLElement ? (target.dataset['tile'] ?? null) : null
      }}
    >
      {shown.map((summary) => (
        <Tile
          key={summary.id}
          summary={summary}
          place={summaries.indexOf(summary)}
          worst={worstOf.value.get(summary.id)}
          focusable={summary.id === first}
        />
      ))}
    </ul>
  )
}

/** Stable: those without a mark keep the order of the site. */
function worstFirst(summaries: readonly IntersectionSummary[]): IntersectionSummary[] {
  const rank = ({ id }: IntersectionSummary) => worstOf.value.get(id)?.priority ?? Number.POSITIVE_INFINITY
  return summaries.toSorted((a, b) => (rank(a) === rank(b) ? 0 : rank(a) - rank(b)))
}

const ARROWS: Readonly<Record<string, Arrow>> = {
  ArrowLeft: 'left',
  ArrowRight: 'right',
  ArrowUp: 'up',
  ArrowDown: 'down',
}

function moveFocus(event: KeyboardEvent): void {
  const arrow = ARROWS[event.key]
  if (!arrow || !(event.currentTarget instanceof Element)) return
  const tiles = [...event.currentTarget.querySelectorAll<HTMLElement>('[data-tile]')]
  const from = tiles.findIndex((tile) => tile === document.activeElement)
  const to = neighbourOf(
    tiles.map((tile) => tile.getBoundingClientRect()),
    from,
    arrow,
  )
  if (to === null) return
  event.preventDefault()
  tiles[to]?.focus()
}

function wallKeys(summaries: readonly IntersectionSummary[]): KeyActions {
  const opens = TILE_KEYS.flatMap((key, place) => {
    const summary = summaries[place]
    return summary ? [[key, () => go(intersectionPath(summary.id))] as const] : []
  })
  return { ...Object.fromEntries(opens), '?': openHelp }
}
