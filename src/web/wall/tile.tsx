/** One intersection on the wall: what it serves and how far its cycle is, without lamp colours; alarms own the colour. */
import { computed, type ReadonlySignal } from '@preact/signals'
import { useMemo } from 'preact/hooks'
import { hasBit } from '#base/bits.ts'
import type { IntersectionSummary } from '#contract/api.ts'
import { LOST_AFTER_MS, STALE_AFTER_MS, type Freshness } from '#contract/freshness.ts'
import type { LiveSignal, LiveState } from '#contract/messages.ts'
import { ageOf, liveOf, slowNow, type LiveIntersection } from '../live/city.ts'
import type { HeldState } from '../live/merged-city.ts'
import { intersectionPath } from '../route.ts'
import { format, nameOf, planName, text } from '../text/texts.ts'
import type { Attention } from './attention.ts'
import { durationOf, wordsOf } from './attention-now.ts'
import { Mark } from './mark.tsx'

export interface TileProps {
  readonly summary: IntersectionSummary
  /** Its place on the wall, from 0: the key that opens it. */
  readonly place: number
  /** The worst thing about it, if any. */
  readonly worst: Attention | undefined
  readonly focusable: boolean
}

/** Key that opens the tile at a place; the first twelve have one. */
export const TILE_KEYS = ['1', '2', '3', '4', '5', '6', '7', '8', '9', '0', '-', '=']

export function Tile({ summary, place, worst, focusable }: TileProps) {
  const live = liveOf(summary.id)
  if (!live) return null
  const freshness = live.freshness.value
  return (
    <li class={`tile tile-${freshness} ${worst ? `tile-p${worst.priority}` : ''}`}>
      <a href={intersectionPath(summary.id)} data-tile={summary.id} tabIndex={focusable ? 0 : -1}>
        <span class="tile-head">
          <strong class="tile-name">{nameOf(summary.name)}</strong>
          <bdi dir="ltr" class="code">
            {summary.id}
          </bdi>
          {TILE_KEYS[place] && (
            <kbd aria-hidden="true" class="tile-key">
              {TILE_KEYS[place]}
            </kbd>
          )}
        </span>
        <Words live={live} freshness={freshness} worst={worst} />
        <Cycle live={live} freshness={freshness} />
        <Cells rings={summary.rings} live={live} freshness={freshness} />
      </a>
    </li>
  )
}

interface LiveProps {
  readonly live: LiveIntersection
  readonly freshness: Freshness
}

/** Mode and plan; in their place what is wrong, when something is. */
function Words({ live, freshness, worst }: LiveProps & { readonly worst: Attention | undefined }) {
  const t = text.value
  const held = live.slow.value
  if (freshness === 'lost') {
    const known = held && t.lastKnown(format.value.time(held.state.sampledAtEpochMs), t.modes[held.state.mode])
    const age = held ? t.lost(format.value.duration(saidAge(held, LOST_AFTER_MS))) : t.neverHeard
    return (
      <span class="tile-words" title={known ?? undefined}>
        <span class="badge">{age}</span>
      </span>
    )
  }
  return (
    <span class="tile-words">
      {worst ? (
        <>
          <Mark priority={worst.priority} /> <b>{wordsOf(worst)}</b> <bdi class="digits">{durationOf(worst)}</bdi>
        </>
      ) : (
        <>
          <span>{held && t.modes[held.state.mode]}</span>
          <span class="muted">{held && planWords(held.state)}</span>
        </>
      )}
      {freshness === 'stale' && held && (
        <span class="badge">{t.stale(format.value.seconds(saidAge(held, STALE_AFTER_MS)))}</span>
      )}
    </span>
  )
}

/** The slow clock of texts may lag behind the one that judges freshness: nothing is said to be younger than it is judged. */
const saidAge = (held: HeldState, atLeastMs: number): number => Math.max(atLeastMs, ageOf(held, slowNow.value))

function planWords({ plan }: LiveState): string {
  return plan === null ? text.value.noPlan : text.value.plan(planName(plan))
}

/** Where the cycle stands now: carried on from the sample, while that is live. */
function Cycle({ live, freshness }: LiveProps) {
  const t = text.value
  const held = live.slow.value
  const signal = held?.state.signal
  if (freshness === 'lost' || !held || !signal || signal.cycleMs <= 0)
    return (
      <span class="cycle">
        <span class="cycle-text">{freshness !== 'lost' && signal ? t.noCycle : t.dash}</span>
        <span class="cycle-bar cycle-none" />
      </span>
    )
  const passedMs = freshness === 'live' ? ageOf(held, slowNow.value) : 0
  const localMs = (signal.localCycleMs + passedMs) % signal.cycleMs
  const share = `${((100 * localMs) / signal.cycleMs).toFixed(1)}%`
  return (
    <span class="cycle">
      <bdi class="cycle-text digits">
        {t.secondsOfCycle(format.value.seconds(localMs), format.value.seconds(signal.cycleMs))}
      </bdi>
      <span class="cycle-bar" aria-hidden="true">
        <span style={{ inlineSize: share }} />
      </span>
    </span>
  )
}

/** Phase cells by ring: dark while served. They follow each state at once. */
function Cells({ rings, live, freshness }: LiveProps & { readonly rings: readonly (readonly number[])[] }) {
  const served = useServed(live)
  const { greens, ending, known } = served.value
  const shown = known && freshness !== 'lost'
  const f = format.value
  const listed = (bits: number) => f.list(rings.flat().filter((phase) => hasBit(bits, phase)))
  const label = shown ? text.value.cellsLabel(listed(greens), listed(ending)) : text.value.nothingKnown
  return (
    <span class="cells" role="img" aria-label={label}>
      {rings.map((ring) => (
        <span class="ring" key={ring.join()}>
          {ring.map((phase) => (
            <span key={phase} class={`cell ${shown ? cellClass(phase, greens, ending) : 'cell-unknown'}`}>
              {shown ? f.number(phase) : text.value.dash}
            </span>
          ))}
        </span>
      ))}
    </span>
  )
}

function cellClass(phase: number, greens: number, ending: number): string {
  if (hasBit(greens, phase)) return 'cell-served'
  return hasBit(ending, phase) ? 'cell-ending' : ''
}

interface Served {
  readonly greens: number
  readonly ending: number
  readonly known: boolean
}

/** Changes only when a cell does, not with each of ten states a second. */
function useServed(live: LiveIntersection): ReadonlySignal<Served> {
  return useMemo(() => {
    let last: Served = { greens: 0, ending: 0, known: false }
    return computed(() => {
      const next = servedOf(live.fast.value?.state.signal ?? null)
      if (next.greens !== last.greens || next.ending !== last.ending || next.known !== last.known) last = next
      return last
    })
  }, [live])
}

function servedOf(signal: LiveSignal | null): Served {
  if (!signal) return { greens: 0, ending: 0, known: false }
  return { greens: signal.greens, ending: signal.yellows, known: true }
}
