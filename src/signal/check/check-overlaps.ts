/** Overlaps that cannot be lit, or whose facts do not belong to their kind. */
import { isNumber, twice } from './check-numbers.ts'
import type { OverlapFault, OverlapTime } from './database-fault.ts'
import type { Overlap, OverlapKind } from '../heads.ts'
import type { Intersection } from '../intersection.ts'

/** Bit fields have 32 bits. */
const OVERLAP_MOST = 32

const WITH_MODIFIERS: readonly OverlapKind[] = ['minusGreenYellow', 'flashingYellowArrow']
const WITH_TRAILING: readonly OverlapKind[] = ['normal', 'minusGreenYellow']

/** 0 stands for no trailing green, and for the times of the phase. */
const RANGES: Readonly<Record<OverlapTime, { readonly leastMs: number; readonly mostMs: number }>> = {
  // NTCIP 1202 overlapTrailGreen: one byte of seconds.
  trailingGreenMs: { leastMs: 0, mostMs: 255_000 },
  // As the yellow of a phase: drivers cannot tell whose it is.
  trailingYellowMs: { leastMs: 3_000, mostMs: 7_000 },
  // NTCIP 1202 overlapTrailRed: one byte of tenths.
  trailingRedMs: { leastMs: 0, mostMs: 25_500 },
}

const TIMES = Object.keys(RANGES) as OverlapTime[]

export function checkOverlaps(intersection: Intersection): OverlapFault[] {
  const { overlaps } = intersection
  return [
    ...twice(overlaps.map(({ id }) => id)).map((overlap) => ({ code: 'OVERLAP_TWICE' as const, overlap })),
    ...overlaps.flatMap((overlap) => [
      ...checkPhases(overlap, intersection),
      ...checkModifiers(overlap, intersection),
      ...TIMES.flatMap((time) => [...checkTime(overlap, time)]),
      ...checkSections(overlap, intersection),
    ]),
  ]
}

function* checkPhases({ id: overlap, kind, included }: Overlap, { phases }: Intersection): Generator<OverlapFault> {
  if (!isNumber(overlap, OVERLAP_MOST)) yield { code: 'OVERLAP_NUMBER_INVALID', overlap, most: OVERLAP_MOST }
  if (included.length === 0) yield { code: 'OVERLAP_WITHOUT_PHASES', overlap }
  for (const phase of included) {
    const known = phases.find(({ id }) => id === phase)
    if (known === undefined) yield { code: 'OVERLAP_PHASE_UNKNOWN', overlap, phase }
    else if (kind === 'pedestrian' && known.timing.walkMs === 0)
      yield { code: 'OVERLAP_PHASE_WITHOUT_WALK', overlap, phase }
  }
}

function* checkModifiers(
  { id: overlap, kind, included, modifiers }: Overlap,
  { phases }: Intersection,
): Generator<OverlapFault> {
  if (WITH_MODIFIERS.includes(kind)) {
    if (modifiers.length === 0) yield { code: 'OVERLAP_MODIFIERS_MISSING', overlap, kind }
  } else if (modifiers.length > 0) yield { code: 'OVERLAP_MODIFIERS_UNUSED', overlap, kind }
  for (const phase of modifiers) {
    if (!phases.some(({ id }) => id === phase)) yield { code: 'OVERLAP_MODIFIER_UNKNOWN', overlap, phase }
    if (included.includes(phase)) yield { code: 'OVERLAP_MODIFIER_INCLUDED', overlap, phase }
  }
}

function* checkTime(overlap: Overlap, time: OverlapTime): Generator<OverlapFault> {
  const { id, kind, [time]: ms } = overlap
  const { leastMs, mostMs } = RANGES[time]
  if (ms === 0) return
  if (!WITH_TRAILING.includes(kind)) yield { code: 'OVERLAP_TRAILING_UNUSED', overlap: id, kind, time }
  else if (!(ms >= leastMs && ms <= mostMs))
    yield { code: 'OVERLAP_TIME_OUT_OF_RANGE', overlap: id, time, ms, leastMs, mostMs }
  else if (!Number.isInteger(ms)) yield { code: 'OVERLAP_TIME_NOT_WHOLE_MS', overlap: id, time, ms }
}

/** An arrow hangs on two channels, one for red, yellow and green and one for the section that flashes: NEMA TS 2 has no fourth output. */
function* checkSections({ id: overlap, kind }: Overlap, { channels }: Intersection): Generator<OverlapFault> {
  if (kind !== 'flashingYellowArrow') return
  const count = (section: 'overlap' | 'flashingArrow') =>
    channels.filter(({ source }) => source.kind === section && source.overlap === overlap).length
  const arrows = count('overlap')
  const flashes = count('flashingArrow')
  if (arrows !== flashes) yield { code: 'ARROW_CHANNELS_UNPAIRED', overlap, arrows, flashes }
}
