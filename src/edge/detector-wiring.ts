/** From the lists of devices to the detectors of an intersection, with their quality; what no device tells anew stays the same object. */
import type { Bits } from '#base/bits.ts'
import type { DetectorId } from '#base/id.ts'
import { bad, good, stale, type Known } from '#base/known.ts'
import { NumberedMap } from '#base/numbered-map.ts'
import { DETECTOR } from '#devices/point-numbers.ts'
import { asRow, type Row } from '#devices/point-row.ts'
import type { PointNumber } from '#devices/points.ts'
import type { Detector } from '#signal/detector.ts'
import type { Intersection } from '#signal/intersection.ts'
import { ZONE_CELLS, type DetectorReading, type ZoneCell } from '#signal/view.ts'
import { FRESH_MS_MAX, STALE_MS_MAX, type DeviceImage, type ProcessImage } from './process-image.ts'

export interface DetectorImages {
  readonly readings: ReadonlyMap<DetectorId, Known<DetectorReading>>
  /** What is reported against each now, as bits of `DETECTOR_FAULT`; 0 where nothing is, or nothing is known. */
  readonly faults: ReadonlyMap<DetectorId, Bits>
}

/** Most ticks tell nothing new of most devices; those cost a comparison. */
export class DetectorWiring {
  readonly #devices: readonly WiredDevice[]
  readonly #ids: readonly DetectorId[]
  /** The newest, by detector number. */
  #row: readonly Known<DetectorReading>[]
  #now: DetectorImages

  constructor({ detectors }: Pick<Intersection, 'detectors'>) {
    const byDevice = Map.groupBy(detectors, ({ device }) => device)
    this.#devices = [...byDevice].map(([name, own]) => ({ name, detectors: own, told: NOTHING }))
    // In the order of the configuration, whichever device tells first.
    this.#ids = detectors.map(({ id }) => id)
    const row: Known<DetectorReading>[] = []
    for (const id of this.#ids) row[id] = NEVER_READ
    this.#row = row
    this.#now = { readings: new NumberedMap(this.#ids, row), faults: new Map(this.#ids.map((id) => [id, 0])) }
  }

  read(image: ProcessImage): DetectorImages {
    for (const device of this.#devices) {
      const told = listen(image.devices.get(device.name), image.nowMonoMs)
      if (isSame(told, device.told)) continue
      this.#take(told, device)
      device.told = told
    }
    return this.#now
  }

  #take(told: Told, device: WiredDevice): void {
    const row = this.#row.slice()
    let { faults } = this.#now
    for (const detector of device.detectors) {
      const { id, deviceChannel } = detector
      if (isSameOf(deviceChannel - 1, told, device.told)) continue
      row[id] = readingOf(detector, told)
      const reported = told.quality === 'good' ? (told.faults?.[deviceChannel - 1] ?? 0) : 0
      if (reported !== faults.get(id)) faults = new Map(faults).set(id, reported)
    }
    this.#row = row
    this.#now = { readings: new NumberedMap(this.#ids, row), faults }
  }
}

interface WiredDevice {
  readonly name: string
  readonly detectors: readonly Detector[]
  /** What it said last. */
  told: Told
}

type List = readonly number[] | null

/** What a device says of all its detectors, by channel; null where it has no such list. */
interface Told {
  readonly quality: 'good' | 'stale' | 'bad'
  readonly reason: string
  readonly ageMs: number
  readonly occupied: List
  readonly counts: List
  readonly faults: List
  readonly cells: List
}

const NEVER: Told = {
  quality: 'bad',
  reason: 'never read',
  ageMs: 0,
  occupied: null,
  counts: null,
  faults: null,
  cells: null,
}
const SILENT: Told = { ...NEVER, reason: 'silent for too long' }
/** Not even that it was never read. */
const NOTHING: Told = { ...NEVER, reason: '' }

const NEVER_READ: Known<DetectorReading> = bad(NEVER.reason)

function listen(device: DeviceImage | undefined, nowMonoMs: number): Told {
  const sample = device?.sample
  if (!sample) return NEVER
  const ageMs = nowMonoMs - sample.readAtMonoMs
  if (ageMs > STALE_MS_MAX) return SILENT
  const { row } = asRow(sample.points)
  return {
    quality: ageMs > FRESH_MS_MAX ? 'stale' : 'good',
    reason: '',
    ageMs,
    occupied: listIn(row, DETECTOR.occupied),
    counts: listIn(row, DETECTOR.actuationCounts),
    faults: listIn(row, DETECTOR.faults),
    cells: listIn(row, DETECTOR.zoneCells),
  }
}

function listIn(row: Row, point: PointNumber): List {
  const value = row[point]
  return Array.isArray(value) ? (value as readonly number[]) : null
}

/** A driver that hands the same list over again has read the same again. */
const isSame = (a: Told, b: Told): boolean =>
  a.quality === b.quality &&
  a.reason === b.reason &&
  a.ageMs === b.ageMs &&
  a.occupied === b.occupied &&
  a.counts === b.counts &&
  a.faults === b.faults &&
  a.cells === b.cells

/** A device mostly tells of one detector anew, and of all others the same again. */
const isSameOf = (channel: number, a: Told, b: Told): boolean =>
  a.quality === b.quality &&
  a.reason === b.reason &&
  a.ageMs === b.ageMs &&
  a.occupied?.[channel] === b.occupied?.[channel] &&
  a.counts?.[channel] === b.counts?.[channel] &&
  a.faults?.[channel] === b.faults?.[channel] &&
  a.cells === b.cells

function readingOf(detector: Detector, told: Told): Known<DetectorReading> {
  if (told.quality === 'bad') return bad(told.reason)
  const channel = detector.deviceChannel - 1
  const occupied = told.occupied?.[channel]
  if (occupied === undefined) return bad(`the device has no detector channel ${detector.deviceChannel}`)
  const fault = told.faults?.[channel]
  if (fault) return bad(`the detector reports fault ${fault}`)
  const cells = detector.kind === 'zone' && told.cells !== null ? readCells(told.cells, channel) : undefined
  if (cells === null) return bad(`the device has no cells of zone ${detector.deviceChannel}`)
  const reading = { occupied: occupied !== 0, actuationCount: told.counts?.[channel] ?? 0, ...(cells && { cells }) }
  return told.quality === 'stale' ? stale(reading, told.ageMs) : good(reading, told.ageMs)
}

const CELL_VEHICLES_UNIT = 256
const KPH_A_MPS = 3.6

/** null where the list does not reach so far. */
function readCells(words: readonly number[], zone: number): readonly ZoneCell[] | null {
  const own = words.slice(zone * ZONE_CELLS, (zone + 1) * ZONE_CELLS)
  if (own.length < ZONE_CELLS) return null
  return own.map((word) => ({
    vehicles: Math.floor(word / CELL_VEHICLES_UNIT),
    speedMps: (word % CELL_VEHICLES_UNIT) / KPH_A_MPS,
  }))
}
