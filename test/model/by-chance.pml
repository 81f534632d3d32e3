/*
 * The outside as a trace has it: drawn by chance, lasting a while, and written down so that src/signal can be shown the
 * same. One line a step: what comes, and what the controller then shows.
 */

byte occupied, pushed;      /* detectors and buttons, by the phase that they call */
bool siren;
byte vehicle_calls, pedestrian_calls, vehicles_wait;
byte asked_holds, asked_force_offs, asked_omits, asked_pedestrian_omits, asked_vehicle_calls, asked_pedestrian_calls;
bool writes;
short steps_left = TRACE;

inline turn_now_and_then(bits) {
  for (p : 1 .. 8) {
    if
    :: has(ALL_PHASES, p) -> bits = bits ^ bit(p)
    :: true :: true :: true :: true :: true :: true
    fi
  }
}

inline draw_bits(bits) {
  bits = 0;
  for (p : 1 .. 8) {
    if
    :: has(ALL_PHASES, p) -> bits = with(bits, p)
    :: true :: true :: true
    fi
  }
}

/* Mostly a renewal, so that commands last; now and then something that the contract refuses. */
inline draw_request() {
  if :: epoch = OLDER :: epoch = SAME :: epoch = SAME :: epoch = SAME :: epoch = NEWER :: epoch = NEWER fi;
  if :: newer_sequence = false :: newer_sequence = true :: newer_sequence = true :: newer_sequence = true fi;
  if :: asked_ticks = 0 :: asked_ticks = LEASE_TICKS_MOST + 1 :: asked_ticks = 1 :: asked_ticks = LEASE_TICKS_MOST :: asked_ticks = LEASE_TICKS_MOST fi;
  draw_bits(asked_holds);
  draw_bits(asked_force_offs);
  draw_bits(asked_omits);
  draw_bits(asked_pedestrian_omits);
  draw_bits(asked_vehicle_calls);
  draw_bits(asked_pedestrian_calls)
}

inline supervisor_writes() {
  if :: writes = true :: writes = true :: writes = false :: writes = false :: writes = false fi;
  if
  :: writes ->
     draw_request();
     take_request()
  :: else
  fi
}

inline heed_command() {
  holds = asked_holds;
  force_offs = asked_force_offs;
  omits = asked_omits;
  pedestrian_omits = asked_pedestrian_omits;
  vehicle_calls = asked_vehicle_calls;
  pedestrian_calls = asked_pedestrian_calls
}

inline write_down_what_comes() {
  printf("step writes=%d epoch=%e newer_sequence=%d ticks=%d ", writes, epoch, newer_sequence, asked_ticks);
  printf("holds=%d force_offs=%d omits=%d pedestrian_omits=%d ", asked_holds, asked_force_offs, asked_omits, asked_pedestrian_omits);
  printf("vehicle_calls=%d pedestrian_calls=%d ", asked_vehicle_calls, asked_pedestrian_calls);
  printf("occupied=%d pushed=%d siren=%d ", occupied, pushed, siren)
}

inline street_comes() {
  turn_now_and_then(occupied);
  draw_bits(pushed);
  pushed = pushed & WITH_PEDESTRIANS;
  if :: siren = !siren :: true :: true :: true :: true :: true :: true :: true :: true :: true :: true :: true fi;
  present = occupied | vehicle_calls;
  buttons = pushed | pedestrian_calls;
  preempt_on = siren;
  write_down_what_comes();
  register_all();
  vehicles_wait = (locked | occupied | vehicle_calls) & ~greens
}

inline supervisor_asks() { skip }

inline forget_command() {
  if
  :: !commanded ->
     holds = 0;
     force_offs = 0;
     omits = 0;
     pedestrian_omits = 0;
     vehicle_calls = 0;
     pedestrian_calls = 0
  :: else
  fi
}

inline write_down_what_shows() {
  printf("| greens=%d yellows=%d reds_clearing=%d ", greens, in_interval(YELLOW), in_interval(RED_CLEAR));
  printf("walks=%d ped_clears=%d ", walks, in_crossing(PED_CLEAR));
  printf("nexts=%d vehicles_wait=%d pedestrians_wait=%d ", committed, vehicles_wait & ~greens, pedestrian);
  printf("lease=%d preempt=%e\n", lease, preempt)
}
