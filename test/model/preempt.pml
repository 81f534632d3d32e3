/* One preempt, as a fire station has it: entry, track clearance, dwell and exit (src/signal/preemption). */

mtype:preempt = { NONE, ENTRY, TRACK, DWELL, EXIT };

mtype:preempt preempt = NONE;

#ifndef PREEMPT

#define is_preempting false
#define breaks_in false
#define may_walk_in_preempt(r) true
#define walks_in_dwell(r) false
inline watch_input() { skip }
inline advance_preemption() { skip }
inline steer() { skip }
inline note_arrival() { skip }

#else

bool input;                 /* of the preempt, as at the last step */
bool kept;                  /* the call stays although the input may be gone: its service has not begun */
byte waited;                /* how long the call has waited, from 1 on; 0 = nobody calls */
bool arrived;               /* the rings show what they are to show … */
byte shown;                 /* … and for how long */
byte served;                /* since the entry began */
hidden byte goal_group;

#define is_preempting (preempt != NONE)
#define breaks_in (is_preempting && preempt != EXIT)
#define is_ready (waited > PREEMPT_DELAY)

/* What the rings are to show; at the entry already what comes first. */
#define goal_of(r) (preempt == DWELL -> DWELL_PHASE[r] : (preempt == EXIT -> EXIT_PHASE[r] : TRACK_PHASE[r]))
#define goal (bit(goal_of(0)) | bit(goal_of(1)))

inline begin_state(which) {
  preempt = which;
  arrived = false;
  shown = 0
}

inline watch_input() {
  kept = kept && !breaks_in;
  kept = kept || heeded(PREEMPT_LOCK, preempt_on && !input && !breaks_in);
  input = preempt_on;
  waited = (input || kept -> up_to(PREEMPT_DELAY + 1, waited) : 0)
}

/* The call that drops and comes again in the dwell goes on being served. */
inline move_on() {
  if
  :: preempt == EXIT ->
     begin_state(NONE);
     served = 0
  :: preempt == TRACK && guard(PREEMPT_TRACK_GREEN, shown >= TRACK_GREEN) -> begin_state(DWELL)
  :: preempt == DWELL && guard(PREEMPT_DWELL_GREEN, shown >= DWELL_GREEN) && guard(PREEMPT_LASTS, !input) &&
     guard(PREEMPT_DURATION, served >= PREEMPT_DURATION_TICKS) -> begin_state(EXIT)
  :: else
  fi
}

inline advance_preemption() {
  served = (is_preempting -> up_to(PREEMPT_DURATION_TICKS, served) : 0);
  shown = (arrived -> up_to((preempt == TRACK -> TRACK_GREEN : DWELL_GREEN), shown) : 0);
  if
  :: is_ready && !breaks_in ->
     begin_state(ENTRY);
     served = 0
  :: else ->
     if
     :: is_preempting && arrived -> move_on()
     :: else
     fi
  fi
}

/* Green and walk keep what the entry leaves them, and never need more than their own; clearances are always whole. */
#define entry_green_served(r) (ring[r].min_served || (breaks_in && guard(PREEMPT_ENTRY_GREEN, ring[r].elapsed >= ENTRY_GREEN)))
#define may_be_cut(r) (entry_green_served(r) && guard(PREEMPT_PED_CLEAR, is_across(r)) && \
                       (!removed(PREEMPT_OVER_HOLD) || !has(holds, ring[r].phase)))

inline cut_short(r) {
  if
  :: breaks_in && ring[r].crossing == WALK && guard(PREEMPT_ENTRY_WALK, ring[r].crossing_elapsed >= ENTRY_WALK) ->
     begin_crossing(r, PED_CLEAR)
  :: else
  fi;
  if
  :: may_be_cut(r) -> end_green(r)
  :: else
  fi
}

#define has_begun(r) (ring[r].phase == goal_of(r) && ring[r].interval != YELLOW && ring[r].interval != RED_CLEAR)

/* What the ring had committed itself to is taken back: its call stays, and is served after the preempt. */
inline steer_ring(r) {
  if
  :: is_green(r) && ring[r].phase != goal_of(r) -> cut_short(r)
  :: else
  fi;
  ring[r].next = (has_begun(r) -> 0 : goal_of(r))
}

/* In the place of the sequencer's own decisions. Rings may end at different moments; the barrier they cross together. */
inline steer() {
  target = 0;
  steer_ring(0);
  steer_ring(1);
  goal_group = BARRIER_GROUP[(goal_of(0) == 0 -> goal_of(1) : goal_of(0))];
  if
  :: goal_group != barrier && guard(BARRIER, !is_on(0) && !is_on(1)) -> enter_group(goal_group)
  :: else
  fi
}

#define shows_goal (greens == goal && (!is_on(0) || is_green(0)) && (!is_on(1) || is_green(1)))

inline note_arrival() {
  if
  :: is_preempting && !arrived && shows_goal ->
     arrived = true;
     preempt = (preempt == ENTRY -> (TRACK_GREEN == 0 -> DWELL : TRACK) : preempt)
  :: else
  fi
}

/* People walk with the dwell while the call lasts, where the preempt has them; the exit is normal again. */
#define dwells_with(r) (preempt == DWELL && has(goal, ring[r].phase))
#define may_walk_in_preempt(r) (!breaks_in || (dwells_with(r) && DWELL_WALKS && input))
#define walks_in_dwell(r) (preempt == DWELL && has(pedestrian, ring[r].phase))

#endif
