/** What a controller has logged and shown, step by step: a tape that can be played to a sceptic, and forged to see what he sees. */
import { withBit, withoutBit } from '#base/bits.ts'
import { NO_PHASE_CONTROL } from '#signal/command.ts'
import { createController, QUIET_UNIT, type ControllerInputs } from '#signal/controller.ts'
import type { ControllerDatabase } from '#signal/database.ts'
import { statusOf, stepController } from '#signal/phase-machine.ts'
import type { SignalStatus } from '#signal/status.ts'
import { PATTERN_FREE } from '#signal/timing-plan.ts'

export const TAPE_STEP_MS = 100

export interface Frame {
  readonly log: readonly (readonly [code: number, parameter: number])[]
  readonly status: SignalStatus
}

type Fields = { -readonly [Key in keyof SignalStatus as SignalStatus[Key] extends number ? Key : never]: number }

/** Every phase and crossing is called all the time and forced off as soon as it may be, with what else is given for the second. */
export function record(
  database: ControllerDatabase,
  seconds: number,
  at: (second: number) => Partial<ControllerInputs> = () => ({}),
): Frame[] {
  const controller = createController(database)
  const numbers = database.intersection.phases.map(({ id }) => id)
  const all = numbers.reduce((bits, phase) => withBit(bits, phase), 0)
  const inputs = {
    ...QUIET_UNIT,
    epochMs: Date.UTC(2026, 0, 5, 8),
    occupied: new Uint8Array(65),
    pedestrianButtons: 0,
    control: { ...NO_PHASE_CONTROL, vehicleCall: all, pedestrianCall: all, forceOff: all },
    pattern: PATTERN_FREE,
  }
  return Array.from({ length: (seconds * 1_000) / TAPE_STEP_MS }, (_, step) => {
    const log: [number, number][] = []
    const given = { ...inputs, ...at((step * TAPE_STEP_MS) / 1_000) }
    stepController(controller, given, TAPE_STEP_MS, (code, parameter) => log.push([code, parameter]))
    return { log, status: statusOf(controller) }
  })
}

/** Takes the step before `code` of `parameter` out of the tape, the `nth` time it is logged: what was shown there was shorter. */
export function shorten(tape: readonly Frame[], code: number, parameter: number, nth = 1): Frame[] {
  return tape.toSpliced(indexOf(tape, code, parameter, nth) - 1, 1)
}

/** Tells other codes in the place of one; none: it is not logged. */
export function retell(tape: readonly Frame[], code: number, parameter: number, codes: readonly number[]): Frame[] {
  const index = indexOf(tape, code, parameter, 1)
  return tape.map(({ log, status }, each) => ({
    log:
      each === index
        ? log.flatMap((event) =>
            event[0] === code && event[1] === parameter ? codes.map((told) => [told, parameter] as const) : [event],
          )
        : log,
    status,
  }))
}

/** Lights and darkens bits of one step: the one in which `code` of `parameter` is logged for the first time. */
export function relight(tape: readonly Frame[], code: number, parameter: number, changes: Relit): Frame[] {
  const index = indexOf(tape, code, parameter, 1)
  return tape.map(({ log, status }, each) => ({ log, status: each === index ? relit(status, changes) : status }))
}

export interface Relit {
  readonly lit?: Partial<Fields>
  readonly dark?: Partial<Fields>
}

function relit(status: SignalStatus, { lit = {}, dark = {} }: Relit): SignalStatus {
  const changed: Fields = { ...status }
  for (const [field, number] of Object.entries(lit))
    changed[field as keyof Fields] = withBit(changed[field as keyof Fields], number)
  for (const [field, number] of Object.entries(dark))
    changed[field as keyof Fields] = withoutBit(changed[field as keyof Fields], number)
  return { ...status, ...changed }
}

function indexOf(tape: readonly Frame[], code: number, parameter: number, nth: number): number {
  const found = tape.flatMap(({ log }, index) =>
    log.some((event) => event[0] === code && event[1] === parameter) ? [index] : [],
  )
  const index = found[nth - 1]
  if (index === undefined) throw new Error(`the tape has no ${nth} times code ${code} of ${parameter}`)
  return index
}
