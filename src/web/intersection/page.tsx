/** The intersection page: what is it doing this second, and why? */
import { useCallback, useEffect, useLayoutEffect, useState } from 'preact/hooks'
import type { IntersectionDetail } from '#contract/api.ts'
import type { LiveState } from '#contract/messages.ts'
import { AskedNotice } from '../frame/asked.tsx'
import { openHelp } from '../frame/help.tsx'
import { askDetail, askHistory, intersections, READING, type Asked } from '../facts.ts'
import { bindPageKeys } from '../keys.ts'
import { ageOf, fastNow, instant, liveOf, slowNow, type LiveIntersection } from '../live/city.ts'
import { BAND_CODES, BAND_WINDOW_MS } from '../live/bands.ts'
import { go, intersectionPath, wallPath } from '../route.ts'
import { text } from '../text/texts.ts'
import { AttentionBar } from '../wall/side.tsx'
import { Bands } from './bands-view.tsx'
import { DrawingTable } from './drawing-table.tsx'
import { Drawing } from './drawing.tsx'
import { PhaseTable } from './phase-table.tsx'
import { Records } from './records.tsx'
import { CabinetLine, HeadLine, WhyLines } from './summary-lines.tsx'

/** Before the window, to know what held at its beginning: longer than any cycle. */
const HISTORY_BEFORE_MS = 240_000
/** Five codes of eight phases over nine minutes are about a thousand. */
const HISTORY_EVENTS_MAX = 5_000

export function IntersectionPage({ id }: { readonly id: string }) {
  const t = text.value
  const [asked, setAsked] = useState<Asked<IntersectionDetail>>(READING)
  const read = useCallback(() => void askDetail(id).then(setAsked), [id])
  useEffect(read, [read])
  useLayoutEffect(() => bindPageKeys(pageKeys(id)), [id])
  const live = liveOf(id)
  return (
    <main id="content" class="intersection">
      <p class="question">
        <a href={wallPath}>{t.toWall}</a> <span aria-hidden="true">·</span> {t.intersectionQuestion}
      </p>
      {asked.kind !== 'there' && <AskedNotice asked={asked} what={t.intersectionWord} onRetry={read} />}
      {asked.kind === 'there' && live && <LivePanels detail={asked.value} live={live} />}
      <AttentionBar />
    </main>
  )
}

interface LivePanelsProps {
  readonly detail: IntersectionDetail
  readonly live: LiveIntersection
}

function LivePanels({ detail, live }: LivePanelsProps) {
  const held = live.fast.value
  const freshness = live.freshness.value
  const ageMs = held && ageOf(held, fastNow.value)
  // What is lost is blank: an old value never looks like one of now.
  const state: LiveState | null = freshness === 'lost' ? null : (held?.state ?? null)
  const [recorded, readHistory] = useHistory(detail.id, live, held !== null)
  const { geometry } = detail
  return (
    <div class={`intersection-${freshness}`}>
      <HeadLine detail={detail} state={state} freshness={freshness} ageMs={ageMs} />
      <div class="panels">
        <Drawing geometry={geometry} state={state} />
        <PhaseTable
          geometry={geometry}
          state={state}
          ageMs={freshness === 'live' ? (ageMs ?? 0) : 0}
          history={live.history}
        />
        <Bands
          phases={geometry.phases}
          history={live.history}
          nowEpochMs={slowNow.value.serverEpochMs}
          recorded={recorded}
          onRetry={readHistory}
        />
      </div>
      <WhyLines detail={detail} state={state} />
      <CabinetLine detail={detail} state={state} />
      <Records detail={detail} state={freshness === 'lost' ? null : (live.slow.value?.state ?? null)} />
      <DrawingTable geometry={geometry} state={freshness === 'lost' ? null : (live.slow.value?.state ?? null)} />
    </div>
  )
}

/** Reads what was recorded before the page was opened, as soon as there is something live to join it to. */
function useHistory(id: string, live: LiveIntersection, heard: boolean): readonly [Asked<unknown>, () => void] {
  const [recorded, setRecorded] = useState<Asked<unknown>>(READING)
  const read = useCallback(async () => {
    const fromEpochMs = instant().serverEpochMs - BAND_WINDOW_MS - HISTORY_BEFORE_MS
    const asked = await askHistory({ id, fromEpochMs, codes: BAND_CODES, limit: HISTORY_EVENTS_MAX })
    if (asked.kind === 'there') live.history.recorded(asked.value)
    setRecorded(asked)
  }, [id, live])
  useEffect(() => {
    if (heard) void read()
  }, [heard, read])
  return [recorded, () => void read()]
}

function pageKeys(id: string) {
  const up = () => go(wallPath)
  return { Escape: up, Backspace: up, '[': () => step(id, -1), ']': () => step(id, 1), '?': openHelp }
}

/** To the previous or next intersection of the site. */
function step(id: string, by: number): void {
  const all = intersections.value.kind === 'there' ? intersections.value.value : []
  const index = all.findIndex((summary) => summary.id === id)
  const next = index < 0 ? undefined : all[(index + by + all.length) % all.length]
  if (next) go(intersectionPath(next.id))
}
