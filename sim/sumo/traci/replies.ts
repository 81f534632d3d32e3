/** Answers from bytes: what SUMO says to us, or a fault where it refuses, or says what is no TraCI. */
import { failed, ok, type Outcome } from '#base/outcome.ts'
import { ByteReader, MalformedBytes } from './bytes.ts'
import type { Command } from './commands.ts'
import { COMMAND_KIND, DOMAIN, type DomainName } from './protocol.ts'
import type { SumoFault } from './sumo-fault.ts'
import { readTypedValue, type TypedValue } from './typed-value.ts'

/** What one subscription says after a step. */
export interface Report {
  readonly domain: DomainName
  readonly id: string
  /** By variable; those that SUMO could not read are left out. */
  readonly values: ReadonlyMap<number, TypedValue>
  /** Of a subscription to what is around a thing: the values of each of those, by name. */
  readonly around: ReadonlyMap<string, ReadonlyMap<number, TypedValue>>
}

export interface Version {
  readonly api: number
  readonly name: string
}

const STATUS_OK = 0x00

const DOMAIN_NAMES = new Map(Object.entries(DOMAIN).map(([name, digit]) => [digit as number, name as DomainName]))

/** Nothing but a status for each command. */
export const decodeDone = (message: Buffer, commands: readonly Command[]): Outcome<void, SumoFault> =>
  decode(message, (reader) => {
    for (const { id } of commands) readStatus(reader, id)
  })

export const decodeVersion = (message: Buffer, { id }: Command): Outcome<Version, SumoFault> =>
  decode(message, (reader) => {
    readStatus(reader, id)
    return within(reader, (content) => {
      expect(content, id)
      return { api: content.int(), name: content.string() }
    })
  })

/** The answer to `getCommand`. */
export const decodeValue = (message: Buffer, { id }: Command): Outcome<TypedValue, SumoFault> =>
  decode(message, (reader) => {
    readStatus(reader, id)
    return within(reader, (content) => {
      expect(content, COMMAND_KIND.answer | (id & 0x0f))
      content.ubyte()
      content.string()
      return readTypedValue(content)
    })
  })

/** The first report of each subscription, in the order of the commands. */
export const decodeSubscribed = (message: Buffer, commands: readonly Command[]): Outcome<Report[], SumoFault> =>
  decode(message, (reader) =>
    commands.flatMap(({ id }) => {
      readStatus(reader, id)
      // SUMO answers with no report where nothing is subscribed any longer.
      return reader.left > 0 ? [within(reader, readReport)] : []
    }),
  )

/** All reports of a step. */
export const decodeStep = (message: Buffer, { id }: Command): Outcome<Report[], SumoFault> =>
  decode(message, (reader) => {
    readStatus(reader, id)
    return Array.from({ length: reader.count(1) }, () => within(reader, readReport))
  })

class Refusal extends Error {
  readonly command: number
  constructor(command: number, words: string) {
    super(words)
    this.command = command
  }
}

/** The border of the codec: what it throws becomes a fault, and nothing may be left over. */
function decode<T>(message: Buffer, read: (reader: ByteReader) => T): Outcome<T, SumoFault> {
  const reader = new ByteReader(message)
  try {
    const value = read(reader)
    if (reader.left > 0) throw new MalformedBytes(`${reader.left} bytes are left over`)
    return ok(value)
  } catch (error) {
    if (error instanceof Refusal) return failed({ code: 'SUMO_REFUSED', command: error.command, words: error.message })
    if (error instanceof MalformedBytes) return failed({ code: 'SUMO_REPLY_MALFORMED', detail: error.message })
    throw error
  }
}

/** Throws where SUMO did not do it. */
function readStatus(reader: ByteReader, command: number): void {
  within(reader, (content) => {
    expect(content, command)
    const status = content.ubyte()
    const words = content.string()
    if (status !== STATUS_OK) throw new Refusal(command, words)
  })
}

function readReport(content: ByteReader): Report {
  const command = content.ubyte()
  const domain = DOMAIN_NAMES.get(command & 0x0f)
  const kind = command & 0xf0
  const isReport = kind === COMMAND_KIND.subscribed || kind === COMMAND_KIND.subscribedAround
  if (!isReport || domain === undefined) throw new MalformedBytes(`0x${command.toString(16)} where a report is due`)
  const id = content.string()
  if (kind === COMMAND_KIND.subscribed)
    return { domain, id, values: readValues(content, content.ubyte()), around: NOBODY }
  content.ubyte()
  const variables = content.ubyte()
  const around = Array.from({ length: content.count(4) }, () => {
    const name = content.string()
    return [name, readValues(content, variables)] as const
  })
  return { domain, id, values: NO_VALUES, around: new Map(around) }
}

const NO_VALUES: ReadonlyMap<number, TypedValue> = new Map()
const NOBODY: Report['around'] = new Map()

function readValues(content: ByteReader, variables: number): ReadonlyMap<number, TypedValue> {
  const values = new Map<number, TypedValue>()
  for (let left = variables; left > 0; left--) {
    const variable = content.ubyte()
    const status = content.ubyte()
    const value = readTypedValue(content)
    if (status === STATUS_OK) values.set(variable, value)
  }
  return values
}

/** Reads one part of a message: its own length, which must be kept to the byte, and its content. */
function within<T>(reader: ByteReader, read: (content: ByteReader) => T): T {
  const short = reader.ubyte()
  const content = new ByteReader(reader.raw(short === 0 ? reader.int() - 5 : short - 1))
  const value = read(content)
  if (content.left > 0) throw new MalformedBytes(`${content.left} bytes are left over in a part`)
  return value
}

function expect(content: ByteReader, id: number): void {
  const found = content.ubyte()
  if (found !== id) throw new MalformedBytes(`0x${found.toString(16)} where 0x${id.toString(16)} is due`)
}
