/** `sabz alarms`: what is wrong at the cabinets, on the wires and with the edges' own logs? (asks central) */
import type { AlarmsView, EdgeAlarm } from '#contract/edge-words.ts'
import { askCentral } from './ask-central.ts'
import { EXIT, type ExitCode } from './exit-code.ts'
import type { Terminal } from './terminal.ts'

export interface AlarmsOptions {
  readonly api: string
  readonly timeout: number
}

/** Exit code 1 when an alarm stands. */
export async function runAlarms({ api, timeout }: AlarmsOptions, terminal: Terminal): Promise<ExitCode> {
  const answer = await askCentral('/api/v1/alarms', { api, timeoutMs: timeout * 1000 }, terminal)
  if (!answer.ok) return answer.fault
  const edges = answer.value as readonly AlarmsView[]
  for (const { edge, at, alarms } of edges)
    for (const alarm of alarms) terminal.print(`${lineOf(alarm)}  (${edge}, as of ${at ?? '?'})`)
  const standing = edges.reduce((sum, { alarms }) => sum + alarms.length, 0)
  const silent = edges.filter(({ at }) => at === null).map(({ edge }) => edge)
  terminal.print(standing === 0 ? 'no alarms' : `${standing} alarms`)
  if (silent.length > 0) terminal.print(`nothing heard of ${silent.join(', ')}`)
  terminal.record({ ok: standing === 0, edges })
  return standing === 0 ? EXIT.ok : EXIT.findings
}

function lineOf({ intersection, name, number, device, detectors, sinceEpochMs }: EdgeAlarm): string {
  const subject = number === undefined ? (detectors?.length ? `detectors ${detectors.join(' and ')}` : device) : number
  const since = new Date(sinceEpochMs).toISOString()
  return `${since}  ${(intersection ?? 'edge').padEnd(6)} ${name} ${subject ?? ''}`.trimEnd()
}
