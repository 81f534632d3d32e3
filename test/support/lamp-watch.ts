/** A sceptic beside the controller: follows its lamps and its log, and keeps every rule that no controller may break. */
import { hasBit, listBits, type Bits } from '#base/bits.ts'
import { channelConflicts } from '#signal/conflicts.ts'
import type { ControllerDatabase } from '#signal/database.ts'
import { EVENT } from '#signal/events.ts'
import type { Phase } from '#signal/phase.ts'
import type { SignalStatus } from '#signal/status.ts'

type Lamp = 'red' | 'redAmber' | 'green' | 'yellow' | 'redClear'
type Walk = 'dontWalk' | 'walk' | 'clearance'

/** What one phase shows, and since when. */
interface Shown {
  readonly phase: Phase
  lamp: Lamp
  lampMs: number
  walk: Walk
  walkMs: number
  /** Codes of its log since it became on. */
  log: number[]
  /** What its log says that it shows. */
  logged: Lamp
  loggedWalk: Walk
}

/** What each lamp may be followed by, and what it must have lasted. */
const NEXT: Readonly<Record<Lamp, readonly Lamp[]>> = {
  red: ['redAmber', 'green'],
  redAmber: ['green'],
  green: ['yellow'],
  yellow: ['redClear', 'red'],
  redClear: ['red', 'green', 'redAmber'],
}

const NEXT_OF_OVERLAP: Readonly<Partial<Record<Lamp, readonly Lamp[]>>> = {
  red: ['redAmber', 'green'],
  redAmber: ['green'],
  green: ['yellow'],
  yellow: ['red'],
}

const LOGS: Readonly<Record<number, Lamp>> = {
  [EVENT.redAmber]: 'redAmber',
  [EVENT.beginGreen]: 'green',
  [EVENT.beginYellow]: 'yellow',
  [EVENT.beginRedClear]: 'redClear',
  [EVENT.endRedClear]: 'red',
}

const LOGS_WALK: Readonly<Record<number, Walk>> = {
  [EVENT.walk]: 'walk',
  [EVENT.pedClear]: 'clearance',
  [EVENT.dontWalk]: 'dontWalk',
}

/** The order of a whole green in the log, without what may be left out. */
const GREEN_LOG = [
  EVENT.phaseOn,
  EVENT.beginGreen,
  EVENT.greenTermination,
  EVENT.beginYellow,
  EVENT.endYellow,
  EVENT.beginRedClear,
  EVENT.endRedClear,
  EVENT.phaseInactive,
]

/** What one overlap shows, and since when. */
interface ShownOverlap {
  readonly id: number
  readonly included: readonly Phase[]
  lamp: Lamp
  lampMs: number
}

export class LampWatch {
  readonly #database: ControllerDatabase
  readonly #channels: readonly Bits[]
  readonly #phases: readonly Shown[]
  readonly #overlaps: readonly ShownOverlap[]
  readonly faults: string[] = []

  constructor(database: ControllerDatabase) {
    this.#database = database
    this.#channels = channelConflicts(database.intersection)
    this.#phases = database.intersection.phases.map((phase) => ({
      phase,
      lamp: 'red',
      lampMs: 0,
      walk: 'dontWalk',
      walkMs: 0,
      log: [],
      logged: 'red',
      loggedWalk: 'dontWalk',
    }))
    this.#overlaps = database.intersection.overlaps.map(({ id, included }) => ({
      id,
      included: database.intersection.phases.filter((phase) => included.includes(phase.id)),
      lamp: 'red',
      lampMs: 0,
    }))
  }

  record(code: number, parameter: number): void {
    if (code > EVENT.dontWalk && code !== EVENT.redAmber) return
    const shown = this.#phases.find(({ phase }) => phase.id === parameter)
    if (shown === undefined) {
      this.#fault(`event ${code} of unknown phase ${parameter}`)
      return
    }
    if (code === EVENT.phaseOn) shown.log = []
    shown.log.push(code)
    shown.logged = LOGS[code] ?? shown.logged
    shown.loggedWalk = LOGS_WALK[code] ?? shown.loggedWalk
    if (code === EVENT.phaseInactive) this.#checkLog(shown)
  }

  /** `elapsedMs` since the status before. */
  see(status: SignalStatus, elapsedMs: number): void {
    for (const shown of this.#phases) {
      shown.lampMs += elapsedMs
      shown.walkMs += elapsedMs
      this.#seeLamp(shown, lampOf(status, shown.phase.id))
      this.#seeWalk(shown, walkOf(status, shown.phase.id))
    }
    for (const overlap of this.#overlaps) this.#seeOverlap(overlap, status, elapsedMs)
    this.#checkTogether()
    this.#checkChannels(status)
  }

  #seeLamp(shown: Shown, lamp: Lamp): void {
    const { phase } = shown
    if (lamp !== shown.logged) this.#fault(`phase ${phase.id} shows ${lamp}, its log says ${shown.logged}`)
    if (lamp === shown.lamp) return
    const before = shown.lamp
    if (!NEXT[before].includes(lamp)) this.#fault(`phase ${phase.id} goes from ${before} to ${lamp}`)
    if (lamp === 'green' && before === 'red' && phase.timing.redAmberMs > 0)
      this.#fault(`phase ${phase.id} skips red-amber`)
    if (before === 'yellow' && lamp === 'red' && phase.timing.redClearMs > 0)
      this.#fault(`phase ${phase.id} skips red clearance`)
    const leastMs = {
      red: 0,
      redAmber: 'redAmberMs',
      green: 'minGreenMs',
      yellow: 'yellowMs',
      redClear: 'redClearMs',
    } as const
    const least = leastMs[before]
    if (least !== 0 && shown.lampMs < phase.timing[least])
      this.#fault(`phase ${phase.id} showed ${before} for ${shown.lampMs} of ${phase.timing[least]} ms`)
    shown.lamp = lamp
    shown.lampMs = 0
  }

  #seeWalk(shown: Shown, walk: Walk): void {
    const { phase } = shown
    if (walk !== shown.loggedWalk) this.#fault(`phase ${phase.id} shows ${walk}, its log says ${shown.loggedWalk}`)
    if (walk !== 'dontWalk' && shown.lamp !== 'green') this.#fault(`phase ${phase.id} shows ${walk} without green`)
    if (walk === shown.walk) return
    const leastMs = { dontWalk: 0, walk: phase.timing.walkMs, clearance: phase.timing.pedClearMs }[shown.walk]
    if (shown.walkMs < leastMs)
      this.#fault(`phase ${phase.id} showed ${shown.walk} for ${shown.walkMs} of ${leastMs} ms`)
    if (shown.walk === 'walk' && walk !== 'clearance') this.#fault(`phase ${phase.id} skips pedestrian clearance`)
    shown.walk = walk
    shown.walkMs = 0
  }

  /** Never a yellow that turns green, never one that is cut; green exactly while a phase of it is, or two follow each other. */
  #seeOverlap(overlap: ShownOverlap, status: SignalStatus, elapsedMs: number): void {
    overlap.lampMs += elapsedMs
    const lamp = lampOfOverlap(status, overlap.id)
    const green = overlap.included.some(({ id }) => hasBit(status.greens, id))
    if (green && lamp !== 'green') this.#fault(`overlap ${overlap.id} shows ${lamp} beside a green phase`)
    if (lamp === overlap.lamp) return
    const before = overlap.lamp
    if (!NEXT_OF_OVERLAP[before]?.includes(lamp)) this.#fault(`overlap ${overlap.id} goes from ${before} to ${lamp}`)
    const yellowMs = Math.min(...overlap.included.map(({ timing }) => timing.yellowMs))
    if (before === 'yellow' && overlap.lampMs < yellowMs) this.#fault(`overlap ${overlap.id} cuts its yellow`)
    overlap.lamp = lamp
    overlap.lampMs = 0
  }

  /** Two phases are on together only inside one barrier group, in different rings, and where nothing else forbids it. */
  #checkTogether(): void {
    const on = this.#phases.filter(({ lamp }) => lamp !== 'red')
    for (const [index, { phase: a }] of on.entries())
      for (const { phase: b } of on.slice(index + 1)) {
        if (a.barrier !== b.barrier) this.#fault(`phases ${a.id} and ${b.id} are on across a barrier`)
        if (a.ring === b.ring) this.#fault(`phases ${a.id} and ${b.id} are on in one ring`)
        const extra = this.#database.intersection.extraConflicts
        if (extra.some((pair) => pair.includes(a.id) && pair.includes(b.id)))
          this.#fault(`phases ${a.id} and ${b.id} conflict and are on`)
      }
  }

  #checkChannels({ channelGreens, channelYellows, channelReds }: SignalStatus): void {
    const moving = channelGreens | (channelYellows & ~channelReds)
    for (const channel of listBits(moving))
      if ((this.#channels[channel]! & moving) !== 0) this.#fault(`channel ${channel} conflicts with another`)
  }

  #checkLog({ phase, log }: Shown): void {
    const order = log.filter((code) => (GREEN_LOG as readonly number[]).includes(code))
    if (order.join() !== GREEN_LOG.join()) this.#fault(`phase ${phase.id} logged ${log.join(' ')}`)
    const reasons = log.filter((code) => [EVENT.gapOut, EVENT.maxOut, EVENT.forceOff].includes(code as 4))
    if (reasons.length !== 1) this.#fault(`phase ${phase.id} ended for ${reasons.length} reasons`)
  }

  #fault(message: string): void {
    this.faults.push(message)
  }
}

function lampOf(status: SignalStatus, phase: number): Lamp {
  if (hasBit(status.greens, phase)) return 'green'
  if (hasBit(status.yellows, phase)) return 'yellow'
  if (hasBit(status.redAmbers, phase)) return 'redAmber'
  return hasBit(status.phaseOns, phase) ? 'redClear' : 'red'
}

function lampOfOverlap({ overlapGreens, overlapYellows, overlapReds }: SignalStatus, overlap: number): Lamp {
  if (hasBit(overlapGreens, overlap)) return 'green'
  if (!hasBit(overlapYellows, overlap)) return 'red'
  return hasBit(overlapReds, overlap) ? 'redAmber' : 'yellow'
}

function walkOf({ walks, pedClears }: SignalStatus, phase: number): Walk {
  if (hasBit(walks, phase)) return 'walk'
  return hasBit(pedClears, phase) ? 'clearance' : 'dontWalk'
}
