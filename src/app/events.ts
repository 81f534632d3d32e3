/** `sabz events`: the newest high-resolution events from the store, asked from central's API. */
import type { StoredEventView } from '#contract/api.ts'
import { EVENT } from '#signal/events.ts'
import { askCentral } from './ask-central.ts'
import { EXIT, type ExitCode } from './exit-code.ts'
import type { Terminal } from './terminal.ts'

export interface EventsOptions {
  readonly api: string
  readonly timeout: number
  readonly cabinet?: string
  readonly limit: number
}

/** Names of all codes; the splits of phases 2–16 and 18–32 follow those that the list names. */
const NAMES = new Map<number, string>([
  ...Object.entries(EVENT).map(([name, code]) => [code, name] as const),
  ...Array.from({ length: 15 }, (_, i) => [EVENT.splitS + i + 1, `splitOfPhase${i + 2}S`] as const),
  ...Array.from({ length: 15 }, (_, i) => [EVENT.splitOfPhase17S + i + 1, `splitOfPhase${i + 18}S`] as const),
])
const NAME_WIDTH = Math.max(...[...NAMES.values()].map(({ length }) => length))

export async function runEvents(options: EventsOptions, terminal: Terminal): Promise<ExitCode> {
  const place = options.cabinet === undefined ? '' : `/intersections/${encodeURIComponent(options.cabinet)}`
  const central = { api: options.api, timeoutMs: options.timeout * 1000 }
  const answer = await askCentral(`/api/v1${place}/events?limit=${options.limit}`, central, terminal)
  if (!answer.ok) return answer.fault
  for (const event of answer.value as readonly StoredEventView[]) {
    const name = NAMES.get(event.code) ?? 'unknown'
    terminal.print(
      [
        event.at,
        event.intersection,
        String(event.code).padStart(3),
        name.padEnd(NAME_WIDTH),
        String(event.parameter),
      ].join(' '),
    )
    terminal.record({ ...event })
  }
  return EXIT.ok
}
