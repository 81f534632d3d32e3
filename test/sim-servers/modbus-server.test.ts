/** A virtual device on Modbus TCP answers as the specification has it, whatever it is asked, and says when it cannot listen. */
import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import modbusSerial from 'modbus-serial'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { ModbusProfile } from '#devices/profile/schema.ts'
import { CONNECTIONS_MAX, type RunningServer, serveModbus } from '#sim/servers/modbus-server.ts'
import { modbusProfile } from '#test/support/profiles.ts'
import { type VirtualDevice, virtualDevice } from '#test/support/virtual-device.ts'

let profile: ModbusProfile
let source: VirtualDevice
let server: RunningServer
const clients: InstanceType<typeof modbusSerial.default>[] = []
const sockets: Socket[] = []

beforeEach(async () => {
  profile = await modbusProfile('sabz-modbus-controller')
  source = virtualDevice()
  server = await serveModbus({ profile, source, host: '127.0.0.1', port: 0, unit: 3 })
})
afterEach(async () => {
  for (const client of clients.splice(0)) client.destroy(() => {})
  for (const socket of sockets.splice(0)) socket.destroy()
  await server.close()
})

/** The library's own client, with framing that is not ours. */
async function master(unit = 3) {
  const client = new modbusSerial.default()
  clients.push(client)
  await client.connectTCP('127.0.0.1', { port: server.port })
  client.setID(unit)
  client.setTimeout(5_000)
  return client
}

async function rawSocket(): Promise<Socket> {
  const socket = connect({ host: '127.0.0.1', port: server.port })
  sockets.push(socket)
  socket.on('error', () => {})
  await once(socket, 'connect')
  return socket
}

/** The exception code that an asking ends with; 0 = it was answered. */
const exceptionOf = (asking: Promise<unknown>) =>
  asking.then(
    () => 0,
    (error: { modbusCode?: number }) => error.modbusCode ?? -1,
  )

type Master = Awaited<ReturnType<typeof master>>

test.each<[string, number, (client: Master) => Promise<unknown>]>([
  ['a read of one register', 0, (client) => client.readInputRegisters(300, 1)],
  ['a read of the most that there can be', 0, (client) => client.readInputRegisters(100, 124)],
  ['a read of the log up to its last register', 0, (client) => client.readInputRegisters(10_000 + 8 * 4_096 - 8, 8)],
  ['a read beyond the log', 2, (client) => client.readInputRegisters(10_000 + 8 * 4_096 - 8, 9)],
  ['a read of a register between two blocks', 2, (client) => client.readInputRegisters(223, 2)],
  ['a read of the other table', 2, (client) => client.readHoldingRegisters(300, 1)],
  ['a read of the control block', 2, (client) => client.readHoldingRegisters(0, 22)],
  ['a read of 126 registers', 3, (client) => client.readInputRegisters(10_000, 126)],
  ['a read of no register', 2, (client) => client.readInputRegisters(300, 0)],
  ['a read of coils', 1, (client) => client.readCoils(0, 1)],
  ['a read of discrete inputs', 1, (client) => client.readDiscreteInputs(0, 1)],
  ['a write of a coil', 1, (client) => client.writeCoil(0, true)],
  ['a write of a single register', 1, (client) => client.writeRegister(0, 1)],
  ['a write of a part of the control block', 2, (client) => client.writeRegisters(0, [1, 2])],
  [
    'a write that begins inside the control block',
    2,
    (client) =>
      client.writeRegisters(
        1,
        Array.from({ length: 21 }, () => 1),
      ),
  ],
  [
    'a write beyond the control block',
    2,
    (client) =>
      client.writeRegisters(
        0,
        Array.from({ length: 23 }, () => 1),
      ),
  ],
  [
    'a write elsewhere',
    2,
    (client) =>
      client.writeRegisters(
        500,
        Array.from({ length: 22 }, () => 1),
      ),
  ],
  [
    'a write of an epoch beyond 2^53',
    2,
    (client) =>
      client.writeRegisters(
        0,
        Array.from({ length: 22 }, () => 0xffff),
      ),
  ],
])('%s is answered with exception %i (0 = with a reply)', async (_what, code, ask) => {
  expect(await exceptionOf(ask(await master()))).toBe(code)
  expect(source.received).toEqual([])
})

test('a write of the whole control block arrives once, each register in its point', async () => {
  const words = [0, 0, 0, 7, 0, 8, 2_500, 254, ...Array.from({ length: 14 }, () => 1)]
  expect(await exceptionOf((await master()).writeRegisters(0, words))).toBe(0)
  expect(source.received.map((group) => [...group].slice(0, 4))).toEqual([
    [
      ['control.epoch', 7],
      ['control.sequence', 8],
      ['control.leaseMs', 2_500],
      ['control.pattern', 254],
    ],
  ])
})

test('a control write that the device refuses is answered with exception 3', async () => {
  source.takes = false
  const words = Array.from({ length: 22 }, () => 1)
  expect(await exceptionOf((await master()).writeRegisters(0, words))).toBe(3)
})

test('another unit is answered with exception 11, and nothing is written', async () => {
  const stranger = await master(4)
  expect(await exceptionOf(stranger.readInputRegisters(300, 1))).toBe(11)
  expect(
    await exceptionOf(
      stranger.writeRegisters(
        0,
        Array.from({ length: 22 }, () => 1),
      ),
    ),
  ).toBe(11)
  expect(source.received).toEqual([])
})

test('a device of short reads refuses longer ones', async () => {
  const generic = await modbusProfile('generic-ntcip-modbus')
  await server.close()
  server = await serveModbus({ profile: generic, source, host: '127.0.0.1', port: 0, unit: 3 })
  const client = await master()
  expect(await exceptionOf(client.readInputRegisters(256, 64))).toBe(0)
  expect(await exceptionOf(client.readInputRegisters(256, 65))).toBe(3)
})

test('a loop card takes no write at all', async () => {
  const card = await modbusProfile('sabz-modbus-loop-card')
  await server.close()
  server = await serveModbus({ profile: card, source, host: '127.0.0.1', port: 0, unit: 3 })
  expect(await exceptionOf((await master()).writeRegisters(0, [1]))).toBe(1)
})

test('one read is of one moment, and the next of the next', async () => {
  const client = await master()
  source.shows.set('unit.uptimeMs', 2 ** 40 + 5)
  expect((await client.readInputRegisters(306, 4)).data).toEqual([0, 256, 0, 5])
  source.shows.set('unit.uptimeMs', 6)
  expect((await client.readInputRegisters(306, 4)).data).toEqual([0, 0, 0, 6])
})

test('a port in use is a clear error', async () => {
  const again = serveModbus({ profile, source, host: '127.0.0.1', port: server.port })
  await expect(again).rejects.toMatchObject({ code: 'EADDRINUSE', port: server.port })
})

test('one master more than it can serve is hung up on, and the others are still served', async () => {
  const served = await master()
  for (let i = 1; i < CONNECTIONS_MAX; i++) await rawSocket()
  const tooMany = await rawSocket()
  await once(tooMany.resume(), 'close')
  expect(await exceptionOf(served.readInputRegisters(300, 1))).toBe(0)
})

test('noise does not stop it from answering others', async () => {
  const noisy = await rawSocket()
  noisy.write(Buffer.alloc(300, 0xa5))
  noisy.write(Buffer.from([0, 1, 0, 0, 0, 1, 3]))
  expect(await exceptionOf((await master()).readInputRegisters(300, 1))).toBe(0)
})

test('it listens on the given address only, and closing frees the port and ends the connections', async () => {
  const elsewhere = connect({ host: '127.0.0.2', port: server.port })
  const [refusal] = (await once(elsewhere, 'error')) as [NodeJS.ErrnoException]
  expect(refusal.code).toBe('ECONNREFUSED')
  const socket = await rawSocket()
  const { port } = server
  const ended = once(socket.resume(), 'close')
  await server.close()
  await ended
  server = await serveModbus({ profile, source, host: '127.0.0.1', port })
  expect(server.port).toBe(port)
})
