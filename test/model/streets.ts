/** The small streets of the model, with times of a few ticks. */
import { phaseId } from '#base/id.ts'
import type { ControllerDatabase } from '#signal/database.ts'
import type { Preempt } from '#signal/preempt.ts'
import { PLAIN_UNIT } from '#signal/unit.ts'
import { database, junction, type JunctionFacts } from '#test/support/junctions.ts'

/** One step of the model: short times keep the number of states small, and the machine does not ask what a unit of time is. */
export const TICK_MS = 1_000

export interface Street {
  readonly name: string
  readonly database: ControllerDatabase
}

/** In ticks; yellow and clearances of one tick could not be told from none where a mutant cuts them. */
const TIMING = {
  minGreenMs: 2,
  passageMs: 1,
  max1Ms: 3,
  yellowMs: 2,
  redClearMs: 1,
  redRevertMs: 2,
} as const

const WALK = { walkMs: 2, pedClearMs: 2 } as const

const ticks = (timing: Readonly<Record<string, number>>) =>
  Object.fromEntries(Object.entries(timing).map(([name, count]) => [name, count * TICK_MS]))

function street(name: string, facts: JunctionFacts, preempts: readonly Preempt[] = []): Street {
  const phases = facts.rings.flat(2).map((number) => {
    const { timing, ...others } = facts.phases?.[number] ?? {}
    return [number, { ...others, timing: ticks({ ...TIMING, ...timing }) }] as const
  })
  const unit = { ...PLAIN_UNIT, startAllRedMs: 2 * TICK_MS }
  return {
    name,
    database: database(junction({ ...facts, phases: Object.fromEntries(phases) }), [], { unit, preempts }),
  }
}

/** Main street 2 and 6, side street 4 and 8; people cross both; the loop of phase 8 only calls while somebody stands on it. */
export const CROSSING = street('crossing', {
  rings: [
    [[2], [4]],
    [[6], [8]],
  ],
  phases: {
    2: { timing: WALK, lockingCall: true, dualEntry: true },
    4: { timing: WALK, lockingCall: true },
    6: { lockingCall: true, dualEntry: true },
    8: {},
  },
})

/**
 * A side street ends at the main one. The lefts 1 and 5 need the same room: they must not run together although rings and
 * barriers would let them. Ring 2 has nothing beside phase 4.
 */
export const T_JUNCTION = street('t-junction', {
  rings: [[[1, 2], [4]], [[5, 6]]],
  phases: {
    1: { lockingCall: true },
    2: { lockingCall: true, recall: 'soft' },
    4: { lockingCall: true },
    5: {},
    6: { lockingCall: true, dualEntry: true, recall: 'minimum' },
  },
  extraConflicts: [[1, 5]],
})

/** Fire engines come out of the side street; then the main street is shown green with its pedestrians until they call off. */
export const STATION = street(
  'station',
  {
    rings: [
      [[2], [4]],
      [[6], [8]],
    ],
    phases: {
      2: { timing: { minGreenMs: 3, walkMs: 3, pedClearMs: 3 }, lockingCall: true, pedClearInYellow: true },
      4: { lockingCall: true },
      6: { lockingCall: true, dualEntry: true },
      8: { lockingCall: true },
    },
  },
  [
    {
      number: 1,
      name: { fa: 'آتش‌نشانی', en: 'fire station' },
      priority: 1,
      locking: true,
      delayMs: TICK_MS,
      minimumDurationMs: 8 * TICK_MS,
      lockoutMs: 0,
      maximumPresenceMs: 0,
      entry: { minGreenMs: 2 * TICK_MS, minWalkMs: 2 * TICK_MS },
      track: { phases: [phaseId(4)], greenMs: 2 * TICK_MS },
      dwell: { phases: [phaseId(2), phaseId(6)], minGreenMs: 2 * TICK_MS, walks: true },
      exitPhases: [phaseId(8)],
      exitPattern: null,
      link: null,
    },
  ],
)
