/** What the edge finds wrong with the field by itself: alarms beside those that a cabinet reports, each with its subject. */
import Type from 'typebox'

/** The order numbers them in the parameters of the events 267 and 268 (`docs/events.md`): append only. */
export const FIELD_ALARMS = [
  /** Nobody takes a connection there, or it is cut as soon as it stands. */
  'deviceUnreachable',
  /** It takes connections, and nothing comes. */
  'deviceSilent',
  /** It answers, but later than anybody can wait for it. */
  'deviceLate',
  /** What answers is another unit than was asked. */
  'wrongUnit',
  /** What it answers does not fit its profile. */
  'wrongMap',
  /** The clock of the controller is off. */
  'clockDrift',
  /** Two loops are wired to each other's inputs. */
  'loopsSwapped',
  /** What the software monitor proves from what is read of the lamps: conflicting channels with right of way together, */
  'displayedConflict',
  /** two indications of one channel together, */
  'dualIndication',
  /** all lamps of a channel dark, */
  'missingRed',
  /** a yellow that was too short, or left out, */
  'shortYellow',
  /** a green too soon after a conflicting one, */
  'skippedClearance',
  /** and a lease that does not run out although nobody renews it. */
  'stuckLease',
  /** Somebody else writes to what we supervise the intersection by: takes or renews a lease, or is refused one. */
  'secondSupervisor',
  /** It answers, and repeats itself: its clock stands still. */
  'deviceFrozen',
] as const
export type FieldAlarmName = (typeof FIELD_ALARMS)[number]

/** One that stands. */
export const FieldAlarm = Type.Object({
  alarm: Type.Enum(FIELD_ALARMS),
  /** `controller`, or the name of a card. */
  device: Type.String(),
  /** The two that are exchanged; else empty. */
  detectors: Type.Array(Type.Integer({ minimum: 1 })),
  /** Those that the software monitor has found something at; left out of all else. */
  channels: Type.Optional(Type.Array(Type.Integer({ minimum: 1 }))),
})
export type FieldAlarm = Type.Static<typeof FieldAlarm>
