/** What every bench may be told: seeds, what is to be run, where the figures go, and whether a missed bar is a failure. */
import { writeFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { failed, ok, type Outcome } from '#base/outcome.ts'
import { EXIT, type ExitCode } from '#app/exit-code.ts'
import { isHeld, type Bar } from './bars.ts'

export interface Options {
  readonly seeds: readonly number[]
  /** As they were typed; empty: all. */
  readonly scenarios: readonly string[]
  /** A missed bar is exit code 1. */
  readonly isStrict: boolean
  /** Where the figures go as JSON; null = nowhere. */
  readonly json: string | null
  /** Numbers that only this bench knows. */
  readonly numbers: Readonly<Record<string, number>>
}

export interface KnownOptions {
  readonly seeds: number
  /** Those that only this bench has, whole numbers, with what they are unless given. */
  readonly numbers?: Readonly<Record<string, number>>
}

/** More is a day of runs, and nobody wants it by a slip of the finger. */
const SEEDS_MOST = 100

/** The fault is a sentence. */
export function readOptions(args: readonly string[], known: KnownOptions): Outcome<Options, string> {
  const typed = parsed(args, known)
  if (!typed.ok) return typed
  const { seeds, scenario, strict, json, ...own } = typed.value
  const count = wholeNumber(String(seeds))
  if (count === null || count > SEEDS_MOST)
    return failed(`--seeds ${String(seeds)} is no number from 1 to ${SEEDS_MOST}. Write --seeds ${known.seeds}.`)
  const numbers: Record<string, number> = {}
  for (const [name, usual] of Object.entries(known.numbers ?? {})) {
    const typedNumber = own[name]
    const number = wholeNumber(typeof typedNumber === 'string' ? typedNumber : String(usual))
    if (number === null)
      return failed(`--${name} ${String(typedNumber)} is no whole number above 0. Write --${name} ${usual}.`)
    numbers[name] = number
  }
  return ok({
    seeds: Array.from({ length: count }, (_, i) => i + 1),
    scenarios: Array.isArray(scenario) ? scenario.map(String) : [],
    isStrict: strict === true,
    json: typeof json === 'string' ? json : null,
    numbers,
  })
}

/** Every scenario that was named, or all; the fault is a sentence. */
export function chosenFrom<T extends string>(named: readonly string[], known: readonly T[]): Outcome<T[], string> {
  const unknown = named.find((name) => !known.some((each) => each === name))
  if (unknown !== undefined)
    return failed(`There is no scenario '${unknown}'. Choose from ${known.join(', ')}: --scenario ${known[0] ?? ''}.`)
  return ok(known.filter((each) => named.length === 0 || named.includes(each)))
}

export function refuse(fault: string): ExitCode {
  console.error(`error: ${fault}`)
  return EXIT.usage
}

/** Writes what was found where it was asked for, and says how the bench ends. */
export function conclude(
  { json, isStrict }: Pick<Options, 'json' | 'isStrict'>,
  figures: object,
  bars: readonly Bar[],
): ExitCode {
  const judged = bars.map((bar) => ({ ...bar, held: isHeld(bar) }))
  try {
    if (json !== null) writeFileSync(json, `${JSON.stringify({ v: 1, ...figures, bars: judged }, null, 2)}\n`)
  } catch (error) {
    return refuse(`${json ?? ''} cannot be written: ${String(error)}. Name another file: --json <file.json>.`)
  }
  return isStrict && !bars.every(isHeld) ? EXIT.findings : EXIT.ok
}

/** What `parseArgs` makes of words; that it does not know one of them is a fault, a sentence. */
export function typedBy<T>(parse: () => T): Outcome<T, string> {
  try {
    return ok(parse())
  } catch (error) {
    return failed(error instanceof Error ? error.message : String(error))
  }
}

function wholeNumber(text: string): number | null {
  return /^\d{1,9}$/.test(text) && Number(text) > 0 ? Number(text) : null
}

type Typed = Readonly<Record<string, unknown>>

function parsed(args: readonly string[], { seeds, numbers = {} }: KnownOptions): Outcome<Typed, string> {
  const own = Object.fromEntries(Object.keys(numbers).map((name) => [name, { type: 'string' } as const]))
  const options = {
    ...own,
    seeds: { type: 'string', default: String(seeds) },
    scenario: { type: 'string', multiple: true },
    strict: { type: 'boolean', default: false },
    json: { type: 'string' },
  } as const
  return typedBy(() => parseArgs({ args: [...args], options }).values)
}
