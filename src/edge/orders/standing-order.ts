/** An order of a person that holds at an intersection for a while: the edge goes on by itself when its time is over. */
import Type from 'typebox'
import { COMMANDS, type CommandName } from '#contract/command-order.ts'
import { RUNGS } from '#control/strategy.ts'

const upTo = { untilEpochMs: Type.Integer(), correlation: Type.String() }

export const StandingOrder = Type.Union([
  Type.Object({ command: Type.Literal('release'), ...upTo }),
  Type.Object({ command: Type.Literal('hold-rung'), rung: Type.Enum(RUNGS), ...upTo }),
  Type.Object({ command: Type.Literal('priority'), number: Type.Integer({ minimum: 1, maximum: 32 }), ...upTo }),
  Type.Object({ command: Type.Literal('special-event'), pattern: Type.Integer({ minimum: 1, maximum: 253 }), ...upTo }),
])
export type StandingOrder = Readonly<Type.Static<typeof StandingOrder>>

/** The later of two orders of one kind takes the place of the earlier; priority strategies are called one by one. */
export const replaces = (later: StandingOrder, earlier: StandingOrder): boolean =>
  later.command === 'priority' && earlier.command === 'priority'
    ? later.number === earlier.number
    : later.command === earlier.command

/** In the parameters of our events: the place in the list, from 1. */
export const commandNumber = (command: CommandName): number => COMMANDS.indexOf(command) + 1
