/** What must be seen on every page: that the street is simulated, that drawing is paused. */
import { site } from '../facts.ts'
import { instant, pausedAt, togglePause } from '../live/city.ts'
import { format, text } from '../text/texts.ts'
import { useEffect, useState } from 'preact/hooks'

export function SimulationBanner() {
  if (!site.value?.simulated) return null
  return (
    <p class="banner banner-sim" role="note">
      <span>{text.value.simulated}</span>
    </p>
  )
}

const COUNT_PERIOD_MS = 500

/** Counts how far behind the pictures are while the clocks of the page stand. */
export function PauseBanner() {
  const [, count] = useState(0)
  const paused = pausedAt.value
  useEffect(() => {
    if (!paused) return undefined
    const timer = setInterval(() => count((n) => n + 1), COUNT_PERIOD_MS)
    return () => clearInterval(timer)
  }, [paused])
  if (!paused) return null
  const t = text.value
  return (
    <p class="banner banner-paused" role="alert">
      <span>{t.paused(format.value.duration(instant().monoMs - paused.monoMs))}</span>{' '}
      <button type="button" onClick={togglePause}>
        {t.resume}
      </button>
    </p>
  )
}
