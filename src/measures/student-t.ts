/** Student's t distribution for whole degrees of freedom, by its finite series (Abramowitz and Stegun 26.7.3 and 26.7.4). */
import { invariant } from '#base/invariant.ts'

/** The share of all values of |T| that are not above `t`. */
export function shareWithin(t: number, degrees: number): number {
  invariant(Number.isInteger(degrees) && degrees >= 1, 'degrees of freedom are whole, and at least one')
  const theta = Math.atan(t / Math.sqrt(degrees))
  const odd = degrees % 2 === 1
  if (degrees === 1) return (2 * theta) / Math.PI
  const series = sumOfPowers(Math.cos(theta), degrees)
  return odd ? (2 / Math.PI) * (theta + Math.sin(theta) * series) : Math.sin(theta) * series
}

/** The t that |T| does not exceed with that chance, such as 12.706 for 0.95 and 1. */
export function quantileWithin(share: number, degrees: number): number {
  invariant(share > 0 && share < 1, 'a share between 0 and 1')
  let [low, high] = [0, 1]
  while (shareWithin(high, degrees) < share) high *= 2
  // As near as numbers go.
  for (let middle = (low + high) / 2; middle > low && middle < high; middle = (low + high) / 2)
    if (shareWithin(middle, degrees) < share) low = middle
    else high = middle
  return high
}

/** cos θ + 2/3 cos³ θ + 2·4/(3·5) cos⁵ θ + … for odd degrees, 1 + 1/2 cos² θ + 1·3/(2·4) cos⁴ θ + … for even ones. */
function sumOfPowers(cosine: number, degrees: number): number {
  let term = degrees % 2 === 1 ? cosine : 1
  let sum = term
  for (let power = degrees % 2 === 1 ? 3 : 2; power <= degrees - 2; power += 2) {
    term *= (cosine * cosine * (power - 1)) / power
    sum += term
  }
  return sum
}
