/** A sceptic beside a whole unit: judges its flashes and its all red by itself, and hands the rest to the watch of the lamps. */
import { bitsOf } from '#base/bits.ts'
import type { ControllerDatabase } from '#signal/database.ts'
import { EVENT } from '#signal/events.ts'
import type { FlashCause, SignalStatus } from '#signal/status.ts'
import { LampWatch } from './lamp-watch.ts'

export class UnitWatch {
  readonly faults: string[] = []
  #database: ControllerDatabase
  #lamps: LampWatch
  #flash: FlashCause = 'none'
  #flashMs = 0
  /** Since the last flash ended, for as long as nothing has been on; null afterwards. */
  #redMs: number | null = null
  #lastCause: FlashCause = 'none'
  /** Detectors that the log has called faulty: whoever looks at the lamps next must know of them. */
  readonly #distrusted = new Set<number>()

  constructor(database: ControllerDatabase) {
    this.#database = database
    this.#lamps = new LampWatch(database)
  }

  record(code: number, parameter: number): void {
    if (code >= EVENT.detectorFault && code <= EVENT.detectorExcessiveChange) this.#distrusted.add(parameter)
    if (this.#flash === 'none') this.#lamps.record(code, parameter)
  }

  /** `elapsedMs` since the status before. */
  see(status: SignalStatus, elapsedMs: number): void {
    const { flash } = status
    const before = this.#flash
    this.#flash = flash
    this.#flashMs += elapsedMs
    if (flash !== 'none' && !isRed(status)) this.#fault(`phases are on while it flashes (${flash})`)
    if (flash !== 'none' && before === 'none') this.#beginFlash(status, elapsedMs)
    else if (flash === 'none' && before !== 'none') this.#endFlash(before)
    else if (flash === 'none') this.#run(status, elapsedMs)
  }

  /** After the step in which another timing was taken over: what went before was served by the old one, and all is red. */
  takeOver(database: ControllerDatabase, status: SignalStatus): void {
    if (!isRed(status)) this.#fault('a timing is taken over while phases are on')
    this.#database = database
    this.#lamps = this.#beginAgain()
  }

  #beginAgain(): LampWatch {
    const lamps = new LampWatch(this.#database)
    for (const detector of this.#distrusted) lamps.record(EVENT.detectorFault, detector)
    return lamps
  }

  /** A scheduled flash follows whole greens; a switch cuts off whatever there is. */
  #beginFlash(status: SignalStatus, elapsedMs: number): void {
    this.#flashMs = status.flash === 'startup' ? elapsedMs : 0
    if (status.flash === 'automatic') this.#judgeLamps(status, elapsedMs)
  }

  #endFlash(cause: FlashCause): void {
    const { startupFlashMs, minFlashMs } = this.#database.unit
    const leastMs = cause === 'startup' ? startupFlashMs : minFlashMs
    if (this.#flashMs < leastMs) this.#fault(`it flashed for ${this.#flashMs} of ${leastMs} ms`)
    this.#lastCause = cause
    this.#redMs = 0
    this.#lamps = this.#beginAgain()
  }

  #run(status: SignalStatus, elapsedMs: number): void {
    if (this.#redMs !== null) this.#redMs += elapsedMs
    if (this.#redMs !== null && !isRed(status)) this.#seeStart(status, this.#redMs)
    this.#judgeLamps(status, elapsedMs)
  }

  /** The first that are on after a flash and its all red: the start phases, but for those that the plan in effect leaves out. */
  #seeStart({ phaseOns, coordination }: SignalStatus, redMs: number): void {
    this.#redMs = null
    const { startAllRedMs, startPhases, flashExitPhases } = this.#database.unit
    if (redMs < startAllRedMs) this.#fault(`all was red for ${redMs} of ${startAllRedMs} ms`)
    const exits = this.#lastCause === 'automatic' && flashExitPhases.length > 0
    const plan = this.#database.plans.find(({ pattern }) => pattern === coordination.pattern)
    const first = bitsOf(
      (exits ? flashExitPhases : startPhases).filter((phase) => plan?.splitModes.get(phase) !== 'omitted'),
    )
    if (first !== 0 && (phaseOns & first) === 0) this.#fault(`it starts with ${phaseOns}, not with ${first}`)
  }

  #judgeLamps(status: SignalStatus, elapsedMs: number): void {
    this.#lamps.see(status, elapsedMs)
    this.faults.push(...this.#lamps.faults.splice(0))
  }

  #fault(message: string): void {
    this.faults.push(message)
  }
}

const isRed = ({ phaseOns, walks, pedClears, overlapGreens, overlapYellows, overlapFlashes }: SignalStatus): boolean =>
  (phaseOns | walks | pedClears | overlapGreens | overlapYellows | overlapFlashes) === 0
