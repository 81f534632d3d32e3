/** What goes wrong, drawn from the seed: which kinds at all in this world, then when, where and for how long. */
import type { CentralMachine } from './central-machine.ts'
import type { Chance } from './chance.ts'
import type { EdgeMachine } from './edge-machine.ts'
import { HEALTHY_WIRE, type WireMood } from './field-wire.ts'
import { HEALTHY_BROKER, type VirtualBroker } from './virtual-broker.ts'
import { HEALTHY_DISK } from './virtual-disk.ts'
import { HEALTHY_STORE, type StoreMood, type VirtualStore } from './virtual-store.ts'
import { HEALTHY_WAY, type Way } from './wire.ts'
import type { Machine, World } from './world.ts'

export interface Stage {
  readonly world: World
  readonly chance: Chance
  readonly edges: readonly [EdgeMachine, ...EdgeMachine[]]
  readonly central: CentralMachine
  readonly broker: VirtualBroker
  readonly store: VirtualStore
  readonly ways: readonly [Way, ...Way[]]
  /** Its best rung asks for anything at all, and is refused now and then for ever. */
  readonly isHostile: boolean
  readonly phase: { isCalm: boolean }
}

/** Begins a fault and says when it is over by itself; what is open at the end is mended by `mendAll`. */
type Fault = (stage: Stage) => void

const SECOND_MS = 1_000
const MINUTE_MS = 60_000
const HOUR_MS = 60 * MINUTE_MS
const DAY_MS = 24 * HOUR_MS

/** Faults by the port at which they stand; a world has some of the kinds, so that each is seen without all the others too. */
export const FAULTS: Readonly<Record<'clock' | 'disk' | 'net' | 'field' | 'crash' | 'store', readonly Fault[]>> = {
  clock: [
    (stage) => stepWall(stage, stage.chance.oneOf([stage.central.machine, ...machinesOf(stage)])),
    (stage) => stepWall(stage, stage.chance.oneOf([stage.edges[0].machine, ...machinesOf(stage)])),
    ({ chance, edges }) => (chance.oneOf(edges).machine.driftPpm = chance.between(-200, 200)),
    ({ chance, edges }) => chance.oneOf(edges).stopFor(chance.spread(200, 60 * SECOND_MS)),
    ({ chance, central }) => central.stopFor(chance.spread(200, 20 * SECOND_MS)),
  ],
  disk: [
    (stage) => diskMood(stage, 'shortWrite', 0.5),
    (stage) => diskMood(stage, 'failWrite', 0.5),
    (stage) => diskMood(stage, 'failSync', 0.5),
    (stage) => diskMood(stage, 'failSync', 1),
    (stage) => diskMood(stage, 'failCreate', 0.7),
    (stage) => diskMood(stage, 'failRemove', 0.7),
    fillDisk,
    slowDisk,
    ({ chance, edges }) => chance.oneOf(edges).stallTelemetryThread(chance.spread(100, 10 * SECOND_MS)),
  ],
  net: [
    (stage) => cut(stage, stage.chance.oneOf(stage.ways)),
    (stage) => slow(stage, stage.chance.oneOf(stage.ways)),
    ({ chance, ways }) => chance.oneOf(ways).reset(),
    killBroker,
    killBroker,
    (stage) => brokerMood(stage, 'forget', 0.5),
    (stage) => brokerMood(stage, 'double', 0.5),
    (stage) => brokerMood(stage, 'drop', 0.7),
    (stage) => brokerMood(stage, 'queueMax', stage.chance.between(1, 20)),
  ],
  field: [
    (stage) => wireMood(stage, 'isCut', true),
    (stage) => wireMood(stage, 'refuses', true),
    (stage) => wireMood(stage, 'loseAnswer', 0.3),
    (stage) => wireMood(stage, 'straggle', 0.2),
    (stage) => wireMood(stage, 'mostMs', stage.chance.between(20, 900)),
    hangDriver,
  ],
  crash: [
    killEdge,
    killEdge,
    cutPowerOfEdge,
    cutPowerOfEdge,
    ({ chance, edges }) => chance.oneOf(edges).stop(),
    ({ chance, edges }) => chance.oneOf(edges).failTelemetryThread(),
    killCentral,
  ],
  store: [
    (stage) => storeMood(stage, 'isDown', true),
    (stage) => storeMood(stage, 'loseAnswer', 0.5),
    (stage) => storeMood(stage, 'breakOff', 0.5),
    (stage) => storeMood(stage, 'mostMs', stage.chance.between(100, 4_000)),
    lockLedger,
  ],
}

/** What some worlds have all along: no way to central until the calm, a disk that is never quite sound, a broker that forgets. */
export function beginChronic({ chance, broker, edges, ways, world }: Stage): void {
  const [, toFirst] = ways
  if (chance.happens(0.3)) world.after(chance.between(0, 5 * SECOND_MS), () => toFirst?.cut())
  if (chance.happens(0.2)) broker.mood.forget = 0.3
  const { mood } = edges[0].disk
  if (chance.happens(0.3)) Object.assign(mood, { shortWrite: 0.1, failWrite: 0.05, failSync: 0.1, failRemove: 0.1 })
}

/** A machine stands still at its worst moment: what it had decided goes out when it wakes, its lease long over. */
export function sleepInWrite({ chance, edges, world }: Stage): void {
  const edge = chance.oneOf(edges)
  const ms = chance.spread(3 * SECOND_MS, MINUTE_MS)
  world.tell('fault', `${edge.name} stands still for ${ms} ms in its next write`)
  edge.wire.sleepInWriteMs = ms
}

export function mendAll(stage: Stage): void {
  const { edges, central, broker, store, ways } = stage
  stage.phase.isCalm = true
  for (const way of ways) {
    Object.assign(way.mood, HEALTHY_WAY)
    way.heal()
  }
  Object.assign(broker.mood, HEALTHY_BROKER)
  if (!broker.isUp) broker.start()
  Object.assign(store.mood, HEALTHY_STORE)
  central.lockLedger(false)
  central.machine.wallOffsetMs = 0
  for (const edge of edges) {
    Object.assign(edge.disk.mood, HEALTHY_DISK)
    Object.assign(edge.wire, HEALTHY_WIRE)
    Object.assign(edge.machine, { wallOffsetMs: 0, driftPpm: 0 })
    edge.start()
  }
  central.start()
}

const machinesOf = ({ edges }: Stage): Machine[] => edges.map(({ machine }) => machine)

/** Seconds mostly, sometimes half a minute. */
const aWhile = ({ chance }: Stage): number => chance.spread(200, 15 * SECOND_MS)

interface Mood<M extends object> {
  readonly mood: M
  readonly healthy: Readonly<Partial<M>>
}

/** A mood until it passes; with it passes any other of the same kind. */
function setFor<M extends object, K extends keyof M>(
  stage: Stage,
  { mood, healthy }: Mood<M>,
  key: K,
  value: M[K],
): void {
  const ms = aWhile(stage)
  mood[key] = value
  stage.world.tell('fault', `${String(key)} ${String(value)} for ${ms} ms`)
  stage.world.after(ms, () => Object.assign(mood, { [key]: healthy[key] }))
}

type DiskKey = 'shortWrite' | 'failWrite' | 'failSync' | 'failCreate' | 'failRemove'

const diskMood = (stage: Stage, key: DiskKey, value: number) =>
  setFor(stage, { mood: stage.chance.oneOf(stage.edges).disk.mood, healthy: HEALTHY_DISK }, key, value)

const brokerMood = (stage: Stage, key: 'forget' | 'double' | 'drop' | 'queueMax', value: number) =>
  setFor(stage, { mood: stage.broker.mood, healthy: HEALTHY_BROKER }, key, value)

const storeMood = <K extends keyof StoreMood>(stage: Stage, key: K, value: StoreMood[K]) =>
  setFor(stage, { mood: stage.store.mood, healthy: HEALTHY_STORE }, key, value)

const wireMood = <K extends keyof WireMood>(stage: Stage, key: K, value: WireMood[K]) =>
  setFor(stage, { mood: stage.chance.oneOf(stage.edges).wire, healthy: HEALTHY_WIRE }, key, value)

/** Somebody else fills it, up to some bytes beside what is there. */
function fillDisk(stage: Stage): void {
  const { disk } = stage.chance.oneOf(stage.edges)
  const roomBytes = disk.usedBytes + stage.chance.between(0, 600)
  setFor(stage, { mood: disk.mood, healthy: HEALTHY_DISK }, 'roomBytes', roomBytes)
}

function slowDisk(stage: Stage): void {
  const { disk } = stage.chance.oneOf(stage.edges)
  disk.mood.stallMs = stage.chance.spread(50, 5 * SECOND_MS)
  setFor(stage, { mood: disk.mood, healthy: HEALTHY_DISK }, 'stall', 0.3)
}

function stepWall(stage: Stage, machine: Machine): void {
  const { world, chance } = stage
  const stepMs = chance.oneOf([SECOND_MS, HOUR_MS, DAY_MS]) * (chance.happens(0.5) ? 1 : -1)
  world.tell('fault', `the clock of ${machine.name} is set by ${stepMs} ms`)
  machine.wallOffsetMs += stepMs
  machine.wasSet = true
  // A time server finds it sooner or later.
  if (!chance.happens(0.7)) return
  world.after(chance.between(100, 20 * SECOND_MS), () => {
    if (!stage.phase.isCalm) machine.wallOffsetMs -= stepMs
  })
}

function cut(stage: Stage, way: Way): void {
  if (way.mood.isCut) return
  const ms = aWhile(stage)
  stage.world.tell('fault', `way ${stage.ways.indexOf(way)} is cut for ${ms} ms`)
  way.cut()
  stage.world.after(ms, () => way.heal())
}

const slow = (stage: Stage, { mood }: Way): void =>
  setFor(stage, { mood, healthy: HEALTHY_WAY }, 'mostMs', stage.chance.spread(50, 3 * SECOND_MS))

function killBroker(stage: Stage): void {
  const { broker, chance, world } = stage
  if (!broker.isUp) return
  broker.kill()
  world.after(chance.spread(100, 8 * SECOND_MS), () => {
    if (!broker.isUp) broker.start()
  })
}

/** The driver breaks its word for a moment: whatever it is asked then never comes back. */
function hangDriver(stage: Stage): void {
  const { wire } = stage.chance.oneOf(stage.edges)
  wire.hang = 1
  stage.world.tell('fault', 'a driver hangs')
  stage.world.after(stage.chance.between(50, 400), () => (wire.hang = 0))
}

function killEdge({ chance, edges, world }: Stage): void {
  const edge = chance.oneOf(edges)
  if (!edge.isAlive) return
  edge.kill()
  world.after(chance.spread(100, 4 * SECOND_MS), () => edge.start())
}

function cutPowerOfEdge({ chance, edges, world }: Stage): void {
  const edge = chance.oneOf(edges)
  if (!edge.isAlive) return
  edge.cutPower()
  world.after(chance.spread(500, 5 * SECOND_MS), () => edge.start())
}

function killCentral({ central, chance, world }: Stage): void {
  central.kill()
  world.after(chance.spread(100, 5 * SECOND_MS), () => central.start())
}

function lockLedger(stage: Stage): void {
  stage.central.lockLedger(true)
  stage.world.after(stage.chance.spread(100, 3 * SECOND_MS), () => stage.central.lockLedger(false))
}
