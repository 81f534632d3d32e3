/** Modbus TCP as a wire: opens a socket under modbus-serial and asks it one thing at a time. */
import { once } from 'node:events'
import { connect } from 'node:net'
import modbusSerial from 'modbus-serial'
import type { Wire } from '../connection.ts'
import type { DeviceAddress, DeviceFault, DeviceResult } from '../device.ts'
import type { Registers } from '../profile/codec.ts'
import type { RegisterRead } from './read-plan.ts'
import { ModbusTcpPort, type ModbusSocket } from './tcp-port.ts'

/** How soon the kernel starts to ask an idle peer whether it is still there. */
const KEEP_ALIVE_MS = 5_000

export interface ModbusSession {
  readonly client: InstanceType<typeof modbusSerial.default>
  readonly socket: ModbusSocket
}

/** A connection that stands, or a rejection that says why there is none. Gives up when `signal` aborts. */
export type Dial = (address: DeviceAddress, signal: AbortSignal) => Promise<ModbusSocket>

export function modbusWire(address: DeviceAddress, dial: Dial = dialTcp): Wire<ModbusSession> {
  return {
    open: async (signal, lost) => startSession(await dial(address, signal), lost),
    async drop({ socket }) {
      if (socket.closed) return
      const closed = once(socket, 'close')
      socket.destroy()
      await closed.catch(() => {})
    },
  }
}

async function dialTcp({ host, port }: DeviceAddress, signal: AbortSignal): Promise<ModbusSocket> {
  const socket = connect({ host, port, noDelay: true, keepAlive: true, keepAliveInitialDelay: KEEP_ALIVE_MS })
  try {
    await once(socket, 'connect', { signal })
  } catch (error) {
    socket.destroy()
    throw error
  }
  return socket
}

/** Functions 3 and 4. */
export function readRegisters(
  session: ModbusSession,
  unit: number,
  { table, address, length }: Pick<RegisterRead, 'table' | 'address' | 'length'>,
): Promise<DeviceResult<Registers>> {
  return ask(session, (answer) => {
    const next = (error: Error | null, reply: { data: number[] }) => answer(error, reply?.data)
    if (table === 'input') session.client.writeFC4(unit, address, length, next)
    else session.client.writeFC3(unit, address, length, next)
  })
}

/** Registers that go out in one write. */
export interface RegisterBlock {
  readonly address: number
  readonly words: Registers
}

/** All that one writer may write at this unit; whatever else he asks for is not sent. */
export interface WriteWindow {
  readonly unit: number
  readonly address: number
  /** Registers. */
  readonly length: number
}

/** Function 16, the only one that writes: all words or none. */
export async function writeRegisters(
  session: ModbusSession,
  window: WriteWindow,
  { address, words }: RegisterBlock,
): Promise<DeviceResult<void>> {
  if (address < window.address || address + words.length > window.address + window.length)
    return { ok: false, fault: { code: 'NOT_IN_PROFILE', detail: `register ${address} may not be written here` } }
  return ask(session, (answer) =>
    // That the answer is the echo of this block is the port's to check.
    session.client.writeFC16(window.unit, address, [...words], (error: Error | null) => answer(error, undefined)),
  )
}

function startSession(socket: ModbusSocket, lost: (fault: DeviceFault) => void): ModbusSession {
  let reason = 'the device closed the connection'
  socket.on('error', (error) => (reason = error.message))
  socket.on('close', () => lost({ code: 'CONNECTION_LOST', detail: reason }))
  const port = new ModbusTcpPort(socket, lost)
  const client = new modbusSerial.default(port)
  client.open()
  return { client, socket }
}

type Answer<T> = (error: Error | null, value: T) => void

/** modbus-serial checks function and length of the answer, and calls back once; what it finds wrong becomes a fault. */
function ask<T>(session: ModbusSession, send: (answer: Answer<T>) => void): Promise<DeviceResult<T>> {
  return new Promise((resolve) => {
    if (session.socket.readyState !== 'open')
      return resolve({ ok: false, fault: { code: 'CONNECTION_LOST', detail: 'the device closed the connection' } })
    send((error, value) => resolve(error ? { ok: false, fault: faultOf(error) } : { ok: true, value }))
  })
}

function faultOf(error: Error & { modbusCode?: unknown }): DeviceFault {
  return typeof error.modbusCode === 'number'
    ? { code: 'REFUSED_BY_DEVICE', protocolCode: error.modbusCode, detail: error.message }
    : { code: 'BAD_REPLY', detail: error.message }
}
