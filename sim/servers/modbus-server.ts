/** A virtual device on Modbus TCP, by the same profile and codec that the driver reads it with. */
import { once } from 'node:events'
import type { AddressInfo, Server, Socket } from 'node:net'
import { ServerTCP } from 'modbus-serial'
import type { PointSource } from '#devices/device.ts'
import type { ModbusPoint, ModbusProfile } from '#devices/profile/schema.ts'
import { freezable } from './frozen-points.ts'
import { hangUpWithoutPower } from './power-line.ts'
import { EXCEPTION, ModbusException, registerBank, type RegisterBank } from './register-bank.ts'
import { shiftedBank } from './shifted-bank.ts'
import { bendWire, WireFaults } from './wire-faults.ts'

/** A device of the street serves few masters at once; those beyond are hung up on. */
export const CONNECTIONS_MAX = 8
/** How soon the kernel asks a silent master whether it is still there, so that it does not hold its place for ever. */
const KEEP_ALIVE_MS = 5_000

export interface ModbusServerOptions {
  readonly profile: ModbusProfile
  /** Asked at the moment of each request. */
  readonly source: PointSource
  readonly host: string
  /** 0 = any free one. */
  readonly port: number
  /** Requests to another unit are answered with exception 11; 1 where it is not given. */
  readonly unit?: number
  /** What is wrong on its wire, to be planted; nothing unless given. */
  readonly faults?: WireFaults
}

export interface RunningServer {
  readonly port: number
  /** Ends all connections and frees the port. */
  close(): Promise<void>
}

type Vector = ConstructorParameters<typeof ServerTCP>[0]
type Options = ConstructorParameters<typeof ServerTCP>[1]

/** Rejects when it cannot listen, with the reason of the system (`EADDRINUSE` …). */
export async function serveModbus({
  profile,
  source,
  host,
  port,
  unit = 1,
  faults = new WireFaults(),
}: ModbusServerOptions): Promise<RunningServer> {
  // ServerTCP takes the number 0 for "not given", and 502 instead; as a text it passes on to the system, which takes both.
  const options = { host, port: String(port), unitID: EVERY_UNIT } as unknown as Options
  const bank = shiftedBank(registerBank(profile, freezable(source, faults)), faults)
  const server = new ServerTCP(vectorOf(bank, unit), options)
  const listener = listenerOf(server)
  listener.maxConnections = CONNECTIONS_MAX
  listener.on('connection', (socket: Socket) => socket.setNoDelay(true).setKeepAlive(true, KEEP_ALIVE_MS))
  bendWire(listener, faults, (answer) => (faults.answersForAnother ? fromTheNextUnit(answer) : answer))
  hangUpWithoutPower(listener, source)
  await Promise.race([
    once(server, 'initialized'),
    once(server, 'serverError').then(([error]) => Promise.reject(error as Error)),
  ])
  return {
    port: (listener.address() as AddressInfo).port,
    close: () => new Promise((resolve) => server.close(() => resolve())),
  }
}

/** Byte 6 of the header is the unit (Modbus Messaging on TCP/IP 1.0b, 3.1.3); ServerTCP sends each answer whole. */
function fromTheNextUnit(answer: Uint8Array): Uint8Array {
  const changed = Uint8Array.from(answer)
  changed[6] = ((answer[6] ?? 0) % UNIT_MOST) + 1
  return changed
}

const UNIT_MOST = 247

/** ServerTCP says nothing at all to a unit that is not its own; so it is given all, and we answer for each. */
const EVERY_UNIT = 255

/** What ServerTCP calls for each function; a function that is not here would get no answer. */
function vectorOf(bank: RegisterBank, ownUnit: number): Vector {
  const read = (table: ModbusPoint['table']) => (address: number, length: number, unit: number) => {
    requireUnit(unit, ownUnit)
    return bank.read({ table, address, length })
  }
  // For one register ServerTCP calls another function than for more.
  const readOne = (table: ModbusPoint['table']) => (address: number, unit: number) =>
    read(table)(address, 1, unit)[0] ?? 0
  const illegal = (_address: number, _value: number | boolean, unit: number) => {
    requireUnit(unit, ownUnit)
    throw new ModbusException(EXCEPTION.illegalFunction)
  }
  return {
    getMultipleInputRegisters: read('input'),
    getMultipleHoldingRegisters: read('holding'),
    getInputRegister: readOne('input'),
    getHoldingRegister: readOne('holding'),
    setRegisterArray(address: number, words: number[], unit: number) {
      requireUnit(unit, ownUnit)
      bank.write({ address, words })
    },
    setRegister: illegal,
    setCoil: illegal,
    getCoil: (address: number, unit: number) => illegal(address, 0, unit),
    getDiscreteInput: (address: number, unit: number) => illegal(address, 0, unit),
  }
}

function requireUnit(unit: number, ownUnit: number): void {
  if (unit !== ownUnit) throw new ModbusException(EXCEPTION.unitDoesNotRespond)
}

/** The listening socket, which the typings of ServerTCP leave out: port, limit and delay are set there. */
const listenerOf = (server: ServerTCP): Server => (server as unknown as { readonly _server: Server })['_server']
