/** Signs what an edge is to follow, by the private key of one person; a second person's signature is added beside it. */
import { createPublicKey, sign, type KeyObject } from 'node:crypto'
import { writeSignedOrder, signedText, type OrderKind, type SignedOrder } from '#contract/signed-order.ts'
import { keyIdOf } from '#edge/orders/key-ring.ts'

/** The public half, SPKI as DER. */
export const publicHalf = (key: KeyObject): Buffer => createPublicKey(key).export({ format: 'der', type: 'spki' })

export const idOfPrivate = (key: KeyObject): string => keyIdOf(publicHalf(key))

/** The order with this signature too; another one of the same key is replaced. */
export function signOrder(kind: OrderKind, { body, signatures }: SignedOrder, key: KeyObject): SignedOrder {
  const id = idOfPrivate(key)
  const signature = sign(null, Buffer.from(signedText(kind, body), 'ascii'), key).toString('hex')
  return { body, signatures: [...signatures.filter((each) => each.key !== id), { key: id, signature }] }
}

/** A body as its text, signed by each of the keys. */
export const signedBy = (kind: OrderKind, body: object, keys: readonly KeyObject[]): string =>
  writeSignedOrder(keys.reduce<SignedOrder>((order, key) => signOrder(kind, order, key), { body, signatures: [] }))
