/*
 * What comes from outside in a step: vehicles, people at push buttons, the preempt's input, and a supervisor.
 *
 * The search lets each of them do whatever can make a difference in that step: a hold of a red phase or a second push
 * makes none. Under a lease it lets the command change in every step, even while the supervisor is silent; a command that
 * lasts is one case of it. A trace (`-DTRACE`) draws every bit by chance and lets it last, as in a street.
 */

/* --- The lease (sim/cabinet/lease.ts). Epochs and sequences count only against the newest one so far. --------------- */

mtype:epoch = { OLDER, SAME, NEWER };

byte lease;                 /* what is left of it; 0 = nobody supervises */
bool commanded;             /* the command of its holder is in effect */
bool kept_out;              /* a preempt is in service: who supervises may go on, nobody may begin */

/* The command: phase control bits of NTCIP 1202. */
byte holds, force_offs, omits, pedestrian_omits;

/* A request says of what epoch it is, whether its sequence is newer than the last one, and for how long it asks. */
mtype:epoch epoch = OLDER;
bool newer_sequence;
byte asked_ticks;

byte buttons;               /* push buttons held down, by the phase that they call */
bool preempt_on;

#define renews (epoch == SAME && lease > 0)
#define is_granted (guard(LEASE_LENGTH, asked_ticks >= 1 && asked_ticks <= LEASE_TICKS_MOST) && \
                    guard(LEASE_EPOCH, renews || epoch == NEWER) && \
                    guard(LEASE_SEQUENCE, !renews || newer_sequence) && \
                    guard(PREEMPT_KEEPS_OUT, renews || !kept_out))

inline take_request() {
  if
  :: is_granted ->
     lease = asked_ticks;
     commanded = true;
     heed_command()
  :: else
  fi;
  judge_request()
}

/* After the step: a lease that is not renewed runs down, and every bit of its command goes with it. */
inline lease_ages() {
  kept_out = is_preempting;
  lease = (removed(LEASE_RUNS_DOWN) -> lease : down(lease));
  commanded = commanded && guard(COMMAND_ENDS, lease > 0);
  forget_command()
}

/* Registers what the street has brought; between two steps nothing of it is left but calls. */
inline register_all() {
  note_who_calls();
  register_calls();
  watch_input();
  note_who_waits();
  buttons = 0;
  preempt_on = false
}

#ifdef TRACE
#include "by-chance.pml"
#else
#include "in-every-way.pml"
#endif
