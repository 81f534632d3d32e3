/* The outside as the search has it: all that can make a difference, in every combination. */

#ifdef ALONE
#define somebody_supervises false
#else
#define somebody_supervises true
#endif

inline supervisor_writes() {
  atomic {
    if
    :: true                 /* is silent */
    :: somebody_supervises ->
       if :: epoch = OLDER :: epoch = SAME :: epoch = NEWER fi;
       if :: newer_sequence = false :: newer_sequence = true fi;
       if :: asked_ticks = 0 :: asked_ticks = 1 :: asked_ticks = LEASE_TICKS_MOST :: asked_ticks = LEASE_TICKS_MOST + 1 fi;
       d_step {
         take_request();
         epoch = OLDER;
         newer_sequence = false;
         asked_ticks = 0
       }
    fi
  }
}

/* A vehicle beside a green, or at a red where nobody is known to wait; a push where nobody has pushed. */
#define may_come(p) (has(ALL_PHASES, p) && (has(greens, p) || !has(locked & LOCKING, p)))
#define may_push(p) has(WITH_PEDESTRIANS & ~pedestrian & ~walks, p)

inline street_comes() {
  atomic {
#ifdef PREEMPT
    if :: preempt_on = true :: true fi;
#endif
    p = 1;
    do
    :: p > 8 -> break
    :: p <= 8 && !may_come(p) && !may_push(p) -> p++
    :: p <= 8 && (may_come(p) || may_push(p)) ->
       if :: may_come(p) -> present = with(present, p) :: true fi;
       if :: may_push(p) -> buttons = with(buttons, p) :: true fi;
       p++
    od;
    d_step { register_all(); p = 0 }
  }
}

#define is_about_to_end(r) (is_green(r) && ring[r].min_served && ring[r].crossing == DONT_WALK)
/* While the rings are on their way to a barrier, nothing is decided and nobody begins to walk. */
#define is_under_way (target != 0 && (is_on(0) || is_on(1)))
#define may_omit(p) (commanded && !is_under_way && has(locked | present | pedestrian | RECALLED | SOFT_RECALLED | DUAL_ENTRY, p))
#define may_omit_walk(p) (commanded && has(pedestrian, p))

inline meddle_with_green(r) {
  if
  :: commanded && is_about_to_end(r) -> holds = with(holds, ring[r].phase)
  :: commanded && is_about_to_end(r) -> force_offs = with(force_offs, ring[r].phase)
  :: true
  fi
}

inline heed_command() { skip }

inline supervisor_asks() {
  meddle_with_green(0);
  meddle_with_green(1);
  p = 1;
  do
  :: p > 8 -> break
  :: p <= 8 && !may_omit(p) -> p++
  :: p <= 8 && may_omit(p) ->
     if
     :: omits = with(omits, p)
     :: may_omit_walk(p) -> pedestrian_omits = with(pedestrian_omits, p)
     :: true
     fi;
     p++
  od
}

inline forget_command() {
  holds = 0;
  force_offs = 0;
  omits = 0;
  pedestrian_omits = 0
}
