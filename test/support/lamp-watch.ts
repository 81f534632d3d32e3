/** A sceptic beside the controller: follows its lamps and its log, and keeps every rule that no controller may break. */
import { hasBit } from '#base/bits.ts'
import type { ControllerDatabase } from '#signal/database.ts'
import { EVENT } from '#signal/events.ts'
import type { Phase } from '#signal/phase.ts'
import type { SignalStatus } from '#signal/status.ts'
import { ChannelWatch } from './channel-watch.ts'
import { GreenWatch } from './green-watch.ts'
import { IntergreenWatch } from './intergreen-watch.ts'
import { OverlapWatch } from './overlap-watch.ts'
import { PreemptWatch } from './preempt-watch.ts'

type Lamp = 'red' | 'leadingPed' | 'redAmber' | 'green' | 'yellow' | 'redClear'
type Walk = 'dontWalk' | 'walk' | 'clearance'

/** What one phase shows, and since when. */
interface Shown {
  readonly phase: Phase
  lamp: Lamp
  lampMs: number
  sinceYellowMs: number
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
  red: ['leadingPed', 'redAmber', 'green'],
  leadingPed: ['redAmber', 'green'],
  redAmber: ['green'],
  green: ['yellow'],
  yellow: ['redClear', 'red'],
  redClear: ['red', 'leadingPed', 'redAmber', 'green'],
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

/** Why a green ended: one of these. */
const REASONS: ReadonlySet<number> = new Set([
  EVENT.gapOut,
  EVENT.maxOut,
  EVENT.forceOff,
  EVENT.preemptForceOff,
  EVENT.priorityForceOff,
])

/** A phase that begins with its walk, before anything for vehicles. */
const LEADING_LOG = [EVENT.phaseOn, EVENT.walk].join()

export class LampWatch {
  readonly #database: ControllerDatabase
  readonly #channels: ChannelWatch
  readonly #phases: readonly Shown[]
  readonly #overlaps: OverlapWatch
  readonly #greens: GreenWatch
  readonly #preempts: PreemptWatch
  readonly #intergreens: IntergreenWatch
  readonly faults: string[] = []

  constructor(database: ControllerDatabase) {
    this.#database = database
    this.#channels = new ChannelWatch(database.intersection)
    this.#phases = database.intersection.phases.map((phase) => ({
      phase,
      lamp: 'red',
      lampMs: 0,
      sinceYellowMs: Infinity,
      walk: 'dontWalk',
      walkMs: 0,
      log: [],
      logged: 'red',
      loggedWalk: 'dontWalk',
    }))
    this.#overlaps = new OverlapWatch(database.intersection)
    this.#greens = new GreenWatch(database.intersection)
    this.#preempts = new PreemptWatch(database)
    this.#intergreens = new IntergreenWatch(database.intersection)
  }

  record(code: number, parameter: number): void {
    this.#overlaps.record(code, parameter)
    this.#greens.record(code, parameter)
    this.#preempts.record(code, parameter)
    if (code > EVENT.dontWalk && code !== EVENT.redAmber) return
    const shown = this.#phases.find(({ phase }) => phase.id === parameter)
    if (shown === undefined) {
      this.#fault(`event ${code} of unknown phase ${parameter}`)
      return
    }
    if (code === EVENT.phaseOn) this.#beginLog(shown)
    shown.log.push(code)
    shown.logged = LOGS[code] ?? shown.logged
    if (shown.log.join() === LEADING_LOG) shown.logged = 'leadingPed'
    shown.loggedWalk = LOGS_WALK[code] ?? shown.loggedWalk
    if (code === EVENT.phaseInactive) this.#checkLog(shown)
  }

  /** `elapsedMs` since the status before. */
  see(status: SignalStatus, elapsedMs: number): void {
    for (const shown of this.#phases) {
      shown.lampMs += elapsedMs
      shown.sinceYellowMs += elapsedMs
      shown.walkMs += elapsedMs
      this.#seeLamp(shown, lampOf(status, shown.phase.id))
      this.#seeWalk(shown, walkOf(status, shown.phase.id))
    }
    this.#overlaps.see(status, elapsedMs)
    this.#greens.pass(elapsedMs)
    this.#preempts.see(status, elapsedMs)
    this.#intergreens.see(status, elapsedMs)
    this.faults.push(...this.#intergreens.faults.splice(0))
    this.faults.push(...this.#preempts.faults.splice(0))
    this.faults.push(...this.#overlaps.faults.splice(0), ...this.#greens.faults.splice(0))
    this.#checkTogether()
    this.#channels.see(status, this.#overlaps.movingChannels(status), elapsedMs)
    this.faults.push(...this.#channels.faults.splice(0))
  }

  #seeLamp(shown: Shown, lamp: Lamp): void {
    const { phase } = shown
    if (lamp !== shown.logged) this.#fault(`phase ${phase.id} shows ${lamp}, its log says ${shown.logged}`)
    if (lamp === shown.lamp) return
    const before = shown.lamp
    if (!NEXT[before].includes(lamp)) this.#fault(`phase ${phase.id} goes from ${before} to ${lamp}`)
    if (lamp === 'green' && (before === 'red' || before === 'leadingPed') && phase.timing.redAmberMs > 0)
      this.#fault(`phase ${phase.id} skips red-amber`)
    if (before === 'yellow' && lamp === 'red' && phase.timing.redClearMs > 0)
      this.#fault(`phase ${phase.id} skips red clearance`)
    if (lamp === 'green' && shown.sinceYellowMs < phase.timing.redRevertMs)
      this.#fault(`phase ${phase.id} is green again ${shown.sinceYellowMs} ms after its yellow`)
    if (before === 'yellow') shown.sinceYellowMs = 0
    const leastMs = {
      red: 0,
      leadingPed: 'leadingPedMs',
      redAmber: 'redAmberMs',
      green: 'minGreenMs',
      yellow: 'yellowMs',
      redClear: 'redClearMs',
    } as const
    const least = leastMs[before]
    const cutOff = least === 'minGreenMs' && shown.log.includes(EVENT.preemptForceOff)
    const ms = cutOff ? this.#preempts.leastGreenMs(phase) : least === 0 ? 0 : phase.timing[least]
    if (shown.lampMs < ms) this.#fault(`phase ${phase.id} showed ${before} for ${shown.lampMs} of ${ms} ms`)
    shown.lamp = lamp
    shown.lampMs = 0
  }

  #seeWalk(shown: Shown, walk: Walk): void {
    const { phase } = shown
    if (walk !== shown.loggedWalk) this.#fault(`phase ${phase.id} shows ${walk}, its log says ${shown.loggedWalk}`)
    if (walk !== 'dontWalk' && !mayWalk(shown, walk))
      this.#fault(`phase ${phase.id} shows ${walk} beside ${shown.lamp}`)
    if (walk === shown.walk) return
    const leastMs = { dontWalk: 0, walk: this.#preempts.leastWalkMs(phase), clearance: phase.timing.pedClearMs }[
      shown.walk
    ]
    if (shown.walkMs < leastMs)
      this.#fault(`phase ${phase.id} showed ${shown.walk} for ${shown.walkMs} of ${leastMs} ms`)
    if (shown.walk === 'walk' && walk !== 'clearance') this.#fault(`phase ${phase.id} skips pedestrian clearance`)
    shown.walk = walk
    shown.walkMs = 0
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

  #beginLog(shown: Shown): void {
    if (shown.log.includes(EVENT.phaseOn) && !shown.log.includes(EVENT.phaseInactive))
      this.#fault(`phase ${shown.phase.id} comes on and was not inactive`)
    shown.log = []
  }

  #checkLog({ phase, log }: Shown): void {
    const order = log.filter((code) => (GREEN_LOG as readonly number[]).includes(code))
    if (order.join() !== GREEN_LOG.join()) this.#fault(`phase ${phase.id} logged ${log.join(' ')}`)
    const reasons = log.filter((code) => REASONS.has(code))
    if (reasons.length !== 1) this.#fault(`phase ${phase.id} ended for ${reasons.length} reasons`)
  }

  #fault(message: string): void {
    this.faults.push(message)
  }
}

/** Beside the green; ahead of it where walk leads, and behind it where the clearance may run in the yellow. */
function mayWalk({ phase, lamp }: Shown, walk: Walk): boolean {
  if (lamp === 'green') return true
  if (lamp === 'leadingPed' || lamp === 'redAmber') return phase.timing.leadingPedMs > 0
  return lamp === 'yellow' && walk === 'clearance' && phase.pedClearInYellow
}

function lampOf(status: SignalStatus, phase: number): Lamp {
  if (hasBit(status.greens, phase)) return 'green'
  if (hasBit(status.yellows, phase)) return 'yellow'
  if (hasBit(status.redAmbers, phase)) return 'redAmber'
  if (!hasBit(status.phaseOns, phase)) return 'red'
  return status.rings.some((ring) => ring.phase === phase && ring.interval === 'leadingPed') ? 'leadingPed' : 'redClear'
}

function walkOf({ walks, pedClears }: SignalStatus, phase: number): Walk {
  if (hasBit(walks, phase)) return 'walk'
  return hasBit(pedClears, phase) ? 'clearance' : 'dontWalk'
}
