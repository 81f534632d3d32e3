/** How a queue of cars leaves one lane at green, in both models. */
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { at } from '#base/at.ts'
import type { BenchCase } from './bench-case.ts'
import type { Figure } from './comparison.ts'
import { drawTrips } from './bench-trips.ts'
import { mean, measureDischarge, type Discharge } from './discharge.ts'
import { runOurs } from './ours.ts'
import { CYCLE_MS, entriesOf, greensOf, oneLane } from './streets.ts'
import { readCrossings, runSumo } from './sumo.ts'

export interface Discharges {
  readonly ours: Discharge
  readonly sumo: Discharge
}

const FOR_MS = 45 * 60_000
/** More than the light lets pass: there is always a queue. */
const PER_HOUR = 1_500
/** Until the queue is longer than a green. */
const FILLING_CYCLES = 3
const LOOP = 'stop'

export async function compareDischarge(directory: string, seeds: readonly number[]): Promise<Discharges> {
  const ours: Discharge[] = []
  const sumo: Discharge[] = []
  for (const seed of seeds) {
    const bench = fullLane(seed)
    const greens = greensOf(bench, FOR_MS).slice(FILLING_CYCLES)
    const from = at(at(bench.network.edges, at(entriesOf(bench.network), 0)).lanes, 0)
    const way = at(at(bench.network.lanes, from).ways, 0)
    const seen: number[] = []
    runOurs(bench, { see: (over, seconds) => over === way && seen.push(seconds) })
    ours.push(measureDischarge(seen, greens, CYCLE_MS / 1_000))
    // The first way over a junction is its first lane inside; there the loop lies, behind the stop line.
    const loop = `<instantInductionLoop id="${LOOP}" lane=":IX-T_0_0" pos="0.01" file="${LOOP}.out.xml"/>`
    await writeFile(join(directory, `${LOOP}.add.xml`), `<additional>${loop}</additional>`)
    await runSumo(bench, directory, join(directory, `${LOOP}.add.xml`))
    sumo.push(measureDischarge(await readCrossings(join(directory, `${LOOP}.out.xml`)), greens, CYCLE_MS / 1_000))
  }
  return { ours: meanOf(ours), sumo: meanOf(sumo) }
}

export const dischargeFigures = ({ ours, sumo }: Discharges): Figure[] => [
  {
    street: 'one lane',
    figure: 'saturation flow',
    unit: 'veh/h',
    ours: ours.saturationPerHour,
    reference: sumo.saturationPerHour,
    judge: 'SUMO',
    bar: { kind: 'share', most: 0.05 },
  },
  {
    street: 'one lane',
    figure: 'start-up lost time',
    unit: 's',
    ours: ours.startUpLostS,
    reference: sumo.startUpLostS,
    judge: 'SUMO',
    bar: { kind: 'absolute', most: 0.5 },
  },
]

function fullLane(seed: number): BenchCase {
  const streets = oneLane()
  const perHour = new Map(entriesOf(streets.network).map((edge) => [edge, PER_HOUR] as const))
  const trips = drawTrips({ network: streets.network, perHour, sharesAt: () => null, forMs: FOR_MS, seed })
  return { ...streets, trips, fromMs: 0, forMs: FOR_MS, clearMs: 0, seed }
}

const meanOf = (runs: readonly Discharge[]): Discharge => ({
  saturationPerHour: mean(runs.map(({ saturationPerHour }) => saturationPerHour)),
  startUpLostS: mean(runs.map(({ startUpLostS }) => startUpLostS)),
  perCycle: mean(runs.map(({ perCycle }) => perCycle)),
})
