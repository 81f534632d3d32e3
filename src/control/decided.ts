/** A decision whose reason is made when somebody reads it: ten times a second nobody does. */
import type { SupervisoryCommand } from '#signal/command.ts'
import type { Decision, Reason } from './strategy.ts'

/** The reason is the same whenever it is read: `explain` looks at the frozen image of its step only. */
export class Decided<Memory> implements Decision<Memory> {
  readonly command: SupervisoryCommand
  readonly memory: Memory
  readonly #explain: () => Reason

  constructor(command: SupervisoryCommand, memory: Memory, explain: () => Reason) {
    this.command = command
    this.memory = memory
    this.#explain = explain
  }

  get why(): Reason {
    return this.#explain()
  }
}
