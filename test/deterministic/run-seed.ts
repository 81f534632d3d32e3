/** One world from one seed: a phase of faults, a calm in which it must come back by itself, and the verdict. */
import type { Strategy } from '#control/strategy.ts'
import type { Acknowledgement, Batch, LiveState } from '#contract/messages.ts'
import { parseTopic } from '#contract/topics.ts'
import { CentralMachine, SITE } from './central-machine.ts'
import { Chance } from './chance.ts'
import { EdgeMachine } from './edge-machine.ts'
import { beginChronic, FAULTS, mendAll, sleepInWrite, type Stage } from './faults.ts'
import { hostileStrategy } from './hostile-strategy.ts'
import { Oracle, SETTLED_MS, type Violation } from './oracle.ts'
import { Street, type StreetProfiles } from './street.ts'
import { VirtualBroker } from './virtual-broker.ts'
import { VirtualStore } from './virtual-store.ts'
import { Way, type Publication } from './wire.ts'
import { World } from './world.ts'

/** Long enough for time-outs of eight seconds to be met. */
const FAULTS_MS = { least: 8_000, most: 20_000 } as const
const FAULTS_MAX = 10
/** A lease that was lost costs a cycle and a while of proving, a broker some back-off. */
const CALM_MS_MAX = 90_000
const LOOK_MS = 500
const SECOND_EDGE_MS_MAX = 20_000
/** The spool of some worlds is so small that events must be given up. */
const SMALL_SPOOL_BYTES = 6_000
const LARGE_SPOOL_BYTES = 10_000_000

export interface SeedOptions {
  readonly seed: number
  readonly profiles: StreetProfiles
  /** Keeps every line of the trace, not only the last ones. */
  readonly wholeTrace?: boolean
  /** Faults that are left out, by their number: what is left of them is what a violation needs. */
  readonly without?: readonly number[]
}

export interface SeedResult {
  readonly seed: number
  readonly violations: readonly Violation[]
  readonly trace: readonly string[]
  readonly traceDigest: number
  readonly figures: SeedFigures
}

export interface SeedFigures {
  readonly worldMs: number
  readonly calmMs: number
  readonly happenings: number
  readonly ticks: number
  readonly stored: number
  readonly faults: number
}

export async function runSeed(options: SeedOptions): Promise<SeedResult> {
  const { seed, profiles, wholeTrace = false } = options
  const world = new World({ wholeTrace })
  const oracle = new Oracle(world)
  const stage = setStage({ seed, profiles, world, oracle })
  beginChronic(stage)
  planSleep({ ...stage, chance: new Chance(seed, 'sleep') })
  const faults = planFaults(stage, options)
  const onRejection = (reason: unknown) => oracle.break('no promise is left alone', String(reason))
  process.on('unhandledRejection', onRejection)
  const calmFromMs = stage.chance.between(FAULTS_MS.least, FAULTS_MS.most)
  const isBroken = () => oracle.violations.length > 0
  await world.live(calmFromMs, isBroken)
  world.tell('world', 'calm')
  mendAll(stage)
  const calm = watchCalm(stage, oracle)
  await world.live(calmFromMs + CALM_MS_MAX, () => calm.isReached || isBroken())
  if (!isBroken()) judge(stage, oracle, calm.missing)
  const cadences = stage.edges.map(({ cadence }) => cadence)
  stage.central.close()
  process.off('unhandledRejection', onRejection)
  return {
    seed,
    violations: oracle.violations,
    trace: world.trace,
    traceDigest: world.traceDigest,
    figures: {
      worldMs: world.nowMs,
      calmMs: world.nowMs - calmFromMs,
      happenings: world.step,
      ticks: cadences.reduce((sum, { ticks }) => sum + ticks, 0),
      stored: stage.store.size,
      faults,
    },
  }
}

interface Setting {
  readonly seed: number
  readonly profiles: StreetProfiles
  readonly world: World
  readonly oracle: Oracle
}

function setStage({ seed, profiles, world, oracle }: Setting): Stage {
  const chance = new Chance(seed, 'stage')
  const street = new Street({ world, oracle, profiles, chance: new Chance(seed, 'street') })
  const store = new VirtualStore(world, new Chance(seed, 'store'))
  const broker = new VirtualBroker(world, new Chance(seed, 'broker'), (publication) => overhear(oracle, publication))
  broker.mood.isPersistent = chance.happens(0.5)
  const ways = [0, 1, 2].map((way) => new Way(world, new Chance(seed, `way ${way}`)))
  const [toCentral, toFirst, toSecond] = ways as [Way, Way, Way]
  const central = new CentralMachine({ world, broker, store, way: toCentral })
  oracle.fate = {
    stored: (identity) => store.find(identity),
    isDeadLettered: (identity) => central.isDeadLettered(identity),
  }
  const isHostile = chance.happens(0.1)
  const hostile: readonly Strategy<unknown>[] = isHostile ? [hostileStrategy(new Chance(seed, 'hostile'))] : []
  const spoolBytesMax = chance.happens(0.2) ? SMALL_SPOOL_BYTES : LARGE_SPOOL_BYTES
  const rest = { seed, world, oracle, street, broker, spoolBytesMax, hostile }
  const first = new EdgeMachine({ name: 'edge-1', way: toFirst, ...rest })
  const second = chance.happens(0.2) ? [new EdgeMachine({ name: 'edge-2', way: toSecond, ...rest })] : []
  central.start()
  first.start()
  // Two that come up together, as after a power cut, tick together too.
  const comeTogether = new Chance(seed, 'second edge').happens(0.5)
  for (const edge of second) {
    const afterMs = chance.between(0, SECOND_EDGE_MS_MAX)
    world.after(comeTogether ? 0 : afterMs, () => edge.start())
  }
  const usedWays: readonly [Way, ...Way[]] = second.length > 0 ? [toCentral, toFirst, toSecond] : [toCentral, toFirst]
  return {
    world,
    chance,
    edges: [first, ...second],
    central,
    broker,
    store,
    ways: usedWays,
    isHostile,
    phase: { isCalm: false },
  }
}

/** Puts every fault of this world on its agenda; how many there are. Each has a chance of its own, so that others can be left out. */
function planFaults(stage: Stage, { seed, without = [] }: SeedOptions): number {
  const { chance, world } = stage
  const faults = Object.values(FAULTS)
    .filter(() => chance.happens(0.5))
    .flat()
  const count = faults.length === 0 ? 0 : chance.between(1, FAULTS_MAX)
  for (let i = 0; i < count; i++) {
    const fault = faults[chance.between(0, faults.length - 1)]
    const own = { ...stage, chance: new Chance(seed, `fault ${i}`) }
    world.after(chance.between(0, FAULTS_MS.most), () => {
      if (fault && !stage.phase.isCalm && !without.includes(i)) fault(own)
    })
  }
  return count
}

/** In some worlds, and never in the calm. */
function planSleep(stage: Stage): void {
  const { chance, world, phase } = stage
  if (!chance.happens(0.15)) return
  world.after(chance.between(0, FAULTS_MS.most), () => {
    if (!phase.isCalm) sleepInWrite(stage)
  })
}

/** What both ends say, as it passes the broker. */
function overhear(oracle: Oracle, { topic, payload }: Publication): void {
  const place = parseTopic(topic)
  if (place?.kind === 'batch') oracle.hearBatch(place.edge, JSON.parse(payload.toString()) as Batch)
  if (place?.kind === 'ack') oracle.hearAcknowledgement(place.edge, JSON.parse(payload.toString()) as Acknowledgement)
}

interface Calm {
  isReached: boolean
  missing: readonly string[]
}

/** Looks now and then whether everything has come back. */
function watchCalm(stage: Stage, oracle: Oracle): Calm {
  const calm: Calm = { isReached: false, missing: [] }
  const look = () => {
    calm.missing = notBack(stage, oracle)
    calm.isReached = calm.missing.length === 0
    stage.world.after(LOOK_MS, look)
  }
  stage.world.after(SETTLED_MS, look)
  return calm
}

/** What is not as it should be where nothing is wrong any more. */
function notBack({ edges, broker, central, isHostile }: Stage, oracle: Oracle): string[] {
  const missing: string[] = []
  // What the store keeps now the ledger notes a moment later.
  const holes = holesIn(central, oracle)
  if (holes.length > 0) missing.push(`central's ledger has no ${holes[0]}`)
  const waiting = oracle.waiting(SETTLED_MS)
  if (waiting > 0) missing.push(`${waiting} recorded events have no fate`)
  const states = edges.map(({ name }) => stateOf(broker, name))
  const isFull = (state: LiveState | null) => state?.mode === 'coordinated' && (state.ladder === null || isHostile)
  if (!states.some(isFull))
    missing.push(`supervision: ${states.map((state) => `${state?.mode} ${JSON.stringify(state?.ladder)}`).join(' | ')}`)
  for (const { name, pending, isAlive } of edges) {
    if (!isAlive) missing.push(`${name} is down`)
    if (pending > PENDING_MAX) missing.push(`${name} has ${pending} events on no disk`)
    const presence = broker.retained.get(`sabz/v1/${SITE}/${name}/presence`)?.payload.toString() ?? ''
    if (!presence.includes('"online"')) missing.push(`${name} is said to be ${presence}`)
  }
  return missing
}

/** A tenth of a second of a busy street. */
const PENDING_MAX = 50

function stateOf(broker: VirtualBroker, edge: string): LiveState | null {
  const retained = broker.retained.get(`sabz/v1/${SITE}/${edge}/state/IX-D`)
  return retained ? (JSON.parse(retained.payload.toString()) as LiveState) : null
}

/** Identities that the ledger lacks although they had their time. */
const holesIn = (central: Stage['central'], oracle: Oracle): string[] =>
  (central.ingest?.streams() ?? []).flatMap(({ edge, epoch, missing }) =>
    missing.flatMap(([first, last]) =>
      Array.from({ length: last - first + 1 }, (_, i) => `${edge}/${epoch}/${first + i}`).filter(
        (identity) => !oracle.isFresh(identity),
      ),
    ),
  )

function judge({ edges, central, store, world }: Stage, oracle: Oracle, missing: readonly string[]): void {
  for (const what of missing) oracle.break('everything comes back by itself', what)
  oracle.judge(store.points)
  if (!central.machine.wasSet) oracle.judgeDeadLetters(central.deadLetters())
  for (const { name, cadence } of edges) {
    if (cadence.missed > 0) oracle.break('no tick is missed', `${name} missed ${cadence.missed} of ${cadence.ticks}`)
  }
  for (const hole of holesIn(central, oracle)) oracle.break('no hole is unaccounted for', hole)
  world.tell('world', `over: ${store.size} stored, ${oracle.violations.length} violations`)
}
