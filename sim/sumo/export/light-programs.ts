/** Fixed programs as SUMO has them: for each step a letter for each way of a junction. */
import { at } from '#base/at.ts'
import { LAMP } from '../../traffic/flow/flow.ts'
import { readLamps, type Lamps } from '../../traffic/flow/lights.ts'
import type { JunctionNumber, StreetNetwork, WayNumber } from '../../traffic/streets/street-network.ts'
import type { FixedProgram } from './fixed-program.ts'
import { decimals, linkOf } from './plain-network.ts'
import { document, element } from './xml.ts'

/** The programs begin at midnight, which is where the clock of the scenario begins too. */
export function lightsXml(network: StreetNetwork, programs: readonly FixedProgram[]): string {
  const lit = network.junctions.flatMap(({ intersection }, junction) => {
    const program = programs.find((one) => one.intersection === intersection)
    return program === undefined ? [] : [{ junction, program }]
  })
  const lights = lit.map(({ junction, program }) => lightXml(network, junction, program))
  const links = lit.flatMap(({ junction, program }) => linksXml(network, junction, program))
  return document(element('tlLogics', {}, [...lights, ...links]))
}

function linksXml(network: StreetNetwork, junction: JunctionNumber, { intersection }: FixedProgram): string[] {
  return at(network.junctions, junction).ways.map((way, linkIndex) =>
    element('connection', { ...linkOf(network, at(network.ways, way)), tl: intersection, linkIndex }),
  )
}

function lightXml(network: StreetNetwork, junction: JunctionNumber, { intersection, steps }: FixedProgram): string {
  const shown: { state: string; durationMs: number }[] = []
  for (const { durationMs, lamps } of steps) {
    const state = stateOf(network, junction, lamps)
    const last = shown.at(-1)
    // Steps that differ for people on foot only are one for drivers.
    if (last?.state === state) last.durationMs += durationMs
    else shown.push({ state, durationMs })
  }
  const phases = shown.map(({ state, durationMs }, i) =>
    element('phase', {
      duration: decimals(durationMs / 1_000, 1),
      state: withRedAmber(state, at(shown, (i + shown.length - 1) % shown.length).state),
    }),
  )
  return element('tlLogic', { id: intersection, type: 'static', programID: 'fixed', offset: 0 }, phases)
}

/** A yellow that follows a red announces a green: nobody may go yet. */
const withRedAmber = (state: string, before: string): string =>
  state.replace(/y/g, (letter, link: number) => (before[link] === 'r' ? 'u' : letter))

/** The letters of SUMO: G goes, g goes and yields, y yellow, r red, s red with a turn after a stop. */
export function stateOf(network: StreetNetwork, junction: JunctionNumber, lamps: Lamps): string {
  const shown = new Uint8Array(network.ways.length)
  readLamps(network, junction, lamps, shown)
  return at(network.junctions, junction)
    .ways.map((way) => letterOf(network, way, shown))
    .join('')
}

function letterOf({ ways }: StreetNetwork, way: WayNumber, shown: Uint8Array): string {
  const { yieldsTo, onRed } = at(ways, way)
  switch (shown[way]) {
    case LAMP.go:
      return yieldsTo.some((other) => shown[other] === LAMP.go) ? 'g' : 'G'
    case LAMP.caution:
      return 'y'
    default:
      return onRed ? 's' : 'r'
  }
}
