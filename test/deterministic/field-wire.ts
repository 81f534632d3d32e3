/** The wire between one edge and one device of the cabinet: late, cut, deaf or hung, with writes that act although nobody heard so. */
import type { DeviceFault, DeviceResult, OpenDevice, PointSource } from '#devices/device.ts'
import { openDirect } from '#devices/memory/direct.ts'
import type { PointImage, PointName, PointValue } from '#devices/points.ts'
import type { DeviceProfile } from '#devices/profile/schema.ts'
import type { Chance } from './chance.ts'
import type { Thread } from './world.ts'

/** Shared by all wires of one edge. */
export interface WireMood {
  leastMs: number
  mostMs: number
  isCut: boolean
  refuses: boolean
  /** Probability that a request is served and its answer lost. */
  loseAnswer: number
  /** Probability that a request reaches the device only seconds later, when nobody waits for it any more. */
  straggle: number
  /** Probability that the driver never comes back from a call. */
  hang: number
  /** The next write is decided, and leaves so much later: the machine stands still in between. */
  sleepInWriteMs: number
}

export const HEALTHY_WIRE: Readonly<WireMood> = {
  leastMs: 1,
  mostMs: 6,
  isCut: false,
  refuses: false,
  loseAnswer: 0,
  straggle: 0,
  hang: 0,
  sleepInWriteMs: 0,
}

export interface WirePlace {
  readonly thread: Thread
  readonly chance: Chance
  readonly mood: WireMood
  /** The whole machine stands still. */
  readonly sleep: (ms: number) => void
}

/** A driver that keeps its word (but for `hang`): a call ends within its time. */
export function openOverWire(profile: DeviceProfile, source: PointSource, place: WirePlace): OpenDevice {
  const direct = openDirect(profile, source)
  const { write } = direct
  const ask = <T>(timeoutMs: number, act: () => DeviceResult<T>) => overWire(place, { timeoutMs, act })
  return {
    device: {
      profile,
      connect: (timeoutMs) => (place.mood.refuses ? refused() : ask(timeoutMs, () => direct.connect())),
      scan: (timeoutMs) => ask(timeoutMs, () => direct.scan()),
      read: (names, timeoutMs) => ask(timeoutMs, () => readNamed(source, names)),
      readLog: (after, max, timeoutMs) => ask(timeoutMs, () => direct.readLog(after, max)),
      close: () => Promise.resolve(),
    },
    commands: write && {
      write: (values, timeoutMs) =>
        overWire(place, { timeoutMs, leavesAfterMs: sleepInWrite(place), act: () => write(values) }),
    },
  }
}

/** Once. */
function sleepInWrite({ mood, sleep }: WirePlace): number {
  const ms = mood.sleepInWriteMs
  mood.sleepInWriteMs = 0
  if (ms > 0) sleep(ms)
  return ms
}

const refused = (): Promise<DeviceResult<void>> =>
  Promise.resolve({ ok: false, fault: { code: 'CONNECT_FAILED', detail: 'refused' } })

function readNamed(source: PointSource, names: readonly PointName[]): DeviceResult<PointImage> {
  const values = names.map((name): [PointName, PointValue] => [name, source.readPoint(name)])
  return source.isUp === false ? failed({ code: 'NOT_CONNECTED' }) : { ok: true, value: new Map(values) }
}

interface Request<T> {
  readonly timeoutMs: number
  readonly leavesAfterMs?: number
  readonly act: () => DeviceResult<T>
}

function overWire<T>(
  { thread, chance, mood }: WirePlace,
  { timeoutMs, leavesAfterMs = 0, act }: Request<T>,
): Promise<DeviceResult<T>> {
  const { promise, resolve } = Promise.withResolvers<DeviceResult<T>>()
  if (chance.happens(mood.hang)) return promise
  const { world } = thread
  const deadlineMs = thread.localMs + timeoutMs
  const straggles = chance.happens(mood.straggle)
  const thereMs = straggles ? chance.between(500, 4_000) : chance.between(mood.leastMs, mood.mostMs)
  const backMs = chance.between(mood.leastMs, mood.mostMs)
  world.at(deadlineMs, thread, () => resolve(failed({ code: 'TIMED_OUT', afterMs: timeoutMs })))
  world.at(thread.localMs + leavesAfterMs + thereMs, null, () => {
    if (mood.isCut && !straggles) return
    const result = act()
    if (mood.isCut || chance.happens(mood.loseAnswer)) return
    const backAtMs = world.nowMs + backMs
    if (backAtMs < deadlineMs) world.at(backAtMs, thread, () => resolve(result))
  })
  return promise
}

const failed = (fault: DeviceFault) => ({ ok: false, fault }) as const
