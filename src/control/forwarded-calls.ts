/** The calls that the controller cannot see itself: loops and buttons of cards, and recall where a detector is not trusted. */
import { at } from '#base/at.ts'
import { bitsOf, withBit, type Bits } from '#base/bits.ts'
import { oncePer } from '#base/once-per.ts'
import type { Detector } from '#signal/detector.ts'
import type { Intersection } from '#signal/intersection.ts'
import type { IntersectionView } from '#signal/view.ts'

/** Device name of detectors that are wired to the controller; all others are cards. */
const CONTROLLER = 'controller'

export interface CallMemory {
  /** null before the first step. */
  readonly seen: SeenDetectors | null
  /** Buttons pressed whose call the controller has not shown yet, by phase. */
  readonly pressed: Bits
}

/** What the detectors said at the last step; most steps find the same readings. */
interface SeenDetectors {
  readonly detectors: IntersectionView['detectors']
  /** Phases with somebody on a trusted card detector. */
  readonly occupied: Bits
  /** Actuation count of each trusted card detector, by detector number. */
  readonly counts: Readonly<Record<number, number>>
  readonly recalls: ForwardedCalls['recalls']
  /** The phases of those recalls. */
  readonly recalled: Bits
}

export interface ForwardedCalls {
  readonly vehicleCall: Bits
  readonly pedestrianCall: Bits
  /** Phases on recall because their detectors are not trusted, each with the first detector to blame. */
  readonly recalls: readonly { readonly phase: number; readonly detector: number }[]
  readonly memory: CallMemory
}

export const NO_CALLS_YET: CallMemory = { seen: null, pressed: 0 }

/**
 * One step. A card detector calls its phase while occupied, and for one step after an actuation that began and ended
 * between two scans. A phase whose presence detectors are not all trusted is called all the time: it gets its maximum,
 * as NTCIP 1202 gives to a failed detector's phase.
 */
export function forwardCalls(view: IntersectionView, memory: CallMemory): ForwardedCalls {
  const isSame = memory.seen?.detectors === view.detectors
  const seen = isSame && memory.seen ? memory.seen : lookAtDetectors(view)
  const passed = isSame ? 0 : passedSince(view, memory.seen?.counts ?? {}, seen.counts)
  const pedestrians = cardPedestrians(view, memory.pressed)
  return {
    vehicleCall: (seen.recalled | seen.occupied | passed) >>> 0,
    pedestrianCall: pedestrians.called,
    recalls: seen.recalls,
    memory: { seen, pressed: pedestrians.pressed },
  }
}

function lookAtDetectors(view: IntersectionView): SeenDetectors {
  const recalls = phasesToRecall(view)
  return {
    detectors: view.detectors,
    ...cardVehicles(view),
    recalls,
    recalled: bitsOf(recalls.map(({ phase }) => phase)),
  }
}

/** Detectors that see a waiting vehicle: stop-bar loops and zones; where a phase has none, all it has. */
export const presenceDetectors = (intersection: Intersection, phase: number): readonly Detector[] =>
  at(presenceOf(intersection), phase)

/** By phase. */
const presenceOf = oncePer(({ phases, detectors }: Intersection) => {
  const byPhase: (readonly Detector[])[] = []
  for (const { id } of phases) {
    const own = detectors.filter(({ phase, options }) => phase === id && options.calls)
    const present = own.filter(({ kind }) => kind !== 'advance')
    byPhase[id] = present.length > 0 ? present : own
  }
  return byPhase
})

const NO_RECALLS: ForwardedCalls['recalls'] = []

function phasesToRecall({ intersection, detectors }: IntersectionView): ForwardedCalls['recalls'] {
  let recalls = NO_RECALLS
  const presence = presenceOf(intersection)
  for (const { id: phase } of intersection.phases)
    for (const { id } of at(presence, phase))
      if (detectors.get(id)?.quality !== 'good') {
        recalls = [...recalls, { phase, detector: id }]
        break
      }
  return recalls
}

const callingFromCards = oncePer(({ detectors }: Intersection) =>
  detectors.filter(({ device, options }) => device !== CONTROLLER && options.calls),
)

function cardVehicles(view: IntersectionView): Pick<SeenDetectors, 'occupied' | 'counts'> {
  let occupied: Bits = 0
  const counts: Record<number, number> = {}
  for (const { id, phase } of callingFromCards(view.intersection)) {
    const reading = view.detectors.get(id)
    if (reading?.quality !== 'good') continue
    if (reading.value.occupied) occupied = withBit(occupied, phase)
    counts[id] = reading.value.actuationCount
  }
  return { occupied, counts }
}

/** The phases whose detectors have counted somebody since. */
function passedSince(view: IntersectionView, before: SeenDetectors['counts'], now: SeenDetectors['counts']): Bits {
  let passed: Bits = 0
  for (const { id, phase } of callingFromCards(view.intersection))
    if (before[id] !== undefined && now[id] !== undefined && before[id] !== now[id]) passed = withBit(passed, phase)
  return passed
}

/** A person presses once: the call is repeated until the controller shows it, or already shows the walk. */
function cardPedestrians(view: IntersectionView, before: Bits) {
  const served = view.signal.quality === 'good' ? view.signal.value.pedestrianCalls | view.signal.value.walks : 0
  if (view.cardButtons.quality !== 'good') return { called: phasesWithWalk(view.intersection), pressed: before }
  const pressed = ((before | view.cardButtons.value) & ~served) >>> 0
  return { called: pressed, pressed }
}

/** Buttons that nobody reads may have been pressed: every walk is called. */
const phasesWithWalk = (intersection: Intersection): Bits =>
  bitsOf(intersection.phases.filter(({ timing }) => timing.walkMs > 0).map(({ id }) => id))
