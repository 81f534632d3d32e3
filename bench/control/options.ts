/** What is to be run, as it was typed. */
import { parseArgs } from 'node:util'
import { failed, ok, type Outcome } from '#base/outcome.ts'
import { typedBy } from '../report/options.ts'
import { DETECTORS, STRATEGIES, type Detectors, type StrategyName } from './ways.ts'

export interface BenchOptions {
  /** Empty: the public ones. */
  readonly scenarios: readonly string[]
  readonly strategies: readonly StrategyName[]
  readonly detectors: readonly Detectors[]
  readonly seeds: readonly number[]
  /** Missed figures are a failure of the command. */
  readonly isStrict: boolean
  readonly out: string | null
}

/** Student's interval of five runs is 1.24 of their standard deviation wide to each side; of three it is twice that. */
const SEEDS_USUAL = 5
/** A day of runs on two cores; nobody wants it by a slip of the finger. */
const SEEDS_MOST = 100

/** The fault is a sentence. */
export function readOptions(args: readonly string[]): Outcome<BenchOptions, string> {
  const typed = typedBy(() => parse(args))
  if (!typed.ok) return typed
  const { scenario = [], strategies, detectors, seeds, strict, out } = typed.value
  const chosen = oneOrMore(strategies, STRATEGIES, '--strategies')
  if (!chosen.ok) return chosen
  const seen = oneOrMore(detectors, DETECTORS, '--detectors')
  if (!seen.ok) return seen
  const count = /^\d+$/.test(seeds) ? Number(seeds) : 0
  if (count < 1 || count > SEEDS_MOST)
    return failed(
      `--seeds ${seeds} is no number from 1 to ${SEEDS_MOST}. Write --seeds ${SEEDS_USUAL} for seeds 1 to 5.`,
    )
  return ok({
    scenarios: scenario,
    strategies: chosen.value,
    detectors: seen.value,
    seeds: Array.from({ length: count }, (_, i) => i + 1),
    isStrict: strict,
    out: out ?? null,
  })
}

const parse = (args: readonly string[]) =>
  parseArgs({
    args: [...args],
    options: {
      scenario: { type: 'string', multiple: true },
      strategies: { type: 'string', default: STRATEGIES.join() },
      detectors: { type: 'string', default: DETECTORS.join() },
      seeds: { type: 'string', default: String(SEEDS_USUAL) },
      strict: { type: 'boolean', default: false },
      out: { type: 'string' },
    },
  }).values

/** In the order of the choices, each once. */
function oneOrMore<Choice extends string>(
  text: string,
  choices: readonly Choice[],
  option: string,
): Outcome<Choice[], string> {
  const names = text.split(',').map((name) => name.trim())
  const unknown = names.find((name) => !choices.some((choice) => choice === name))
  if (unknown !== undefined)
    return failed(`${option} has no '${unknown}'. Choose from ${choices.join(', ')}, with commas between them.`)
  return ok(choices.filter((choice) => names.includes(choice)))
}
