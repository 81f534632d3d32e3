/** Who plants faults and mends them, by hand and by script, on the clock of the simulation; every deed is told. */
import { failed, ok, type Outcome } from '#base/outcome.ts'
import { intersectionId, type IntersectionId } from '#base/id.ts'
import { writeInstead } from '#config/nearest.ts'
import { FAULT_KEYS, faultOf } from './catalogue.ts'
import type { AimedFault, BrokerSwitch, FaultKind, FaultPlace } from './fault-kind.ts'

/** The word that stands in the place of an intersection for what is nobody's. */
export const BROKER = 'broker'

/** What is asked for: a fault by its key, at an intersection or the broker, with what stands behind it. */
export interface FaultOrder {
  readonly fault: string
  readonly place: string
  readonly words: readonly string[]
  /** Mended after so long; null = by whoever mends it. */
  readonly forMs: number | null
}

/** An order with its moment, from the start of the run. */
export interface ScriptedFault extends FaultOrder {
  readonly atMs: number
}

/** What was done, for the log and the ledger. */
export interface FaultReport {
  readonly runMs: number
  readonly place: string
  readonly fault: string
  readonly part: string
  readonly deed: 'planted' | 'mended'
  readonly by: 'hand' | 'script' | 'time'
}

export interface StandingFault {
  readonly kind: FaultKind
  readonly place: string
  readonly part: string
  readonly sinceMs: number
  /** When it is mended by itself; null = never. */
  readonly untilMs: number | null
}

export interface DeskParts {
  readonly places: ReadonlyMap<IntersectionId, FaultPlace>
  /** null where the simulation has no hand on a broker. */
  readonly broker: BrokerSwitch | null
  readonly onReport: (report: FaultReport) => void
}

interface Standing extends StandingFault {
  readonly aimed: AimedFault
}

export class FaultDesk {
  readonly #parts: DeskParts
  /** By place and part: one fault at a time. */
  readonly #standing = new Map<string, Standing>()
  /** Ascending by moment. */
  #script: readonly ScriptedFault[] = []
  #runMs = 0

  constructor(parts: DeskParts) {
    this.#parts = parts
  }

  get places(): DeskParts['places'] {
    return this.#parts.places
  }

  get standing(): readonly StandingFault[] {
    return [...this.#standing.values()]
  }

  /** Takes over what is to happen; every order must have passed `check`. */
  follow(script: readonly ScriptedFault[]): void {
    this.#script = script.toSorted((a, b) => a.atMs - b.atMs)
  }

  /** Whether an order can be carried out: the fault at its place, or what there is instead. */
  check({ fault, place, words }: Omit<FaultOrder, 'forMs'>): Outcome<Aimed, string> {
    const kind = faultOf(fault)
    if (!kind) return failed(`there is no fault ${fault}. ${writeInstead(fault, FAULT_KEYS)}`)
    if (kind.at === 'broker') return this.#aimAtBroker(kind, place)
    const at = this.#parts.places.get(intersectionId(place))
    if (!at) return failed(`there is no ${place}. There are: ${[...this.#parts.places.keys()].join(', ')}`)
    const aimed = kind.aim(at, words)
    return aimed.ok ? ok({ kind, aimed: aimed.value }) : failed(`${fault} ${kind.usage}: ${aimed.fault}`)
  }

  /** From the next step of the simulation on; what was wrong with the same part before is mended first. */
  plant(order: FaultOrder, by: FaultReport['by']): Outcome<StandingFault, string> {
    const checked = this.check(order)
    if (!checked.ok) return checked
    const { kind, aimed } = checked.value
    const key = `${order.place} ${aimed.part}`
    const before = this.#standing.get(key)
    if (before) this.#mend(key, before, by)
    const untilMs = order.forMs === null ? null : this.#runMs + order.forMs
    const standing = { kind, aimed, place: order.place, part: aimed.part, sinceMs: this.#runMs, untilMs }
    this.#standing.set(key, standing)
    aimed.plant()
    this.#report(standing, 'planted', by)
    return ok(standing)
  }

  /** Mends what was planted; without words, every such fault of the place. */
  mend({ fault, place, words }: Omit<FaultOrder, 'forMs'>, by: FaultReport['by']): Outcome<readonly string[], string> {
    const ofPlace = [...this.#standing].filter(([, each]) => each.place === place && each.kind.key === fault)
    if (words.length === 0) {
      if (ofPlace.length === 0) return failed(`no ${fault} stands there`)
      for (const [key, each] of ofPlace) this.#mend(key, each, by)
      return ok(ofPlace.map(([, { part }]) => part))
    }
    const checked = this.check({ fault, place, words })
    if (!checked.ok) return checked
    const { part } = checked.value.aimed
    const found = ofPlace.find(([, each]) => each.part === part)
    if (!found) return failed(`no ${fault} stands at ${part}`)
    this.#mend(...found, by)
    return ok([part])
  }

  /** The simulation goes on: what is due is planted and mended. */
  step(elapsedMs: number): void {
    this.#runMs += elapsedMs
    for (const [key, each] of this.#standing)
      if (each.untilMs !== null && each.untilMs <= this.#runMs) this.#mend(key, each, 'time')
    while ((this.#script[0]?.atMs ?? Infinity) <= this.#runMs) {
      const [due, ...rest] = this.#script
      this.#script = rest
      if (due) this.plant(due, 'script')
    }
    for (const { aimed } of this.#standing.values()) aimed.step?.(elapsedMs)
  }

  #aimAtBroker(kind: Extract<FaultKind, { at: 'broker' }>, place: string): Outcome<Aimed, string> {
    const { broker } = this.#parts
    if (place !== BROKER) return failed(`${kind.key} is of no intersection: say ${BROKER}`)
    if (broker === null) return failed('no broker of its own is here; `sabz demo` without --mqtt has one')
    return ok({ kind, aimed: kind.aim(broker) })
  }

  #mend(key: string, standing: Standing, by: FaultReport['by']): void {
    this.#standing.delete(key)
    standing.aimed.mend()
    this.#report(standing, 'mended', by)
  }

  #report({ kind, place, part }: StandingFault, deed: FaultReport['deed'], by: FaultReport['by']): void {
    this.#parts.onReport({ runMs: this.#runMs, place, fault: kind.key, part, deed, by })
  }
}

interface Aimed {
  readonly kind: FaultKind
  readonly aimed: AimedFault
}
