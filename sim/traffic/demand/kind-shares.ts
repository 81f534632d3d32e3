/** What kinds of vehicles come, as shares of all: each driver's dice of its own, so that another mix changes nobody's route. */
import { hashText, uniformFor } from '#base/random.ts'
import type { VehicleKindKey } from '../vehicle-kind.ts'

/** Of the kinds beside cars; the rest are cars. */
export type KindShares = readonly { readonly kind: VehicleKindKey; readonly share: number }[]

/** Heavy vehicles where nobody has counted them: HCM 6, chapter 19, takes 3 % at signals. */
export const USUAL_KINDS: KindShares = [{ kind: 'lorry', share: 0.03 }]

const KIND = hashText('kind of vehicle')

export function kindOf(persona: number, shares: KindShares): VehicleKindKey {
  let rest = uniformFor(persona, KIND)
  for (const { kind, share } of shares) {
    rest -= share
    if (rest < 0) return kind
  }
  return 'car'
}
