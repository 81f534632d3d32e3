/** Bearings in degrees, clockwise from north. */

/** From `b` to `a`, clockwise: more than -180 up to 180. */
export function turnedDeg(a: number, b: number): number {
  const turned = (((a - b) % 360) + 360) % 360
  return turned > 180 ? turned - 360 : turned
}
