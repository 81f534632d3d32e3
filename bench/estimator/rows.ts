/** Errors as rows of a table. */
import type { Errors } from './errors.ts'
import { BIN_S, BINS } from './lane-seconds.ts'

interface Row {
  readonly place: string
  readonly seed: number
  readonly kind: string
  readonly errors: Errors
}

export const QUEUES_HEAD = ['street', 'lanes that go', 'seed', 'lanes', 'truth', 'off by', 'P95', 'too many']

export const queueRow = ({ place, seed, kind, errors }: Row): string[] => [
  place,
  kind,
  String(seed),
  String(errors.lanes),
  errors.truth.toFixed(2),
  errors.mean.toFixed(2),
  errors.p95.toFixed(1),
  errors.bias.toFixed(2),
]

export const ARRIVALS_HEAD = [
  'street',
  'lanes that go',
  'seed',
  'truth',
  ...Array.from({ length: BINS }, (_, bin) => `to ${(bin + 1) * BIN_S} s`),
]

export function arrivalRow({ place, seed, kind, errors: { arrivals } }: Row): string[] {
  const truth = arrivals.reduce((sum, bin) => sum + bin.truth, 0) / arrivals.length
  return [
    place,
    kind,
    String(seed),
    truth.toFixed(2),
    ...arrivals.map(({ mean, bias }) => `${mean.toFixed(2)} (${bias.toFixed(2)})`),
  ]
}
