/** A device that speaks OPC UA, by its profile. */
import type { DataValue, Variant } from 'node-opcua-client'
import { Connection } from '../connection.ts'
import { deadlineIn } from '../deadline.ts'
import type { CommandPort, DeviceAddress, DeviceResult, FieldDevice, LogRecord, OpenDevice } from '../device.ts'
import { POINTS, type PointImage, type PointName, type PointValue } from '../points.ts'
import type { OpcuaLog, OpcuaProfile, OpcuaTiming } from '../profile/schema.ts'
import { controlGroup } from '../profile/control-group.ts'
import { timingPort, type TimingWire } from '../timing-port.ts'
import type { TimingDevice, TimingRequest } from '../timing.ts'
import { loadNodeOpcua } from './library.ts'
import { controlLayout, decodeNode, encodeNode, fitsNode, layoutNodes, type NodeLayout } from './node-layout.ts'
import { SourceWatch } from './source-watch.ts'
import { encodeTimingCall, TIMING_ARGUMENTS } from './timing-call.ts'
import { toVariant } from './variant.ts'
import type { OpcuaTrust } from './trust.ts'
import { asResult, type OpcuaSession, opcuaWire, refusal } from './wire.ts'

/**
 * Not connected yet. Faults are returned; nothing is retried, nothing is logged. The first `connect` of a process also
 * loads the library, which takes a second or two more than its time-out allows for the wire.
 */
export function openOpcua(profile: OpcuaProfile, address: DeviceAddress, trust: OpcuaTrust | null): OpenDevice {
  const connection = new Connection(opcuaWire(profile, address, trust))
  return { device: readingSide(profile, connection), commands: commandPort(profile, connection) }
}

/** The same reading side, on a session of its own that brings a timing and writes no command. */
export function openOpcuaTiming(profile: OpcuaProfile, address: DeviceAddress, trust: OpcuaTrust | null): TimingDevice {
  const connection = new Connection(opcuaWire(profile, address, trust))
  const device = readingSide(profile, connection)
  return { device, timing: timingPort(device, timingWire(profile, connection)) }
}

function readingSide(profile: OpcuaProfile, connection: Connection<OpcuaSession>): FieldDevice {
  let closings = 0
  const watch = new SourceWatch()
  const namesOfScan = [...profile.points.keys()].filter((name) => POINTS[name].access === 'scan')
  const scanLayout = layoutNodes(profile, namesOfScan)

  return {
    profile,
    async connect(timeoutMs) {
      const before = closings
      await loadNodeOpcua()
      return before === closings ? connection.connect(timeoutMs) : closedMeanwhile
    },
    scan: (timeoutMs) =>
      connection.request(deadlineIn(timeoutMs), (session) =>
        readNodes(session, { layouts: scanLayout, names: namesOfScan, watch }),
      ),
    async read(names, timeoutMs) {
      const alien = names.find((name) => !profile.points.has(name) || POINTS[name].access === 'control')
      if (alien) return notInProfile(`${alien} cannot be read`)
      const layout = layoutNodes(profile, names)
      return connection.request(deadlineIn(timeoutMs), (session) =>
        readNodes(session, { layouts: layout, names, watch: null }),
      )
    },
    async readLog(after, max, timeoutMs) {
      const { log } = profile
      if (!log) return notInProfile('the device has no log')
      return connection.request(deadlineIn(timeoutMs), (session) => callLog(session, log, { after, max }))
    },
    async close() {
      closings++
      await connection.close()
    },
  }
}

function commandPort(profile: OpcuaProfile, connection: Connection<OpcuaSession>): CommandPort | null {
  const layout = controlLayout(profile)
  if (!layout) return null
  return {
    async write(values, timeoutMs) {
      const group = controlGroup(
        layout.points.map(([name]) => name),
        values,
        (_, value) => fitsNode(layout.type, value),
      )
      if (!group.ok) return group
      return connection.request(deadlineIn(timeoutMs), (session) => writeNode(session, layout, group.value))
    },
  }
}

function timingWire({ timing }: OpcuaProfile, connection: Connection<OpcuaSession>): TimingWire | null {
  if (timing === null) return null
  return {
    partMax: timing.partCharacters,
    ask: (request, timeoutMs) =>
      connection.request(deadlineIn(timeoutMs), (session) => callTiming(session, timing, request)),
  }
}

interface Reading {
  readonly layouts: readonly NodeLayout[]
  readonly names: readonly PointName[]
  /** null where nobody reads often enough to tell. */
  readonly watch: SourceWatch | null
}

/**
 * One Read request, whatever the number of nodes. What the server does not call good is left out, and so is known to nobody; a
 * server that calls nothing good, or has not got a node, refuses.
 */
async function readNodes(
  { session, namespace }: OpcuaSession,
  { layouts, names, watch }: Reading,
): Promise<DeviceResult<PointImage>> {
  if (layouts.length === 0) return { ok: true, value: new Map() }
  const { AttributeIds } = await loadNodeOpcua()
  const nodes = layouts.map(({ node }) => ({ nodeId: nodeId(namespace, node), attributeId: AttributeIds.Value }))
  const answer = await asResult<DataValue[]>(session.read(nodes), 'Read')
  if (!answer.ok) return answer
  const image = new Map<PointName, PointValue>()
  for (const [i, layout] of layouts.entries()) {
    const taken = takeNode(layout, answer.value[i], { image, watch })
    if (!taken.ok) return taken
  }
  const [first] = answer.value
  if (image.size === 0 && first) return { ok: false, fault: refusal(first.statusCode, layouts[0]?.node ?? '') }
  const wanted = new Set(names)
  return { ok: true, value: new Map([...image].filter(([name]) => wanted.has(name))) }
}

function takeNode(
  layout: NodeLayout,
  found: DataValue | undefined,
  { image, watch }: { readonly image: Map<PointName, PointValue>; readonly watch: SourceWatch | null },
): DeviceResult<void> {
  if (found && NOT_THERE.has(found.statusCode.name)) return { ok: false, fault: refusal(found.statusCode, layout.node) }
  if (found && !found.statusCode.isGood()) return { ok: true, value: undefined }
  if (watch?.isFrozen(layout.node, found?.sourceTimestamp, performance.now()))
    return { ok: false, fault: { code: 'FROZEN', detail: `the stamp of ${layout.node} stands still` } }
  return decodeNode(layout, found?.value.value, image)
}

/** What a server says of a node that it has not got, or does not show us: the profile is another device's, or our rights are. */
const NOT_THERE: ReadonlySet<string> = new Set([
  'BadNodeIdUnknown',
  'BadNodeIdInvalid',
  'BadAttributeIdInvalid',
  'BadNotReadable',
  'BadUserAccessDenied',
])

async function writeNode(
  { session, namespace }: OpcuaSession,
  layout: NodeLayout,
  values: ReadonlyMap<PointName, number>,
): Promise<DeviceResult<void>> {
  const library = await loadNodeOpcua()
  const group = encodeNode(layout, (name) => values.get(name) ?? 0)
  const answer = await asResult(
    session.write({
      nodeId: nodeId(namespace, layout.node),
      attributeId: library.AttributeIds.Value,
      value: { value: toVariant(library, layout.type, group) },
    }),
    'Write',
  )
  if (!answer.ok) return answer
  return answer.value.isGood()
    ? { ok: true, value: undefined }
    : { ok: false, fault: refusal(answer.value, layout.node) }
}

async function callLog(
  { session, namespace }: OpcuaSession,
  log: OpcuaLog,
  { after, max }: { readonly after: number; readonly max: number },
): Promise<DeviceResult<readonly LogRecord[]>> {
  const { DataType } = await loadNodeOpcua()
  const answer = await asResult(
    session.call({
      objectId: nodeId(namespace, log.object),
      methodId: nodeId(namespace, log.method),
      inputArguments: [
        { dataType: DataType.UInt32, value: after },
        { dataType: DataType.UInt32, value: max },
      ],
    }),
    'Call',
  )
  if (!answer.ok) return answer
  const { statusCode, outputArguments } = answer.value
  if (!statusCode.isGood()) return { ok: false, fault: refusal(statusCode, log.method) }
  return logRecords(outputArguments ?? [], { after, max })
}

async function callTiming(
  { session, namespace }: OpcuaSession,
  timing: OpcuaTiming,
  request: TimingRequest,
): Promise<DeviceResult<void>> {
  const library = await loadNodeOpcua()
  const values = encodeTimingCall(request)
  const answer = await asResult(
    session.call({
      objectId: nodeId(namespace, timing.object),
      methodId: nodeId(namespace, timing.method),
      inputArguments: TIMING_ARGUMENTS.map(([, type], i) => toVariant(library, type, values[i] ?? 0)),
    }),
    'Call',
  )
  if (!answer.ok) return answer
  const { statusCode } = answer.value
  return statusCode.isGood() ? { ok: true, value: undefined } : { ok: false, fault: refusal(statusCode, timing.method) }
}

/** The columns as records: equally long, no more than asked, one unbroken run of sequences after `after`. */
function logRecords(
  columns: readonly Variant[],
  { after, max }: { readonly after: number; readonly max: number },
): DeviceResult<readonly LogRecord[]> {
  const [sequences = [], times = [], codes = [], parameters = []] = columns.map((column) =>
    Array.from(column.value as ArrayLike<number>, Number),
  )
  const records = sequences.map((sequence, i) => ({
    sequence,
    epochMs: times[i] ?? Number.NaN,
    code: codes[i] ?? Number.NaN,
    parameter: parameters[i] ?? Number.NaN,
  }))
  const first = sequences[0] ?? after + 1
  const sound =
    records.length <= max &&
    first > after &&
    records.every((record, i) => record.sequence === first + i && Object.values(record).every(Number.isSafeInteger))
  if (sound) return { ok: true, value: records }
  return { ok: false, fault: { code: 'BAD_REPLY', detail: 'the log is not one run of records' } }
}

const closedMeanwhile = { ok: false, fault: { code: 'CONNECTION_LOST', detail: 'closed by ourselves' } } as const

const nodeId = (namespace: number, node: string) => `ns=${namespace};${node}`

const notInProfile = (detail: string) => ({ ok: false, fault: { code: 'NOT_IN_PROFILE', detail } }) as const
