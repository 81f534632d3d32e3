/** Commands as bytes: what we say to SUMO. */
import { ByteWriter } from './bytes.ts'
import { COMMAND, COMMAND_KIND, DOMAIN, type DomainName } from './protocol.ts'
import { writeTypedValue, type TypedValue } from './typed-value.ts'

export interface Command {
  readonly id: number
  readonly content: Buffer
}

/** A variable of one thing that is to become another. */
export interface Setting {
  readonly domain: DomainName
  readonly id: string
  readonly variable: number
  readonly value: TypedValue
}

export interface Subscription {
  readonly domain: DomainName
  /** '' for the simulation as a whole. */
  readonly id: string
  readonly variables: readonly number[]
  /** Not of the thing itself, but of all things of that domain within so many metres of it. */
  readonly around?: { readonly domain: DomainName; readonly rangeM: number }
}

/** A length of one byte counts itself, the identifier and the content; longer ones say 0 and then four bytes. */
const SHORT_LENGTH_MOST = 255

/** For as long as the simulation lasts; SUMO's own clients say the same number. */
const FOREVER_S = 2 ** 30

export const versionCommand = (): Command => ({ id: COMMAND.version, content: Buffer.alloc(0) })

export const closeCommand = (): Command => ({ id: COMMAND.close, content: Buffer.alloc(0) })

/** Until that time of the simulation; 0 is one step. */
export const stepCommand = (untilS: number): Command => ({
  id: COMMAND.step,
  content: new ByteWriter().double(untilS).take(),
})

export const getCommand = (domain: DomainName, id: string, variable: number): Command => ({
  id: COMMAND_KIND.get | DOMAIN[domain],
  content: new ByteWriter().ubyte(variable).string(id).take(),
})

export function setCommand({ domain, id, variable, value }: Setting): Command {
  const writer = new ByteWriter().ubyte(variable).string(id)
  writeTypedValue(writer, value)
  return { id: COMMAND_KIND.set | DOMAIN[domain], content: writer.take() }
}

/** Once no variable is named, SUMO forgets the subscription. */
export function subscribeCommand({ domain, id, variables, around }: Subscription): Command {
  const writer = new ByteWriter().double(0).double(FOREVER_S).string(id)
  if (around !== undefined) writer.ubyte(COMMAND_KIND.get | DOMAIN[around.domain]).double(around.rangeM)
  writer.ubyte(variables.length)
  for (const variable of variables) writer.ubyte(variable)
  const kind = around === undefined ? COMMAND_KIND.subscribe : COMMAND_KIND.subscribeAround
  return { id: kind | DOMAIN[domain], content: writer.take() }
}

/** One message: its length in four bytes, itself included, and the commands one behind the other. */
export function encodeMessage(commands: readonly Command[]): Buffer {
  const writer = new ByteWriter()
  for (const { id, content } of commands) {
    const shortLength = content.length + 2
    if (shortLength <= SHORT_LENGTH_MOST) writer.ubyte(shortLength)
    else writer.ubyte(0).int(shortLength + 4)
    writer.ubyte(id).raw(content)
  }
  const body = writer.take()
  return new ByteWriter()
    .int(body.length + 4)
    .raw(body)
    .take()
}
