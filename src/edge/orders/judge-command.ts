/** Whether an edge follows a command that has come: who signed it, for whom, until when, and what it would mean at each intersection. */
import { Compile } from 'typebox/compile'
import { hasBit } from '#base/bits.ts'
import { unreachable } from '#base/invariant.ts'
import type { IntersectionId } from '#base/id.ts'
import { failed, ok, type Outcome } from '#base/outcome.ts'
import {
  COMMAND_LIFE_MS_MAX,
  COMMAND_PARAMETERS,
  CommandOrder,
  COMMANDS,
  signersNeeded,
  type CommandName,
} from '#contract/command-order.ts'
import { orderFault, type OrderFault } from '#contract/order-fault.ts'
import { ORDER_VERSION, readSignedOrder, type SignedOrder } from '#contract/signed-order.ts'
import { edgeTopics } from '#contract/topics.ts'
import { RUNGS } from '#control/strategy.ts'
import type { Duty } from './judge-plan.ts'
import { peopleAmong } from './key-ring.ts'
import type { Commissioned } from './planned-timing.ts'
import type { StandingOrder } from './standing-order.ts'

/** Somebody who may has signed it, for this edge. */
export interface AuthenticCommand {
  readonly order: CommandOrder
  readonly command: CommandName
}

/** What the edge does for it; null: all that stands there ends. */
export type Followed = ReadonlyMap<IntersectionId, StandingOrder | null>

/** Never throws, whatever comes. `name` is the last level of the topic that it came by. */
export function authenticateCommand(
  text: string,
  { name, duty, nowEpochMs }: { readonly name: string; readonly duty: Duty; readonly nowEpochMs: number },
): Outcome<AuthenticCommand, OrderFault> {
  const signed = readSignedOrder(text)
  if (!signed.ok) return signed
  const signers = duty.keys.signersOf({ kind: 'command', order: signed.value, nowEpochMs })
  if (!signers.ok) return signers
  const order = readOrder(signed.value)
  if (!order.ok) return order
  const { issuedBy } = order.value
  if (!signers.value.some(({ id }) => id === issuedBy))
    return refuse('ISSUER_NOT_SIGNER', `it is issued by ${issuedBy}, who has not signed it`)
  const foreign = whoseElse(order.value, name, duty)
  if (foreign !== null) return failed(foreign)
  const command = COMMANDS.find((each) => each === order.value.command)
  if (command === undefined) return refuse('COMMAND_UNKNOWN', `there is no command ${order.value.command}`)
  const [people, needed] = [peopleAmong(signers.value), signersNeeded(order.value)]
  if (people < needed) return refuse('SIGNERS_TOO_FEW', `${people} of ${needed} people have signed`)
  return ok({ order: order.value, command })
}

const refuse = (code: OrderFault['code'], detail: string) => failed(orderFault(code, detail))

const schema = Compile(CommandOrder)

function readOrder({ body }: SignedOrder): Outcome<CommandOrder, OrderFault> {
  if (schema.Check(body)) return ok(body)
  if ('v' in body && typeof body.v === 'number' && Math.abs(body.v - ORDER_VERSION) > 1)
    return refuse(
      'ORDER_OF_OTHER_VERSION',
      `it has version ${body.v}, this edge reads ${ORDER_VERSION} and its neighbours`,
    )
  const [first] = schema.Errors(body)
  return refuse('ORDER_MALFORMED', `${first?.instancePath || 'the body'} ${first?.message ?? 'is no command'}`)
}

function whoseElse(order: CommandOrder, name: string, { site, edge, intersections }: Duty): OrderFault | null {
  if (order.site !== site || order.edge !== edge)
    return orderFault('ORDER_FOREIGN', `it is for edge ${order.edge} of ${order.site}, this is ${edge} of ${site}`)
  if (order.command !== name) return orderFault('ORDER_FOREIGN', `${order.command} has come by the topic of ${name}`)
  const known: ReadonlySet<string> = new Set(intersections.keys())
  const stranger = order.intersections.find((id) => !known.has(id))
  if (stranger !== undefined) return orderFault('ORDER_FOREIGN', `this edge has no intersection ${stranger}`)
  const { result } = edgeTopics(site, edge)
  const { responseTopic } = order
  if (responseTopic === result || (responseTopic.startsWith(`${result}/`) && !/[+#\0]/.test(responseTopic))) return null
  return orderFault(
    'COMMAND_ANSWER_FOREIGN',
    `answers go to ${result} or below it, not to ${JSON.stringify(responseTopic)}`,
  )
}

/** In its time, and for no longer than a situation lasts. */
export function timelyCommand(
  { issuedAtEpochMs, expiresAtEpochMs }: CommandOrder,
  nowEpochMs: number,
): OrderFault | null {
  if (nowEpochMs >= expiresAtEpochMs)
    return orderFault('ORDER_EXPIRED', `it had to be followed before ${new Date(expiresAtEpochMs).toISOString()}`)
  if (expiresAtEpochMs - nowEpochMs > COMMAND_LIFE_MS_MAX || expiresAtEpochMs - issuedAtEpochMs > COMMAND_LIFE_MS_MAX)
    return orderFault(
      'COMMAND_OUT_OF_RANGE',
      `an order is followed within ${COMMAND_LIFE_MS_MAX / 60_000} minutes or not at all: its expiry is too far, or a clock is wrong`,
    )
  return null
}

/** What it means at each of its intersections, or why it cannot be done at one of them: then it is done at none. */
export function follow(
  { order, command }: AuthenticCommand,
  streets: ReadonlyMap<IntersectionId, Commissioned>,
  nowEpochMs: number,
): Outcome<Followed, OrderFault> {
  const followed = new Map<IntersectionId, StandingOrder | null>()
  for (const [id, street] of streets) {
    if (!order.intersections.includes(id)) continue
    const standing = standingOf({ order, command }, street, nowEpochMs)
    if (!standing.ok) return failed({ ...standing.fault, detail: `${id}: ${standing.fault.detail}` })
    followed.set(id, standing.value)
  }
  return ok(followed)
}

type Standing = Outcome<StandingOrder | null, OrderFault>

const parameters = {
  release: Compile(COMMAND_PARAMETERS.release),
  'hold-rung': Compile(COMMAND_PARAMETERS['hold-rung']),
  priority: Compile(COMMAND_PARAMETERS.priority),
  'special-event': Compile(COMMAND_PARAMETERS['special-event']),
}

function standingOf({ order, command }: AuthenticCommand, street: Commissioned, nowEpochMs: number): Standing {
  const { correlation, parameters: given } = order
  const until = (forMs: number) => ({ correlation, untilEpochMs: nowEpochMs + forMs })
  switch (command) {
    case 'take-back':
      return ok(null)
    case 'flash':
      return refuse('COMMAND_NOT_OFFERED', 'flash is never asked for over the wire: the cabinet begins and ends it')
    case 'release':
      return parameters.release.Check(given) ? ok({ command, ...until(given.forMs) }) : outOfRange(command)
    case 'hold-rung': {
      if (!parameters['hold-rung'].Check(given)) return outOfRange(command)
      const rung = RUNGS.find((each) => each === given.rung)
      return rung === undefined
        ? outOfRange(command, `there is no rung ${given.rung}`)
        : ok({ command, rung, ...until(given.forMs) })
    }
    case 'priority': {
      if (!parameters.priority.Check(given)) return outOfRange(command)
      const { number, forMs } = given
      return hasBit(street.limits.priorities, number)
        ? ok({ command, number, ...until(forMs) })
        : outOfRange(command, `the site does not let supervision call priority ${number}`)
    }
    case 'special-event': {
      if (!parameters['special-event'].Check(given)) return outOfRange(command)
      const plan = street.database.plans.find(({ key }) => key === given.plan)
      if (plan === undefined) return outOfRange(command, `there is no plan ${given.plan}`)
      return ok({ command, pattern: plan.pattern, ...until(given.forMs) })
    }
    default:
      return unreachable(command)
  }
}

const outOfRange = (command: CommandName, why = 'its parameters are missing or out of range') =>
  refuse('COMMAND_OUT_OF_RANGE', `${command}: ${why}`)
