/** Beliefs held against SUMO: it writes down where everybody was, and only the judge reads it, when all is over. */
import { createReadStream, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { SaxesParser } from 'saxes'
import { failed, ok, type Outcome } from '#base/outcome.ts'
import type { Intersection } from '#signal/intersection.ts'
import type { IntersectionView } from '#signal/view.ts'
import { WARM_UP_MS } from '#sim/sumo/bridge/cabinets.ts'
import { resolveScenario } from '#sim/sumo/bridge/scenario.ts'
import type { Detection } from '#sim/sumo/derive/intersection.ts'
import { readNetwork } from '#sim/sumo/network/read-network.ts'
import { explainSumoFault } from '#sim/sumo/traci/sumo-fault.ts'
import { runInSumo, scenarioWith } from '../street/in-sumo.ts'
import type { Judged } from './errors.ts'
import { judgedLanes, writeBeliefs } from './judged-lanes.ts'
import { LaneSeconds, type JudgedLane } from './lane-seconds.ts'
import { believing, type LaneBelief, type Learnt } from './own-estimator.ts'
import { StreetTruth, type Sighting } from './street-truth.ts'

export interface SumoCase {
  readonly configurationFile: string
  readonly detection: Detection
  readonly seed: number
  readonly seconds: number
}

/** The fault is a sentence. */
export async function judgeInSumo(start: SumoCase): Promise<Outcome<Judged, string>> {
  const folder = mkdtempSync(join(tmpdir(), 'sabz-bench-estimator-'))
  try {
    return await judgeIn(folder, start)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

const SECOND_MS = 1_000

async function judgeIn(folder: string, start: SumoCase): Promise<Outcome<Judged, string>> {
  const positions = join(folder, 'positions.xml')
  const judged = scenarioWith(start.configurationFile, ['--fcd-output', positions], folder)
  if (!judged.ok) return judged
  const lengths = await laneLengths(judged.value, folder)
  if (!lengths.ok) return lengths
  const told = new Told(start.seconds)
  const strategy = believing((view, beliefs) => told.note(view, beliefs))
  const ran = await runInSumo({ ...start, configurationFile: judged.value, strategy })
  if (!ran.ok) return ran
  const { begin_s, end_s, stepLength_s } = ran.value
  const { lanes, believed } = told
  const truth = new LaneSeconds(lanes, start.seconds)
  const seconds = Math.min(start.seconds, Math.floor(end_s - begin_s))
  const street = new StreetTruth(lanes, truth)
  const ownLanes = new Map(lanes.map(({ key }) => [key.slice(key.indexOf('/') + 1), key]))
  await readPositions(positions, { stepS: stepLength_s, lengths: lengths.value, ownLanes }, (atS, sightings) => {
    // A position is written with the time at which its step began.
    const second = atS + stepLength_s - begin_s
    if (Number.isInteger(second)) street.see(second, sightings)
  })
  street.end(seconds)
  return ok({ lanes, believed, truth, seconds, learnt: told.learnt, discharge: street.discharge })
}

/** Every intersection has spoken before the first second of the street: its cabinet has run for a while by then. */
class Told {
  readonly #seconds: number
  readonly #intersections = new Set<Intersection>()
  readonly learnt = new Map<string, Learnt>()
  #written: { readonly lanes: readonly JudgedLane[]; readonly believed: LaneSeconds } | null = null

  constructor(seconds: number) {
    this.#seconds = seconds
  }

  note({ intersection, nowMonoMs }: IntersectionView, beliefs: () => readonly LaneBelief[]): void {
    const passedMs = nowMonoMs - WARM_UP_MS
    if (passedMs <= 0) this.#intersections.add(intersection)
    else if (passedMs % SECOND_MS === 0)
      writeBeliefs(
        { seconds: this.believed, learnt: this.learnt },
        { second: passedMs / SECOND_MS, intersection },
        beliefs(),
      )
  }

  get lanes(): readonly JudgedLane[] {
    return this.#all.lanes
  }

  get believed(): LaneSeconds {
    return this.#all.believed
  }

  get #all() {
    const lanes = this.#written?.lanes ?? [...this.#intersections].flatMap(judgedLanes)
    this.#written ??= { lanes, believed: new LaneSeconds(lanes, this.#seconds) }
    return this.#written
  }
}

async function laneLengths(
  configurationFile: string,
  folder: string,
): Promise<Outcome<ReadonlyMap<string, number>, string>> {
  const scenario = await resolveScenario('sumo', configurationFile, folder)
  if (!scenario.ok) return failed(explainSumoFault(scenario.fault))
  const network = await readNetwork(scenario.value.networkFile, { programsElsewhere: true })
  if (!network.ok) return failed(`${scenario.value.networkFile} is no network that we read.`)
  return ok(new Map([...network.value.lanes].map(([id, { lengthM }]) => [id, lengthM])))
}

interface Reading {
  readonly stepS: number
  readonly lengths: ReadonlyMap<string, number>
  /** Keys of the lanes that are judged, by their names in SUMO. */
  readonly ownLanes: ReadonlyMap<string, string>
}

interface Place {
  readonly lane: string
  readonly positionM: number
  readonly drivenM: number
}

/** Step by step, as SUMO has written them; `onStep` is told when the step began. */
async function readPositions(
  file: string,
  { stepS, lengths, ownLanes }: Reading,
  onStep: (atS: number, sightings: readonly Sighting[]) => void,
): Promise<void> {
  const last = new Map<string, Place>()
  let sightings: Sighting[] = []
  let atS = 0
  const parser = new SaxesParser()
  parser.on('opentag', ({ name, attributes }) => {
    if (name === 'timestep') atS = Number(attributes['time'])
    if (name !== 'vehicle') return
    const { id = '', lane = '', pos, speed } = attributes
    const [positionM, speedMps] = [Number(pos), Number(speed)]
    const before = last.get(id)
    const movedM = before?.lane === lane ? positionM - before.positionM : speedMps * stepS
    const drivenM = (before?.drivenM ?? 0) + movedM
    last.set(id, { lane, positionM, drivenM })
    const toLineM = (lengths.get(lane) ?? 0) - positionM
    const street = lane.slice(0, lane.lastIndexOf('_'))
    sightings.push({ vehicle: id, lane: ownLanes.get(lane) ?? null, street, toLineM, drivenM, speedMps })
  })
  parser.on('closetag', ({ name }) => {
    if (name !== 'timestep') return
    onStep(atS, sightings)
    sightings = []
  })
  const text = new TextDecoder()
  for await (const piece of createReadStream(file) as AsyncIterable<Buffer>)
    parser.write(text.decode(piece, { stream: true }))
  parser.close()
}
