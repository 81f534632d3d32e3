/** Not knowing is part of the type: a value read from the street carries its quality and its age. */

export type Known<T> =
  /** Read within its period of validity: may be shown as live and used for control. */
  | { readonly quality: 'good'; readonly value: T; readonly ageMs: number }
  /** Was good, is too old: shown with its age only, never used for control. */
  | { readonly quality: 'stale'; readonly last: T; readonly ageMs: number }
  /** Never read, or read as bad by the device itself. */
  | { readonly quality: 'bad'; readonly reason: string }

export const good = <T>(value: T, ageMs: number): Known<T> => ({ quality: 'good', value, ageMs })

export const stale = <T>(last: T, ageMs: number): Known<T> => ({ quality: 'stale', last, ageMs })

export const bad = <T>(reason: string): Known<T> => ({ quality: 'bad', reason })
