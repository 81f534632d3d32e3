/** The loops of a real street as a file for SUMO: on each lane before a light, whatever the light does. */
import type { Network } from '../network/network.ts'
import { advanceSetbackM, placesUpstream, stopBarPlace, type LoopPlace } from '../derive/loops.ts'

export interface LaidLoop extends LoopPlace {
  /** Its name in SUMO. */
  readonly id: string
}

/** No scenario has detectors by this name. */
const PREFIX = 'sabz-loop-'

const DAY_S = 86_400 // SUMO wants to write a summary every so often, to a file that is none.

export function loopsInStreet(network: Network): readonly LaidLoop[] {
  const places = new Map<string, LoopPlace>()
  const lanes = new Set(network.connections.flatMap(({ fromLane, signal }) => (signal === null ? [] : [fromLane])))
  for (const id of lanes) {
    const lane = network.lanes.get(id)
    if (lane === undefined || !lane.forVehicles || network.edges.get(lane.edge)?.use !== 'street') continue
    for (const place of [stopBarPlace(lane), ...placesUpstream(network, lane, advanceSetbackM(lane))])
      places.set(placeKey(place), place)
  }
  return [...places.values()].map((place, index) => ({ ...place, id: `${PREFIX}${index}` }))
}

export const placeKey = ({ lane, positionM }: LoopPlace): string => `${lane} ${positionM}`

export function loopsFile(loops: readonly LaidLoop[]): string {
  const rows = loops.map(
    ({ id, lane, positionM }) =>
      `  <inductionLoop id="${id}" lane="${escaped(lane)}" pos="${positionM}" period="${DAY_S}" file="NUL" friendlyPos="true"/>`,
  )
  return `<additional>\n${rows.join('\n')}\n</additional>\n`
}

const escaped = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;')
