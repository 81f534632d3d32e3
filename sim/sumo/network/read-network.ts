/** Reads a network of SUMO piece by piece, and says all at once what is wrong with it. */
import { createReadStream } from 'node:fs'
import { pipeline } from 'node:stream/promises'
import { createGunzip } from 'node:zlib'
import { SaxesParser } from 'saxes'
import { at } from '#base/at.ts'
import { failed, ok, type Outcome } from '#base/outcome.ts'
import { Attributes } from './attributes.ts'
import type { Connection, Direction, Edge, Junction, Lane, Light, Network, Program, Request, Step } from './network.ts'
import type { NetworkFault } from './network-fault.ts'

/** A scenario may bring the programs of its lights in files of its own. */
export interface NetworkReading {
  readonly programsElsewhere: boolean
}

/** A file with `.gz` at the end is unpacked on the way. */
export async function readNetwork(
  file: string,
  { programsElsewhere }: NetworkReading = { programsElsewhere: false },
): Promise<Outcome<Network, readonly NetworkFault[]>> {
  const reader = new NetworkReader(programsElsewhere)
  const take = async (pieces: AsyncIterable<Buffer>) => {
    const text = new TextDecoder()
    for await (const piece of pieces) reader.push(text.decode(piece, { stream: true }))
  }
  try {
    if (file.endsWith('.gz')) await pipeline(createReadStream(file), createGunzip(), take)
    else await pipeline(createReadStream(file), take)
  } catch (error) {
    return failed([{ code: 'NETWORK_UNREADABLE', detail: error instanceof Error ? error.message : String(error) }])
  }
  return reader.end()
}

/** A network whose text is at hand. */
export function parseNetwork(text: string): Outcome<Network, readonly NetworkFault[]> {
  const reader = new NetworkReader(false)
  reader.push(text)
  return reader.end()
}

/** Thousands of faults of one kind tell no more than the first of them. */
const FAULTS_MOST = 20

const DIRECTIONS: Readonly<Record<string, Direction>> = {
  s: 'straight',
  l: 'left',
  r: 'right',
  L: 'partlyLeft',
  R: 'partlyRight',
  t: 'turn',
}

const USES: Readonly<Record<string, Edge['use']>> = {
  internal: 'internal',
  crossing: 'crossing',
  walkingarea: 'walkingArea',
}

/** Classes of vehicles that stop at signals for cars. */
const MOTORISED = ['passenger', 'private', 'bus', 'coach', 'truck', 'trailer', 'delivery', 'taxi', 'motorcycle']

type Growing<T, Key extends keyof T> = Omit<T, Key> & {
  readonly [K in Key]: T[K] extends readonly (infer U)[] ? U[] : never
}

class NetworkReader {
  readonly #parser = new SaxesParser()
  readonly #programsElsewhere: boolean
  readonly #faults: NetworkFault[] = []
  readonly #edges = new Map<string, Growing<Edge, 'lanes'>>()
  readonly #lanes = new Map<string, Lane>()
  readonly #junctions = new Map<string, Growing<Junction, 'requests'>>()
  readonly #connections: Connection[] = []
  /** Line of each connection. */
  readonly #connectionLines: number[] = []
  readonly #lights = new Map<string, Growing<Light, 'programs'>>()
  #root: string | null = null
  #edge: Growing<Edge, 'lanes'> | null = null
  #junction: Growing<Junction, 'requests'> | null = null
  #program: Growing<Program, 'steps'> | null = null

  constructor(programsElsewhere: boolean) {
    this.#programsElsewhere = programsElsewhere
    this.#parser.on('error', ({ message }) => {
      // saxes puts line and column before its words.
      const detail = message.replace(/^([^:]*:)?\d+:\d+: /, '').replace(/\.$/, '')
      this.#faults.push({ code: 'NETWORK_NOT_XML', line: this.#parser.line, detail })
    })
    this.#parser.on('opentag', (element) => this.#open(new Attributes(element, this.#parser.line, this.#faults)))
  }

  push(text: string): void {
    this.#parser.write(text)
  }

  end(): Outcome<Network, readonly NetworkFault[]> {
    this.#parser.close()
    if (this.#root !== null && this.#root !== 'net') return failed([{ code: 'NETWORK_NOT_A_NET', root: this.#root }])
    if (this.#faults.length === 0) this.#checkWhole()
    if (this.#faults.length > 0) return failed(this.#faults.slice(0, FAULTS_MOST))
    return ok({
      edges: this.#edges,
      lanes: this.#lanes,
      junctions: this.#junctions,
      connections: this.#connections,
      lights: this.#lights,
    })
  }

  #open(attributes: Attributes): void {
    this.#root ??= attributes.element
    switch (attributes.element) {
      case 'edge':
        return this.#openEdge(attributes)
      case 'lane':
        return this.#openLane(attributes)
      case 'junction':
        return this.#openJunction(attributes)
      case 'request':
        this.#junction?.requests.push(readRequest(attributes))
        return undefined
      case 'connection':
        this.#connections.push(readConnection(attributes))
        this.#connectionLines.push(attributes.line)
        return undefined
      case 'tlLogic':
        return this.#openProgram(attributes)
      case 'phase':
        this.#program?.steps.push(readStep(attributes))
        return undefined
      default:
        return undefined
    }
  }

  #openEdge(attributes: Attributes): void {
    const id = attributes.text('id')
    const use = USES[attributes.optional('function') ?? ''] ?? 'street'
    const end = (name: string) => attributes.optional(name) ?? ''
    this.#edge = { id, use, from: end('from'), to: end('to'), lanes: [] }
    this.#edges.set(id, this.#edge)
  }

  #openLane(attributes: Attributes): void {
    if (this.#edge === null) return
    const id = attributes.text('id')
    this.#edge.lanes.push(id)
    this.#lanes.set(id, {
      id,
      edge: this.#edge.id,
      lengthM: attributes.positive('length'),
      speedMps: attributes.positive('speed'),
      forVehicles: carriesVehicles(attributes),
      shape: readShape(attributes),
    })
  }

  #openJunction(attributes: Attributes): void {
    const id = attributes.text('id')
    this.#junction = {
      id,
      type: attributes.text('type'),
      x: attributes.number('x'),
      y: attributes.number('y'),
      incomingLanes: attributes.words('incLanes'),
      internalLanes: attributes.words('intLanes'),
      requests: [],
    }
    this.#junctions.set(id, this.#junction)
  }

  #openProgram(attributes: Attributes): void {
    const id = attributes.text('id')
    const program = attributes.optional('programID') ?? ''
    const offsetS = Number(attributes.optional('offset') ?? 0)
    this.#program = {
      id: program,
      type: attributes.optional('type') ?? 'static',
      // `begin` and the like leave the program to start with the simulation.
      offsetS: Number.isFinite(offsetS) ? offsetS : 0,
      steps: [],
    }
    const light = this.#lights.get(id) ?? { id, programs: [] }
    light.programs.push(this.#program)
    this.#lights.set(id, light)
  }

  /** What holds between the parts; asked once each of them is sound. */
  #checkWhole(): void {
    if (this.#lanes.size === 0) this.#faults.push({ code: 'NETWORK_WITHOUT_LANES' })
    const links = new Map<string, number>()
    for (const [index, { fromLane, toLane, signal }] of this.#connections.entries()) {
      const line = at(this.#connectionLines, index)
      for (const lane of [fromLane, toLane])
        if (!this.#lanes.has(lane)) this.#faults.push({ code: 'NETWORK_LANE_UNKNOWN', line, lane })
      if (signal === null || this.#programsElsewhere) continue
      links.set(signal.light, Math.max(links.get(signal.light) ?? 0, signal.link + 1))
      // Rails have signals of their own kind, which need no program.
      const isRail = !(this.#lanes.get(fromLane)?.forVehicles ?? true)
      if (!this.#lights.has(signal.light) && !isRail)
        this.#faults.push({ code: 'NETWORK_LIGHT_UNKNOWN', line, light: signal.light })
    }
    for (const light of this.#lights.values()) this.#checkLetters(light, links.get(light.id) ?? 0)
  }

  #checkLetters({ id: light, programs }: Light, links: number): void {
    for (const { id: program, steps } of programs)
      for (const letters of new Set(steps.map(({ state }) => state.length)))
        if (letters < links) this.#faults.push({ code: 'NETWORK_STATE_TOO_SHORT', light, program, letters, links })
  }
}

function carriesVehicles(attributes: Attributes): boolean {
  const allowed = attributes.optional('allow')
  const refused = attributes.words('disallow')
  if (allowed !== null && allowed !== 'all') return attributes.words('allow').some((name) => MOTORISED.includes(name))
  return !refused.includes('all') && !MOTORISED.every((name) => refused.includes(name))
}

function readShape(attributes: Attributes): [number, number][] {
  return attributes.words('shape').map((point) => {
    const [x = 0, y = 0] = point.split(',').map(Number)
    return [x, y]
  })
}

/** Bit strings of SUMO have link 0 at their right end. */
function readRequest(attributes: Attributes): Request {
  const bits = (name: string) =>
    new Set([...attributes.text(name)].toReversed().flatMap((bit, link) => (bit === '1' ? [link] : [])))
  return { foes: bits('foes'), yieldsTo: bits('response') }
}

/** Ways over rails name a light, and no letter of it. */
const NO_LETTER = '-1'

function readConnection(attributes: Attributes): Connection {
  const light = attributes.optional('linkIndex') === NO_LETTER ? null : attributes.optional('tl')
  return {
    fromLane: `${attributes.text('from')}_${attributes.positive('fromLane')}`,
    toLane: `${attributes.text('to')}_${attributes.positive('toLane')}`,
    via: attributes.optional('via'),
    direction: DIRECTIONS[attributes.optional('dir') ?? ''] ?? 'none',
    signal: light === null ? null : { light, link: attributes.positive('linkIndex') },
  }
}

/** Some actuated programs give limits alone. */
function readStep(attributes: Attributes): Step {
  const leastS = attributes.optionalPositive('minDur')
  const mostS = attributes.optionalPositive('maxDur')
  const limit = mostS ?? leastS
  const durationS = attributes.optional('duration') === null && limit !== null ? limit : attributes.positive('duration')
  return { durationS, leastS, mostS, state: attributes.text('state') }
}
