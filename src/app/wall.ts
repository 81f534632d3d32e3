/** Waits for the wall: every intersection live in central's own answer, not merely every process started. */
import type { IntersectionSummary } from '#contract/api.ts'

const POLL_MS = 250

// Short: central answers from memory, and one that hangs is asked again.
const ANSWER_MAX_MS = 2_000

// A demo is live in a few seconds; whoever waits this long wants to know for what.
const EXPLAIN_EVERY_MS = 15_000

/** Resolves once `wanted` intersections are live at `url`; meanwhile says now and then which are not. */
export async function waitUntilLive(url: string, wanted: number, say: (line: string) => void): Promise<void> {
  let explainAtMs = performance.now() + EXPLAIN_EVERY_MS
  for (;;) {
    const rows = await readIntersections(url)
    const live = (rows ?? []).filter(({ freshness }) => freshness === 'live')
    if (live.length >= wanted) return
    if (performance.now() >= explainAtMs) {
      explainAtMs += EXPLAIN_EVERY_MS
      say(
        rows === null
          ? `waiting for central at ${url}`
          : `${live.length} of ${wanted} live, waiting for ${absent(rows)}`,
      )
    }
    await new Promise((resolve) => setTimeout(resolve, POLL_MS))
  }
}

function absent(rows: readonly IntersectionSummary[]): string {
  return rows
    .filter(({ freshness }) => freshness !== 'live')
    .map(({ id }) => id)
    .join(', ')
}

/** null while central does not answer. */
async function readIntersections(url: string): Promise<IntersectionSummary[] | null> {
  try {
    const response = await fetch(new URL('/api/v1/intersections', url), { signal: AbortSignal.timeout(ANSWER_MAX_MS) })
    return response.ok ? ((await response.json()) as IntersectionSummary[]) : null
  } catch {
    return null
  }
}
