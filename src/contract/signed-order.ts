/** What people sign and an edge follows: a body and signatures, as one canonical text that can be written in one way only. */
import Type from 'typebox'
import { Compile } from 'typebox/compile'
import { canonicalJson, parseCanonical } from '#base/canonical-json.ts'
import { failed, ok, type Outcome } from '#base/outcome.ts'
import { orderFault, type OrderFault } from './order-fault.ts'

/** In the signed text, so that a signature under the one is none under the other. */
export const ORDER_KINDS = ['plan', 'command'] as const
export type OrderKind = (typeof ORDER_KINDS)[number]

export const ORDER_VERSION = 1
/** Version N±1 is accepted, and unknown fields of the body are kept. */
export const OrderVersion = Type.Integer({ minimum: ORDER_VERSION - 1, maximum: ORDER_VERSION + 1 })

/** The last moment that a date can say (ECMA-262, 21.4.1.1). */
export const EpochMs = Type.Integer({ minimum: 0, maximum: 8_640_000_000_000_000 })

/** Twelve intersections with all their plans are 200 kB; what is larger is not read at all. */
export const ORDER_BYTES_MAX = 1_048_576

/** First 64 bits of SHA-256 over the public key (SPKI, DER), hex. */
export const KeyId = Type.String({ pattern: '^[0-9a-f]{16}$' })

/** Of the key named; Ed25519 over `signedText`, hex, which has one spelling. */
const Signature = Type.Object(
  { key: KeyId, signature: Type.String({ pattern: '^[0-9a-f]{128}$' }) },
  { additionalProperties: false },
)
export type Signature = Type.Static<typeof Signature>

/** Nothing beside the body and the signatures: what nobody has signed has no place. Keys ascend, so that none stands twice. */
const SignedOrder = Type.Object(
  { body: Type.Object({}), signatures: Type.Array(Signature, { minItems: 1, maxItems: 4 }) },
  { additionalProperties: false },
)
export type SignedOrder = Type.Static<typeof SignedOrder>

export const signedText = (kind: OrderKind, body: object): string => `sabz ${kind}\n${canonicalJson(body)}`

export const writeSignedOrder = ({ body, signatures }: SignedOrder): string =>
  canonicalJson({ body, signatures: signatures.toSorted((a, b) => (a.key < b.key ? -1 : 1)) })

const schema = Compile(SignedOrder)

/** Never throws, whatever comes. A text that passes says the same in no other way. */
export function readSignedOrder(text: string): Outcome<SignedOrder, OrderFault> {
  if (text.length > ORDER_BYTES_MAX)
    return failed(orderFault('ORDER_TOO_LARGE', `${text.length} characters, at most ${ORDER_BYTES_MAX}`))
  const parsed = parseCanonical(text)
  if (!parsed.ok) return failed(orderFault('ORDER_NOT_CANONICAL', `the text is ${parsed.fault}`))
  const order = parsed.value
  if (!schema.Check(order)) return failed(orderFault('ORDER_MALFORMED', 'it is not a body with one to four signatures'))
  const keys = order.signatures.map(({ key }) => key)
  if (keys.some((key, index) => index > 0 && key <= (keys[index - 1] ?? '')))
    return failed(orderFault('ORDER_NOT_CANONICAL', 'its signatures do not stand in the order of their keys'))
  return ok(order)
}
