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
import { serveFaultText, serveField, type FieldServers, type ServedDevice, type ServeFault } from './field-servers.ts'
import { headByClock, Ledger } from './ledger.ts'
import { keepPace } from './pace.ts'

export interface VirtualCityOptions {
  readonly site: SiteConfig
  /** Every profile that the site names, by name. */
  readonly profiles: ReadonlyMap<string, DeviceProfile>
  readonly seed: number
  /** Added to every port of the configuration. */
  readonly portOffset: number
  /** Where the ledgers of the cabinets are kept; without it their logs go on at a number of the clock's (`headByClock`). */
  readonly ledgerDirectory?: string
  /** For OPC UA profiles with security. */
  readonly certificateFolder?: string
  /** Times real time, 1 unless given. The clocks of the cabinets keep to true time at 1 only. */
  readonly speed?: number
  readonly log: Log
}

export interface VirtualCity {
  readonly city: City
  readonly devices: readonly ServedDevice[]
  /** Real time that has been left out since the start, because the machine could not keep up. */
  readonly lostMs: number
  /** Stands still, ends all connections, frees the ports and closes the ledgers. */
  stop(): Promise<void>
}

export type VirtualCityFault =
  | ServeFault
  | { readonly code: 'LEDGER_NOT_KEPT'; readonly directory: string; readonly detail: string }

/** Faster, and an edge at ten scans a second would see the street in leaps of more than two seconds. */
export const SPEED_MAX = 20
/** How often the cabinets' clocks are compared with the machine's. */
const CLOCK_CHECK_MS = 1_000
/** A machine that is too slow is spoken of this often at most. */
const BEHIND_LOG_MS = 10_000

/** Starts the whole city, or nothing, with every fault that stands in the way. */
export async function startVirtualCity(
  options: VirtualCityOptions,
): Promise<Outcome<VirtualCity, readonly VirtualCityFault[]>> {
  const ledgers = openLedgers(options)
  if (!ledgers.ok) return failed([ledgers.fault])
  const city = buildCity(options, ledgers.value)
  const cabinets = [...city.junctions.values()].map(({ cabinet }) => cabinet)
  const servers = await serveField({ ...options, cabinets })
  if (servers.ok) return ok(new RunningCity(options, { city, ledgers: ledgers.value, servers: servers.value }))
  for (const ledger of ledgers.value.values()) ledger.close()
  return failed(servers.fault)
}

export const virtualCityFaultText = (fault: VirtualCityFault): string =>
  fault.code === 'LEDGER_NOT_KEPT'
    ? `the ledgers cannot be kept in ${fault.directory}: ${fault.detail}. Choose a folder that can be written.`
    : serveFaultText(fault)

type Ledgers = ReadonlyMap<IntersectionId, Ledger>

function openLedgers({ site, ledgerDirectory, log }: VirtualCityOptions): Outcome<Ledgers, VirtualCityFault> {
  const ledgers = new Map<IntersectionId, Ledger>()
  if (ledgerDirectory === undefined) return ok(ledgers)
  try {
    for (const { id } of site.intersections.map(({ database }) => database.intersection)) {
      const onLost = (detail: string) =>
        log(
          'error',
          'LEDGER_LOST',
          `the ledger of ${id} in ${ledgerDirectory} ends here: ${detail}. Free the disk and restart.`,
        )
      ledgers.set(id, new Ledger(ledgerDirectory, id, onLost))
    }
    return ok(ledgers)
  } catch (error) {
    for (const ledger of ledgers.values()) ledger.close()
    return failed({ code: 'LEDGER_NOT_KEPT', directory: ledgerDirectory, detail: String(error) })
  }
}

function buildCity({ site, profiles, seed, log }: VirtualCityOptions, ledgers: Ledgers): City {
  const epochMs = Date.now()
  return createCity({
    intersections: site.intersections,
    seed,
    epochMs,
    profiles,
    memoryOf: (id) => ledgers.get(id)?.before ?? { ...NEW_CABINET, logHead: headByClock(epochMs) },
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
  readonly #parts: CityParts
  readonly #log: Log
  readonly #inRealTime: boolean
  readonly #halt: () => void
  #sinceClockCheckMs = 0
  #lostMs = 0
  #saidBehindAtMonoMs = -Infinity

  constructor({ speed = 1, log }: VirtualCityOptions, parts: CityParts) {
    invariant(speed > 0 && speed <= SPEED_MAX, `a speed of up to ${SPEED_MAX} times real time`)
    this.city = parts.city
    this.devices = parts.servers.devices
    this.#parts = parts
    this.#log = log
    this.#inRealTime = speed === 1
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

  async stop(): Promise<void> {
    this.#halt()
    await this.#parts.servers.close()
    for (const ledger of this.#parts.ledgers.values()) ledger.close()
  }

  #step(): void {
    this.city.step()
    for (const [id, ledger] of this.#parts.ledgers) {
      const junction = this.city.junctions.get(id)
      if (junction) ledger.remember(junction.cabinet.memory)
    }
    this.#sinceClockCheckMs += CITY_STEP_MS
    if (this.#sinceClockCheckMs >= CLOCK_CHECK_MS) this.#setClocks()
  }

  /** Steps that were left out, a sleep of the machine, a time server: the cabinets' clocks follow, as clocks in the street do. */
  #setClocks(): void {
    this.#sinceClockCheckMs = 0
    if (this.#inRealTime) this.city.setTrueTime(Date.now())
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
