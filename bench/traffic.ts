/**
 * Our traffic beside SUMO's, on the same streets, with the same trips and the same fixed lights: `npm run bench:traffic`.
 * Options: `--seeds 3`, `--degrees 0.4,0.7,0.9,1`, `--only discharge,lane,alone,city,speed,memory`, `--json`.
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { loadHamadan } from '#test/sim/hamadan.ts'
import { compareAlone, compareCity, compareOneLane } from './traffic/compare-delay.ts'
import { compareDischarge, dischargeFigures } from './traffic/compare-discharge.ts'
import { compareSpeed, heapOverDay, TIMES_SUMO_LEAST, type HeapAt, type Speeds } from './traffic/compare-speed.ts'
import { deviationOf, holds, printFigures, type Figure } from './traffic/comparison.ts'

const ROUNDS = 3
/** The first hours of the night fill the network, and let the compiler settle. */
const SETTLED_HOUR = 4

const { values } = parseArgs({
  options: {
    seeds: { type: 'string', default: '3' },
    degrees: { type: 'string', default: '0.4,0.7,0.9,1' },
    only: { type: 'string', default: 'discharge,lane,alone,city,speed,memory' },
    json: { type: 'boolean', default: false },
  },
})
const directory = mkdtempSync(join(tmpdir(), 'sabz-bench-'))
try {
  await compare(new Set(values.only.split(',')))
} finally {
  rmSync(directory, { recursive: true, force: true })
}

async function compare(parts: ReadonlySet<string>): Promise<void> {
  const site = await loadHamadan()
  const seeds = Array.from({ length: Number(values.seeds) }, (_, i) => i + 1)
  const discharges = await compareDischarge(directory, seeds)
  const runs = { directory, seeds, degrees: values.degrees.split(',').map(Number), discharges }
  const figures: Figure[] = [
    ...(parts.has('discharge') ? dischargeFigures(discharges) : []),
    ...(parts.has('lane') ? await compareOneLane(runs) : []),
    ...(parts.has('alone') ? await compareAlone(site, runs) : []),
    ...(parts.has('city') ? await compareCity(site, runs) : []),
  ]
  const speeds = parts.has('speed') ? await compareSpeed(site, directory, ROUNDS) : []
  const heap = parts.has('memory') ? heapOverDay(site) : []
  if (values.json) {
    const judged = figures.map((figure) => ({ ...figure, deviation: deviationOf(figure), holds: holds(figure) }))
    console.log(JSON.stringify({ v: 1, seeds, figures: judged, speeds, heap }))
    return
  }
  if (figures.length > 0) printFigures(figures)
  printSpeeds(speeds)
  printHeap(heap)
}

function printSpeeds(speeds: readonly Speeds[]): void {
  const whole = (rate: number) => Math.round(rate).toLocaleString('en')
  for (const { oursPerS, sumoPerS } of speeds)
    console.log(
      `vehicle updates a second: ours ${whole(oursPerS)}, SUMO ${whole(sumoPerS)}: ${(oursPerS / sumoPerS).toFixed(1)} times SUMO's (bar ${TIMES_SUMO_LEAST})`,
    )
}

function printHeap(heap: readonly HeapAt[]): void {
  const settled = heap.filter(({ hour }) => hour >= SETTLED_HOUR)
  if (settled.length === 0) return
  const [least, most] = [Math.min, Math.max].map((of) => of(...settled.map(({ megabytes }) => megabytes)))
  const last = settled.at(-1)?.megabytes ?? 0
  console.log(
    `memory over a simulated day: ${least?.toFixed(1)} to ${most?.toFixed(1)} MB after the first hours, ${last.toFixed(1)} MB at its end`,
  )
}
