/** How often a wire must say the same before it is believed: twice, and thrice for a while after it has contradicted itself. */
import type { DeviceResult } from '../device.ts'

const ANSWERS = 2
const ANSWERS_IN_DOUBT = 3
/** What has not been said so often by then is not said at all. */
const ANSWERS_MAX = 6
/** Questions: some five seconds of scans. Noise comes in bursts. */
const DOUBT_QUESTIONS = 100

/** Picks what `needed` answers agree on; null while they do not. */
export type Agree<T> = (answers: readonly T[], needed: number) => T | null

/** Of one device, over all its connections: a gateway that garbles does so on the next one too. */
export class Doubt {
  #questions = 0

  /** Asks again until enough answers agree. A fault ends it: whoever gives it has ended the connection, or been refused. */
  async settle<T>(ask: () => Promise<DeviceResult<T>>, agree: Agree<T>): Promise<DeviceResult<T>> {
    const needed = this.#questions > 0 ? ANSWERS_IN_DOUBT : ANSWERS
    this.#questions = Math.max(0, this.#questions - 1)
    const answers: T[] = []
    while (answers.length < ANSWERS_MAX) {
      const answer = await ask()
      if (!answer.ok) return this.#doubted(answer)
      answers.push(answer.value)
      const agreed = answers.length < needed ? null : agree(answers, needed)
      if (agreed === null) continue
      if (answers.length > needed) this.#questions = DOUBT_QUESTIONS
      return { ok: true, value: agreed }
    }
    return this.#doubted({ ok: false, fault: { code: 'BAD_REPLY', detail: 'it is answered otherwise each time' } })
  }

  #doubted(failed: Extract<DeviceResult<never>, { ok: false }>): DeviceResult<never> {
    const { code } = failed.fault
    if (code === 'BAD_REPLY' || code === 'WRONG_UNIT') this.#questions = DOUBT_QUESTIONS
    return failed
  }
}
