/** How a fault of a controller's database is told to the engineer who wrote the files: where it stands, and what to do. */
import type { IntersectionId } from '#base/id.ts'
import type { DatabaseFault } from '#signal/check/database-fault.ts'
import type { SiteFileName, SiteFiles } from './site-files.ts'

/** The place and the sentence; null for the echo of a fault that is told elsewhere. */
export type Explained = {
  readonly file: SiteFileName
  readonly path: readonly (string | number)[]
  readonly says: string
} | null

/** Whose database it is, and the rows that it was made of. */
export interface Origin {
  readonly id: IntersectionId
  readonly files: SiteFiles
}

/** One explanation for each code of a union of faults. */
export type Explanations<Fault extends DatabaseFault> = {
  readonly [F in Fault as F['code']]: (fault: F, origin: Origin) => Explained
}

/** A place under the intersection's row of `network.yaml`. */
export const inStreet = ({ id }: Origin, path: readonly (string | number)[], says: string): Explained => ({
  file: 'network',
  path: ['intersections', id, ...path],
  says,
})

/** Milliseconds as the seconds of the files. */
export const inSeconds = (ms: number): number => ms / 1000
