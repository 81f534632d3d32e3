/** One question to central's API, with a deadline; what goes wrong is explained and becomes an exit code. */
import { failed, ok, type Outcome } from '#base/outcome.ts'
import type { Problem } from '#contract/api.ts'
import { EXIT, type ExitCode } from './exit-code.ts'
import type { Terminal } from './terminal.ts'
import { explainBadUrl, HTTP_PROTOCOLS, isUrl } from './url.ts'

interface Central {
  /** Base URL, such as `http://127.0.0.1:8080`. */
  readonly api: string
  readonly timeoutMs: number
}

/** The parsed JSON of the answer; its shape is the API's contract. */
export async function askCentral(
  path: string,
  { api, timeoutMs }: Central,
  terminal: Terminal,
): Promise<Outcome<unknown, ExitCode>> {
  if (!isUrl(api, HTTP_PROTOCOLS)) return failed(explainBadUrl(api, 'http://127.0.0.1:8080', terminal))
  try {
    const response = await fetch(new URL(path, api), { signal: AbortSignal.timeout(timeoutMs) })
    if (response.ok) return ok(await response.json())
    return failed(explainRefusal(response.status, await response.text(), terminal))
  } catch (error) {
    return failed(explain(error, { api, timeoutMs }, terminal))
  }
}

/** Central says itself what is wrong and what to do (a problem document of RFC 9457). */
function explainRefusal(status: number, text: string, terminal: Terminal): ExitCode {
  const problem = JSON.parse(text) as Partial<Problem>
  terminal.fail(
    problem.code ?? 'CENTRAL_REFUSED',
    problem.detail ?? `central answered ${status}.`,
    problem.remedy ?? '',
  )
  return status >= 400 && status < 500 ? EXIT.usage : EXIT.cannotReach
}

function explain(error: unknown, { api, timeoutMs }: Central, terminal: Terminal): ExitCode {
  if (error instanceof Error && error.name === 'TimeoutError') {
    terminal.fail(
      'CENTRAL_SILENT',
      `central at ${api} did not answer in ${timeoutMs / 1000} s.`,
      'Ask again with --timeout 30',
    )
    return EXIT.timedOut
  }
  if (error instanceof SyntaxError) {
    terminal.fail('CENTRAL_NOT_THERE', `${api} answers, but is not central.`, 'Name it with --api http://host:port')
    return EXIT.cannotReach
  }
  const remedy = 'Start it (sabz demo, or sabz central), or name it with --api http://host:port'
  terminal.fail('CENTRAL_NOT_THERE', `central at ${api} cannot be reached.`, remedy)
  return EXIT.cannotReach
}
