/** Conditional service: a phase whose turn has passed is served after all, while another ring still has the time for it. */
import { at } from '#base/at.ts'
import type { Bits } from '#base/bits.ts'
import type { Coordinator } from '../coordination/coordination.ts'
import { walkTimeMs } from '../coordination/force-offs.ts'
import { leastSplitMs } from '../coordination/least-split.ts'
import type { EmitEvent } from '../events.ts'
import type { PhaseLayout } from '../layout.ts'
import type { OverlapRun } from '../overlaps/overlap-run.ts'
import { heldUpMs } from './held-up.ts'
import type { Intergreens } from './intergreens.ts'
import { maximumMs, type Maximums } from './maximum.ts'
import { endGreen, type Ring } from './ring.ts'
import { commit, committed, isReadyToCross, phasesOf, type Sequencer } from './sequencing.ts'

interface Circumstances {
  /** Phases with this option that vehicles wait for; recalls ask for no second service. */
  readonly called: Bits
  readonly street: Street
}

interface Street {
  readonly coordinator: Coordinator
  readonly maximums: Maximums
  readonly intergreens: Intergreens
  readonly overlaps: readonly OverlapRun[]
}

/**
 * NTCIP 1202 2.2.2 phaseOptions, conditional service: a green that has nothing left to do before the barrier gives way
 * to a phase before it in its ring, if that one fits, clearances included, into the time that another ring's green may
 * still last (its maximum, in a plan its force-off). It stays the ring's last one: what came before it is not served
 * again, so that nobody waits longer for the barrier than for that other green.
 */
export function serveConditionally(sequencer: Sequencer, of: Circumstances, emit: EmitEvent): void {
  if (sequencer.target !== 0) return
  for (let index = 0; index < sequencer.rings.length; index++) {
    const ring = at(sequencer.rings, index)
    if (!isReadyToCross(ring)) continue
    const phase = phasesOf(sequencer, index).find(
      (candidate) => (candidate.bit & of.called) !== 0 && fits(sequencer, ring, candidate, of),
    )
    if (phase === undefined) continue
    commit(ring, phase, emit)
    if (ring.phase !== null) endGreen(ring, ring.phase, emit)
  }
}

function fits(sequencer: Sequencer, ring: Ring, phase: PhaseLayout, of: Circumstances): boolean {
  const { rings } = sequencer
  if ((phase.conflicts & committed(sequencer)) !== 0) return false
  const onFoot = phase.timing.walkMs > 0
  const changeMs = Math.max(ring.phase?.clearanceMs ?? 0, heldUpMs(of.street, phase, onFoot))
  const neededMs = changeMs + leastSplitMs(phase, onFoot)
  let hasTime = false
  for (const other of rings) {
    if (other === ring || other.phase === null) continue
    if ((other.phase.conflicts & phase.bit) !== 0) return false
    if (other.interval === 'green' && other.mayEnd === 'none' && leftMs(other, other.phase, of.street) >= neededMs)
      hasTime = true
  }
  return hasTime
}

/** How long a green that is extended may last at most. */
function leftMs(ring: Ring, phase: PhaseLayout, { coordinator, maximums }: Street): number {
  const maximumLeftMs = maximumMs(maximums, phase) - (ring.maxRuns ? ring.maxMs : 0)
  return Math.min(maximumLeftMs, walkTimeMs(coordinator, ring, phase))
}
