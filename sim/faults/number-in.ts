/** Numbers as people type them, within limits. */
import { failed, ok, type Outcome } from '#base/outcome.ts'

export interface Limits {
  readonly from: number
  readonly to: number
  /** What is counted, such as `seconds`. */
  readonly unit: string
}

export function numberIn(text: string, { from, to, unit }: Limits): Outcome<number, string> {
  const value = Number(text)
  if (/^-?\d+$/.test(text) && value >= from && value <= to) return ok(value)
  return failed(`${text} is not a whole number of ${unit} from ${from} to ${to}`)
}
