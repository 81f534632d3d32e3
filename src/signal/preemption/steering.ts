/** How a preempt moves the rings: greens that it does not want end once they may, and what it wants begins when it may. */
import { at } from '#base/at.ts'
import { invariant } from '#base/invariant.ts'
import { EVENT, type EmitEvent } from '../events.ts'
import type { PhaseLayout } from '../layout.ts'
import { endWalk } from '../rings/pedestrians.ts'
import { endGreen, minimumsServed, type Ring } from '../rings/ring.ts'
import { abandonTarget, commit, crossBarrier, type Sequencer } from '../rings/sequencing.ts'
import type { Goal, PreemptLayout } from './preempt-layout.ts'
import type { Preemption } from './preemption.ts'

/** In the place of the sequencer's own decisions. Rings may end at different moments; the barrier they cross together. */
export function steer(preemption: Preemption, sequencer: Sequencer, emit: EmitEvent): void {
  const { active, goal } = preemption
  invariant(active !== null, 'only a preempt in service steers')
  abandonTarget(sequencer)
  const entering = preemption.state === 'exit' ? null : active
  for (let index = 0; index < sequencer.rings.length; index++) {
    const ring = at(sequencer.rings, index)
    const wanted = goal.ofRing[index] ?? null
    if (ring.phase !== null && ring.phase !== wanted) cutShort(ring, ring.phase, { active, entering, emit })
    chooseNext(ring, wanted, emit)
  }
  crossTo(goal, sequencer, emit)
}

interface Cut {
  readonly active: PreemptLayout
  /** null in the exit, which has no haste: every minimum is served whole. */
  readonly entering: PreemptLayout | null
  readonly emit: EmitEvent
}

/** Green and walk keep what the entry leaves them, and never need more than their own; clearances are always whole. */
function cutShort(ring: Ring, phase: PhaseLayout, { active, entering, emit }: Cut): void {
  if (ring.interval !== 'green') return
  if (entering !== null) endWalk(ring, phase, entering.facts.entry.minWalkMs, emit)
  if (!minimumsServed(ring, entering?.facts.entry)) return
  ring.mayEnd = 'preempt'
  endGreen(ring, phase, emit)
  emit(EVENT.preemptEndsGreen, active.number)
}

/** What the ring had committed itself to is taken back: its call stays, and is served after the preempt. */
function chooseNext(ring: Ring, wanted: PhaseLayout | null, emit: EmitEvent): void {
  const begun = ring.phase === wanted && ring.interval !== 'yellow' && ring.interval !== 'redClear'
  const next = begun ? null : wanted
  if (next === ring.next) return
  if (next === null) ring.next = null
  else commit(ring, next, emit)
}

function crossTo({ barrier }: Goal, sequencer: Sequencer, emit: EmitEvent): void {
  if (barrier === 0 || barrier === sequencer.barrier) return
  for (const { phase } of sequencer.rings) if (phase !== null) return
  crossBarrier(sequencer, barrier, emit)
}
