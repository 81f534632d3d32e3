/** What kinds of vehicles drive, by facts of their own; the values of cars are those that SUMO gives a passenger car. */

export interface VehicleKind {
  readonly key: string
  readonly lengthM: number
  /** Bumper to bumper in a standing queue. */
  readonly standingGapM: number
  readonly accelerationMps2: number
  readonly decelerationMps2: number
  /** Krauss's reaction time: what a driver keeps to the one ahead beside the standing gap. */
  readonly headwayS: number
  /** How much of its acceleration a driver leaves unused by chance, 0 to 1 (Krauss's sigma). */
  readonly imperfection: number
  /** Desired speed as a share of the street's: mean, and spread of a normal distribution, cut at 0.2 and 2. */
  readonly speedFactor: { readonly mean: number; readonly deviation: number }
  readonly people: number
  /** For fuel and CO₂. */
  readonly massKg: number
  readonly fuel: 'petrol' | 'diesel' | 'gas' | 'electric'
}

export const VEHICLE_KINDS = {
  car: {
    key: 'car',
    lengthM: 5,
    standingGapM: 2.5,
    accelerationMps2: 2.6,
    decelerationMps2: 4.5,
    headwayS: 1,
    imperfection: 0.5,
    speedFactor: { mean: 1, deviation: 0.1 },
    people: 1.5,
    massKg: 1_400,
    fuel: 'petrol',
  },
  lorry: {
    key: 'lorry',
    lengthM: 10,
    standingGapM: 2.5,
    accelerationMps2: 1.3,
    decelerationMps2: 4,
    headwayS: 1.2,
    imperfection: 0.5,
    speedFactor: { mean: 0.9, deviation: 0.05 },
    people: 1,
    massKg: 12_000,
    fuel: 'diesel',
  },
  bus: {
    key: 'bus',
    lengthM: 12,
    standingGapM: 2.5,
    accelerationMps2: 1.2,
    decelerationMps2: 4,
    headwayS: 1.2,
    imperfection: 0.5,
    speedFactor: { mean: 0.95, deviation: 0.03 },
    people: 30,
    massKg: 15_000,
    fuel: 'diesel',
  },
  emergency: {
    key: 'emergency',
    lengthM: 6.5,
    standingGapM: 2.5,
    accelerationMps2: 2.6,
    decelerationMps2: 4.5,
    headwayS: 1,
    imperfection: 0.2,
    speedFactor: { mean: 1.3, deviation: 0.05 },
    people: 3,
    massKg: 4_000,
    fuel: 'diesel',
  },
} as const satisfies Readonly<Record<string, VehicleKind>>

export type VehicleKindKey = keyof typeof VEHICLE_KINDS
export const KIND_KEYS = Object.keys(VEHICLE_KINDS) as readonly VehicleKindKey[]
