/** `sabz status`: the wall as a table, asked from central's API. */
import type { IntersectionSummary } from '#contract/api.ts'
import { askCentral } from './ask-central.ts'
import { EXIT, type ExitCode } from './exit-code.ts'
import { FLASH_CAUSE_WORDS } from './flash-cause-words.ts'
import type { Terminal } from './terminal.ts'

export interface StatusOptions {
  readonly api: string
  readonly timeout: number
}

/** Exit code 1 when an intersection is not live. */
export async function runStatus({ api, timeout }: StatusOptions, terminal: Terminal): Promise<ExitCode> {
  const answer = await askCentral('/api/v1/intersections', { api, timeoutMs: timeout * 1000 }, terminal)
  if (!answer.ok) return answer.fault
  const rows = answer.value as readonly IntersectionSummary[]
  const modeWidth = Math.max(...rows.map((row) => modeOf(row).length))
  for (const row of rows) terminal.print(describe(row, modeWidth, terminal))
  const live = rows.filter(({ freshness }) => freshness === 'live').length
  terminal.print(`${live} of ${rows.length} live`)
  terminal.record({ ok: live === rows.length, live, intersections: rows })
  return live === rows.length ? EXIT.ok : EXIT.findings
}

/** The mode, and who or what is behind it where that is told. */
function modeOf({ mode, flash, preempt, preempts }: IntersectionSummary): string {
  if (mode === 'flash' && flash !== null) return `${mode}: ${FLASH_CAUSE_WORDS[flash]}`
  if (mode !== 'preempt' || preempt === null) return mode
  const name = preempts.find(({ number }) => number === preempt.number)?.name.en ?? ''
  return `${mode}: ${preempt.number} ${name} (${preempt.state})`
}

function describe(row: IntersectionSummary, modeWidth: number, terminal: Terminal): string {
  const age = row.ageMs === null ? '—' : `${(row.ageMs / 1000).toFixed(1)} s`
  // A value that is not fresh is never shown as live: a lost intersection has none.
  const cycle =
    row.cycleMs === null || row.localCycleMs === null ? '—' : `${seconds(row.localCycleMs)} of ${seconds(row.cycleMs)}`
  const freshness = terminal.paint(row.freshness === 'live' ? 'quiet' : 'failure', row.freshness.padEnd(5))
  const greens = row.greens.length === 0 ? '—' : row.greens.join(' ')
  return [
    row.id.padEnd(6),
    freshness,
    modeOf(row).padEnd(modeWidth),
    (row.plan ?? '—').padEnd(10),
    cycle.padEnd(10),
    `green ${greens}`.padEnd(14),
    `age ${age}`.padEnd(10),
    row.name.en,
  ].join(' ')
}

const seconds = (ms: number) => String(Math.floor(ms / 1000))
