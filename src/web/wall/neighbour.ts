/** Which tile lies in the direction of an arrow, by where the tiles really are: right for any width and both directions. */

export type Arrow = 'left' | 'right' | 'up' | 'down'

export interface Box {
  readonly left: number
  readonly top: number
  readonly width: number
  readonly height: number
}

/** Index of the nearest box that way, null when there is none. */
export function neighbourOf(boxes: readonly Box[], from: number, arrow: Arrow): number | null {
  const start = boxes[from]
  if (!start) return null
  let best: { index: number; distance: number } | null = null
  for (const [index, box] of boxes.entries()) {
    const distance = distanceAlong(start, box, arrow)
    if (index !== from && distance !== null && (!best || distance < best.distance)) best = { index, distance }
  }
  return best?.index ?? null
}

/** Null when the box does not lie that way. Sideways counts ten times, so that an arrow stays in its row or column. */
function distanceAlong(from: Box, to: Box, arrow: Arrow): number | null {
  const across = to.left + to.width / 2 - (from.left + from.width / 2)
  const down = to.top + to.height / 2 - (from.top + from.height / 2)
  const horizontal = arrow === 'left' || arrow === 'right'
  const along = horizontal ? across : down
  const forward = arrow === 'right' || arrow === 'down' ? along : -along
  const aside = Math.abs(horizontal ? down : across)
  const reach = horizontal ? from.width / 2 : from.height / 2
  if (forward < reach / 2 || (horizontal && aside > from.height / 2)) return null
  return forward + 10 * aside
}
