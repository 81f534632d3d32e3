/** The head of every page: the city, the time there, the line to central, language, colours, keys. */
import { site } from '../facts.ts'
import { link, slowNow } from '../live/city.ts'
import { wallPath, route } from '../route.ts'
import { chooseLanguage, language, theme, THEMES } from '../settings.ts'
import { format, nameOf, text } from '../text/texts.ts'
import { openHelp } from './help.tsx'

export function Header() {
  const t = text.value
  const city = site.value ? nameOf(site.value.name) : ''
  return (
    <header class="header">
      <a class="brand" href={wallPath}>
        {t.cityTitle(city)}
      </a>
      <nav>
        <a href={wallPath} aria-current={route.value.page === 'wall' ? 'page' : undefined}>
          {t.wall}
        </a>
      </nav>
      <span class="grow" />
      <LinkState />
      <CityTime />
      <Choices />
    </header>
  )
}

function LinkState() {
  const t = text.value
  const line = link.value?.line ?? 'connecting'
  const words = { up: t.linkLive, connecting: t.linkConnecting, down: t.linkDown }
  return (
    <span class={`link link-${line}`} role="status" title={t.linkHelp}>
      {words[line]}
    </span>
  )
}

function CityTime() {
  const f = format.value
  const now = slowNow.value.serverEpochMs
  return (
    <time class="city-time" dateTime={new Date(now).toISOString()} title={new Date(now).toISOString()}>
      <span class="date">{f.date(now)}</span> <bdi class="digits">{f.time(now)}</bdi>
    </time>
  )
}

function Choices() {
  const t = text.value
  const next = THEMES[(THEMES.indexOf(theme.value) + 1) % THEMES.length] ?? 'auto'
  return (
    <span class="choices">
      <button
        type="button"
        lang={t.otherLanguageCode}
        onClick={() => chooseLanguage(language.value === 'fa' ? 'en' : 'fa')}
      >
        {t.otherLanguage}
      </button>
      <button
        type="button"
        onClick={() => {
          theme.value = next
        }}
      >
        {t.themeLabel(t.themes[theme.value])}
      </button>
      <button type="button" aria-haspopup="dialog" onClick={openHelp}>
        {t.help} <kbd>?</kbd>
      </button>
    </span>
  )
}
