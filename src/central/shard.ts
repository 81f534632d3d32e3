/** Which edges an ingest worker serves: each edge one worker, whoever asks and in whatever order. */
import { createHash } from 'node:crypto'
import { readdirSync } from 'node:fs'
import { join } from 'node:path'

/** The `index`-th of `count` workers, from 1. */
export interface Shard {
  readonly index: number
  readonly count: number
}

/** One worker takes some 20,000 events a second; beyond this a city has outgrown one broker long before. */
export const WORKERS_MAX = 64

export const edgesOf = (shard: Shard, edges: readonly string[]): string[] =>
  edges.filter((edge) => workerOf(edge, shard.count) === shard.index)

/** As a part of a client's id and a file's name, such as `1of2`. */
export const shardName = ({ index, count }: Shard): string => `${index}of${count}`

/** Of the only ingest, or of one worker. */
export const ledgerPath = (directory: string, shard: Shard | null): string =>
  join(directory, shard === null ? 'ledger.db' : `ledger-${shardName(shard)}.db`)

/** Every ledger of the folder: of workers that run, and of those that ran when there were more or fewer. */
export function ledgersIn(directory: string): string[] {
  return readdirSync(directory)
    .filter((name) => /^ledger(-\d+of\d+)?\.db$/.test(name))
    .map((name) => join(directory, name))
}

/** Highest random weight (Thaler and Ravishankar 1998): with one worker more, only those edges move that go to it. */
function workerOf(edge: string, count: number): number {
  const weights = Array.from({ length: count }, (_, index) => weightOf(`${edge}\n${index + 1}`))
  return 1 + weights.indexOf(Math.max(...weights))
}

const weightOf = (text: string): number => createHash('sha256').update(text).digest().readUInt32BE(0)
