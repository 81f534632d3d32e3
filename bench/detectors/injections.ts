/** Which loops fail, when and how: drawn by seed over the lanes of a city, so that no lane loses both of its loops at once. */
import type { DetectorId, IntersectionId } from '#base/id.ts'
import { nextUniform, randomStream, type RandomStream } from '#base/random.ts'
import type { SiteConfig } from '#config/site.ts'
import type { Detector } from '#signal/detector.ts'
import type { Intersection } from '#signal/intersection.ts'

/** Keys of the simulator's catalogue of faults. */
export const INJECTED = ['stuck-on', 'stuck-off', 'chatter', 'swapped-wires'] as const
export type Injected = (typeof INJECTED)[number]

export interface Injection {
  readonly kind: Injected
  readonly place: IntersectionId
  /** One, or the two whose wires are exchanged. */
  readonly detectors: readonly DetectorId[]
  /** From the begin of the hours of faults. */
  readonly atMs: number
}

export interface InjectionPlan {
  readonly count: number
  readonly seed: number
  readonly hours: number
}

interface Lane {
  readonly intersection: Intersection
  /** Detectors that lie over it, and over no other. */
  readonly detectors: readonly Detector[]
}

/** Whoever has had one fault has the next one only in the second half: by then the first is found, or is not. */
export function drawInjections({ intersections }: SiteConfig, { count, seed, hours }: InjectionPlan): Injection[] {
  const random = randomStream(seed, 'injections')
  const lanes = shuffled(
    intersections.flatMap(({ database: { intersection } }) => lanesOf(intersection)),
    random,
  )
  const halfMs = (hours * 3_600_000) / 2
  const drawn: Injection[] = []
  let [swaps, others] = [0, 0]
  for (const half of [0, 1]) {
    const taken = new Set<Lane>()
    for (const lane of lanes) {
      if (drawn.length === count) return drawn
      if (taken.has(lane)) continue
      // One in four is an exchange, of the loops of a lane and of two streets by turns, as far as there are any.
      const pair = swaps <= (drawn.length + 1) / 4 ? drawPair(lane, lanes, { taken, crossing: swaps % 2 === 1 }) : null
      const one = lane.detectors[Math.floor(nextUniform(random) * lane.detectors.length)]
      const kind: Injected = pair ? 'swapped-wires' : (ONE_LOOP[others % ONE_LOOP.length] ?? 'stuck-off')
      if (pair) swaps++
      else others++
      const hit = pair ?? lane.detectors.filter((each) => each === one)
      for (const other of lanes) if (other.detectors.some((each) => hit.includes(each))) taken.add(other)
      // The last are given a quarter of the time to be found in.
      const spreadMs = nextUniform(random) * halfMs * (half === 0 ? 1 : 0.5)
      const atMs = Math.floor(half * halfMs + spreadMs)
      drawn.push({ kind, place: lane.intersection.id, detectors: hit.map(({ id }) => id), atMs })
    }
  }
  return drawn
}

const ONE_LOOP = ['stuck-off', 'stuck-on', 'chatter'] as const

const lanesOf = (intersection: Intersection): Lane[] =>
  [...Map.groupBy(intersection.detectors, ({ lanes }) => lanes.join()).values()].map((detectors) => ({
    intersection,
    detectors,
  }))

/** Two loops that can be told apart: those of the lane itself, or its stop bar and one of a crossing street. */
function drawPair(
  lane: Lane,
  lanes: readonly Lane[],
  { taken, crossing }: { readonly taken: ReadonlySet<Lane>; readonly crossing: boolean },
): readonly Detector[] | null {
  const [bar, advance] = [barOf(lane), lane.detectors.find(({ kind }) => kind === 'advance')]
  if (bar === undefined) return null
  if (!crossing) return advance?.device === bar.device ? lane.detectors : null
  const barrierOf = ({ phase }: Detector) => lane.intersection.phases.find(({ id }) => id === phase)?.barrier
  const other = lanes
    .filter((each) => each !== lane && each.intersection === lane.intersection && !taken.has(each))
    .flatMap((each) => barOf(each) ?? [])
    .find((each) => each.device === bar.device && barrierOf(each) !== barrierOf(bar))
  return other ? [bar, other].toSorted((a, b) => a.id - b.id) : null
}

const barOf = ({ detectors }: Lane): Detector | undefined =>
  detectors.find(({ kind, lanes }) => kind === 'stop-bar' && lanes.length === 1)

function shuffled<T>(items: readonly T[], random: RandomStream): T[] {
  const keyed = items.map((item) => [nextUniform(random), item] as const)
  return keyed.toSorted(([a], [b]) => a - b).map(([, item]) => item)
}
