/** The city in real time on real sockets: cabinets and cards listen on their ports, as the edge expects them in the street. */
import type { IntersectionId } from '#base/id.ts'
import { invariant } from '#base/invariant.ts'
import type { Log } from '#base/log.ts'
import { failed, ok, type Outcome } from '#base/outcome.ts'
import type { SiteConfig } from '#config/site.ts'
import type { DeviceProfile } from '#devices/profile/schema.ts'
import { controllerFaultText } from './cabinet/controller-unit.ts'
import { NEW_CABINET } from './cabinet/cabinet-memory.ts'
import { CITY_STEP_MS, createCity, type City } from './city.ts'
import type { CityStreets } from './city-streets.ts'
import { cityFaults } from './faults/city-faults.ts'
import type { FaultDesk, FaultReport } from './faults/fault-desk.ts'
import type { BrokerSwitch } from './faults/fault-kind.ts'
import { FaultLedger } from './faults/fault-ledger.ts'
import {
  serveFaultText,
  serveField,
  type FieldOptions,
  type FieldServers,
  type ServedDevice,
  type ServeFault,
} from './field-servers.ts'
import { headByClock, Ledger } from './ledger.ts'
import { keepPace, SPEED_MAX } from './pace.ts'

export interface VirtualCityOptions {
  readonly site: SiteConfig
  /** Every profile that the site names, by name. */
  readonly profiles: ReadonlyMap<string, DeviceProfile>
  readonly seed: number
  /** Added to every port of the configuration. */
  readonly portOffset: number
  /** Where the ledgers of the cabinets are kept; without it their logs go on at a number of the clock's (`headByClock`). */
  readonly ledgerDirectory?: string
  /** What OPC UA devices with security have to show. */
  readonly identityOf?: NonNullable<FieldOptions['identityOf']>
  /** Times real time, 1 unless given. The clocks of the cabinets keep to true time at 1 only. */
  readonly speed?: number
  /** The streets with a scenario of their own; those of a plain day unless given. */
  readonly streets?: CityStreets
  /** What the clocks of the city show at the start: now, unless given. */
  readonly startEpochMs?: number
  /** The broker that faults may take away; none unless given. */
  readonly broker?: BrokerSwitch
  readonly log: Log
}

export interface VirtualCity {
  readonly city: City
  readonly devices: readonly ServedDevice[]
  /** Plants faults and mends them. */
  readonly faults: FaultDesk
  /** How far the city is, and how far it should be. */
  readonly progress: Progress
  /** Real time that has been left out since the start, because the machine could not keep up. */
  readonly lostMs: number
  /** Stands still, ends all connections, frees the ports and closes the ledgers. */
  stop(): Promise<void>
}

export interface Progress {
  /** Of the city's own time. */
  readonly simulatedMs: number
  /** What its speed would have made of the time since its start. */
  readonly behindMs: number
  /** Times real time, on the average since its start. */
  readonly speed: number
}

export type VirtualCityFault =
  | ServeFault
  | { readonly code: 'LEDGER_NOT_KEPT'; readonly directory: string; readonly detail: string }

/** How often the cabinets' clocks are compared with the machine's. */
const CLOCK_CHECK_MS = 1_000
/** A machine that is too slow is spoken of this often at most. */
const BEHIND_LOG_MS = 10_000

/** Starts the whole city, or nothing, with every fault that stands in the way. */
export async function startVirtualCity(
  options: VirtualCityOptions,
): Promise<Outcome<VirtualCity, readonly VirtualCityFault[]>> {
  const opened = openLedgers(options)
  if (!opened.ok) return failed([opened.fault])
  const ledgers = opened.value
  const city = buildCity(options, ledgers.cabinets)
  const cabinets = [...city.junctions.values()].map(({ cabinet }) => cabinet)
  const onLost = ({ intersection, device }: ServedDevice, detail: string) =>
    options.log('error', 'DEVICE_NOT_SERVED', `${intersection} ${device} does not listen again: ${detail}`)
  const servers = await serveField({ ...options, cabinets, onLost })
  if (servers.ok) return ok(new RunningCity(options, { city, ledgers, servers: servers.value }))
  closeLedgers(ledgers)
  return failed(servers.fault)
}

export const virtualCityFaultText = (fault: VirtualCityFault): string =>
  fault.code === 'LEDGER_NOT_KEPT'
    ? `the ledgers cannot be kept in ${fault.directory}: ${fault.detail}. Choose a folder that can be written.`
    : serveFaultText(fault)

interface Ledgers {
  readonly cabinets: ReadonlyMap<IntersectionId, Ledger>
  readonly faults: FaultLedger | null
}

function openLedgers({ site, ledgerDirectory, log }: VirtualCityOptions): Outcome<Ledgers, VirtualCityFault> {
  const cabinets = new Map<IntersectionId, Ledger>()
  if (ledgerDirectory === undefined) return ok({ cabinets, faults: null })
  const onLost = (what: string) => (detail: string) =>
    log(
      'error',
      'LEDGER_LOST',
      `the ledger of ${what} in ${ledgerDirectory} ends here: ${detail}. Free the disk and restart.`,
    )
  try {
    for (const { id } of site.intersections.map(({ database }) => database.intersection))
      cabinets.set(id, new Ledger(ledgerDirectory, id, onLost(id)))
    return ok({ cabinets, faults: new FaultLedger(ledgerDirectory, onLost('the faults')) })
  } catch (error) {
    closeLedgers({ cabinets, faults: null })
    return failed({ code: 'LEDGER_NOT_KEPT', directory: ledgerDirectory, detail: String(error) })
  }
}

function closeLedgers({ cabinets, faults }: Ledgers): void {
  for (const ledger of cabinets.values()) ledger.close()
  faults?.close()
}

function buildCity(
  { site, profiles, seed, streets, startEpochMs, log }: VirtualCityOptions,
  ledgers: Ledgers['cabinets'],
): City {
  const epochMs = startEpochMs ?? Date.now()
  return createCity({
    intersections: site.intersections,
    seed,
    epochMs,
    profiles,
    ...(streets && { streets }),
    memoryOf: (id) => ledgers.get(id)?.before ?? { ...NEW_CABINET, logHead: headByClock(Date.now()) },
    onRecord: (id, record) => ledgers.get(id)?.write(record),
    onFault: (id, fault) =>
      log('error', fault.code, `the controller of ${id} is in flash: ${controllerFaultText(fault)}`),
  })
}

interface CityParts {
  readonly city: City
  readonly ledgers: Ledgers
  readonly servers: FieldServers
}

class RunningCity implements VirtualCity {
  readonly city: City
  readonly devices: readonly ServedDevice[]
  readonly faults: FaultDesk
  readonly #parts: CityParts
  readonly #log: Log
  readonly #speed: number
  /** The city's clocks minus the machine's, as they were at the start. */
  readonly #aheadMs: number
  readonly #startedMonoMs = performance.now()
  readonly #halt: () => void
  #simulatedMs = 0
  #sinceClockCheckMs = 0
  #lostMs = 0
  #saidBehindAtMonoMs = -Infinity

  constructor({ speed = 1, profiles, broker, startEpochMs, log }: VirtualCityOptions, parts: CityParts) {
    invariant(speed > 0 && speed <= SPEED_MAX, `a speed of up to ${SPEED_MAX} times real time`)
    this.city = parts.city
    this.devices = parts.servers.devices
    this.#parts = parts
    this.#log = log
    this.#speed = speed
    // The servers took seconds to come up: true time has gone on since the city was built, a scenario's has not.
    this.#aheadMs = startEpochMs === undefined ? 0 : startEpochMs - Date.now()
    this.#setClocks()
    this.faults = cityFaults({
      city: parts.city,
      profiles,
      lines: parts.servers.lines,
      broker: broker ?? null,
      onReport: (report) => this.#tell(report),
    })
    this.#halt = keepPace({
      intervalMs: CITY_STEP_MS / speed,
      monoMs: () => performance.now(),
      step: () => this.#step(),
      onBehind: (lostMs) => this.#sayBehind(lostMs),
    })
  }

  get lostMs(): number {
    return this.#lostMs
  }

  get progress(): Progress {
    const realMs = Math.max(1, performance.now() - this.#startedMonoMs)
    const simulatedMs = this.#simulatedMs
    const behindMs = Math.max(0, realMs * this.#speed - simulatedMs - CITY_STEP_MS)
    return { simulatedMs, behindMs, speed: simulatedMs / realMs }
  }

  async stop(): Promise<void> {
    this.#halt()
    await this.#parts.servers.close()
    closeLedgers(this.#parts.ledgers)
  }

  #step(): void {
    this.faults.step(CITY_STEP_MS)
    this.city.step()
    this.#simulatedMs += CITY_STEP_MS
    for (const [id, ledger] of this.#parts.ledgers.cabinets) {
      const junction = this.city.junctions.get(id)
      if (junction) ledger.remember(junction.cabinet.memory)
    }
    this.#sinceClockCheckMs += CITY_STEP_MS
    if (this.#sinceClockCheckMs >= CLOCK_CHECK_MS) this.#setClocks()
  }

  /** Steps that were left out, a sleep of the machine, a time server: the cabinets' clocks follow, as clocks in the street do. */
  #setClocks(): void {
    this.#sinceClockCheckMs = 0
    if (this.#speed === 1) this.city.setTrueTime(Date.now() + this.#aheadMs)
  }

  #tell(report: FaultReport): void {
    const { place, fault, part, deed, by } = report
    this.#parts.ledgers.faults?.write(this.city.epochMs, report)
    this.#log('info', deed === 'planted' ? 'FAULT_PLANTED' : 'FAULT_MENDED', `${place}: ${fault} at ${part}, by ${by}`)
  }

  #sayBehind(lostMs: number): void {
    this.#lostMs += lostMs
    this.#setClocks()
    const nowMonoMs = performance.now()
    if (nowMonoMs - this.#saidBehindAtMonoMs < BEHIND_LOG_MS) return
    this.#saidBehindAtMonoMs = nowMonoMs
    const all = (this.#lostMs / 1_000).toFixed(1)
    this.#log(
      'warn',
      'SIM_BEHIND_REAL_TIME',
      `the simulation fell ${Math.round(lostMs)} ms behind real time and goes on from now; ${all} s are lost since its start`,
    )
  }
}
