/** What stands still: the site and its intersections, asked for once and again until central answers. */
import { signal } from '@preact/signals'
import type { IntersectionDetail, IntersectionSummary, Problem, SiteView, StoredEventView } from '#contract/api.ts'
import { watch } from './live/city.ts'
import { timeZone } from './text/texts.ts'

const ANSWER_MS_MAX = 15_000
const AGAIN_MS = 2_000
/** The next change of plan moves on; nothing else of the site does. */
const SITE_PERIOD_MS = 60_000

export type Asked<T> =
  | { readonly kind: 'reading' }
  | { readonly kind: 'there'; readonly value: T }
  | { readonly kind: 'failed'; readonly problem: Problem | null }

export const READING = { kind: 'reading' } as const

export const site = signal<SiteView | null>(null)
export const intersections = signal<Asked<readonly IntersectionSummary[]>>(READING)

/** Reads site and intersections, trying until they are there; resolves with the intersections. */
export async function readFacts(): Promise<void> {
  void readSite()
  setInterval(() => void readSite(), SITE_PERIOD_MS)
  await readIntersections()
}

export const askDetail = (id: string): Promise<Asked<IntersectionDetail>> =>
  ask(`/api/v1/intersections/${encodeURIComponent(id)}`)

export interface HistoryQuestion {
  readonly id: string
  readonly fromEpochMs: number
  readonly codes: readonly number[]
  readonly limit: number
}

export function askHistory({ id, fromEpochMs, codes, limit }: HistoryQuestion): Promise<Asked<StoredEventView[]>> {
  const question = new URLSearchParams({
    from: new Date(fromEpochMs).toISOString(),
    codes: codes.join(','),
    limit: String(limit),
  })
  return ask(`/api/v1/intersections/${encodeURIComponent(id)}/events?${question.toString()}`)
}

async function readSite(): Promise<void> {
  const asked = await askUntilThere<SiteView>('/api/v1/site')
  site.value = asked
  timeZone.value = asked.timeZone
}

async function readIntersections(): Promise<void> {
  const value = await askUntilThere<IntersectionSummary[]>('/api/v1/intersections', (failed) => {
    intersections.value = failed
  })
  for (const { id, phases } of value) watch(id, phases)
  intersections.value = { kind: 'there', value }
}

async function askUntilThere<T>(url: string, onFailure?: (failed: Asked<never>) => void): Promise<T> {
  for (;;) {
    const asked = await ask<T>(url)
    if (asked.kind === 'there') return asked.value
    if (asked.kind === 'failed') onFailure?.(asked)
    await new Promise((resolve) => setTimeout(resolve, AGAIN_MS))
  }
}

export async function ask<T>(url: string): Promise<Asked<T>> {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(ANSWER_MS_MAX) })
    const body: unknown = await response.json()
    return response.ok ? { kind: 'there', value: body as T } : { kind: 'failed', problem: body as Problem }
  } catch {
    return { kind: 'failed', problem: null }
  }
}
