/** Three people with keys, the city of Hamadan under one edge, and what they sign for it. */
import { createPrivateKey, type KeyObject } from 'node:crypto'
import { makePlan } from '#app/orders/make-plan.ts'
import { idOfPrivate, publicHalf, signedBy } from '#app/orders/sign-order.ts'
import type { IntersectionId } from '#base/id.ts'
import { edgeId } from '#base/id.ts'
import type { SiteConfig } from '#config/site.ts'
import type { PlanBundle } from '#contract/plan-bundle.ts'
import { ORDER_VERSION } from '#contract/signed-order.ts'
import type { CommandOrder } from '#contract/command-order.ts'
import { edgeTopics } from '#contract/topics.ts'
import type { Duty } from '#edge/orders/judge-plan.ts'
import type { KeptFile } from '#edge/orders/kept-file.ts'
import { KeyRing, type TrustedKey } from '#edge/orders/key-ring.ts'
import { NO_LIMITS } from '#signal/adaptive-limits.ts'
import type { ControllerDatabase } from '#signal/database.ts'
import { CROSSING, DATABASE, LIMITS } from './boulevard-crossing.ts'

export const SITE = 'hamadan'
export const EDGE = edgeId('hamadan-1')
export const NOW = Date.UTC(2026, 10, 23, 9)
export const HOUR_MS = 3_600_000

/** The one crossing of the tests as a site: its plan is small enough to be forged ten thousand times. */
export const CROSSING_SITE: SiteConfig = {
  id: SITE,
  name: { fa: '', en: '' },
  timeZone: 'Asia/Tehran',
  ladder: ['coordinated'],
  edges: [{ id: EDGE, intersections: [CROSSING.id] }],
  intersections: [
    {
      database: DATABASE,
      limits: LIMITS,
      adaptiveLimits: NO_LIMITS,
      controller: {
        name: 'controller',
        profile: 'sabz-modbus-controller',
        address: { host: '127.0.0.1', port: 0, unit: 1 },
      },
      cards: [],
      demand: [],
    },
  ],
  warnings: [],
}

/** Of a private key that is nobody's secret: 32 equal bytes behind the head of PKCS #8 (RFC 8410). */
export const keyNumber = (byte: number): KeyObject =>
  createPrivateKey({
    key: Buffer.concat([Buffer.from('302e020100300506032b657004220420', 'hex'), Buffer.alloc(32, byte)]),
    format: 'der',
    type: 'pkcs8',
  })

export const MARYAM = keyNumber(1)
export const ALI = keyNumber(2)
/** Nobody trusts it. */
export const STRANGER = keyNumber(9)

export const trusted = (key: KeyObject, changed: Partial<TrustedKey> = {}): TrustedKey => ({
  id: idOfPrivate(key),
  holder: idOfPrivate(key),
  publicKey: publicHalf(key).toString('base64'),
  may: ['plan', 'command'],
  untilEpochMs: null,
  ...changed,
})

export const KEYS: readonly TrustedKey[] = [trusted(MARYAM), trusted(ALI)]

export const dutyFor = (site: SiteConfig, keys: readonly TrustedKey[] = KEYS): Duty => ({
  site: SITE,
  edge: EDGE,
  intersections: new Map(site.intersections.map((each) => [each.database.intersection.id, each])),
  keys: new KeyRing(keys),
})

/** The site with a change in the database of each intersection. */
export const changedSite = (
  site: SiteConfig,
  change: (database: ControllerDatabase) => ControllerDatabase,
): SiteConfig => ({
  ...site,
  intersections: site.intersections.map((each) => ({ ...each, database: change(each.database) })),
})

/** Every passage time longer by so much: harmless everywhere. */
export const longerPassage =
  (ms: number) =>
  ({ intersection, ...rest }: ControllerDatabase): ControllerDatabase => ({
    ...rest,
    intersection: {
      ...intersection,
      phases: intersection.phases.map((phase) => ({
        ...phase,
        timing: { ...phase.timing, passageMs: phase.timing.passageMs + ms },
      })),
    },
  })

/** Every minimum green longer by so much. */
export const longerMinimum =
  (ms: number) =>
  (database: ControllerDatabase): ControllerDatabase => ({
    ...database,
    intersection: {
      ...database.intersection,
      phases: database.intersection.phases.map((phase) => ({
        ...phase,
        timing: { ...phase.timing, minGreenMs: phase.timing.minGreenMs + ms },
      })),
    },
  })

export type Head = Partial<Pick<PlanBundle, 'version' | 'validFromEpochMs' | 'validUntilEpochMs' | 'issuedBy' | 'note'>>

/** What is wanted, as the body of a plan for every intersection of the site. */
export function planBody(base: SiteConfig, wanted: SiteConfig, head: Head = {}): PlanBundle {
  const intersections: IntersectionId[] = base.intersections.map(({ database }) => database.intersection.id)
  const made = makePlan({
    base: { ...base, id: SITE },
    wanted,
    edge: { id: EDGE, intersections },
    head: {
      version: 1,
      issuedBy: idOfPrivate(MARYAM),
      issuedAtEpochMs: NOW,
      validFromEpochMs: NOW - HOUR_MS,
      validUntilEpochMs: NOW + HOUR_MS,
      note: '',
      ...head,
    },
  })
  if (!made.ok) throw new Error(made.fault)
  return made.value
}

export const signedPlan = (body: object, keys: readonly KeyObject[] = [MARYAM, ALI]): string =>
  signedBy('plan', body, keys)

export const commandBody = (changed: Partial<CommandOrder> = {}): CommandOrder => ({
  v: ORDER_VERSION,
  command: 'release',
  parameters: { forMs: HOUR_MS },
  correlation: 'order-0001',
  site: SITE,
  edge: EDGE,
  intersections: ['IX-01'],
  issuedBy: idOfPrivate(MARYAM),
  issuedAtEpochMs: NOW,
  expiresAtEpochMs: NOW + 60_000,
  responseTopic: edgeTopics(SITE, EDGE).result,
  ...changed,
})

export const signedCommand = (body: object, keys: readonly KeyObject[] = [MARYAM]): string =>
  signedBy('command', body, keys)

/** A file in memory; a full disk refuses to be written. */
export function memoryFile(): KeptFile & { text: string | null; isFull: boolean } {
  const file = {
    text: null as string | null,
    isFull: false,
    read: () => file.text,
    write(text: string) {
      if (file.isFull) throw new Error('ENOSPC: no space left on device')
      file.text = text
    },
  }
  return file
}
