/** Hands every event of one intersection to telemetry exactly once: the controller's own log, image differences, the edge's own. */
import { bitsOf } from '#base/bits.ts'
import type { DetectorId } from '#base/id.ts'
import { oncePer } from '#base/once-per.ts'
import type { EventSource } from '#contract/messages.ts'
import type { LogRecord } from '#devices/device.ts'
import type { Detector } from '#signal/detector.ts'
import type { Intersection } from '#signal/intersection.ts'
import type { SignalStatus, UnitStatus } from '#signal/status.ts'
import { detectorEvents, type DetectorTrace } from './detector-events.ts'
import { gapEvent, linkEvent } from './edge-events.ts'
import { edges, signalEvents, unitEvents, type CodeAndParameter } from './image-events.ts'
import { EVENT } from '#signal/events.ts'
import type { LinkState, ProcessImage } from './process-image.ts'
import type { ObservedEvent, Telemetry } from './telemetry/port.ts'
import { CONTROLLER, type StreetImage } from './wiring.ts'

/** Above this the disk is behind: records are safer in the controller's ring than in our memory. */
export const PENDING_EVENTS_MAX = 5_000

export interface RecorderParts {
  readonly intersection: Intersection
  readonly telemetry: Telemetry
  /** The controller keeps a log; else its events are derived from images. */
  readonly hasLog: boolean
}

export class EventRecorder {
  readonly #parts: RecorderParts
  /** Last record of the controller's log that was handed over. */
  #cursor: number
  #readAtMonoMs = Number.NEGATIVE_INFINITY
  #last: { readonly signal: SignalStatus; readonly unit: UnitStatus } | null = null
  #blind = false
  #buttons = 0
  /** Loops on cards are in no log; those of the controller only where it keeps none. */
  readonly #unlogged: readonly Detector[]
  readonly #detectors = new Map<DetectorId, DetectorTrace>()
  /** The detectors as they were observed last. */
  #seen: StreetImage | null = null
  readonly #links = new Map<string, LinkState>()
  #events: ObservedEvent[] = []

  constructor(parts: RecorderParts) {
    this.#parts = parts
    const { detectors } = parts.intersection
    this.#unlogged = parts.hasLog ? detectors.filter(({ device }) => device !== CONTROLLER) : detectors
    this.#cursor = parts.hasLog ? parts.telemetry.cursor(parts.intersection.id) : 0
  }

  /** The record after which the controller's log should be read next; null = leave it for now. */
  logAfter(): number | null {
    const { hasLog, telemetry } = this.#parts
    return hasLog && telemetry.pending() <= PENDING_EVENTS_MAX ? this.#cursor : null
  }

  /** Takes in one tick: links, log records, and the differences to the last image. */
  observe(image: ProcessImage, street: StreetImage): void {
    this.#observeLinks(image)
    if (this.#parts.hasLog) this.#observeLog(image)
    else this.#observeSignal(image.nowEpochMs, street)
    this.#observeDetectors(image.nowEpochMs, street)
    this.#observeButtons(image.nowEpochMs, street)
  }

  /** An event of the edge's own, such as a change of rung. */
  note(epochMs: number, event: CodeAndParameter): void {
    this.#add('edge', epochMs, event)
  }

  /** Once per tick, last: everything that was noted goes to telemetry in its order. */
  handOver(): void {
    if (this.#events.length === 0) return
    this.#parts.telemetry.record(this.#events)
    this.#events = []
  }

  #observeLinks(image: ProcessImage): void {
    let index = 0
    for (const [name, { link }] of image.devices) {
      const before = this.#links.get(name) ?? 'starting'
      if (link !== before) this.#links.set(name, link)
      if (link === 'down' && before !== 'down') this.note(image.nowEpochMs, linkEvent(false, index))
      if (link === 'up' && before === 'down') this.note(image.nowEpochMs, linkEvent(true, index))
      index++
    }
  }

  #observeLog(image: ProcessImage): void {
    const controller = image.devices.get(CONTROLLER)
    const sample = controller?.sample
    const head = sample?.points.get('eventLog.head')
    if (sample && typeof head === 'number' && sample.readAtMonoMs > this.#readAtMonoMs) {
      this.#readAtMonoMs = sample.readAtMonoMs
      // A head behind what we have read: another controller, or one whose log began anew.
      if (head < this.#cursor) this.#beginAnew(image.nowEpochMs)
    }
    if (controller) for (const record of controller.log) this.#takeRecord(record, image.nowEpochMs)
  }

  #beginAnew(epochMs: number): void {
    this.#cursor = 0
    this.note(epochMs, gapEvent(0))
  }

  /** A record that was seen before is passed over; what is missing before one is told. History before the first contact is not ours. */
  #takeRecord({ sequence, epochMs, code, parameter }: LogRecord, nowEpochMs: number): void {
    if (sequence <= this.#cursor) return
    const missing = sequence - this.#cursor - 1
    if (missing > 0 && this.#cursor > 0) this.note(nowEpochMs, gapEvent(missing))
    this.#cursor = sequence
    this.#add('controller', epochMs, { code, parameter }, sequence)
  }

  /** After a silence the difference to the last image is told as one jump, behind a gap of unknown size. */
  #observeSignal(epochMs: number, { view }: StreetImage): void {
    if (view.signal.quality !== 'good' || view.unit.quality !== 'good') {
      this.#blind = this.#last !== null
      return
    }
    const now = { signal: view.signal.value, unit: view.unit.value }
    if (this.#blind) this.note(epochMs, gapEvent(0))
    this.#blind = false
    if (this.#last) {
      for (const event of unitEvents(this.#last.unit, now.unit)) this.#add('image', epochMs, event)
      for (const event of signalEvents(this.#last.signal, now.signal, crossingsOf(view.intersection)))
        this.#add('image', epochMs, event)
    }
    this.#last = now
  }

  #observeDetectors(epochMs: number, street: StreetImage): void {
    const { view, detectorFaults } = street
    // Nobody has read anything new.
    if (view.detectors === this.#seen?.view.detectors && detectorFaults === this.#seen.detectorFaults) return
    this.#seen = street
    for (const { id } of this.#unlogged) {
      const reading = view.detectors.get(id)
      if (!reading) continue
      const { events, trace } = detectorEvents(id, this.#detectors.get(id), {
        reading,
        faults: detectorFaults.get(id) ?? 0,
      })
      if (trace) this.#detectors.set(id, trace)
      for (const event of events) this.#add('image', epochMs, event)
    }
  }

  #observeButtons(epochMs: number, { view }: StreetImage): void {
    if (view.cardButtons.quality !== 'good') return
    if (view.cardButtons.value === this.#buttons) return
    const codes = { on: EVENT.pedDetectorOn, off: EVENT.pedDetectorOff }
    for (const event of edges(this.#buttons, view.cardButtons.value, codes)) this.#add('image', epochMs, event)
    this.#buttons = view.cardButtons.value
  }

  #add(source: EventSource, epochMs: number, { code, parameter }: CodeAndParameter, deviceSequence = 0): void {
    this.#events.push({ intersection: this.#parts.intersection.id, epochMs, code, parameter, source, deviceSequence })
  }
}

/** Overlaps that walk. */
const crossingsOf = oncePer(({ overlaps }: Intersection) =>
  bitsOf(overlaps.filter(({ kind }) => kind === 'pedestrian').map(({ id }) => id)),
)
