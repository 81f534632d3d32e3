/** Posts line protocol to InfluxDB 1.x and reads its answer strictly. */
import { Agent as HttpAgent, request as httpRequest, type ClientRequest, type IncomingMessage } from 'node:http'
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https'
import { failed, ok, type Outcome } from '#base/outcome.ts'
import type { StoreFault } from './port.ts'

const WRITE_TIMEOUT_MS = 15_000
/** As much of an error's text as helps an operator. */
const DETAIL_CHARS_MAX = 300

export interface InfluxWriterOptions {
  readonly url: URL
  readonly database: string
  readonly retentionPolicy: string
}

export class InfluxWriter {
  readonly #url: URL
  readonly #auth: string | undefined
  readonly #agent: HttpAgent

  constructor({ url, database, retentionPolicy }: InfluxWriterOptions) {
    this.#url = new URL('/write', url)
    this.#url.search = new URLSearchParams({ db: database, rp: retentionPolicy, precision: 'ns' }).toString()
    this.#auth = url.username ? `${decodeURIComponent(url.username)}:${decodeURIComponent(url.password)}` : undefined
    this.#agent = url.protocol === 'https:' ? new HttpsAgent({ keepAlive: true }) : new HttpAgent({ keepAlive: true })
  }

  /** `ok` only when InfluxDB said 204: a full disk answers 500 and shows the points all the same, until its restart. */
  async write(lines: string): Promise<Outcome<void, StoreFault>> {
    try {
      const { status, text } = await this.#post(lines)
      return verdict(status, text.slice(0, DETAIL_CHARS_MAX))
    } catch (error) {
      return failed({ code: 'STORE_UNAVAILABLE', detail: error instanceof Error ? error.message : String(error) })
    }
  }

  close(): void {
    this.#agent.destroy()
  }

  #post(lines: string): Promise<{ status: number; text: string }> {
    const { promise, resolve, reject } = Promise.withResolvers<{ status: number; text: string }>()
    const body = Buffer.from(lines)
    const request = this.#open(body.length, (response) => void readWhole(response).then(resolve, reject))
    request.on('error', reject)
    request.on('timeout', () => request.destroy(new Error(`no answer within ${WRITE_TIMEOUT_MS} ms`)))
    request.end(body)
    return promise
  }

  #open(bytes: number, answered: (response: IncomingMessage) => void): ClientRequest {
    const options = {
      method: 'POST',
      agent: this.#agent,
      timeout: WRITE_TIMEOUT_MS,
      headers: { 'content-type': 'text/plain; charset=utf-8', 'content-length': bytes },
      ...(this.#auth === undefined ? {} : { auth: this.#auth }),
    }
    return this.#url.protocol === 'https:'
      ? httpsRequest(this.#url, options, answered)
      : httpRequest(this.#url, options, answered)
  }
}

async function readWhole(response: IncomingMessage): Promise<{ status: number; text: string }> {
  response.setEncoding('utf8')
  let text = ''
  for await (const part of response) text += String(part)
  return { status: response.statusCode ?? 0, text: text.trim() }
}

/**
 * 400 and 413 are about these very points: some may be stored, `dropped=` is not to be trusted, so the caller halves the
 * group until the one is found. Everything else (database dropped, no permission, full, overloaded) may pass.
 */
function verdict(status: number, text: string): Outcome<void, StoreFault> {
  if (status === 204) return ok(undefined)
  const detail = `InfluxDB answered ${status} ${text}`.trim()
  return failed({ code: status === 400 || status === 413 ? 'STORE_REFUSED' : 'STORE_UNAVAILABLE', detail })
}
