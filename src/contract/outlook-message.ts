/** What intersections of different edges tell each other every second: QoS 0, not retained, soon forgotten. */
import Type from 'typebox'
import { OUTLOOK_PAST_S, OUTLOOK_PER_S_MAX, OUTLOOK_PLANNED_S } from '#signal/outlook.ts'

export const OUTLOOK_VERSION = 1

/** A way of twelve with 135 seconds has 600 bytes: the largest junction stays far below. */
export const OUTLOOK_BYTES_MAX = 65_536

/** A street of twenty kilometres with eight lanes. */
const STORAGE_MOST = 25_000
/** 32 lanes with three ways each. */
const WAYS_MOST = 96
const APPROACHES_MOST = 32

const Name = Type.String({ minLength: 1, maxLength: 200 })
const TurnField = Type.Enum(['left', 'through', 'right'])
const perSecond = (seconds: number) =>
  Type.Array(Type.Number({ minimum: 0, maximum: OUTLOOK_PER_S_MAX }), { maxItems: seconds })
const Places = Type.Integer({ minimum: 0, maximum: STORAGE_MOST })

export const OutlookMessage = Type.Object({
  /** Version N±1 is accepted. */
  v: Type.Integer({ minimum: OUTLOOK_VERSION - 1, maximum: OUTLOOK_VERSION + 1 }),
  intersection: Name,
  /** Random for each life of the sender; within it messages are numbered from 1. */
  epoch: Type.String({ pattern: '^[0-9a-f]{16}$' }),
  seq: Type.Integer({ minimum: 1, maximum: Number.MAX_SAFE_INTEGER }),
  /** By the sender's clock; the rest as in `signal/outlook.ts`. */
  atEpochMs: Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER }),
  movements: Type.Array(
    Type.Object({
      approach: Name,
      turn: TurnField,
      left: perSecond(OUTLOOK_PAST_S),
      planned: perSecond(OUTLOOK_PLANNED_S),
    }),
    { maxItems: WAYS_MOST },
  ),
  approaches: Type.Array(
    Type.Object({
      approach: Name,
      feeders: Type.Array(Type.Object({ intersection: Name, approach: Name, turn: TurnField }), {
        maxItems: WAYS_MOST,
      }),
      storage: Places,
      free: Places,
    }),
    { maxItems: APPROACHES_MOST },
  ),
})
export type OutlookMessage = Type.Static<typeof OutlookMessage>
