/** What is to be run, as it was typed. */
import { parseArgs } from 'node:util'
import { failed, ok, type Outcome } from '#base/outcome.ts'
import { ROWS, type Row } from './figures.ts'

export interface RobustnessOptions {
  readonly rows: readonly Row[]
  readonly seeds: readonly number[]
  /** Of the working day, such as `07:15`. */
  readonly from: string
  readonly measuredMs: number
  /** Before it, until the streets have filled. */
  readonly warmUpMs: number
  /** Lies that are tried before the worst of them is told in the city. */
  readonly attacks: number
  /** Whom they are told to. */
  readonly at: string
  readonly isStrict: boolean
  readonly json: string | null
}

/** Half an hour of the morning peak, twice; `--whole` is the day and all attacks, and takes a night. */
const SHORT = { from: '07:15', to: '07:45', seeds: '2', attacks: '50' } as const
const WHOLE = { from: '00:00', to: '24:00', seeds: '5', attacks: '1000' } as const
const MOST = { seeds: 100, attacks: 100_000, warmUp: 120 } as const
const MINUTE_MS = 60_000

export const HELP = [
  `npm run bench:robustness -- [--only ${ROWS.join(',')}]`,
  '  [--from 07:15] [--to 07:45] [--warm-up 10 (minutes)] [--seeds 2] [--attacks 50] [--at IX-02] [--whole] [--strict] [--json <file.json>]',
]

/** The fault is a sentence. */
export function readOptions(args: readonly string[]): Outcome<RobustnessOptions | 'help', string> {
  const typed = parsed(args)
  if (!typed.ok) return typed
  const { help, whole, only, strict, json, at, 'warm-up': warmUp } = typed.value
  if (help) return ok('help')
  const { from, to, seeds, attacks } = { ...(whole ? WHOLE : SHORT), ...definedOf(typed.value) }
  const names = only?.split(',').map((name) => name.trim())
  const stranger = names?.find((name) => !ROWS.some((row) => row === name))
  if (stranger !== undefined)
    return failed(`There is no row '${stranger}'. Choose from ${ROWS.join(', ')}: --only wait.`)
  const [fromMinute, toMinute] = [minuteOf(from), minuteOf(to)]
  if (fromMinute === null || toMinute === null || fromMinute >= toMinute)
    return failed(`From ${from} to ${to} is no part of a day. Write --from ${SHORT.from} --to ${SHORT.to}.`)
  const [seedCount, tries] = [wholeNumber(seeds, MOST.seeds), wholeNumber(attacks, MOST.attacks)]
  if (seedCount === null) return failed(`--seeds ${seeds} is no number from 1 to ${MOST.seeds}. Write --seeds 2.`)
  if (tries === null) return failed(`--attacks ${attacks} is no number from 1 to ${MOST.attacks}. Write --attacks 50.`)
  const warmUpMinutes = wholeNumber(warmUp, MOST.warmUp)
  if (warmUpMinutes === null)
    return failed(`--warm-up ${warmUp} is no number of minutes from 1 to ${MOST.warmUp}. Write --warm-up 10.`)
  return ok({
    rows: ROWS.filter((row) => names?.includes(row) ?? true),
    seeds: Array.from({ length: seedCount }, (_, i) => i + 1),
    from,
    measuredMs: (toMinute - fromMinute) * MINUTE_MS,
    warmUpMs: warmUpMinutes * MINUTE_MS,
    attacks: tries,
    at,
    isStrict: strict,
    json: json ?? null,
  })
}

type Typed = ReturnType<typeof parse>

const definedOf = ({ from, to, seeds, attacks }: Typed): Partial<Record<keyof typeof SHORT, string>> => ({
  ...(from !== undefined && { from }),
  ...(to !== undefined && { to }),
  ...(seeds !== undefined && { seeds }),
  ...(attacks !== undefined && { attacks }),
})

function parsed(args: readonly string[]): Outcome<Typed, string> {
  try {
    return ok(parse(args))
  } catch (error) {
    return failed(error instanceof Error ? error.message : String(error))
  }
}

const parse = (args: readonly string[]) =>
  parseArgs({
    args: [...args],
    options: {
      only: { type: 'string' },
      from: { type: 'string' },
      to: { type: 'string' },
      seeds: { type: 'string' },
      attacks: { type: 'string' },
      'warm-up': { type: 'string', default: '10' },
      at: { type: 'string', default: 'IX-02' },
      whole: { type: 'boolean', default: false },
      strict: { type: 'boolean', default: false },
      json: { type: 'string' },
      help: { type: 'boolean', default: false },
    },
  }).values

/** Of the day; 24:00 is its end. */
function minuteOf(clock: string): number | null {
  const [, hour, minute] = /^(\d\d):([0-5]\d)$/.exec(clock) ?? []
  const minutes = hour === undefined ? Infinity : 60 * Number(hour) + Number(minute)
  return minutes <= 24 * 60 ? minutes : null
}

function wholeNumber(text: string, most: number): number | null {
  return /^\d{1,6}$/.test(text) && Number(text) >= 1 && Number(text) <= most ? Number(text) : null
}
