/** Intergreens by chance, between any heads of a junction that must not have right of way together. */
import fc from 'fast-check'
import { checkDatabase } from '#signal/check/check-database.ts'
import type { HeadSource, Intergreen } from '#signal/heads.ts'
import type { Intersection } from '#signal/intersection.ts'
import { database } from './junctions.ts'

export interface IntergreenDraft {
  readonly from: number
  readonly to: number
  readonly ms: number
}

export const intergreenDrafts: fc.Arbitrary<IntergreenDraft[]> = fc.oneof(
  { arbitrary: fc.constant<IntergreenDraft[]>([]), weight: 2 },
  {
    arbitrary: fc.array(
      fc.record({ from: fc.nat(), to: fc.nat(), ms: fc.integer({ min: 0, max: 120 }).map((n) => n * 100) }),
      { minLength: 1, maxLength: 5 },
    ),
    weight: 1,
  },
)

/** Drafts between heads that may be green together, or that stand there twice, are left out. */
export function withIntergreens(site: Intersection, drafts: readonly IntergreenDraft[]): Intersection {
  const heads: HeadSource[] = site.channels.map(({ source }) => source)
  let street = site
  for (const { from, to, ms } of drafts) {
    const row: Intergreen = { from: heads[from % heads.length]!, to: heads[to % heads.length]!, ms }
    const more = { ...street, intergreens: [...street.intergreens, row] }
    if (checkDatabase(database(more)).length === 0) street = more
  }
  return street
}
