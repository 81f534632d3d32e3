/** The last five minutes of each phase and of the mode as bands; what is not known is a hatched gap. */
import type { Geometry } from '#contract/api.ts'
import type { Mode } from '#contract/messages.ts'
import type { Asked } from '../facts.ts'
import { AskedNotice } from '../frame/asked.tsx'
import { BAND_WINDOW_MS, type Band, type IntersectionHistory, type Shown } from '../live/bands.ts'
import { format, text } from '../text/texts.ts'

export interface BandsProps {
  readonly phases: Geometry['phases']
  readonly history: IntersectionHistory
  readonly nowEpochMs: number
  /** Whether the recorded part could be read. */
  readonly recorded: Asked<unknown>
  readonly onRetry: () => void
}

export function Bands({ phases, history, nowEpochMs, recorded, onRetry }: BandsProps) {
  const t = text.value
  const f = format.value
  return (
    <section class="panel bands" aria-labelledby="bands-title">
      <h2 id="bands-title">{t.bandsTitle}</h2>
      <div class="band-rows" role="img" aria-label={t.bandsLabel}>
        {phases.map(({ id }) => (
          <div class="band-row" key={id}>
            <span class="band-label">{f.number(id)}</span>
            <PhaseBand bands={history.phases.get(id)?.bands(nowEpochMs) ?? []} toEpochMs={nowEpochMs} />
          </div>
        ))}
        <div class="band-row">
          <span class="band-label">{t.modeRow}</span>
          <ModeBand bands={history.mode.bands(nowEpochMs)} />
        </div>
        <div class="band-row" dir="ltr" aria-hidden="true">
          <span class="band-label" />
          <span class="band-axis">
            <bdi>{t.minutesAgo(f.number(BAND_WINDOW_MS / 60_000))}</bdi>
            <bdi>{t.now}</bdi>
          </span>
        </div>
      </div>
      {recorded.kind === 'failed' && (
        <>
          <AskedNotice asked={recorded} what={t.historyWord} onRetry={onRetry} />
          <p class="muted">{t.liveNotAffected}</p>
        </>
      )}
      <p class="muted caption">{t.bandsCaption}</p>
    </section>
  )
}

interface BandProps<Value> {
  readonly bands: readonly Band<Value>[]
  readonly toEpochMs: number
}

/** A shorter band has no room for its word. */
const LABELLED_MS_MIN = 40_000

const WIDTH = 600
const HEIGHT = 16

/** Time runs to the right in both languages, as in every chart. */
function PhaseBand({ bands, toEpochMs }: BandProps<Shown>) {
  return (
    <svg class="band" viewBox={`0 0 ${WIDTH} ${HEIGHT}`} preserveAspectRatio="none" aria-hidden="true">
      {bands
        .filter(({ value }) => value !== 'unknown')
        .map(({ value, fromEpochMs, toEpochMs: endsAt }) => {
          const x = placeOf(fromEpochMs, toEpochMs)
          const width = Math.max(1, placeOf(endsAt, toEpochMs) - x)
          return (
            <g key={fromEpochMs}>
              <rect class="band-known" x={x} y="0" width={width} height={HEIGHT} />
              {value === 'flashing' ? (
                <path class="band-flashing" d={`M${x} ${HEIGHT / 2}h${width}`} />
              ) : (
                <rect class={`band-${value}`} x={x} width={width} {...ROWS[value]} />
              )}
            </g>
          )
        })}
    </svg>
  )
}

const ROWS: Record<Exclude<Shown, 'flashing'>, { readonly y: number; readonly height: number }> = {
  green: { y: 1, height: HEIGHT - 2 },
  yellow: { y: HEIGHT / 2 - 2, height: 4 },
  redAmber: { y: HEIGHT / 2 - 2, height: 4 },
  red: { y: HEIGHT - 2, height: 1 },
  unknown: { y: 0, height: 0 },
}

function ModeBand({ bands }: { readonly bands: readonly Band<Mode | 'unknown'>[] }) {
  const t = text.value
  return (
    <span class="band mode-band" dir="ltr">
      {bands.map(({ value, fromEpochMs, toEpochMs: endsAt }) => (
        <span
          key={fromEpochMs}
          class={value === 'unknown' ? '' : 'mode-known'}
          style={{ inlineSize: `${(100 * (endsAt - fromEpochMs)) / BAND_WINDOW_MS}%` }}
          title={t.modes[value]}
        >
          {value !== 'unknown' && endsAt - fromEpochMs > LABELLED_MS_MIN && <bdi>{t.modes[value]}</bdi>}
        </span>
      ))}
    </span>
  )
}

const placeOf = (epochMs: number, toEpochMs: number) =>
  Math.round((WIDTH * (epochMs - toEpochMs + BAND_WINDOW_MS)) / BAND_WINDOW_MS)
