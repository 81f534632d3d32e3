/** Limits of what crosses a wire that the command line checks as well, apart from the schemas: help must not wait for their library. */

/** An hour is the longest that a backlog is held back by one word: a forgotten throttle ends by itself. */
export const THROTTLE_MS_MAX = 3_600_000

/** Strictly rising for an edge; what the four bytes of an event's parameter hold. */
export const PLAN_VERSION_MAX = 4_294_967_295
