/** Whose signature counts: the keys that a site trusts, what each may sign, and until when. */
import { createHash, createPublicKey, verify, type KeyObject } from 'node:crypto'
import { failed, ok, type Outcome } from '#base/outcome.ts'
import { orderFault, type OrderFault } from '#contract/order-fault.ts'
import { signedText, type OrderKind, type Signature, type SignedOrder } from '#contract/signed-order.ts'

/** Plain data, as the site's configuration has it. */
export interface TrustedKey {
  /** `keyIdOf` its public half. */
  readonly id: string
  /** The person who has it. Two keys of one person are one signer. */
  readonly holder: string
  /** SPKI, DER, base64. */
  readonly publicKey: string
  readonly may: readonly OrderKind[]
  /** Null: until it is taken out of the configuration. */
  readonly untilEpochMs: number | null
}

export interface Signed {
  readonly kind: OrderKind
  readonly order: SignedOrder
  readonly nowEpochMs: number
}

export const keyIdOf = (spki: Uint8Array): string => createHash('sha256').update(spki).digest('hex').slice(0, 16)

export class KeyRing {
  #keys: ReadonlyMap<string, { readonly trusted: TrustedKey; readonly key: KeyObject }>

  /** @throws where a public key is none: the configuration is checked before. */
  constructor(keys: readonly TrustedKey[]) {
    this.#keys = ringOf(keys)
  }

  /** From now on these count and no others. @throws likewise, and then the former go on counting. */
  replace(keys: readonly TrustedKey[]): void {
    this.#keys = ringOf(keys)
  }

  /** The people who have signed; each signature must be good, so that a bad one beside a good one is seen. */
  signersOf({ kind, order, nowEpochMs }: Signed): Outcome<readonly TrustedKey[], OrderFault> {
    const text = Buffer.from(signedText(kind, order.body), 'ascii')
    const signers: TrustedKey[] = []
    for (const signature of order.signatures) {
      const signer = this.#signer(signature, text)
      if (!signer.ok) return signer
      const { id, holder, may, untilEpochMs } = signer.value
      if (untilEpochMs !== null && nowEpochMs >= untilEpochMs)
        return failed(orderFault('KEY_RUN_OUT', `the key ${id} of ${holder} was good until ${iso(untilEpochMs)}`))
      if (!may.includes(kind))
        return failed(orderFault('KEY_NOT_FOR_THIS', `the key ${id} of ${holder} may not sign a ${kind}`))
      signers.push(signer.value)
    }
    return ok(signers)
  }

  #signer({ key: id, signature }: Signature, text: Buffer): Outcome<TrustedKey, OrderFault> {
    const known = this.#keys.get(id)
    if (known === undefined) return failed(orderFault('KEY_UNKNOWN', `nobody here knows the key ${id}`))
    // RFC 8032; OpenSSL refuses the second spelling of a signature, S + L.
    if (verify(null, text, known.key, Buffer.from(signature, 'hex'))) return ok(known.trusted)
    return failed(orderFault('SIGNATURE_WRONG', `the key ${id} has not signed this text`))
  }
}

const ringOf = (keys: readonly TrustedKey[]) =>
  new Map(keys.map((trusted) => [trusted.id, { trusted, key: publicKeyIn(trusted.publicKey) }]))

/** Two keys of one holder are one person. */
export const peopleAmong = (signers: readonly TrustedKey[]): number => new Set(signers.map(({ holder }) => holder)).size

/** @throws where it is no Ed25519 key. */
export function publicKeyIn(base64: string): KeyObject {
  const key = createPublicKey({ key: Buffer.from(base64, 'base64'), format: 'der', type: 'spki' })
  if (key.asymmetricKeyType !== 'ed25519') throw new Error(`an ${key.asymmetricKeyType} key, not an Ed25519 key`)
  return key
}

const iso = (epochMs: number): string => new Date(epochMs).toISOString()
