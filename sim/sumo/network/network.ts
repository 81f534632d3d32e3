/** A street network as SUMO has it, in the parts that signals need. */

export interface Network {
  readonly edges: ReadonlyMap<string, Edge>
  readonly lanes: ReadonlyMap<string, Lane>
  readonly junctions: ReadonlyMap<string, Junction>
  readonly connections: readonly Connection[]
  readonly lights: ReadonlyMap<string, Light>
}

export interface Edge {
  readonly id: string
  readonly use: 'street' | 'internal' | 'crossing' | 'walkingArea'
  /** Junctions; '' for the edges inside one. */
  readonly from: string
  readonly to: string
  /** From the kerb. */
  readonly lanes: readonly string[]
}

export interface Lane {
  readonly id: string
  readonly edge: string
  readonly lengthM: number
  readonly speedMps: number
  /** Carries cars, buses or lorries: not a pavement, a cycle path or rails. */
  readonly forVehicles: boolean
  /** Metres, in the direction of travel. */
  readonly shape: readonly (readonly [x: number, y: number])[]
}

export interface Junction {
  readonly id: string
  readonly type: string
  readonly x: number
  readonly y: number
  /** The last lane inside the junction of each of its links, in the order of `requests`. */
  readonly internalLanes: readonly string[]
  readonly incomingLanes: readonly string[]
  readonly requests: readonly Request[]
}

/** Of one link of a junction: whom its way crosses, and to whom of them it yields; numbers of links of the same junction. */
export interface Request {
  readonly foes: ReadonlySet<number>
  readonly yieldsTo: ReadonlySet<number>
}

export type Direction = 'straight' | 'left' | 'right' | 'partlyLeft' | 'partlyRight' | 'turn' | 'none'

export interface Connection {
  readonly fromLane: string
  readonly toLane: string
  /** The first lane inside the junction; null where there is none. */
  readonly via: string | null
  readonly direction: Direction
  /** Which letter of which light's state it obeys; null where no light stands. */
  readonly signal: { readonly light: string; readonly link: number } | null
}

export interface Light {
  readonly id: string
  /** In the order of the file; SUMO runs the last one. */
  readonly programs: readonly Program[]
}

export interface Program {
  readonly id: string
  readonly type: string
  readonly offsetS: number
  readonly steps: readonly Step[]
}

/** What SUMO calls a phase of a program: for so long the links show these letters. */
export interface Step {
  readonly durationS: number
  /** How short and how long an actuated program makes it; null where it is not said. */
  readonly leastS: number | null
  readonly mostS: number | null
  readonly state: string
}
