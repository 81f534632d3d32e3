/** A virtual cabinet as one stands in the street: the phase machine, and around it clock, schedule, lease, log, cards and monitor. */
import { bit, bitsOf, listBits, type Bits } from '#base/bits.ts'
import type { PhaseId } from '#base/id.ts'
import type { IntersectionConfig } from '#config/site.ts'
import type { LogRecord, PointSource } from '#devices/device.ts'
import type { LeaseRefusal, PointName } from '#devices/points.ts'
import type { DeviceProfile } from '#devices/profile/schema.ts'
import { NO_PHASE_CONTROL, type PhaseControl, type SupervisoryCommand } from '#signal/command.ts'
import { EVENT } from '#signal/events.ts'
import { createController, QUIET_UNIT, statusOf, stepController, type Controller } from '#signal/phase-machine.ts'
import type { SignalStatus, UnitStatus } from '#signal/status.ts'
import { PATTERN_STANDBY } from '#signal/timing-plan.ts'
import { cardPoints, type CardSide } from './card-points.ts'
import { checkNumber, type MonitorTrip } from './conflict-monitor/trip.ts'
import { controllerPoints, type ControllerSide } from './controller-points.ts'
import { EventRing } from './event-ring.ts'
import { identityOf, type Identity } from './identity.ts'
import { LampCircuit } from './lamp-circuit.ts'
import type { LampFaults } from './lamp-faults.ts'
import { LocalSchedule } from './local-schedule.ts'
import { LoopInputs, type LoopReadings } from './loop-inputs.ts'
import { Supervision } from './supervision.ts'

/** What the cabinet keeps through a power cut. */
export interface CabinetMemory {
  /** Sequence of the newest record of the log. */
  readonly logHead: number
  /** Newest epoch that ever held the lease. */
  readonly leaseEpoch: number
  /** What the conflict monitor has latched and nobody has reset. */
  readonly trip?: MonitorTrip
}

/** A cabinet that has never been switched on. */
export const NEW_CABINET: CabinetMemory = { logHead: 0, leaseEpoch: 0 }

export interface CabinetStart {
  /** What the controller's clock shows at power-up. */
  readonly epochMs: number
  readonly memory?: CabinetMemory
  /** What the devices say they are, by the profile's name. */
  readonly profiles?: ReadonlyMap<string, DeviceProfile>
  /** Is handed every record of the log, as it is written. */
  readonly onRecord?: (record: LogRecord) => void
}

/** What the street does to the cabinet in a step. */
export interface StreetInputs extends LoopReadings {
  /** Push buttons held down: bit field by the phase that they call. */
  readonly pedestrianButtons: number
}

/** In free operation nothing comes round: its cycle is taken to be the longest of the plans, or this. */
const FREE_CYCLE_MS = 60_000
/** Time servers leave a clock alone that is this good; the local cycle would jump with it. */
const CLOCK_TOLERANCE_MS = 500
/** Parameter of event 173 (NTCIP 1202 unitFlashStatus). */
const FLASH_STATE = { notFlash: 2, monitor: 6 } as const
/** Parameters of events have 16 bits. */
const PARAMETER_WRAP = 65_536

/** Starts a controller that shows all red and goes on with its own schedule. Throws on a database that is not legal. */
export const createCabinet = (config: IntersectionConfig, start: CabinetStart): VirtualCabinet =>
  new VirtualCabinet(config, start)

export class VirtualCabinet implements ControllerSide {
  readonly config: IntersectionConfig
  readonly identity: Identity
  readonly loops: LoopInputs
  /** The controller on the wire. */
  readonly controller: PointSource
  /** The cards on the wire, by device name. */
  readonly cards: ReadonlyMap<string, PointSource>
  /** What a person at the cabinet, or the power company, changes. */
  doorOpen = false
  mainsPower = true
  /** Its program has stopped: the outputs stay as they are, and nobody tends the watchdog. */
  controllerHangs = false
  /** How far from true time its clock is set; takes effect when the clock is set next. */
  clockOffsetMs = 0
  readonly #cards: readonly LoopCard[]
  readonly #log: EventRing
  readonly #onRecord: ((record: LogRecord) => void) | undefined
  readonly #schedule: LocalSchedule
  readonly #freeCycleMs: number
  readonly #lamps: LampCircuit
  /** Without a supervisor who forwards what the cards see, the phases of their loops are called all the time. */
  readonly #ownCalls: PhaseControl
  #supervision: Supervision
  #machine: Controller
  #signal: SignalStatus
  #clockEpochMs: number
  #uptimeMs = 0
  #pedestrianButtons = 0
  /** What the log said last of who decides: epoch of the lease (0 = none) and unit control. */
  #noted = { epoch: 0, unitControl: 0 }

  constructor(config: IntersectionConfig, { epochMs, memory = NEW_CABINET, profiles, onRecord }: CabinetStart) {
    const { database, limits } = config
    const { detectors } = database.intersection
    this.config = config
    this.identity = identityOf(profiles?.get(config.controller.profile))
    this.loops = new LoopInputs(detectors, config.controller.name)
    this.controller = controllerPoints(this)
    this.#cards = config.cards.map(({ name, profile }) => ({
      name,
      identity: identityOf(profiles?.get(profile)),
      loops: new LoopInputs(detectors, name),
      cabinet: this,
    }))
    this.cards = new Map(this.#cards.map((card) => [card.name, cardPoints(card)]))
    this.#log = new EventRing(memory.logHead)
    this.#onRecord = onRecord
    this.#schedule = new LocalSchedule(database.schedule, epochMs)
    this.#freeCycleMs = Math.max(...database.plans.map(({ cycleMs }) => cycleMs), 0) || FREE_CYCLE_MS
    this.#lamps = new LampCircuit(database.intersection, mainPhases(config), memory.trip ?? null)
    this.#ownCalls = { ...NO_PHASE_CONTROL, vehicleCall: phasesOfCards(config) }
    this.#clockEpochMs = epochMs
    this.#supervision = new Supervision(limits, memory.leaseEpoch)
    this.#machine = createController(database)
    this.#signal = this.#lamps.show(statusOf(this.#machine))
    this.#comeUp()
  }

  get clockEpochMs(): number {
    return this.#clockEpochMs
  }

  get uptimeMs(): number {
    return this.#uptimeMs
  }

  get configurationHash(): number {
    return this.config.limits.configurationHash
  }

  /** Lamps that do not do what the controller wants, to be planted. */
  get lampFaults(): LampFaults {
    return this.#lamps.faults
  }

  /** What the conflict monitor has latched; null while the controller has the lamps. */
  get monitorTrip(): MonitorTrip | null {
    return this.#lamps.trip
  }

  /** Calls, coordination and what the controller wants as they are after the last step; channels are lamps as shown. */
  get signal(): SignalStatus {
    return this.#signal
  }

  get unit(): UnitStatus {
    const { lease, controlStatus, refusedCode } = this.#supervision
    return {
      controlStatus,
      flashCause: this.#lamps.trip === null ? 'none' : 'conflictMonitor',
      clockEpochMs: this.#clockEpochMs,
      uptimeMs: this.#uptimeMs,
      alarmBits: this.#lamps.trip === null ? 0 : bit(checkNumber(this.#lamps.trip.check)),
      mainsPower: this.mainsPower,
      doorOpen: this.doorOpen,
      leaseEpoch: lease.epoch,
      leaseSequence: lease.sequence,
      leaseRemainingMs: lease.remainingMs,
      refusedCommandCode: refusedCode,
      localCyclesSinceLease: lease.localCycles,
    }
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
    return { logHead: this.#log.head, leaseEpoch: this.#supervision.lease.epoch, ...(trip && { trip }) }
  }

  readLog(after: number, max: number): readonly LogRecord[] {
    return this.#log.after(after, max)
  }

  /** 10 to 1,000 ms of monotonic time, at the end of which the street is as `street` says. */
  step(elapsedMs: number, street: StreetInputs): void {
    this.#clockEpochMs += elapsedMs
    this.#uptimeMs += elapsedMs
    this.loops.sense(street)
    for (const { loops } of this.#cards) loops.sense(street)
    this.#pedestrianButtons = street.pedestrianButtons
    const runs = this.#lamps.trip === null && !this.controllerHangs
    if (runs) this.#runController(elapsedMs)
    this.#light(elapsedMs, runs)
    this.#supervision.age(elapsedMs, this.#signal.coordination.cycleMs || this.#freeCycleMs)
    this.#noteSupervision()
  }

  /** A write of the control group, between two steps; it is in effect from the next one on. */
  command(values: ReadonlyMap<PointName, number>): LeaseRefusal {
    const refusal = this.#supervision.obey(values)
    this.#noteSupervision()
    return refusal
  }

  /** The technician's key: while it is turned the cabinet runs its own plan and takes no command. */
  turnLocalKey(turned: boolean): void {
    this.#supervision.turnLocalKey(turned)
    this.#noteSupervision()
  }

  /** Sets the clock as a time server does, when it is off by more than a trifle; the local cycle follows it. */
  syncClock(trueEpochMs: number): void {
    const correctionMs = Math.abs(trueEpochMs + this.clockOffsetMs - this.#clockEpochMs)
    if (correctionMs <= CLOCK_TOLERANCE_MS) return
    this.#clockEpochMs = trueEpochMs + this.clockOffsetMs
    this.#emit(EVENT.clockUpdated, Math.min(Math.round(correctionMs / 1_000), PARAMETER_WRAP - 1))
  }

  /** A person at the cabinet, who has looked at the lamps, resets the monitor: all red, then the start phases. */
  resetMonitor(): void {
    const { trip } = this.#lamps
    if (trip === null) return
    this.#lamps.reset()
    this.#supervision.setFault(false)
    this.#emit(EVENT.alarmOff, checkNumber(trip.check))
    this.#emit(EVENT.flashState, FLASH_STATE.notFlash)
    this.#signal = this.#lamps.show(statusOf(this.#machine))
    this.#noteSupervision()
  }

  /** The power comes back after a cut: all begins anew but the log's numbers, the newest epoch, the clock and a latched trip. */
  powerUp(): void {
    this.#uptimeMs = 0
    this.controllerHangs = false
    this.loops.reset()
    for (const { loops } of this.#cards) loops.reset()
    this.#supervision = new Supervision(this.config.limits, this.#supervision.lease.epoch)
    this.#machine = createController(this.config.database)
    this.#lamps.powerUp()
    this.#signal = this.#lamps.show(statusOf(this.#machine))
    this.#comeUp()
  }

  #comeUp(): void {
    this.#emit(EVENT.powerRestored, 0)
    if (this.#lamps.trip !== null) {
      this.#supervision.setFault(true)
      this.#emit(EVENT.flashState, FLASH_STATE.monitor)
    }
    this.#noteSupervision()
  }

  #runController(elapsedMs: number): void {
    const command = this.#supervision.command
    const asked = command?.pattern ?? PATTERN_STANDBY
    const inputs = {
      ...QUIET_UNIT,
      epochMs: this.#clockEpochMs,
      occupied: this.loops.occupiedByDetector,
      pedestrianButtons: this.#pedestrianButtons,
      control: command ?? this.#ownCalls,
      pattern: asked === PATTERN_STANDBY ? this.#schedule.patternAt(this.#clockEpochMs) : asked,
    }
    stepController(this.#machine, inputs, elapsedMs, this.#emit)
  }

  /** Lights the lamps and lets the monitor look at them. */
  #light(elapsedMs: number, controllerRuns: boolean): void {
    const outputs = statusOf(this.#machine)
    const before = this.#lamps.trip
    this.#lamps.watch(outputs, elapsedMs, controllerRuns)
    const { trip } = this.#lamps
    if (trip !== null && before === null) this.#fallIntoFlash(trip)
    this.#signal = this.#lamps.show(before === trip ? outputs : statusOf(this.#machine))
  }

  /** The flasher takes the lamps; the controller waits at its start-up for whoever resets the monitor. */
  #fallIntoFlash(trip: MonitorTrip): void {
    this.#machine = createController(this.config.database)
    this.#supervision.setFault(true)
    this.#emit(EVENT.alarmOn, checkNumber(trip.check))
    for (const channel of listBits(trip.channels)) this.#emit(EVENT.monitorChannel, channel)
    this.#emit(EVENT.flashState, FLASH_STATE.monitor)
  }

  readonly #emit = (code: number, parameter: number): void => {
    const record = this.#log.append(this.#clockEpochMs, code, parameter)
    this.#onRecord?.(record)
  }

  /** Writes down who decides, where that has changed; an epoch is named by its last 16 bits. */
  #noteSupervision(): void {
    const { lease, command, unitControl } = this.#supervision
    const epoch = command === null ? 0 : lease.epoch
    const before = this.#noted
    this.#noted = { epoch, unitControl }
    if (before.epoch !== epoch && before.epoch !== 0) this.#emit(EVENT.supervisionLost, before.epoch % PARAMETER_WRAP)
    if (before.epoch !== epoch && epoch !== 0) this.#emit(EVENT.supervisionGained, epoch % PARAMETER_WRAP)
    if (before.unitControl !== unitControl) this.#emit(EVENT.unitControl, unitControl)
  }
}

interface LoopCard extends CardSide {
  readonly name: string
}

/** The street that flashes yellow: what the first plan coordinates; without a plan nobody has precedence. */
const mainPhases = ({ database }: IntersectionConfig): readonly PhaseId[] => database.plans[0]?.coordinatedPhases ?? []

/** The phases that have loops, but none that the controller sees. */
function phasesOfCards({ database, controller }: IntersectionConfig): Bits {
  const { detectors } = database.intersection
  const own = bitsOf(detectors.filter(({ device }) => device === controller.name).map(({ phase }) => phase))
  return (bitsOf(detectors.map(({ phase }) => phase)) & ~own) >>> 0
}
