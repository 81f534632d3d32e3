/** A virtual device on OPC UA answers as the specification has it; several live in one process, and none touches the home folder. */
import { once } from 'node:events'
import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { connect } from 'node:net'
import { homedir, tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  AttributeIds,
  type ClientSession,
  DataType,
  MessageSecurityMode,
  OPCUACertificateManager,
  OPCUAClient,
  SecurityPolicy,
  VariantArrayType,
} from 'node-opcua'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { openOpcua } from '#devices/opcua/driver.ts'
import type { OpcuaProfile } from '#devices/profile/schema.ts'
import type { RunningServer } from '#sim/servers/modbus-server.ts'
import { serveOpcua } from '#sim/servers/opcua-server.ts'
import { opcuaProfile } from '#test/support/profiles.ts'
import { logUpTo, recordOf, virtualDevice } from '#test/support/virtual-device.ts'

/** Where the library keeps its certificates when nobody says otherwise. */
const homeStore = () =>
  readdir(join(homedir(), '.config', 'node-opcua-default-nodejs'), { recursive: true }).catch(() => [])
const homeStoreBefore = await homeStore()

const source = virtualDevice()
const NAMESPACE = 2
let profile: OpcuaProfile
let server: RunningServer
let client: OPCUAClient
let session: ClientSession
let folder: string

/** The library's own client, with certificates of its own: what another maker's tool would do. */
beforeAll(async () => {
  profile = await opcuaProfile('sabz-opcua-controller')
  server = await serveOpcua({ profile, source, host: '127.0.0.1', port: 0 })
  folder = await mkdtemp(join(tmpdir(), 'sabz-tool-'))
  client = OPCUAClient.create({
    endpointMustExist: false,
    connectionStrategy: { maxRetry: 0 },
    clientCertificateManager: new OPCUACertificateManager({ rootFolder: folder }),
  })
  await client.connect(`opc.tcp://127.0.0.1:${server.port}`)
  session = await client.createSession()
})
afterAll(async () => {
  await session.close()
  await client.disconnect()
  await server.close()
  await rm(folder, { recursive: true, force: true })
})
beforeEach(() => {
  source.received.length = 0
  source.takes = true
})

const nodeId = (name: string) => `ns=${NAMESPACE};s=${name}`
const read = (name: string) => session.read({ nodeId: nodeId(name), attributeId: AttributeIds.Value })

function write(name: string, dataType: DataType, value: unknown, indexRange = '') {
  const arrayType = Array.isArray(value) ? VariantArrayType.Array : VariantArrayType.Scalar
  const variant = { dataType, arrayType, value }
  const range = indexRange === '' ? {} : { indexRange: indexRange as never }
  return session.write({ nodeId: nodeId(name), attributeId: AttributeIds.Value, ...range, value: { value: variant } })
}

const doubles = (length: number) => Array.from({ length }, (_, i) => i + 1)

test('it offers no security other than the profile says, and its namespace', async () => {
  const endpoints = await client.getEndpoints()
  expect(endpoints.map(({ securityMode, securityPolicyUri }) => [securityMode, securityPolicyUri])).toEqual([
    [MessageSecurityMode.None, SecurityPolicy.None],
  ])
  expect((await session.readNamespaceArray())[NAMESPACE]).toBe(profile.namespaceUri)
})

test('what changes together is one array node, of the type that the profile says, as the device shows it now', async () => {
  source.shows.set('phase.reds', 0b101)
  const first = await read('Phases')
  expect([first.value.dataType, first.value.arrayType]).toEqual([DataType.UInt32, VariantArrayType.Array])
  expect(Array.from(first.value.value as ArrayLike<number>)).toHaveLength(12)
  source.shows.set('phase.reds', 0b111)
  expect((await read('Phases')).value.value[0]).toBe(0b111)
})

test('what the device cannot say of itself is bad, and the rest is good', async () => {
  const held = source.readPoint('overlap.reds')
  source.shows.set('overlap.reds', -1)
  expect((await read('Lamps')).statusCode.name).toBe('BadInternalError')
  expect((await read('Phases')).statusCode.name).toBe('Good')
  source.shows.set('overlap.reds', held)
})

test('the control array arrives whole', async () => {
  expect((await write('Control', DataType.Double, doubles(12))).name).toBe('Good')
  expect(source.received.map((group) => [...group.values()])).toEqual([doubles(12)])
  expect([...(source.received[0]?.keys() ?? [])][0]).toBe('control.epoch')
})

test.each<[string, () => Promise<{ name: string }>]>([
  ['shorter', () => write('Control', DataType.Double, doubles(11))],
  ['longer', () => write('Control', DataType.Double, doubles(13))],
  ['of another type', () => write('Control', DataType.UInt32, doubles(12))],
  ['a single value', () => write('Control', DataType.Double, 5)],
  ['a part by an index range', () => write('Control', DataType.Double, [1, 2], '0:1')],
])('a control array that is %s is refused whole', async (_what, attempt) => {
  expect((await attempt()).name).toMatch(/^Bad/)
  expect(source.received).toEqual([])
})

const ASK_TYPES = [DataType.UInt16, DataType.UInt32, DataType.Double, DataType.UInt32, DataType.String]

/** A request of a transaction: step, writer, epoch, offset, part. */
async function askForTiming(given: readonly unknown[], types = ASK_TYPES): Promise<string> {
  const answer = await session.call({
    objectId: nodeId('Database'),
    methodId: nodeId('Database.Ask'),
    inputArguments: given.map((value, i) => ({ dataType: types[i], value }) as never),
  })
  return answer.statusCode.name
}

test.each<[string, string, readonly unknown[]]>([
  ['a step that there is not', 'BadInvalidArgument', [6, 1, 0, 0, '']],
  ['step 0', 'BadInvalidArgument', [0, 1, 0, 0, '']],
  ['a writer without a number', 'BadInvalidArgument', [1, 0, 0, 0, '']],
  ['half an epoch', 'BadInvalidArgument', [1, 1, 0.5, 0, '']],
  ['an epoch beyond 2^53', 'BadInvalidArgument', [1, 1, 2 ** 60, 0, '']],
  ['a part that is too long', 'BadInvalidArgument', [2, 1, 0, 0, 'x'.repeat(4_097)]],
  ['too few arguments', 'BadArgumentsMissing', [1, 1]],
  ['a sound request to a device that takes none', 'BadOutOfRange', [1, 1, 0, 0, '']],
])('%s is answered with %s', async (_what, status, given) => {
  expect(await askForTiming(given)).toBe(status)
})

test('a request of other types than the method has is refused', async () => {
  expect(await askForTiming([1, 1, 0, 0, 5], [...ASK_TYPES.slice(0, 4), DataType.UInt32])).toMatch(/^Bad/)
})

test('values that the device refuses are answered with BadOutOfRange', async () => {
  source.takes = false
  expect((await write('Control', DataType.Double, doubles(12))).name).toBe('BadOutOfRange')
})

test('what is only read cannot be written, and what is only written cannot be read', async () => {
  expect((await write('Phases', DataType.UInt32, doubles(12))).name).toMatch(/^Bad/)
  expect((await read('Control')).statusCode.name).toMatch(/^Bad/)
})

test('the log is a method: columns of the records after one, at most as many as wanted', async () => {
  logUpTo(source, 30, 4_096)
  const called = await session.call({
    objectId: nodeId('EventLog'),
    methodId: nodeId('EventLog.Read'),
    inputArguments: [10, 3].map((value) => ({ dataType: DataType.UInt32, value })),
  })
  const columns = (called.outputArguments ?? []).map(({ value }) => Array.from(value as ArrayLike<number>))
  const records = [11, 12, 13].map(recordOf)
  expect(columns).toEqual([
    records.map(({ sequence }) => sequence),
    records.map(({ epochMs }) => epochMs),
    records.map(({ code }) => code),
    records.map(({ parameter }) => parameter),
  ])
})

test('a port in use is a clear error', async () => {
  const again = serveOpcua({ profile, source, host: '127.0.0.1', port: server.port })
  await expect(again).rejects.toThrow(/EADDRINUSE/)
})

test('it listens on the given address only', async () => {
  const elsewhere = connect({ host: '127.0.0.2', port: server.port })
  const [refusal] = (await once(elsewhere, 'error')) as [NodeJS.ErrnoException]
  expect(refusal.code).toBe('ECONNREFUSED')
})

test('four more in one process each show their own device', async () => {
  const devices = [1, 2, 3, 4].map((n) => {
    const device = virtualDevice()
    device.shows.set('unit.uptimeMs', n)
    return device
  })
  const servers = await Promise.all(
    devices.map((device) => serveOpcua({ profile, source: device, host: '127.0.0.1', port: 0 })),
  )
  const opened = servers.map(({ port }) => openOpcua(profile, { host: '127.0.0.1', port, unit: 0 }, null).device)
  const uptimes = await Promise.all(
    opened.map(async (device) => {
      await device.connect(10_000)
      const scanned = await device.scan(10_000)
      return scanned.ok && scanned.value.get('unit.uptimeMs')
    }),
  )
  expect(uptimes).toEqual([1, 2, 3, 4])
  await Promise.all(opened.map((device) => device.close()))
  await Promise.all(servers.map((one) => one.close()))
})

test('nothing was put into the home folder', async () => expect(await homeStore()).toEqual(homeStoreBefore))
