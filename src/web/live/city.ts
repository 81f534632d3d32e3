/** The live city of this tab as signals: cells follow each state, texts twice a second, nothing while paused. */
import { batch, computed, signal, type ReadonlySignal, type Signal } from '@preact/signals'
import { freshnessOf, type Freshness } from '#contract/freshness.ts'
import { IntersectionHistory } from './bands.ts'
import { openChannel } from './channel.ts'
import type { CityUpdate, EdgePresence, HeldState, Link } from './merged-city.ts'
import { ageMs, type Instant } from './server-clock.ts'
import { ownReading } from './stream-reader.ts'

/** Marks of old data come within one of these of their moment. */
const FAST_TICK_MS = 100
/** People cannot read digits that change more often. */
const FAST_TICKS_PER_SLOW = 5

export interface LiveIntersection {
  /** The newest state at once. */
  readonly fast: ReadonlySignal<HeldState | null>
  /** The newest state, at most twice a second. */
  readonly slow: ReadonlySignal<HeldState | null>
  readonly freshness: ReadonlySignal<Freshness>
  readonly history: IntersectionHistory
}

interface Kept extends LiveIntersection {
  readonly fast: Signal<HeldState | null>
  readonly slow: Signal<HeldState | null>
}

/** null before the first word of worker or stream. */
export const link = signal<Link | null>(null)
export const edges = signal<readonly EdgePresence[]>([])
export const fastNow = signal<Instant>(instant())
export const slowNow = signal<Instant>(fastNow.value)
/** The instant at which drawing was stopped; null while it runs. */
export const pausedAt = signal<Instant | null>(null)

const kept = new Map<string, Kept>()
const waiting = new Map<string, HeldState>()

/** Opens the line and lets the clocks run; to be called once, when the intersections are known (`watch`). */
export function startCity(): void {
  openChannel(apply)
  let ticks = 0
  setInterval(() => {
    if (pausedAt.value) return
    fastNow.value = instant()
    if (++ticks % FAST_TICKS_PER_SLOW === 0) tickSlowly()
  }, FAST_TICK_MS)
}

/** Makes room for an intersection with the phases it has; before any of its states can be shown. */
export function watch(id: string, phases: readonly number[]): void {
  if (kept.has(id)) return
  const fast = signal<HeldState | null>(null)
  const freshness = computed(() => freshnessOf(fast.value && ageOf(fast.value, fastNow.value)))
  kept.set(id, { fast, slow: signal<HeldState | null>(null), freshness, history: new IntersectionHistory(phases) })
}

/** Undefined for an intersection that the site does not have. */
export const liveOf = (id: string): LiveIntersection | undefined => kept.get(id)

export function ageOf({ state, receivedAtMonoMs }: HeldState, now: Instant): number {
  return ageMs({ sampledAtEpochMs: state.sampledAtEpochMs, receivedAtMonoMs }, now)
}

/** Stops or goes on drawing; what came meanwhile is then shown at once. */
export function togglePause(): void {
  if (!pausedAt.value) {
    pausedAt.value = instant()
    return
  }
  pausedAt.value = null
  for (const [id, held] of waiting) show(id, held)
  waiting.clear()
  fastNow.value = instant()
  tickSlowly()
}

/** Both clocks now, whether paused or not. */
export function instant(): Instant {
  const { epochMs, monoMs } = ownReading()
  return { serverEpochMs: epochMs + (link.peek()?.offsetMs ?? 0), monoMs }
}

function apply({ states, edges: newEdges, link: newLink }: CityUpdate): void {
  batch(() => {
    if (newLink) takeLink(newLink)
    if (newEdges) edges.value = newEdges
    for (const held of states) {
      const id = held.state.intersection
      kept.get(id)?.history.live(held.state)
      if (pausedAt.value) waiting.set(id, held)
      else show(id, held)
    }
  })
}

/** The first word of central also sets the time: nothing may be measured with our own clock alone. */
function takeLink(newLink: Link): void {
  const isFirst = link.value?.line !== 'up' && newLink.line === 'up'
  link.value = newLink
  if (!isFirst || pausedAt.value) return
  fastNow.value = instant()
  slowNow.value = fastNow.value
}

function show(id: string, held: HeldState): void {
  const live = kept.get(id)
  if (!live) return
  live.fast.value = held
  // The first state is shown whole at once, the later ones change their texts slowly.
  live.slow.value ??= held
}

function tickSlowly(): void {
  slowNow.value = fastNow.value
  for (const { fast, slow } of kept.values()) slow.value = fast.value
}
