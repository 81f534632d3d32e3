/** What of the chaos run is asked for, as it was typed. */
import { parseArgs } from 'node:util'
import { failed, ok, type Outcome } from '#base/outcome.ts'
import { typedBy } from '#bench/report/options.ts'

export interface ChaosOptions {
  /** Empty: all. */
  readonly only: readonly string[]
  readonly isQuick: boolean
  /** Plant the defects instead, and see whether the suite catches them. */
  readonly defects: boolean
  readonly seed: number
  /** Where the figures go as JSON; null: nowhere. */
  readonly json: string | null
  readonly list: boolean
}

/** The fault is a sentence. `known` are the names that `--only` may have. */
export function readOptions(args: readonly string[], known: readonly string[]): Outcome<ChaosOptions, string> {
  const typed = typedBy(() => parse(args))
  if (!typed.ok) return typed
  const { only = [], quick, defects, seed, json, list } = typed.value
  const names = only.flatMap((text) => text.split(',')).map((name) => name.trim())
  const unknown = names.find((name) => !known.includes(name))
  if (unknown !== undefined && !defects)
    return failed(`There is no experiment '${unknown}'. Choose from ${known.join(', ')}.`)
  if (seed !== undefined && !/^\d{1,9}$/.test(seed))
    return failed(`--seed ${seed} is no whole number. Write --seed 1, or leave it out.`)
  const drawn = Math.floor(Math.random() * 1_000_000)
  return ok({
    only: names,
    isQuick: quick,
    defects,
    seed: seed === undefined ? drawn : Number(seed),
    json: json ?? null,
    list,
  })
}

const parse = (args: readonly string[]) =>
  parseArgs({
    args: [...args],
    options: {
      only: { type: 'string', multiple: true },
      quick: { type: 'boolean', default: false },
      defects: { type: 'boolean', default: false },
      list: { type: 'boolean', default: false },
      seed: { type: 'string' },
      json: { type: 'string' },
    },
  }).values
