/** What takes an intersection out of our hands, as far as its cabinet tells it. */
import type { LiveState, Mode } from '#contract/messages.ts'
import { ALARMS, type AlarmName } from '#signal/alarms.ts'
import type { FlashCause } from '#signal/status.ts'

/** A cause of flash, or an alarm of the cabinet. */
export type ModeCause = FlashCause | AlarmName

/** The alarms that are the cause of a mode; all others stand beside it. */
const ALARMS_OF: Readonly<Partial<Record<Mode, readonly AlarmName[]>>> = {
  manual: ['manualControl', 'stopTime'],
  fault: [
    'conflict',
    'recurrentPulses',
    'dualIndication',
    'redFailure',
    'skippedYellow',
    'shortYellow',
    'shortClearance',
    'controllerStopped',
    'databaseRefused',
    'watchdog', // Last: a program that has failed tends no watchdog either.
  ],
}

/** null where nothing is told. */
export function causeOf({ mode, flash, alarms }: LiveState): ModeCause | null {
  if (mode === 'flash') return flash === 'none' ? null : flash
  return ALARMS_OF[mode]?.find((name) => alarms.includes(ALARMS[name])) ?? null
}
