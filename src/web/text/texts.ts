/** The reader's language at this moment: its texts and its way to write numbers and dates. */
import { computed, signal } from '@preact/signals'
import type { Bilingual } from '#base/text.ts'
import { language } from '../settings.ts'
import type { Dictionary } from './dictionary.ts'
import { en } from './en.ts'
import { fa } from './fa.ts'
import { formatFor } from './format.ts'

/** IANA name of the city's zone; UTC until the site is read. */
export const timeZone = signal('UTC')

export const text = computed<Dictionary>(() => (language.value === 'fa' ? fa : en))
export const format = computed(() => formatFor(language.value, timeZone.value))

export const nameOf = (name: Bilingual): string => name[language.value]

/** Plans of well-known names are words; any other name is shown as the site calls it. */
export function planName(key: string | null): string {
  if (key === null) return text.value.free
  const names: Readonly<Record<string, string>> = text.value.planNames
  return (Object.hasOwn(names, key) ? names[key] : undefined) ?? isolate(key)
}

/** Codes and names of machines keep their own direction inside a sentence (Unicode FSI … PDI). */
export const isolate = (code: string): string => `\u2068${code}\u2069`
