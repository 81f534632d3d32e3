/** One intersection on the wall: what it serves and how far its cycle is, without lamp colours; alarms own the colour. */
import { computed, type ReadonlySignal } from '@preact/signals'
import { useMemo } from 'preact/hooks'
import { hasBit } from '#base/bits.ts'
import type { IntersectionSummary } from '#contract/api.ts'
import { LOST_AFTER_MS, STALE_AFTER_MS, type Freshness } from '#contract/freshness.ts'
import type { LiveState } from '#contract/messages.ts'
import { ageOf, liveOf, slowNow, type LiveIntersection } from '../live/city.ts'
import type { HeldState } from '../live/merged-city.ts'
import { intersectionPath } from '../route.ts'
import { isFlashing } from '../live/bands.ts'
import { modeWords } from '../text/cabinet.ts'
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
        <Words live={live} freshness={freshness} worst={worst} summary={summary} />
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

interface WordsProps extends LiveProps {
  readonly summary: IntersectionSummary
  readonly worst: Attention | undefined
}

/** Mode and plan; in their place what is wrong, when something is. */
function Words({ live, freshness, worst, summary }: WordsProps) {
  const t = text.value
  const held = live.slow.value
  if (freshness === 'lost') {
    const known = held && t.lastKnown(format.value.time(held.state.sampledAtEpochMs), modeWords(held.state, summary))
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
          <span>{held && modeWords(held.state, summary)}</span>
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
  const { greens, ending, flashes, known } = served.value
  const shown = known && freshness !== 'lost'
  const f = format.value
  const listed = (bits: number) => f.list(rings.flat().filter((phase) => hasBit(bits, phase)))
  const t = text.value
  const lit = flashes ? t.cellsFlash : t.cellsLabel(listed(greens), listed(ending))
  const label = shown ? lit : t.nothingKnown
  return (
    <span class="cells" role="img" aria-label={label}>
      {rings.map((ring) => (
        <span class="ring" key={ring.join()}>
          {ring.map((phase) => (
            <span key={phase} class={`cell ${shown ? cellClass(phase, served.value) : 'cell-unknown'}`}>
              {shown ? f.number(phase) : t.dash}
            </span>
          ))}
        </span>
      ))}
    </span>
  )
}

function cellClass(phase: number, { greens, ending, flashes }: Served): string {
  if (flashes) return 'cell-flashing'
  if (hasBit(greens, phase)) return 'cell-served'
  return hasBit(ending, phase) ? 'cell-ending' : ''
}

interface Served {
  readonly greens: number
  readonly ending: number
  /** All lamps flash: nobody is served. */
  readonly flashes: boolean
  readonly known: boolean
}

/** Changes only when a cell does, not with each of ten states a second. */
function useServed(live: LiveIntersection): ReadonlySignal<Served> {
  return useMemo(() => {
    let last = NOTHING
    return computed(() => {
      const next = servedOf(live.fast.value?.state ?? null)
      if (!isSame(next, last)) last = next
      return last
    })
  }, [live])
}

const NOTHING: Served = { greens: 0, ending: 0, flashes: false, known: false }

function servedOf(state: LiveState | null): Served {
  if (state && isFlashing(state)) return { ...NOTHING, flashes: true, known: true }
  if (!state?.signal) return NOTHING
  return { ...NOTHING, greens: state.signal.greens, ending: state.signal.yellows, known: true }
}

const isSame = (a: Served, b: Served): boolean =>
  a.greens === b.greens && a.ending === b.ending && a.flashes === b.flashes && a.known === b.known
