/** An OPC UA profile out of its file: which node, or which element of an array node, holds each point. */
import { POINTS, type PointName } from '../points.ts'
import {
  checkDetectorLists,
  checkLog,
  checkPointSet,
  checkTiming,
  LIST_CHANNELS_MAX,
  readFacts,
  readPointMaps,
} from './facts.ts'
import type { ReportFault } from './fault.ts'
import type { MapReader } from './map-reader.ts'
import { readSecurity } from './opcua-security.ts'
import type { OpcuaLog, OpcuaPoint, OpcuaProfile, OpcuaTiming, OpcuaType } from './schema.ts'

/** Elements of an array node: what one server is asked to build, and one read to carry. */
const ELEMENTS_MAX = 1_024

/** A part as large as what servers take for a text in one message by default. */
const PART_CHARACTERS_MAX = 16_384

/** OPC UA part 6, 5.3.1.10: a text or a number identifies a node inside its namespace. */
const NODE_ID = /^(s=.+|i=\d{1,10})$/

export function readOpcuaProfile(name: string, file: MapReader, report: ReportFault): OpcuaProfile | null {
  const facts = readFacts(file)
  const namespaceUri = file.text('namespaceUri')
  const endpointPath = file.text('endpointPath')
  const security = readSecurity(file, report)
  const readers = readPointMaps(file, report)
  const points = readPoints(readers, report)
  const logMap = file.has('log') ? file.map('log') : null
  const log = logMap && readLog(logMap, report)
  const timingMap = file.has('timing') ? file.map('timing') : null
  const timing = timingMap && readTiming(timingMap, report)
  file.finish()

  if (facts) checkPointSet(facts.kind, new Set(readers.keys()), report)
  checkLog(file.has('log'), new Set(readers.keys()), report)
  checkTiming(file.has('timing'), new Set(readers.keys()), report)
  checkDetectorLists(points, report)
  for (const [node, group] of byNode(points)) checkNode(node, group, report)
  checkControlNode(points, report)
  checkTransactionNodes(points, report)
  if (!facts || namespaceUri === null || endpointPath === null || security === null) return null
  return { ...facts, name, protocol: 'opcua', namespaceUri, endpointPath, security, points, log, timing }
}

function readPoints(readers: ReadonlyMap<PointName, MapReader>, report: ReportFault): Map<PointName, OpcuaPoint> {
  const points = new Map<PointName, OpcuaPoint>()
  for (const [name, reader] of readers) {
    const node = readNodeId(reader, 'node', ['points', name], report)
    const type = reader.oneOf('type', ['UInt16', 'UInt32', 'Double', 'String'])
    const index = reader.has('index') ? reader.whole('index', 0, ELEMENTS_MAX - 1) : null
    const isList = POINTS[name].shape === 'list'
    const length = isList ? reader.whole('length', 1, LIST_CHANNELS_MAX) : 1
    const soundIndex = index !== null || !reader.has('index')
    reader.finish()
    if (node === null || type === null || length === null || !soundIndex) continue
    const point = { node, index, type, length }
    if (fitsShape(name, point, report)) points.set(name, point)
  }
  return points
}

function readNodeId(reader: MapReader, key: string, path: readonly string[], report: ReportFault): string | null {
  const id = reader.text(key)
  if (id === null || NODE_ID.test(id)) return id
  const remedy = 'Write s= and a name, or i= and a number, without the namespace'
  report('PROFILE_FACT_WRONG', [...path, key], `"${id}" identifies no node`, remedy)
  return null
}

function fitsShape(name: PointName, point: OpcuaPoint, report: ReportFault): boolean {
  const types = typesFor(name)
  if (!types.includes(point.type)) {
    const rule = `${point.type} cannot carry it`
    report('PROFILE_TYPE_WRONG', ['points', name, 'type'], rule, `Use ${types.join(' or ')}`)
    return false
  }
  if (POINTS[name].shape === 'number' || point.index === null) return true
  const rule = 'a text or a list fills its node whole'
  report('PROFILE_FACT_WRONG', ['points', name, 'index'], rule, 'Remove index and give it a node of its own')
  return false
}

function typesFor(name: PointName): readonly OpcuaType[] {
  // Milliseconds since 1970 need 41 bits.
  if (name === 'unit.clockEpochMs') return ['Double']
  return POINTS[name].shape === 'text' ? ['String'] : ['UInt16', 'UInt32', 'Double']
}

function readLog(reader: MapReader, report: ReportFault): OpcuaLog | null {
  const object = readNodeId(reader, 'object', ['log'], report)
  const method = readNodeId(reader, 'method', ['log'], report)
  reader.finish()
  return object === null || method === null ? null : { object, method }
}

function readTiming(reader: MapReader, report: ReportFault): OpcuaTiming | null {
  const object = readNodeId(reader, 'object', ['timing'], report)
  const method = readNodeId(reader, 'method', ['timing'], report)
  const partCharacters = reader.whole('partCharacters', 1, PART_CHARACTERS_MAX)
  reader.finish()
  return object === null || method === null || partCharacters === null ? null : { object, method, partCharacters }
}

type NodePoints = readonly (readonly [PointName, OpcuaPoint])[]

const byNode = (points: ReadonlyMap<PointName, OpcuaPoint>): Map<string, NodePoints> =>
  Map.groupBy(points, ([, point]) => point.node)

/** The points of one node are either one that fills it, or elements of one type, each its own. */
function checkNode(node: string, group: NodePoints, report: ReportFault): void {
  const nodeType = group[0]?.[1].type
  for (const [i, [name, point]] of group.entries()) {
    const rival = group.slice(0, i).find(([, other]) => sharePlace(point, other))
    if (rival) {
      const rule = `${node} belongs to ${rival[0]} already`
      report('PROFILE_ADDRESS_OVERLAP', ['points', name], rule, 'Give each point an index, or a node, of its own')
    }
    if (point.type !== nodeType) {
      const rule = `${node} is an array of ${nodeType}`
      report('PROFILE_TYPE_WRONG', ['points', name, 'type'], rule, 'Give all elements of a node one type')
    }
  }
}

const sharePlace = (a: OpcuaPoint, b: OpcuaPoint) => a.index === null || b.index === null || a.index === b.index

/** Control points are the elements of one array node, without holes and without others, so that one write carries them whole. */
function checkControlNode(points: ReadonlyMap<PointName, OpcuaPoint>, report: ReportFault): void {
  const control = [...points].filter(([name]) => POINTS[name].access === 'control')
  const node = control[0]?.[1].node
  if (node === undefined) return
  const split = (name: PointName, key: string, rule: string) =>
    report(
      'PROFILE_CONTROL_SPLIT',
      ['points', name, key],
      rule,
      'Make the control points the elements of one array node',
    )

  for (const [name, point] of control) {
    if (point.node !== node) split(name, 'node', `is in ${point.node}, others of the control group in ${node}`)
    else if (point.index === null || point.index >= control.length)
      split(name, 'index', `the ${control.length} control points are the elements 0–${control.length - 1}`)
  }
  for (const [name, point] of points)
    if (point.node === node && POINTS[name].access !== 'control') split(name, 'node', 'is not of the control group')
}

/** A node is read whole: one that holds facts of a transaction and others would bring them with every scan. */
function checkTransactionNodes(points: ReadonlyMap<PointName, OpcuaPoint>, report: ReportFault): void {
  const isFact = (name: PointName) => POINTS[name].access === 'transaction'
  const nodes = new Set([...points].filter(([name]) => isFact(name)).map(([, { node }]) => node))
  for (const [name, { node }] of points) {
    if (isFact(name) || !nodes.has(node)) continue
    const rule = `${node} holds facts of a transaction`
    report('PROFILE_TIMING_WRONG', ['points', name, 'node'], rule, 'Give it another node')
  }
}
