/** Errors as rows of a table. */
import type { Errors } from './errors.ts'
import type { Compared, Learning } from './learning.ts'
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

export const LEARNING_HEAD = [
  ...['street', 'lanes that go', 'seed', 'headway', 'from', 'lanes', 'truth', 'off by', '1/0.53 s is'],
  ...['travel', 'from', 'lanes', 'truth', 'off by', '1 is', 'start-up', 'yielding'],
]

export const learningRow = ({
  place,
  seed,
  kind,
  learning,
}: Omit<Row, 'errors'> & { learning: Learning }): string[] => [
  ...[place, kind, String(seed)],
  ...comparedCells(learning.headway),
  ...comparedCells(learning.travel),
  ...[learning.startUpS.toFixed(2), learning.yielding.toFixed(2)],
]

function comparedCells(of: Compared | null): string[] {
  if (of === null) return ['-', '-', '-', '-', '-', '-']
  const { lanes, truth, learnt, seen, off, assumedOff } = of
  return [learnt.toFixed(2), seen.toFixed(0), String(lanes), truth.toFixed(2), off.toFixed(2), assumedOff.toFixed(2)]
}
