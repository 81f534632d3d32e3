/** `sabz gaps`: until when is the history of each edge complete, what is missing, and what is coming? (asks central) */
import type { EdgeGapsView, GapView } from '#contract/gaps-view.ts'
import { askCentral } from './ask-central.ts'
import { EXIT, type ExitCode } from './exit-code.ts'
import type { Terminal } from './terminal.ts'

export interface GapsOptions {
  readonly api: string
  readonly timeout: number
}

/** Of each kind and edge; `--json` has a hundred. */
const LINES_MAX = 10

/** Exit code 1 when something is missing. */
export async function runGaps({ api, timeout }: GapsOptions, terminal: Terminal): Promise<ExitCode> {
  const answer = await askCentral('/api/v1/gaps', { api, timeoutMs: timeout * 1000 }, terminal)
  if (!answer.ok) return answer.fault
  const edges = answer.value as readonly EdgeGapsView[]
  for (const gaps of edges) {
    terminal.print(summaryOf(gaps, terminal))
    for (const line of [...linesOf('missing', gaps.missing), ...linesOf('lost', gaps.lost)]) terminal.print(line)
  }
  const isComplete = edges.every(({ missingEvents }) => missingEvents === 0)
  terminal.record({ ok: isComplete, edges })
  return isComplete ? EXIT.ok : EXIT.findings
}

function summaryOf(
  { edge, online, completeUntil, missingEvents, lostEvents, replay }: EdgeGapsView,
  terminal: Terminal,
) {
  const link = terminal.paint(online ? 'quiet' : 'failure', online ? 'online ' : 'offline')
  const until = completeUntil === null ? 'nothing is known yet' : `complete until ${completeUntil}`
  const missing = missingEvents === 0 ? 'nothing missing' : `${missingEvents} events missing`
  const lost = lostEvents === 0 ? '' : `, ${lostEvents} lost for ever`
  const coming = replay === null ? '' : `, being replayed at ${replay.eventsPerS}/s until ${replay.until}`
  return `${edge.padEnd(16)} ${link} ${until}, ${missing}${lost}${coming}`
}

function linesOf(what: string, gaps: readonly GapView[]): string[] {
  const lines = gaps
    .slice(-LINES_MAX)
    .map(
      ({ epoch, first, last, events, from, until }) =>
        `  ${what.padEnd(7)} ${String(events).padStart(9)} events between ${from ?? '?'} and ${until ?? '?'} (${epoch} ${first}-${last})`,
    )
  return gaps.length > LINES_MAX ? [`  … and ${gaps.length - LINES_MAX} older stretches ${what}`, ...lines] : lines
}
