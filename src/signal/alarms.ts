/** The alarms of a cabinet by their number: the bit of `unit.alarmBits`, and the parameter of the events 200 and 201. */

/** `docs/events.md` lists the same: 1 to 16 are the conflict monitor's checks, what follows is the cabinet's own. */
export const ALARMS = {
  conflict: 1,
  recurrentPulses: 2,
  dualIndication: 3,
  redFailure: 4,
  skippedYellow: 5,
  shortYellow: 6,
  shortClearance: 7,
  watchdog: 8,
  controllerStopped: 17,
  databaseRefused: 18,
  doorOpen: 19,
  mainsLost: 20,
  localFlash: 21,
  manualControl: 22,
  stopTime: 23,
} as const

export type AlarmName = keyof typeof ALARMS
