/*
 * A dual-ring controller in free operation: rings, barriers, calls, pedestrians, a preempt, and a supervisor who wishes
 * the street ill.
 *
 * One turn of the loop at the end is one step of the controller; time is counted in ticks. What comes from outside
 * (outside.pml) Spin chooses in every way there is; what the controller does follows from it alone, statement by statement
 * as in src/signal. A sceptic (sceptic.pml) looks at the lamps after each step with a watch of his own. A timer stands
 * still, or is 0, where nobody reads it any further: so there are only so many states, and Spin visits all of them.
 *
 * The street itself (its phases, their rings, barriers and times) is in facts.pml, which facts.ts writes.
 */
#include "facts.pml"
#include "guards.pml"

/* Bit fields as NTCIP 1202 has them: phase 1 is bit 0; "phase 0", which is no phase, is in none. */
#define bit(p) ((1 << (p)) >> 1)
#define has(bits, p) (((bits) & bit(p)) != 0)
#define with(bits, p) ((bits) | bit(p))
#define without(bits, p) ((bits) & ~bit(p))

#define up_to(limit, n) ((n) < (limit) -> (n) + 1 : (n))
#define down(n) ((n) > 0 -> (n) - 1 : 0)

mtype:interval = { REST, GREEN, YELLOW, RED_CLEAR };
mtype:crossing = { DONT_WALK, WALK, PED_CLEAR };

typedef Ring {
  byte phase;                           /* the phase on; 0 = the ring rests in red */
  mtype:interval interval = REST;
  byte elapsed;                         /* in the interval; in a green until its minimum */
  byte passage;                         /* what is left of the gap that vehicles may leave */
  byte max;                             /* runs from the first conflicting call on … */
  bool max_runs;                        /* … now */
  bool min_served;
  mtype:crossing crossing = DONT_WALK;
  byte crossing_elapsed;
  byte next;                            /* the decision: what the ring has committed itself to */
  byte previous;                        /* the phase served last, while its red revert runs */
  byte since_yellow;
  byte ahead;                           /* phases that the ring may still serve in this visit of the barrier group */
};

Ring ring[2];
byte barrier;                           /* group that is being served; 0 before the first */
byte target;                            /* group that both rings have committed themselves to cross to; 0 while none */
byte all_red = START_ALL_RED;           /* what is left of the all red that a controller begins with */

/* At power-up nobody knows who came before: everything is called once. */
byte locked = heeded(CALL_AT_POWER_UP, ALL_PHASES);            /* calls that stay until served */
byte pedestrian = heeded(CALL_AT_POWER_UP, WITH_PEDESTRIANS);  /* pushed, and not walked yet */
byte present;                           /* a vehicle is at a detector of the phase; remembered of greens */
byte was_present;

/* Worked out anew in each step, and so no state. */
hidden byte wants_green, wants_walk, wanted, called, candidates;
hidden byte may_end[3];
hidden byte conflicts[9];               /* of each phase: those that must be over before it starts */

#define is_on(r) (ring[r].phase != 0)
#define is_green(r) (ring[r].interval == GREEN)
#define in_interval(which) ((ring[0].interval == which -> bit(ring[0].phase) : 0) | (ring[1].interval == which -> bit(ring[1].phase) : 0))
#define in_crossing(which) ((ring[0].crossing == which -> bit(ring[0].phase) : 0) | (ring[1].crossing == which -> bit(ring[1].phase) : 0))
#define greens in_interval(GREEN)
#define walks in_crossing(WALK)

/* --- Intervals: what is over gives way to the next (ring.ts, pedestrians.ts). --------------------------------------- */

inline enter(r, which) {
  ring[r].interval = which;
  ring[r].elapsed = 0
}

inline begin_phase(r) {
  ring[r].phase = ring[r].next;
  ring[r].next = 0;
  ring[r].previous = 0;
  ring[r].since_yellow = 0;
  ring[r].passage = PASSAGE[ring[r].phase];
  enter(r, GREEN)
}

inline end_green(r) {
  ring[r].max = 0;
  ring[r].max_runs = false;
  ring[r].min_served = false;
  enter(r, YELLOW)
}

inline end_phase(r) {
  ring[r].previous = ring[r].phase;
  ring[r].phase = 0;
  enter(r, REST)
}

inline begin_crossing(r, what) {
  ring[r].crossing = what;
  ring[r].crossing_elapsed = 0
}

inline advance_crossing(r) {
  ring[r].crossing_elapsed = (ring[r].crossing == DONT_WALK -> 0 : ring[r].crossing_elapsed + 1);
  if
  :: ring[r].crossing == WALK && guard(WALK_TIME, ring[r].crossing_elapsed >= WALK_TICKS[ring[r].phase]) ->
     begin_crossing(r, PED_CLEAR)
  :: ring[r].crossing == PED_CLEAR && guard(PED_CLEAR_TIME, ring[r].crossing_elapsed >= PED_CLEAR_TICKS[ring[r].phase]) ->
     begin_crossing(r, DONT_WALK)
  :: else
  fi
}

inline advance_green(r) {
  ring[r].elapsed = up_to(MIN_GREEN[ring[r].phase], ring[r].elapsed);
  ring[r].min_served = guard(MINIMUM_GREEN, ring[r].elapsed >= MIN_GREEN[ring[r].phase]);
  ring[r].max = (ring[r].max_runs -> up_to(MAX_GREEN[ring[r].phase], ring[r].max) : ring[r].max)
}

inline advance_clearance(r) {
  ring[r].elapsed++;
  if
  :: ring[r].interval == YELLOW && guard(YELLOW_TIME, ring[r].elapsed >= YELLOW_TICKS[ring[r].phase]) -> enter(r, RED_CLEAR)
  :: ring[r].interval == RED_CLEAR -> ring[r].since_yellow++
  :: else
  fi;
  if
  :: ring[r].interval == RED_CLEAR && guard(RED_CLEAR_TIME, ring[r].elapsed >= RED_CLEAR_TICKS[ring[r].phase]) -> end_phase(r)
  :: else
  fi
}

inline advance_rest(r) {
  if
  :: ring[r].previous != 0 -> ring[r].since_yellow++
  :: else
  fi
}

/* Once its red revert is over nobody asks what was served before. */
inline forget_previous(r) {
  if
  :: !is_on(r) && ring[r].since_yellow >= RED_REVERT ->
     ring[r].previous = 0;
     ring[r].since_yellow = 0
  :: else
  fi
}

inline advance_ring(r) {
  advance_crossing(r);
  if
  :: is_green(r) -> advance_green(r)
  :: is_on(r) && !is_green(r) -> advance_clearance(r)
  :: else -> advance_rest(r)
  fi;
  forget_previous(r)
}

/* --- Calls: who waits, kept until they are served or gone (calls.ts, gap.ts). --------------------------------------- */

inline register_calls() {
  locked = locked | heeded(LOCKED_CALL, present & LOCKING & ~greens);
  pedestrian = pedestrian | heeded(PUSHED_CALL, buttons & WITH_PEDESTRIANS & ~walks)
}

/* A vehicle at a detector holds the gap timer at its full passage; the gap runs from the moment that it left. */
inline extend_green(r) {
  if
  :: is_green(r) -> ring[r].passage = (has(present | was_present, ring[r].phase) -> PASSAGE[ring[r].phase] : down(ring[r].passage))
  :: else
  fi
}

/* --- Greens: what ends one, and who may walk beside it (greens.ts). ------------------------------------------------- */

#define is_across(r) (ring[r].crossing == DONT_WALK || (ring[r].crossing == PED_CLEAR && ring[r].crossing_elapsed >= CLEAR_IN_GREEN[ring[r].phase]))
#define minimums_served(r) (is_green(r) && ring[r].min_served && guard(PEDESTRIANS_ACROSS, is_across(r)))
#define gapped_out(r) (ring[r].passage == 0 && !has(present, ring[r].phase))
#define maxed_out(r) (ring[r].max_runs && ring[r].max >= MAX_GREEN[ring[r].phase])

inline find_reason_to_end(r) {
  may_end[r] = minimums_served(r) && guard(HOLD, !has(holds, ring[r].phase)) &&
    (gapped_out(r) || heeded(MAXIMUM_GREEN, maxed_out(r)) || has(force_offs, ring[r].phase))
}

/* Walk begins with the green; later only where it delays nobody. */
#define just_began(r) (ring[r].elapsed == 0)
#define delays_nobody(r) (has(pedestrian, ring[r].phase) && !ring[r].max_runs)
#define may_walk(r) (has(wants_walk, ring[r].phase) && (just_began(r) || delays_nobody(r)))

/* --- Wants: calls and recalls, less what is omitted (wants.ts). ------------------------------------------------------ */

#define rests(r) (gapped_out(r) && minimums_served(r))
#define against_green_in_use(r) (is_green(r) && !rests(r) -> conflicts[ring[r].phase] : 0)

/* A soft recall counts while nobody else waits for a phase that is not green, and the greens that conflict with it rest. */
inline gather_wants() {
  wants_green = (locked | present | RECALLED) & ~heeded(OMIT, omits);
  wants_walk = pedestrian & ~heeded(PEDESTRIAN_OMIT, pedestrian_omits) & ~heeded(OMIT, omits);
  if
  :: ((wants_green | wants_walk) & ~greens) == 0 ->
     wants_green = wants_green | (SOFT_RECALLED & ~heeded(OMIT, omits) & ~against_green_in_use(0) & ~against_green_in_use(1))
  :: else
  fi;
  wanted = wants_green | wants_walk
}

/* --- Sequence: in its ring while the group lasts, across the barrier with both rings together (sequencing.ts). ------ */

#define group_in_turn (target == 0 -> barrier : target)
#define group_of(r) GROUP[3 * (r) + group_in_turn]
#define committed (bit(ring[0].next) | bit(ring[1].next))
#define blocks(p) ((conflicts[p] & committed) != 0)
#define calls_ahead(r) (target == 0 -> (called & ring[r].ahead) : 0)
#define calls_behind (called & ~calls_ahead(0) & ~calls_ahead(1))
#define is_idle(r) (!is_on(r) && ring[r].next == 0)
#define is_ready_to_cross(r) (ring[r].next == 0 && (!is_on(r) || may_end[r]))

/* Nobody waits for what is green or chosen. */
inline list_calls() {
  called = wanted & ~greens & ~committed
}

/* The first of the candidates; none while the other ring has chosen a phase that must not run beside it. */
inline choose_first() {
  choice = 0;
  do
  :: choice < 8 && !has(candidates, choice) -> choice++
  :: else -> break
  od;
  choice = (has(candidates, choice) && !blocks(choice) -> choice : 0)
}

inline commit_first(r) {
  choose_first();
  if
  :: choice != 0 -> ring[r].next = choice
  :: else
  fi
}

/* A green with a call ahead gives way to it alone; a ring at rest picks up a call that came late. */
inline move_on_in_group(r) {
  if
  :: may_end[r] || is_idle(r) ->
     candidates = calls_ahead(r);
     choose_first();
     if
     :: choice != 0 ->
        ring[r].next = choice;
        ring[r].ahead = AFTER[choice]
     :: else
     fi;
     if
     :: may_end[r] && (choice != 0 || blocks(ring[r].phase)) -> end_green(r)
     :: else
     fi
  :: else
  fi
}

/* So that no ring stands red beside a green of its own kind. */
inline enter_by_dual_entry(r) {
  if
  :: (wanted & group_of(r)) == 0 ->
     candidates = DUAL_ENTRY & ~heeded(OMIT, omits) & group_of(r);
     commit_first(r)
  :: else
  fi
}

inline end_at_barrier(r) {
  if
  :: is_on(r) -> end_green(r)
  :: else
  fi
}

#define other(group) (group == 1 -> 2 : 1)
#define is_called(group, who) ((who & (GROUP[group] | GROUP[3 + group])) != 0)

/* All greens end in the same step. The next group is the other one if it is called, or else this one anew. */
inline leave_group() {
  target = (is_called(other(barrier), behind) -> other(barrier) : other(other(barrier)));
  candidates = wanted & group_of(0);
  commit_first(0);
  candidates = wanted & group_of(1);
  commit_first(1);
  enter_by_dual_entry(0);
  enter_by_dual_entry(1);
  end_at_barrier(0);
  end_at_barrier(1)
}

inline enter_group(group) {
  barrier = group;
  target = 0;
  ring[0].ahead = (ring[0].next == 0 -> group_of(0) : AFTER[ring[0].next]);
  ring[1].ahead = (ring[1].next == 0 -> group_of(1) : AFTER[ring[1].next])
}

/* The barrier is crossed when the last ring has cleared: never one ring before the other. */
inline arrive_at_barrier() {
  if
  :: target != 0 && guard(BARRIER, !is_on(0) && !is_on(1)) -> enter_group(target)
  :: else
  fi
}

inline decide_next() {
  list_calls();
  if
  :: target == 0 ->
     if
     :: is_idle(0) && is_idle(1) ->
        ring[0].ahead = 0;
        ring[1].ahead = 0
     :: else
     fi;
     move_on_in_group(0);
     move_on_in_group(1);
     behind = calls_behind;
     if
     :: behind != 0 && guard(CROSS_TOGETHER, is_ready_to_cross(0)) && guard(CROSS_TOGETHER, is_ready_to_cross(1)) -> leave_group()
     :: else
     fi
  :: else
  fi;
  arrive_at_barrier()
}

#include "preempt.pml"

/* --- Beginnings and service (service.ts). ---------------------------------------------------------------------------- */

#define reverted(r) (ring[r].previous != ring[r].next || ring[r].since_yellow >= RED_REVERT)
#define is_across_barrier(p, q) (BARRIER_GROUP[p] != BARRIER_GROUP[q])
#define is_clear_of(p, q) (!has(conflicts[p], q) || (removed(BARRIER) && is_across_barrier(p, q)))
#define may_begin(r) (guard(RED_REVERT_TIME, reverted(r)) && \
                      guard(CONFLICT, is_clear_of(ring[r].next, ring[0].phase) && is_clear_of(ring[r].next, ring[1].phase)))

/* Starts what a ring has committed itself to, once everything that conflicts with it is over. */
inline start_next(r) {
  if
  :: !is_on(r) && ring[r].next != 0 && target == 0 && may_begin(r) -> begin_phase(r)
  :: else
  fi
}

/* Whom each green keeps waiting: its maximum runs from the first conflicting call on. */
inline note_conflicting_calls(r) {
  if
  :: is_green(r) ->
     ring[r].max_runs = (calls_ahead(r) | calls_behind) != 0 || blocks(ring[r].phase);
     ring[r].max = (ring[r].max_runs -> ring[r].max : 0)
  :: else
  fi
}

/* Walks begin, and greens that were cut off with vehicles still coming leave a call behind, where calls lock. */
inline serve(r) {
  if
  :: is_green(r) && ring[r].crossing == DONT_WALK && may_walk_in_preempt(r) && (may_walk(r) || walks_in_dwell(r)) ->
     pedestrian = without(pedestrian, ring[r].phase);
     begin_crossing(r, WALK)
  :: else
  fi;
  if
  :: ring[r].interval == YELLOW && just_began(r) ->
     locked = locked | heeded(CUT_OFF_CALL, (ring[r].passage > 0 -> bit(ring[r].phase) & LOCKING : 0));
     ring[r].passage = 0
  :: else
  fi
}

#include "outside.pml"
#include "sceptic.pml"

/* --- One step, as in stepController. ------------------------------------------------------------------------------- */

inline time_passes() {
  advance_ring(0);
  advance_ring(1);
  was_present = present;
  present = 0
}

inline run_rings() {
  find_reason_to_end(0);
  find_reason_to_end(1);
  if
  :: is_preempting -> steer()
  :: else -> decide_next()
  fi;
  start_next(0);
  start_next(1);
  list_calls();
  note_conflicting_calls(0);
  note_conflicting_calls(1);
  serve(0);
  serve(1);
  locked = locked & ~greens;
  note_arrival()
}

inline decide() {
  extend_green(0);
  extend_green(1);
  was_present = 0;
  advance_preemption();
  gather_wants();
  all_red = down(all_red);
  if
  :: guard(START_ALL_RED_TIME, all_red == 0) -> run_rings()
  :: else
  fi;
  present = present & greens
}

inline lay_out_conflicts() {
  for (p : 1 .. 8) {
    for (q : 1 .. 8) {
      if
      :: p != q && has(ALL_PHASES, p) && has(ALL_PHASES, q) &&
         (RING[p] == RING[q] || is_across_barrier(p, q) || has(EXTRA_CONFLICTS[p], q)) -> conflicts[p] = with(conflicts[p], q)
      :: else
      fi
    }
  }
}

active proctype cabinet() {
  byte p, q, choice, behind;
  d_step { lay_out_conflicts(); p = 0; q = 0 }
  do
  :: d_step { time_passes() };
     supervisor_writes();
     street_comes();
     atomic {
       supervisor_asks();
       d_step { decide(); look(); lease_ages(); p = 0; choice = 0; behind = 0 }
     }
#ifdef TRACE
     write_down_what_shows();
     steps_left--;
     if :: steps_left == 0 -> break :: else fi
#endif
  od
}
