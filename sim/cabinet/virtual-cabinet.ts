/** A virtual cabinet as one stands in the street: a controller, and around it power, clock, panels, lease, log, cards and monitor. */
import type { IntersectionConfig } from '#config/site.ts'
import type { LogRecord, PointSource } from '#devices/device.ts'
import type { LeaseRefusal, PointName } from '#devices/points.ts'
import type { TimingAsker, TimingStep } from '#devices/timing.ts'
import { NO_PHASE_CONTROL, type SupervisoryCommand } from '#signal/command.ts'
import { EVENT } from '#signal/events.ts'
import type { SignalStatus, UnitStatus } from '#signal/status.ts'
import type { TimingRefusal } from '#signal/transaction/refusal.ts'
import { Alarms, alarmsOf } from './alarms.ts'
import { joined } from './break-ins.ts'
import { CabinetClock } from './cabinet-clock.ts'
import { CabinetLog } from './cabinet-log.ts'
import { NEW_CABINET, type CabinetMemory } from './cabinet-memory.ts'
import type { BreakInInputs, CabinetStart, StreetInputs } from './cabinet-start.ts'
import type { MonitorTrip } from './conflict-monitor/trip.ts'
import { controllerPoints, type ControllerSide } from './controller-points.ts'
import { ControllerUnit } from './controller-unit.ts'
import { DecisionLog, PARAMETER_WRAP } from './decision-log.ts'
import { DetectorRack } from './detector-rack.ts'
import { identityOf, type Identity } from './identity.ts'
import { LampCircuit } from './lamp-circuit.ts'
import type { LampFaults } from './lamp-faults.ts'
import type { LoopFaults } from './loop-faults.ts'
import type { LoopInputs } from './loop-inputs.ts'
import { CabinetPanels } from './panels.ts'
import { PowerSupply } from './power-supply.ts'
import { poweredPoints } from './powered-points.ts'
import { ReadBack } from './read-back.ts'
import { SILENT } from './silent-status.ts'
import { Supervision } from './supervision.ts'
import { keptTiming, TimingDesk, type TimingPermit } from './timing-desk.ts'
import { FLASH_STATE, logReset, logTrip } from './trip-log.ts'
import { UnitNow } from './unit-status.ts'
import { keeperOf, type CabinetState } from './who-decides.ts'

/** In free operation nothing comes round: its cycle is taken to be the longest of the plans, or this. */
const FREE_CYCLE_MS = 60_000

/** Starts a controller that shows start-up flash and all red, and goes on with its own schedule. */
export const createCabinet = (config: IntersectionConfig, start: CabinetStart): VirtualCabinet =>
  new VirtualCabinet(config, start)

export class VirtualCabinet implements ControllerSide {
  readonly config: IntersectionConfig
  readonly identity: Identity
  /** The controller on the wire. */
  readonly controller: PointSource
  /** The cards on the wire, by device name. */
  readonly cards: ReadonlyMap<string, PointSource>
  /** What a person at the cabinet, or the power company, changes. */
  readonly panels = new CabinetPanels()
  readonly power = new PowerSupply()
  readonly clock: CabinetClock
  /** What the wire says of its lamps, where it is to say something else. */
  readonly readBack = new ReadBack()
  /** Fire station, level crossing, buses: what is wired to it. */
  readonly breakIns: BreakInInputs = { preempts: 0, priorities: 0, latenessS: new Int16Array(17) }
  readonly #rack: DetectorRack
  readonly #log: CabinetLog
  readonly #controller: ControllerUnit
  readonly #lamps: LampCircuit
  readonly #alarms = new Alarms()
  readonly #decisions = new DecisionLog()
  readonly #desk: TimingDesk
  readonly #freeCycleMs: number
  readonly #state: CabinetState
  readonly #unit: UnitStatus
  #supervision: Supervision
  #signal: SignalStatus = SILENT
  #pedestrianButtons = 0

  constructor(
    config: IntersectionConfig,
    { epochMs, memory = NEW_CABINET, profiles, onRecord, onFault }: CabinetStart,
  ) {
    const { limits } = config
    const kept = keptTiming(config.database, memory.timing)
    const { database } = kept
    this.config = config
    this.identity = identityOf(profiles?.get(config.controller.profile))
    this.clock = new CabinetClock(epochMs)
    this.controller = poweredPoints(this.readBack.over(controllerPoints(this)), this.power)
    this.#rack = new DetectorRack(config, this.clock, profiles)
    this.cards = new Map([...this.#rack.cards].map(([name, card]) => [name, poweredPoints(card, this.power)]))
    this.#log = new CabinetLog(memory.logHead, this.clock, onRecord)
    this.#freeCycleMs = Math.max(...database.plans.map(({ cycleMs }) => cycleMs), 0) || FREE_CYCLE_MS
    this.#lamps = new LampCircuit(database.intersection, database.unit.flashYellowPhases, memory.trip ?? null)
    this.#supervision = new Supervision(limits, memory.leaseEpoch)
    this.#controller = new ControllerUnit({
      database,
      epochMs,
      ownCalls: { ...NO_PHASE_CONTROL, vehicleCall: this.#rack.unseenPhases },
      emit: this.#log.emit,
      onFault: (fault) => onFault?.(fault),
    })
    this.#desk = new TimingDesk({ config, kept, unit: this.#controller, emit: this.#log.emit })
    this.#state = stateOf(this.#lamps, { controller: this.#controller, panels: this.panels, power: this.power })
    const supervision = () => this.#supervision
    this.#unit = new UnitNow({
      state: this.#state,
      clock: this.clock,
      alarms: this.#alarms,
      get supervision() {
        return supervision()
      },
    })
    this.#comeUp()
  }

  get loops(): LoopInputs {
    return this.#rack.loops
  }

  /** Loops that lie or are broken, at the controller and on cards, to be planted. */
  get loopFaults(): LoopFaults {
    return this.#rack.faults
  }

  get configurationHash(): number {
    return this.#desk.hash
  }

  /** Lamps that do not do what the controller wants, to be planted. */
  get lampFaults(): LampFaults {
    return this.#lamps.faults
  }

  /** A program that hangs, to be planted: its outputs stay as they are, and nobody tends the watchdog. */
  get controllerHangs(): boolean {
    return this.#controller.hangs
  }

  set controllerHangs(hangs: boolean) {
    this.#controller.hangs = hangs
  }

  /** What the conflict monitor has latched. */
  get monitorTrip(): MonitorTrip | null {
    return this.#lamps.trip
  }

  /** As the street and the wire see it. */
  get signal(): SignalStatus {
    return this.#signal
  }

  /** Drivers see no lamp that lets them go: it flashes, or is dark. */
  get flashes(): boolean {
    return !this.power.isUp || this.#lamps.flashes
  }

  get unit(): UnitStatus {
    return this.#unit
  }

  /** What a supervisor asks of it while the lease lasts; null when nobody does. */
  get asked(): SupervisoryCommand | null {
    return this.#supervision.command
  }

  get pedestrianButtons(): number {
    return this.#pedestrianButtons
  }

  get logHead(): number {
    return this.#log.head
  }

  get memory(): CabinetMemory {
    const trip = this.#lamps.trip
    const timing = this.#desk.activated
    return {
      logHead: this.#log.head,
      leaseEpoch: this.#supervision.lease.epoch,
      ...(trip && { trip }),
      ...(timing !== undefined && { timing }),
    }
  }

  readLog(after: number, max: number): readonly LogRecord[] {
    return this.#log.after(after, max)
  }

  /** 10 to 1,000 ms of monotonic time, at the end of which street, panels and power are as they are. */
  step(elapsedMs: number, street: StreetInputs): void {
    this.clock.advance(elapsedMs)
    const power = this.power.advance(elapsedMs)
    if (power === 'failed') this.#goDark()
    else if (power === 'restored') this.powerUp()
    else if (this.power.isUp) this.#run(elapsedMs, street)
  }

  /** A write of the control group, between two steps; it is in effect from the next one on. */
  command(values: ReadonlyMap<PointName, number>): LeaseRefusal {
    const refusal = this.#supervision.obey(values)
    this.#decisions.note(this.#supervision, this.#log.emit)
    return refusal
  }

  /** A request for another timing, between two steps: apart from commands, for it is another permission. */
  askForTiming(step: TimingStep, asker: TimingAsker): TimingRefusal {
    return this.#desk.ask(step, asker, this.#permit)
  }

  /** A timing on its way in. */
  get timing(): TimingDesk {
    return this.#desk
  }

  /** The technician's key: while it is turned the cabinet runs its own plan and takes no command, from now on. */
  turnLocalKey(turned: boolean): void {
    this.panels.localKey = turned
    this.#noteState()
  }

  /** Sets the clock as a time server does, when it is off by more than a trifle; the local cycle follows it. */
  syncClock(trueEpochMs: number): void {
    const correctionMs = this.clock.sync(trueEpochMs)
    if (correctionMs === 0) return
    this.#log.emit(EVENT.clockUpdated, Math.min(Math.round(correctionMs / 1_000), PARAMETER_WRAP - 1))
  }

  /** A person at the cabinet, who has looked at the lamps, resets the monitor: all red, then the start phases. */
  resetMonitor(): void {
    const { trip } = this.#lamps
    if (trip === null) return
    this.#controller.restart()
    this.#lamps.reset()
    logReset(trip, this.#log.emit)
    this.#noteState()
    this.#signal = this.#lamps.show(this.#controller.status)
  }

  /** The power comes back after a cut: all begins anew but the log's numbers, the newest epoch, the clock and a latched trip. */
  powerUp(): void {
    this.clock.powerUp()
    this.#forgetStreet()
    this.#supervision = new Supervision(this.config.limits, this.#supervision.lease.epoch)
    this.#controller.powerUp(this.#desk.powerUp(), this.clock.epochMs)
    this.#lamps.powerUp()
    this.#comeUp()
  }

  #comeUp(): void {
    this.#log.emit(EVENT.powerRestored, 0)
    if (this.#lamps.trip !== null) this.#log.emit(EVENT.flashState, FLASH_STATE.conflictMonitor)
    if (this.#controller.fault !== null) this.#log.emit(EVENT.flashState, FLASH_STATE.faultMonitor)
    this.#noteState()
    this.#signal = this.#lamps.show(this.#controller.status)
  }

  /** The last thing that a controller does is to write down that its power is gone. */
  #goDark(): void {
    this.#log.emit(EVENT.powerFailure, 0)
    this.#forgetStreet()
    this.#signal = SILENT
  }

  #forgetStreet(): void {
    this.#pedestrianButtons = 0
    this.#rack.reset()
  }

  #run(elapsedMs: number, street: StreetInputs): void {
    this.#rack.sense(street)
    this.#pedestrianButtons = street.pedestrianButtons
    if (this.#lamps.trip === null) this.#runController(elapsedMs, street.breakIns)
    this.#light(elapsedMs)
    this.#noteState()
    this.#supervision.age(elapsedMs, this.#signal.coordination.cycleMs || this.#freeCycleMs)
    this.#decisions.note(this.#supervision, this.#log.emit)
    this.#desk.follow(elapsedMs, this.#permit)
  }

  #runController(elapsedMs: number, breakIns: BreakInInputs | undefined): void {
    const { command } = this.#supervision
    const { preempts, priorities, latenessS } = joined(this.breakIns, breakIns)
    const stopped = this.#controller.fault !== null
    this.#controller.step(elapsedMs, {
      command,
      epochMs: this.clock.epochMs,
      occupied: this.loops.occupiedByDetector,
      detectorFaults: this.loops.faultsByDetector,
      pedestrianButtons: this.#pedestrianButtons,
      panel: this.panels,
      preempts: (preempts | (command?.preempts ?? 0)) >>> 0,
      priorities: (priorities | (command?.priorities ?? 0)) >>> 0,
      latenessS,
    })
    this.loops.noteFound(this.#controller.detectorFaults)
    if (this.#controller.fault !== null && !stopped) this.#log.emit(EVENT.flashState, FLASH_STATE.faultMonitor)
  }

  /** Lights the lamps and lets the monitor look at them. When it trips, the controller waits for whoever resets it. */
  #light(elapsedMs: number): void {
    const before = this.#lamps.trip
    this.#lamps.transferred = this.panels.flash !== 'none' || this.#controller.fault !== null
    this.#lamps.watch(this.#controller.status, elapsedMs, this.#controller.runs && before === null)
    const { trip } = this.#lamps
    if (trip !== null && before === null) {
      this.#controller.standBy()
      logTrip(trip, this.#log.emit)
    }
    this.#signal = this.#lamps.show(this.#controller.status)
  }

  get #permit(): TimingPermit {
    const { lease, command } = this.#supervision
    return { leaseEpoch: command === null ? 0 : lease.epoch, technician: this.panels.timingAllowed }
  }

  /** Who decides now, and what is wrong, for the log and for whoever asks. */
  #noteState(): void {
    this.#supervision.keptBy(keeperOf(this.#state))
    this.#alarms.note(alarmsOf(this.#state), this.#log.emit)
    this.#decisions.note(this.#supervision, this.#log.emit)
  }
}

/** What the lamps' monitor has latched is part of the state, and changes with it. */
const stateOf = (lamps: LampCircuit, rest: Omit<CabinetState, 'trip'>): CabinetState => ({
  ...rest,
  get trip() {
    return lamps.trip
  },
})
