/** What a person has chosen: language, light or dark, single-key shortcuts. Kept in the browser, `?lang=` wins. */
import { effect, signal } from '@preact/signals'

export const LANGUAGES = ['fa', 'en'] as const
export type Language = (typeof LANGUAGES)[number]

export const THEMES = ['auto', 'light', 'dark'] as const
export type Theme = (typeof THEMES)[number]

const chosenLanguage = new URLSearchParams(location.search).get('lang')

export const language = signal<Language>(oneOf(LANGUAGES, chosenLanguage) ?? oneOf(LANGUAGES, read('lang')) ?? 'fa')
export const theme = signal<Theme>(oneOf(THEMES, read('theme')) ?? 'auto')
export const singleKeys = signal(read('keys') !== 'off')

/** Applies the settings to the document and keeps them from now on. */
export function applySettings(): void {
  effect(() => {
    document.documentElement.lang = language.value
    document.documentElement.dir = language.value === 'fa' ? 'rtl' : 'ltr'
    keep('lang', language.value)
  })
  effect(() => {
    document.documentElement.dataset['theme'] = theme.value
    keep('theme', theme.value)
  })
  effect(() => keep('keys', singleKeys.value ? 'on' : 'off'))
}

/** Also in the address, so that it can be sent to a colleague as it is seen. */
export function chooseLanguage(chosen: Language): void {
  language.value = chosen
  const url = new URL(location.href)
  url.searchParams.set('lang', chosen)
  history.replaceState(null, '', url)
}

function oneOf<T extends string>(choices: readonly T[], value: string | null): T | undefined {
  return choices.find((choice) => choice === value)
}

// A browser may refuse storage (private window, policy): then nothing is remembered and all else works.
function read(key: string): string | null {
  try {
    return localStorage.getItem(`sabz.${key}`)
  } catch {
    return null
  }
}

function keep(key: string, value: string): void {
  try {
    localStorage.setItem(`sabz.${key}`, value)
  } catch {
    return
  }
}
