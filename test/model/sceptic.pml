/*
 * A sceptic in the street: follows lamps, loops, buttons and the wire with a watch of his own, and keeps the rules that no
 * controller may break. Of the controller he reads what a passer-by sees, and that a preempt is in service.
 */

mtype:interval lamp[9] = REST;          /* by phase, as at the last look; REST is red */
byte lamp_age[9];
mtype:crossing man[9] = DONT_WALK;      /* the head of the crossing likewise */
byte man_age[9];
byte gone[9];                           /* since when no vehicle is at the loop of a green; 0 = one is */
byte chosen;                            /* phases that the rings had committed themselves to at the last look */
byte leave;                             /* what is left of the lease */
byte waiting = ALL_PHASES & LOCKING;    /* vehicles who have met a red, and no green since */
byte waiting_to_walk = WITH_PEDESTRIANS;

#define shows(p) (ring[RING[p]].phase == p -> ring[RING[p]].interval : REST)
#define man_shows(p) (ring[RING[p]].phase == p -> ring[RING[p]].crossing : DONT_WALK)

/* He counts no further than a rule asks. */
#define longest_red (RED_REVERT > START_ALL_RED -> RED_REVERT : START_ALL_RED)
#define longest_look(p) (lamp[p] == GREEN -> MIN_GREEN[p] : (lamp[p] == YELLOW -> YELLOW_TICKS[p] : longest_red))
#define longest_crossing(p) (man[p] == WALK -> WALK_TICKS[p] : PED_CLEAR_TICKS[p])

/* A preempt may cut a green and a walk down to its entry minimums, and clearances never. */
#define smaller(a, b) ((a) < (b) -> (a) : (b))
#ifdef PREEMPT
#define least_green(p) (breaks_in -> smaller(ENTRY_GREEN, MIN_GREEN[p]) : MIN_GREEN[p])
#define least_walk(p) (breaks_in -> smaller(ENTRY_WALK, WALK_TICKS[p]) : WALK_TICKS[p])
#else
#define least_green(p) MIN_GREEN[p]
#define least_walk(p) WALK_TICKS[p]
#endif

inline see_green_end(p) {
  assert(shows(p) == YELLOW);
  assert(lamp_age[p] >= least_green(p));
  assert(!has(holds, p) || is_preempting);
  waiting = waiting | (gone[p] <= PASSAGE[p] -> bit(p) & LOCKING : 0);
  gone[p] = 0
}

inline see_yellow_end(p) {
  assert(shows(p) == RED_CLEAR);
  assert(lamp_age[p] >= YELLOW_TICKS[p])
}

inline see_red_clear_end(p) {
  assert(lamp_age[p] >= RED_CLEAR_TICKS[p]);
  assert(shows(p) == REST || (shows(p) == GREEN && lamp_age[p] >= RED_REVERT))
}

inline see_red_end(p) {
  assert(shows(p) == GREEN);
  assert(lamp_age[p] >= longest_red);
  assert(has(chosen, p) || !has(omits, p) || is_preempting);
  gone[p] = 1
}

inline look_at_lamp(p) {
  lamp_age[p] = up_to(longest_look(p), lamp_age[p]);
  if
  :: lamp[p] == shows(p)
  :: lamp[p] != shows(p) ->
     if
     :: lamp[p] == GREEN -> see_green_end(p)
     :: lamp[p] == YELLOW -> see_yellow_end(p)
     :: lamp[p] == RED_CLEAR -> see_red_clear_end(p)
     :: lamp[p] == REST -> see_red_end(p)
     fi;
     lamp_age[p] = (lamp[p] == RED_CLEAR && shows(p) == REST -> lamp_age[p] : 0);
     lamp[p] = shows(p)
  fi
}

/* People walk beside a green; the end of their clearance may be in the yellow, no longer than that. */
inline look_at_crossing(p) {
  man_age[p] = (man[p] == DONT_WALK -> 0 : up_to(longest_crossing(p), man_age[p]));
  assert(man_shows(p) == DONT_WALK || shows(p) == GREEN ||
         (man_shows(p) == PED_CLEAR && shows(p) == YELLOW && man_age[p] >= CLEAR_IN_GREEN[p]));
  if
  :: man[p] == man_shows(p)
  :: man[p] != man_shows(p) ->
     assert(man[p] != WALK || (man_shows(p) == PED_CLEAR && man_age[p] >= least_walk(p)));
     assert(man[p] != PED_CLEAR || man_age[p] >= PED_CLEAR_TICKS[p]);
     assert(man[p] != DONT_WALK || (man_shows(p) == WALK && (!has(pedestrian_omits, p) || breaks_in)));
     if
     :: man_shows(p) == WALK -> waiting_to_walk = without(waiting_to_walk, p)
     :: else
     fi;
     man_age[p] = 0;
     man[p] = man_shows(p)
  fi
}

/* Two phases are on together, clearance included, only inside one barrier group and where nothing else forbids it. */
inline look_at_junction() {
  if
  :: is_on(0) && is_on(1) ->
     assert(BARRIER_GROUP[ring[0].phase] == BARRIER_GROUP[ring[1].phase]);
     assert(!has(EXTRA_CONFLICTS[ring[0].phase], ring[1].phase))
  :: else
  fi
}

/* Gives a lease as the field contract says, and lets it run down by his own watch. */
inline judge_request() {
  if
  :: asked_ticks >= 1 && asked_ticks <= LEASE_TICKS_MOST &&
     ((epoch == NEWER && !kept_out) || (epoch == SAME && newer_sequence && leave > 0)) -> leave = asked_ticks
  :: else
  fi;
  assert(lease == leave)
}

/* Whatever supervision asks has an effect only as long as its lease lasts. */
inline look_at_supervision() {
  assert((committed & ~chosen & omits) == 0 || is_preempting);
  chosen = committed;
  assert((holds | force_offs | omits | pedestrian_omits) == 0 || leave > 0);
  leave = down(leave)
}

/* The search for safety asks nobody how long he waits. */
#ifdef LIVENESS
#define PROMISED 255
#else
#define PROMISED LOCKING
#endif

inline note_gap(r) {
  if
  :: is_green(r) -> gone[ring[r].phase] = (has(present, ring[r].phase) -> 0 : up_to(PASSAGE[ring[r].phase] + 1, gone[ring[r].phase]))
  :: else
  fi
}

/*
 * A vehicle that has met a red is remembered where calls lock, and so is one before whom the green was cut off; elsewhere
 * it waits as long as it is there.
 */
inline note_who_waits() {
  note_gap(0);
  note_gap(1);
  waiting = ((waiting & LOCKING) | (present & PROMISED)) & ~greens;
  waiting_to_walk = waiting_to_walk | (buttons & ~walks)
}

/* A preempt shows its tracks and its dwell for as long as it has to, and lasts while its call does. */
#ifndef PREEMPT
inline note_who_calls() { skip }
inline look_at_preempt() { skip }
#else

mtype:preempt stage = NONE;             /* as at the last look … */
bool stage_shown;                       /* … and whether the lamps showed it, … */
byte stage_age;                         /* … for how long */
byte since_entry;
bool owed;                              /* somebody has called, and his service has not begun */

inline note_who_calls() {
  owed = (owed || (preempt_on && !input)) && !breaks_in
}

inline see_stage_end() {
  assert(stage != TRACK || (preempt == DWELL && stage_age >= TRACK_GREEN));
  assert(stage != DWELL || (preempt == EXIT && stage_age >= DWELL_GREEN));
  assert(stage != DWELL || (!input && since_entry >= PREEMPT_DURATION_TICKS));
  stage = preempt;
  stage_age = 0
}

inline look_at_preempt() {
  since_entry = (stage == NONE || stage == EXIT -> 0 : up_to(PREEMPT_DURATION_TICKS, since_entry));
  stage_age = (stage_shown -> up_to((stage == TRACK -> TRACK_GREEN : DWELL_GREEN), stage_age) : 0);
  if
  :: stage != preempt -> see_stage_end()
  :: else
  fi;
  stage_shown = breaks_in && shows_goal
}

#endif

inline look() {
  for (p : 1 .. 8) {
    if
    :: has(ALL_PHASES, p) ->
       look_at_lamp(p);
       look_at_crossing(p)
    :: else
    fi
  }
  look_at_junction();
  look_at_supervision();
  look_at_preempt();
  waiting = waiting & ~greens
}

/*
 * Once nobody supervises any more, and no preempt is in service, whoever keeps waiting is served. A preempt is served
 * whatever supervision asks, and is over some time after its call.
 */
#ifdef LIVENESS
#define is_left_alone (lease == 0 && !is_preempting)
#define waits_in_vain(p) (<>[] (is_left_alone && has(waiting, p)))
#define waits_in_vain_to_walk(p) (<>[] (is_left_alone && has(waiting_to_walk, p)))
#ifdef PREEMPT
#define preempt_in_vain (<>[] owed || <>[] (input && preempt != DWELL))
#define preempt_for_ever (<>[] (!input && is_preempting))
#else
#define preempt_in_vain false
#define preempt_for_ever false
#endif
ltl served { !(SOMEBODY_WAITS_IN_VAIN || preempt_in_vain || preempt_for_ever) }
#endif
