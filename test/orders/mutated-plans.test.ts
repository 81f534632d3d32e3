/** Thousands of plans that somebody has touched on their way, or forged: none is followed, and none is mistaken for a bug. */
import * as fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { canonicalJson } from '#base/canonical-json.ts'
import { ORDER_FAULT_CODES } from '#contract/order-fault.ts'
import type { PlanBundle } from '#contract/plan-bundle.ts'
import type { SignedOrder } from '#contract/signed-order.ts'
import { PlanInbox } from '#edge/orders/plan-inbox.ts'
import {
  ALI,
  changedSite,
  CROSSING_SITE,
  dutyFor,
  keyNumber,
  longerPassage,
  MARYAM,
  memoryFile,
  NOW,
  planBody,
  signedPlan,
  STRANGER,
} from '#test/support/signed-orders.ts'

const PLANS = process.env['NIGHTLY'] ? 10_000 : 2_000
/** Of the machine's own time: a loaded one takes 10 ms each. */
const TIME_OUT_MS = 20 * PLANS
const FOLLOWED_VERSION = 7

/** Two that are good, and would be followed as they are. */
let one: string
let other: string
/** The edge follows a plan already. */
let inbox: PlanInbox
let seen: Map<string, number>

beforeAll(() => {
  const site = CROSSING_SITE
  const plan = (ms: number, version: number) =>
    signedPlan(planBody(site, changedSite(site, longerPassage(ms)), { version }))
  one = plan(1_000, FOLLOWED_VERSION + 1)
  other = plan(2_000, FOLLOWED_VERSION + 2)
  inbox = new PlanInbox({ duty: dutyFor(site), file: memoryFile(), log: () => {} })
  if (!inbox.receive(plan(500, FOLLOWED_VERSION), NOW).ok) throw new Error('the first plan is good')
  seen = new Map()
})

afterAll(() => {
  const names = [...seen].toSorted(([, a], [, b]) => b - a).map(([code, count]) => `${code} ${count}`)
  console.log(`${PLANS} touched plans, 0 followed: ${names.join(', ')}`)
})

type Touch = (pick: (below: number) => number) => string

interface Written {
  readonly body: PlanBundle
  readonly signatures: SignedOrder['signatures']
}
const read = new Map<string, Written>()
function parsed(text: string): Written {
  const known = read.get(text) ?? (JSON.parse(text) as Written)
  read.set(text, known)
  return known
}
const signaturesOf = (text: string) => parsed(text).signatures
const written = (order: object) => canonicalJson(order)

/** By a name for the report of a failure; each draws its numbers from `pick`. */
const TOUCHES: Readonly<Record<string, Touch>> = {
  'a bit of the text is flipped': (pick) => {
    const bytes = Buffer.from(one, 'latin1')
    const at = pick(bytes.length)
    bytes[at] = (bytes[at] ?? 0) ^ (1 << pick(8))
    return bytes.toString('latin1')
  },
  'a bit of a signature is flipped': (pick) => {
    const order = parsed(one)
    const signatures = order.signatures.map((each, index) =>
      index === pick(2) ? { ...each, signature: flipped(each.signature, pick) } : each,
    )
    return written({ ...order, signatures: isSameText(signatures, order.signatures) ? [] : signatures })
  },
  'the signatures stand under the other body': () =>
    written({ body: parsed(one).body, signatures: signaturesOf(other) }),
  'one signature is from the other plan': (pick) => {
    const [mine, theirs] = [signaturesOf(one), signaturesOf(other)]
    return written({ ...parsed(one), signatures: pick(2) === 0 ? [mine[0], theirs[1]] : [theirs[0], mine[1]] })
  },
  'the keys of the signatures are exchanged': () => {
    const [first, second] = signaturesOf(one)
    return written({
      ...parsed(one),
      signatures: [
        { ...first, signature: second?.signature },
        { ...second, signature: first?.signature },
      ],
    })
  },
  'a field is from the other plan': (pick) => {
    const [mine, theirs] = [parsed(one), parsed(other)]
    const fields = (Object.keys(mine.body) as (keyof PlanBundle)[]).filter(
      (key) => !isSameText(mine.body[key], theirs.body[key]),
    )
    const field = fields[pick(fields.length)] ?? 'version'
    return written({ ...mine, body: { ...mine.body, [field]: theirs.body[field] } })
  },
  'a signature is missing': (pick) => written({ ...parsed(one), signatures: [signaturesOf(one)[pick(2)]] }),
  'a signature stands twice': (pick) => {
    const twice = signaturesOf(one)[pick(2)]
    return written({ ...parsed(one), signatures: [twice, twice] })
  },
  'the signatures stand in the other order': () =>
    written({ ...parsed(one), signatures: signaturesOf(one).toReversed() }),
  'strangers have edited and signed it': (pick) => {
    const body = { ...parsed(one).body, version: 100 + pick(1_000) }
    return signedPlan(body, [STRANGER, keyNumber(10 + pick(100))])
  },
  'a stranger has signed beside one of the people': (pick) =>
    signedPlan({ ...parsed(one).body, version: 100 + pick(1_000) }, [pick(2) === 0 ? MARYAM : ALI, STRANGER]),
  'one person has signed a newer one': (pick) =>
    signedPlan({ ...parsed(one).body, version: 100 + pick(1_000) }, [pick(2) === 0 ? MARYAM : ALI]),
  'it is older than the one that is followed': (pick) =>
    signedPlan({ ...parsed(one).body, version: 1 + pick(FOLLOWED_VERSION - 1) }),
  'it has the version of the one that is followed': () =>
    signedPlan({ ...parsed(one).body, version: FOLLOWED_VERSION }),
  'it is cut off': (pick) => one.slice(0, pick(one.length)),
  'something stands behind it': (pick) => one + ([' ', '\n', '\0', '{}', ',', one][pick(6)] ?? ''),
  'something stands before it': (pick) => ([' ', '\n', '\uFEFF', '\0', '//\n', '['][pick(6)] ?? '') + one,
  'a space is added': (pick) => inserted(one, ' ', pick(one.length - 1) + 1),
  'a key of the body stands twice': (pick) => inserted(one, `"version":${100 + pick(1_000)},`, '{"body":{'.length),
  'the body stands twice': (pick) =>
    inserted(one, `"body":${JSON.stringify({ ...parsed(one).body, version: 100 + pick(100) })},`, 1),
  'a number is written another way': (pick) => {
    const { version } = parsed(one).body
    const spelled =
      [`${version}.0`, `${version}e0`, `0${version}`, `+${version}`, `1e400`, `-0`, `${version}n`, `0x${version}`][
        pick(8)
      ] ?? ''
    return one.replace(`"version":${version}`, `"version":${spelled}`)
  },
  'a number is huge': (pick) => {
    const huge = [2 ** 32, 2 ** 53, Number.MAX_VALUE, -1, 1e21, 0][pick(6)] ?? 0
    return written({ ...parsed(one), body: { ...parsed(one).body, version: huge } })
  },
  'a letter is written as its escape': (pick) => {
    const letters = [...one.matchAll(/[a-z]/g)].map(({ index }) => index)
    const at = letters[pick(letters.length)] ?? 0
    return `${one.slice(0, at)}\\u00${one.charCodeAt(at).toString(16)}${one.slice(at + 1)}`
  },
  'a letter looks like another': (pick) =>
    one.replace('hamadan', ['hаmadan', 'ｈamadan', 'hamadan\u200b', 'HAMADAN', 'ha\u0301madan'][pick(5)] ?? ''),
  'it has a prototype': (pick) => {
    const tricks = [
      '"__proto__":{"version":99},',
      '"constructor":{"prototype":{"version":99}},',
      '"toString":1,',
      '"hasOwnProperty":1,',
    ]
    return inserted(one, tricks[pick(4)] ?? '', pick(2) === 0 ? 1 : '{"body":{'.length)
  },
  'something unsigned stands beside the body': (pick) =>
    written({ ...parsed(one), ['abcdefgh'[pick(8)] ?? 'x']: pick(10) }),
  'the site or the edge is another': (pick) =>
    signedPlan({
      ...parsed(one).body,
      version: 99,
      [pick(2) === 0 ? 'site' : 'edge']: ['x', '', 'hamadan-10', 'Hamadan'][pick(4)] ?? 'y',
    }),
  'its time is another': (pick) =>
    signedPlan({
      ...parsed(one).body,
      version: 99,
      ...(pick(2) === 0 ? { validUntilEpochMs: NOW - pick(1e6) } : { validFromEpochMs: NOW + 1 + pick(1e6) }),
    }),
  'a number of its timing is another': (pick) => {
    const numbers = [...one.matchAll(/(?<=:|\[|,)\d+(?=,|\]|\})/g)]
    const { index, 0: digits } = numbers[pick(numbers.length)] ?? { index: 0, 0: '' }
    return one.slice(0, index) + String(Number(digits) + 1 + pick(1_000)) + one.slice(index + digits.length)
  },
}

const flipped = (hex: string, pick: (below: number) => number): string => {
  const at = pick(hex.length)
  return hex.slice(0, at) + (parseInt(hex[at] ?? '0', 16) ^ (1 << pick(4))).toString(16) + hex.slice(at + 1)
}
const inserted = (text: string, what: string, at: number): string => text.slice(0, at) + what + text.slice(at)
const isSameText = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b)

test(
  'of thousands of touched and forged plans not one is followed, each is refused by a name, and the good ones still are',
  () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...Object.keys(TOUCHES)),
        fc.infiniteStream(fc.nat({ max: 2 ** 31 - 1 })),
        (name, chance) => {
          const text = TOUCHES[name]?.((below) => (chance.next().value as number) % below) ?? ''
          expect([one, other]).not.toContain(text)
          const received = inbox.receive(text, NOW)
          if (received.ok) throw new Error(`followed although ${name}`)
          expect(ORDER_FAULT_CODES).toContain(received.fault.code)
          seen.set(received.fault.code, (seen.get(received.fault.code) ?? 0) + 1)
        },
      ),
      { numRuns: PLANS },
    )
    expect(seen.size).toBeGreaterThan(8)
    expect(inbox.accepted?.bundle.version).toBe(FOLLOWED_VERSION)
    const good = signedPlan({ ...parsed(one).body, version: 2_000 })
    expect(inbox.receive(good, NOW).ok).toBe(true)
    expect(inbox.accepted?.bundle.version).toBe(2_000)
  },
  TIME_OUT_MS,
)
