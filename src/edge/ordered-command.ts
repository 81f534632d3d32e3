/** What is asked of the street in the end: the wish of the strategy under what people have ordered and what passes by. */
import type { SupervisoryCommand } from '#signal/command.ts'
import type { UnitStatus } from '#signal/status.ts'
import type { OrderDesk } from './orders/order-desk.ts'

/**
 * A preempt passes by, or a street becomes clear for another timing: supervision lives on, asks for what it can go on
 * asking for, and steers nothing meanwhile.
 */
export function asOrdered(
  command: SupervisoryCommand,
  { controlStatus }: UnitStatus,
  orders: OrderDesk | undefined,
): SupervisoryCommand {
  const letsGo = controlStatus === 'preempt' || orders?.plans.isArmed === true
  const steered = letsGo ? { ...command, ...NO_STEERING } : command
  const called = orders?.bounds.priorities ?? 0
  return called === 0 ? steered : { ...steered, priorities: (steered.priorities | called) >>> 0 }
}

const NO_STEERING: Pick<SupervisoryCommand, 'hold' | 'forceOff' | 'phaseOmit' | 'pedestrianOmit'> = {
  hold: 0,
  forceOff: 0,
  phaseOmit: 0,
  pedestrianOmit: 0,
}

/** A decision worth its place in the record; calls are not, for the controller's own log has them as they come and go. */
export const differs = (a: SupervisoryCommand, b: SupervisoryCommand): boolean =>
  a.pattern !== b.pattern ||
  a.hold !== b.hold ||
  a.forceOff !== b.forceOff ||
  a.phaseOmit !== b.phaseOmit ||
  a.pedestrianOmit !== b.pedestrianOmit ||
  a.preempts !== b.preempts ||
  a.priorities !== b.priorities
