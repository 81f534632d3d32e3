/**
 * How well broken loops are found, and sound ones believed: a day in which the edge learns what usually comes, and the next, in which 200
 * loops break, in the closed loop on the city and its day of demand. `--help` says what can be asked for.
 */
import { parseArgs } from 'node:util'
import { loadHamadan, loadProfiles, MORNING_EPOCH_MS } from '#test/sim/hamadan.ts'
import { drawInjections } from './detectors/injections.ts'
import { judge, tableOf } from './detectors/print.ts'
import { watchFaults } from './detectors/run.ts'

const { values } = parseArgs({
  options: {
    faults: { type: 'string', default: '200' },
    'learn-days': { type: 'string', default: '1' },
    hours: { type: 'string', default: '24' },
    from: { type: 'string', default: '0' },
    only: { type: 'string', default: '' },
    seed: { type: 'string', default: '1' },
    json: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
})
if (values.help) {
  console.log(
    'npm run bench:detectors -- [--faults 200] [--learn-days 1] [--hours 24] [--from 0 (hour of the day)] [--only IX-03,IX-08] [--seed 1] [--json]',
  )
  process.exit(0)
}

const number = (name: 'faults' | 'learn-days' | 'hours' | 'from' | 'seed', most: number): number => {
  const value = Number(values[name])
  if (values[name] !== '' && value >= 0 && value <= most) return value
  console.error(`--${name} ${values[name]} is no number from 0 to ${most}. Give one, or leave it out.`)
  return process.exit(2)
}

const HOUR_MS = 3_600_000
const whole = await loadHamadan()
const wanted = values.only === '' ? [] : values.only.split(',')
const strangers = wanted.filter((id) => !whole.intersections.some(({ database }) => database.intersection.id === id))
if (strangers.length > 0) {
  console.error(
    `--only ${strangers.join(',')} is no intersection of the city. Name some of IX-01 to IX-12, with commas.`,
  )
  process.exit(2)
}
const intersections = whole.intersections.filter(
  ({ database }) => wanted.length === 0 || wanted.includes(database.intersection.id),
)
const site = { ...whole, intersections }
const hours = number('hours', 168)
const seed = number('seed', 2 ** 31)
const startedMs = performance.now()
const result = watchFaults({
  site,
  profiles: await loadProfiles(),
  seed,
  epochMs: MORNING_EPOCH_MS + (number('from', 24) - 7) * HOUR_MS,
  learnDays: number('learn-days', 28),
  hours,
  injections: drawInjections(site, { count: number('faults', 1_000), seed, hours }),
  onHour: () => {
    if (!values.json)
      console.log(`an hour of the city begins after ${Math.round((performance.now() - startedMs) / 1_000)} s`)
  },
})
console.log(values.json ? JSON.stringify({ ...judge(result), ...result }, null, 2) : tableOf(result))
process.exit(judge(result).passes ? 0 : 1)
