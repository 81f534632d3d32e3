/*
 * The guards by name. `-DMUTANT=MINIMUM_GREEN` builds a controller without that guard; the search must then find the harm
 * that it does. A rule that is kept in two places is taken away in both.
 */
#define MINIMUM_GREEN 1
#define MAXIMUM_GREEN 2
#define YELLOW_TIME 3
#define RED_CLEAR_TIME 4
#define RED_REVERT_TIME 5
#define START_ALL_RED_TIME 6
#define WALK_TIME 7
#define PED_CLEAR_TIME 8
#define PEDESTRIANS_ACROSS 9
#define CONFLICT 10
#define BARRIER 11
#define CROSS_TOGETHER 12
#define CALL_AT_POWER_UP 13
#define LOCKED_CALL 14
#define CUT_OFF_CALL 15
#define PUSHED_CALL 16
#define HOLD 17
#define OMIT 18
#define PEDESTRIAN_OMIT 19
#define LEASE_LENGTH 20
#define LEASE_EPOCH 21
#define LEASE_SEQUENCE 22
#define LEASE_RUNS_DOWN 23
#define COMMAND_ENDS 24
#define PREEMPT_ENTRY_GREEN 25
#define PREEMPT_ENTRY_WALK 26
#define PREEMPT_PED_CLEAR 27
#define PREEMPT_LASTS 28
#define PREEMPT_TRACK_GREEN 29
#define PREEMPT_DWELL_GREEN 30
#define PREEMPT_DURATION 31
#define PREEMPT_LOCK 32
#define PREEMPT_OVER_HOLD 33
#define PREEMPT_KEEPS_OUT 34

#ifndef MUTANT
#define MUTANT 0
#endif

#define removed(name) (MUTANT == name)
/* A condition that must hold before anything happens … */
#define guard(name, condition) (removed(name) || (condition))
/* … and something that must be heeded. */
#define heeded(name, what) (removed(name) -> 0 : (what))
