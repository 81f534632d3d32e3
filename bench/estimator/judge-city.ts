/** Beliefs held against our own city. */
import type { Intersection } from '#signal/intersection.ts'
import type { Flow } from '#sim/traffic/flow/flow.ts'
import { stopLanesOf } from '#sim/traffic/streets/detector-places.ts'
import { CITY_STEP_MS } from '#sim/city.ts'
import { openCity } from '../street/in-city.ts'
import type { Judged } from './errors.ts'
import { judgedLanes, keyOf, writeBeliefs } from './judged-lanes.ts'
import { LaneSeconds, type JudgedLane } from './lane-seconds.ts'
import { believing, type LaneBelief, type Learnt } from './own-estimator.ts'
import { StreetTruth, type Sighting } from './street-truth.ts'

const SECOND_MS = 1_000

export async function judgeCity(seed: number, seconds: number): Promise<Judged> {
  const beliefs: { second: number; intersection: Intersection; lanes: readonly LaneBelief[] }[] = []
  const strategy = believing((view, believed) => {
    if (view.nowMonoMs % SECOND_MS !== 0) return
    beliefs.push({ second: view.nowMonoMs / SECOND_MS, intersection: view.intersection, lanes: believed() })
  })
  const loop = await openCity(strategy, seed)
  const intersections = [...loop.city.junctions.values()].map(({ cabinet }) => cabinet.config.database.intersection)
  const lanes = intersections.flatMap(judgedLanes)
  const [believed, truth] = [new LaneSeconds(lanes, seconds), new LaneSeconds(lanes, seconds)]
  const learnt = new Map<string, Learnt>()
  const street = new StreetTruth(lanes, truth)
  const { flow } = loop.city.traffic
  const names = stopLaneNames(flow, intersections)
  for (let ms = CITY_STEP_MS; ms <= seconds * SECOND_MS; ms += CITY_STEP_MS) {
    loop.step()
    if (ms % SECOND_MS === 0) street.see(ms / SECOND_MS, sightingsIn(flow, names))
    for (const { lanes: own, ...when } of beliefs.splice(0)) writeBeliefs({ seconds: believed, learnt }, when, own)
  }
  street.end(seconds)
  return { lanes, believed, truth, seconds, learnt, discharge: street.discharge }
}

/** By number of the lane. */
function stopLaneNames(
  { tracks }: Flow,
  intersections: readonly Intersection[],
): ReadonlyMap<number, JudgedLane['key']> {
  return new Map(
    intersections.flatMap((intersection) =>
      [...stopLanesOf(tracks.network, intersection)].map(
        ([lane, number]) => [number, keyOf(intersection, lane)] as const,
      ),
    ),
  )
}

function* sightingsIn({ cars, tracks }: Flow, names: ReadonlyMap<number, string>): Iterable<Sighting> {
  for (let slot = 0; slot < cars.top; slot++) {
    const track = cars.track[slot] ?? -1
    if (track < 0) continue
    yield {
      vehicle: `${slot} since ${cars.enteredMs[slot]}`,
      lane: names.get(track) ?? null,
      street: tracks.isLane(track) ? `edge ${tracks.edgeOf[track]}` : `way ${track}`,
      toLineM: (tracks.lengthM[track] ?? 0) - (cars.positionM[slot] ?? 0),
      drivenM: cars.drivenM[slot] ?? 0,
      speedMps: cars.speedMps[slot] ?? 0,
    }
  }
}
