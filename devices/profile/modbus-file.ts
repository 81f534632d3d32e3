/** A Modbus profile out of its file: where each point lives in the register tables, and the rules of the protocol. */
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
import { LOG_RECORD_REGISTERS, registersOf, TIMING_HEADER_REGISTERS } from './registers.ts'
import type { ModbusLog, ModbusPoint, ModbusProfile, ModbusTiming, ModbusType } from './schema.ts'

/** Modbus Application Protocol 1.1b3, 6.3, 6.4: at most 125 registers a read. */
const READ_REGISTERS_MAX = 125
/** Modbus Application Protocol 1.1b3, 6.12: at most 123 registers a write. */
const WRITE_REGISTERS_MAX = 123
const ADDRESS_MAX = 65_535
const TEXT_CHARACTERS_MAX = 2 * READ_REGISTERS_MAX

/** Registers `address … end - 1` of a table, and whose they are. */
interface Span {
  readonly owner: string
  readonly table: ModbusPoint['table']
  readonly address: number
  readonly end: number
}

export function readModbusProfile(name: string, file: MapReader, report: ReportFault): ModbusProfile | null {
  const facts = readFacts(file)
  const maxRegistersPerRead = file.whole('maxRegistersPerRead', LOG_RECORD_REGISTERS, READ_REGISTERS_MAX)
  const readers = readPointMaps(file, report)
  const points = readPoints(readers, report)
  const logMap = file.has('log') ? file.map('log') : null
  const log = logMap && readLog(logMap)
  const timingMap = file.has('timing') ? file.map('timing') : null
  const timing = timingMap && readTiming(timingMap)
  file.finish()

  if (facts) checkPointSet(facts.kind, new Set(readers.keys()), report)
  checkLog(file.has('log'), new Set(readers.keys()), report)
  checkTiming(file.has('timing'), new Set(readers.keys()), report)
  checkDetectorLists(points, report)
  const spans = [...points].map(([owner, point]) => spanOf(owner, point))
  if (log) spans.push({ owner: 'log', table: 'input', address: log.address, end: logEnd(log) })
  if (timing) spans.push({ owner: 'timing', table: 'holding', address: timing.address, end: timingEnd(timing) })
  checkSpans(spans, report)
  checkControlBlock(points, report)
  checkTransactionBlock(points, report)
  if (!facts || maxRegistersPerRead === null) return null
  for (const span of spans) if (!isSection(span.owner)) checkSpanLength(span, maxRegistersPerRead, report)
  return { ...facts, name, protocol: 'modbus-tcp', points, log, timing, maxRegistersPerRead }
}

function readPoints(readers: ReadonlyMap<PointName, MapReader>, report: ReportFault): Map<PointName, ModbusPoint> {
  const points = new Map<PointName, ModbusPoint>()
  for (const [name, reader] of readers) {
    const table = reader.oneOf('table', ['input', 'holding'])
    const address = reader.whole('address', 0, ADDRESS_MAX)
    const type = reader.oneOf('type', ['u16', 'u32', 'u64', 'ascii', 'bitlist', 'u16list'])
    const length = type && readLength(name, type, reader, report)
    reader.finish()
    if (table === null || address === null || type === null || length === null) continue
    if (fitsType(name, type, report)) points.set(name, { table, address, type, length })
  }
  return points
}

/** Characters or channels where the type needs them, else 1. */
function readLength(name: PointName, type: ModbusType, reader: MapReader, report: ReportFault): number | null {
  if (type === 'ascii') return reader.whole('length', 1, TEXT_CHARACTERS_MAX)
  if (type === 'bitlist' || type === 'u16list') return reader.whole('length', 1, LIST_CHANNELS_MAX)
  if (!reader.has('length')) return 1
  reader.whole('length', 1, LIST_CHANNELS_MAX)
  report('PROFILE_LENGTH_WRONG', ['points', name, 'length'], `${type} is a single value`, 'Remove length')
  return null
}

const TYPES_BY_SHAPE: Readonly<Record<(typeof POINTS)[PointName]['shape'], readonly ModbusType[]>> = {
  number: ['u16', 'u32', 'u64'],
  text: ['ascii'],
  list: ['bitlist', 'u16list'],
}

function fitsType(name: PointName, type: ModbusType, report: ReportFault): boolean {
  const types = typesFor(name)
  if (types.includes(type)) return true
  report('PROFILE_TYPE_WRONG', ['points', name, 'type'], `${type} cannot carry it`, `Use ${types.join(' or ')}`)
  return false
}

function typesFor(name: PointName): readonly ModbusType[] {
  // Milliseconds since 1970 need 41 bits.
  if (name === 'unit.clockEpochMs') return ['u64']
  const types = TYPES_BY_SHAPE[POINTS[name].shape]
  // A bit says occupied or not; a count or a fault code needs a register.
  return name === 'detector.occupied' ? types : types.filter((type) => type !== 'bitlist')
}

function readLog(reader: MapReader): ModbusLog | null {
  const address = reader.whole('address', 0, ADDRESS_MAX)
  const capacity = reader.whole('capacity', 1, Math.floor(ADDRESS_MAX / LOG_RECORD_REGISTERS))
  reader.finish()
  return address === null || capacity === null ? null : { address, capacity }
}

function readTiming(reader: MapReader): ModbusTiming | null {
  const address = reader.whole('address', 0, ADDRESS_MAX)
  const partRegisters = reader.whole('partRegisters', 1, WRITE_REGISTERS_MAX - TIMING_HEADER_REGISTERS)
  reader.finish()
  return address === null || partRegisters === null ? null : { address, partRegisters }
}

const spanOf = (owner: string, point: ModbusPoint): Span => ({
  owner,
  table: point.table,
  address: point.address,
  end: point.address + registersOf(point),
})

const logEnd = (log: ModbusLog) => log.address + log.capacity * LOG_RECORD_REGISTERS

const timingEnd = (timing: ModbusTiming) => timing.address + TIMING_HEADER_REGISTERS + timing.partRegisters

const isSection = (owner: string) => owner === 'log' || owner === 'timing'

const pathOf = (owner: string) => (isSection(owner) ? [owner, 'address'] : ['points', owner, 'address'])

/** No register belongs to two, none lies beyond the table. */
function checkSpans(spans: readonly Span[], report: ReportFault): void {
  for (const table of ['input', 'holding'] as const) {
    let before: Span | null = null
    for (const span of spans.filter((s) => s.table === table).toSorted((a, b) => a.address - b.address)) {
      if (before && span.address < before.end) {
        const rule = `${table} register ${span.address} belongs to ${before.owner} already (${before.address}–${before.end - 1})`
        report('PROFILE_ADDRESS_OVERLAP', pathOf(span.owner), rule, 'Correct one of the two addresses')
      }
      if (span.end > ADDRESS_MAX + 1) {
        const rule = `its last register would be ${span.end - 1}, the last of a table is ${ADDRESS_MAX}`
        report('PROFILE_ADDRESS_RANGE', pathOf(span.owner), rule, 'Correct the address or the length')
      }
      if (!before || span.end > before.end) before = span
    }
  }
}

function checkSpanLength(span: Span, maxRegistersPerRead: number, report: ReportFault): void {
  const registers = span.end - span.address
  if (registers <= maxRegistersPerRead) return
  const rule = `needs ${registers} registers, one read carries ${maxRegistersPerRead}`
  report('PROFILE_POINT_TOO_LONG', ['points', span.owner], rule, 'Shorten length, or correct maxRegistersPerRead')
}

/** Control points are one unbroken block of holding registers, so that function 16 writes them whole. */
function checkControlBlock(points: ReadonlyMap<PointName, ModbusPoint>, report: ReportFault): void {
  const control = [...points].filter(([name]) => POINTS[name].access === 'control')
  const spans = control.map(([name, point]) => spanOf(name, point)).toSorted((a, b) => a.address - b.address)
  const split = (owner: string, key: string, rule: string) =>
    report(
      'PROFILE_CONTROL_SPLIT',
      ['points', owner, key],
      rule,
      'Lay the control points out as one block of holding registers',
    )

  for (const span of spans)
    if (span.table !== 'holding') split(span.owner, 'table', 'input registers cannot be written')
  for (const [i, span] of spans.entries()) {
    const before = spans[i - 1]
    if (before && span.address > before.end)
      split(span.owner, 'address', `registers ${before.end}–${span.address - 1} before it are no control points`)
  }
  const [first, last] = [spans[0], spans.at(-1)]
  if (!first || !last || last.end - first.address <= WRITE_REGISTERS_MAX) return
  const rule = `the control block has ${last.end - first.address} registers, one write carries ${WRITE_REGISTERS_MAX}`
  report('PROFILE_POINT_TOO_LONG', ['points', last.owner], rule, 'Shorten the block')
}

/** The facts of a transaction are one unbroken block, so that one read shows one moment of it. */
function checkTransactionBlock(points: ReadonlyMap<PointName, ModbusPoint>, report: ReportFault): void {
  const spans = [...points]
    .filter(([name]) => POINTS[name].access === 'transaction')
    .map(([name, point]) => spanOf(name, point))
    .toSorted((a, b) => a.address - b.address)
  const [first] = spans
  for (const [i, span] of spans.entries()) {
    const before = spans[i - 1]
    const joins = span.table === first?.table && (!before || span.address <= before.end)
    if (joins && span.end - first.address <= READ_REGISTERS_MAX) continue
    const rule = 'one read does not bring it together with the other facts of the transaction'
    report('PROFILE_TIMING_WRONG', ['points', span.owner, 'address'], rule, 'Lay them out as one block')
  }
}
