/** Why a command was given, or why supervision stands where it stands, as an English sentence. */
import type { WhyTexts } from './why.ts'

export const WHY_EN: WhyTexts = {
  PLAN_BY_SCHEDULE: ({ seconds }) =>
    `The schedule asks for this plan; second ${seconds('localCycleMs')} of ${seconds('cycleMs')}.`,
  EXTENDING_FOR_VEHICLE: ({ phase, seconds, detector, longest, forceOff }) =>
    `φ${phase} is extended: a vehicle is on ${detector ? `loop ${detector}` : 'its loop'}; ${seconds('elapsedMs')} ${longest ? `of at most ${longest} s` : 's so far'}${forceOff ? `, force-off in ${forceOff} s` : ''}.`,
  SERVING_CALL: ({ phase, seconds }) =>
    `φ${phase} serves its call: ${seconds('elapsedMs')} of at least ${seconds('minMs')} s.`,
  RESTING: ({ phase, ofPhase }) =>
    ofPhase ? `φ${phase} rests in green: nobody waits anywhere.` : 'All rest in red: nobody waits anywhere.',
  CHANGING: ({ phase, seconds }) => `φ${phase} ends: changing for ${seconds('elapsedMs')} s.`,
  COORDINATED_GREEN: ({ phase, seconds, untilYield }) =>
    `φ${phase} is held green for the coordination; yields ${untilYield ? `in ${untilYield} s, ` : ''}at second ${seconds('yieldMs')} of the cycle.`,
  CLEARING_PEDESTRIANS: ({ phase, seconds }) =>
    `φ${phase} waits for those on foot: ${seconds('elapsedMs')} of ${seconds('clearMs')} s of clearance.`,
  WAITING_FOR_GAP: ({ phase, seconds, gapLimit, forceOff }) =>
    `φ${phase} is held: gap ${seconds('gapMs')} of ${gapLimit} s${forceOff ? `, force-off in ${forceOff} s` : ''}.`,
  LANES_HAVE_GAPPED: ({ phase, seconds }) =>
    `φ${phase} is ended after ${seconds('elapsedMs')} s: each of its lanes has had its gap.`,
  DETECTOR_ON_RECALL: ({ phase, detector }) => `φ${phase} is called each cycle: loop ${detector ?? ''} is not trusted.`,
  IMAGE_NOT_FRESH: ({ seconds, number }) =>
    number('ageMs') < 0 ? 'The controller was never read.' : `The controller was last read ${seconds('ageMs')} s ago.`,
  CABINET_NOT_AVAILABLE: ({ keeper }) => `The cabinet decides${keeper ? ` (${keeper})` : ''}; nothing is asked of it.`,
  TIMING_NOT_APPROVED: () => 'The timing in the cabinet is not the approved one.',
  CLOCK_DRIFT: ({ milliseconds }) => `The cabinet's clock is off by ${milliseconds('driftMs')} ms.`,
  LOCAL_CYCLE_FIRST: () => 'The controller completes a cycle of its own first.',
  LEASE_HELD_BY_ANOTHER: () => 'Another supervisor holds the lease.',
  LEASE_LOST: () => 'The lease was lost.',
  LEASE_REFUSED: () => 'The controller refused the lease.',
  EDGE_STALLED: ({ milliseconds }) => `The edge stood still for ${milliseconds('gapMs')} ms.`,
  STRATEGY_FAILED: () => 'The strategy above failed; see the log of the edge.',
  PROVING: ({ seconds }) => `All is well and must stay so for ${seconds('remainingMs')} s more.`,
  PREEMPT_SERVED: ({ count, preemptState }) => `Preempt ${count('preempt')} has the street: ${preemptState}.`,
  PRIORITY_SERVED: ({ phase, ofPhase, count }) =>
    ofPhase
      ? `φ${phase} stays green for the vehicle with priority ${count('strategy')}.`
      : `Greens may end early: the vehicle with priority ${count('strategy')} waits.`,
  LEADING_WALK: ({ phase, seconds }) =>
    `φ${phase}: people walk ahead of its vehicles, ${seconds('elapsedMs')} of ${seconds('leadMs')} s.`,
  PRESSURE_HOLDS: ({ phase, seconds, perMinute }) =>
    `φ${phase} stays green after ${seconds('elapsedMs')} s: ${perMinute('pressure')} vehicles a minute press for it, ${perMinute('next')} for the next stage.`,
  PRESSURE_CHANGES: ({ phase, perMinute }) =>
    `φ${phase} comes next: ${perMinute('pressure')} vehicles a minute press for it, ${perMinute('left')} for the green that ends.`,
  WAITED_LONGEST: ({ phase, seconds }) =>
    `φ${phase} comes next: somebody has waited ${seconds('waitedMs')} s, and ${seconds('mostMs')} s is the most.`,
  PLAN_HOLDS: ({ phase, seconds, count }) =>
    `φ${phase} stays green after ${seconds('elapsedMs')} s: the best way on costs ${count('cost')} vehicle-seconds, a change now ${count('other')}.`,
  PLAN_CHANGES: ({ phase, count }) =>
    `φ${phase} comes next: the change costs ${count('cost')} vehicle-seconds, staying ${count('other')}.`,
  NOT_ALLOWED_BY_PLAN: ({ count }) => `Plan ${count('pattern')} runs now, and does not allow adaptive control.`,
  CYCLE_RUNS_OUT: ({ phase, seconds }) =>
    `φ${phase} comes next: a last green began ${seconds('sinceMs')} s ago, and ${seconds('mostMs')} s is the longest cycle of this plan.`,
  PHASE_NOT_SEEN: ({ phase, count }) =>
    `No detector of φ${phase} can be trusted: ${count('unseen')} of ${count('of')} phases are not seen.`,
  DECIDES_TOO_SLOWLY: ({ rung, count, milliseconds }) =>
    `Control “${rung}” took too long to decide, ${count('overruns')} times in a minute and up to ${milliseconds('mostMs')} ms; it is tried again in some minutes.`,
  OUTDONE_BY_SIMPLER: ({ rung, seconds }) =>
    `Control “${rung}” did better in such traffic: ${seconds('simplerMs')} s a vehicle, against ${seconds('delayMs')} s above it.`,
  SIMPLER_IS_MEASURED: ({ rung }) =>
    `Control “${rung}” is measured for some minutes: it has not run in such traffic for a week.`,
  STREET_NOT_SOUND: ({ count }) =>
    `The lamps were seen to do what they must not (check ${count('check')}, channel ${count('channel')}): nothing is asked of this street for half an hour.`,
  EDGE_CRASHED: ({ count, seconds }) =>
    `The edge has ended ${count('crashes')} times without being asked to: it supervises again in ${seconds('remainingMs')} s.`,
  RELEASED_BY_ORDER: () => "Somebody has ordered the controller's own plan for a while.",
  HELD_BY_ORDER: ({ rung }) => `Somebody has ordered that control stays at “${rung}” or below for a while.`,
  SWING_DAMPED: ({ phase, seconds }) =>
    `φ${phase} stays green after ${seconds('elapsedMs')} s: greens have swung to and fro and nobody gained, so another must now press far more.`,
  JUNCTION_CLEARED: ({ phase, seconds }) =>
    `φ${phase} comes next, to clear the junction: somebody has stood for ${seconds('stuckMs')} s behind those who turn left.`,
  FLASH_BY_SCHEDULE: () => 'The schedule asks for flash; the cabinet begins it by itself.',
}
