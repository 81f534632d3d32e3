/** The numbers of TraCI that we use (SUMO 1.15, API 20): domains, variables, and the commands that carry them. */

/**
 * A domain is the last digit of all its commands: 0xA… get, 0xB… its answer, 0xC… set, 0xD… subscribe, 0xE… what was subscribed;
 * 0x8… subscribe to what is around a thing, 0x9… what was there.
 */
export const DOMAIN = {
  loop: 0x0,
  light: 0x2,
  lane: 0x3,
  vehicle: 0x4,
  junction: 0x9,
  simulation: 0xb,
  laneArea: 0xd,
} as const

export type DomainName = keyof typeof DOMAIN

export const COMMAND = { version: 0x00, step: 0x02, close: 0x7f } as const

/** First digits of the commands of a domain. */
export const COMMAND_KIND = {
  subscribeAround: 0x80,
  subscribedAround: 0x90,
  get: 0xa0,
  answer: 0xb0,
  set: 0xc0,
  subscribe: 0xd0,
  subscribed: 0xe0,
} as const

/** Of every domain: the identifiers of all its things. */
export const ID_LIST = 0x00

export const VARIABLE = {
  loop: { vehicleCount: 0x10, occupancyPct: 0x13, vehicleData: 0x17 },
  light: {
    state: 0x20,
    controlledLinks: 0x27,
    /** Index of the step that is shown. */
    step: 0x28,
    program: 0x29,
    programs: 0x2b,
    /** When the next step begins, by the clock of the simulation. */
    nextSwitchS: 0x2d,
  },
  lane: { vehicles: 0x12, haltingCount: 0x14, occupancyPct: 0x13 },
  vehicle: { speedMps: 0x40, lane: 0x51, positionM: 0x56, typeLengthM: 0x44 },
  simulation: {
    departedCount: 0x73,
    departed: 0x74,
    teleportsBegun: 0x76,
    arrivedCount: 0x79,
    arrived: 0x7a,
    stepLengthS: 0x7b,
    /** Vehicles under way and still to come; 0 ends the day. */
    expectedCount: 0x7d,
    timeS: 0x66,
    /** As it was asked for; -1 where the simulation has no end. */
    endS: 0x1d,
    /** Wanted to leave and had no room, by vehicle. */
    waitingToDepart: 0x2d,
  },
  laneArea: { vehicles: 0x12, occupancyPct: 0x13, jamLengthM: 0x19 },
} as const

/** API of the first release with everything that is used here: 1.0 has 20. */
export const API_LEAST = 20
