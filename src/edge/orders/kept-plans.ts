/** What an edge remembers of plans through a restart: the newest that it has seen, what it follows where, and what runs where. */
import Type from 'typebox'
import { Compile } from 'typebox/compile'
import { failed, ok, type Outcome } from '#base/outcome.ts'
import type { KeptFile } from './kept-file.ts'

const VERSION = 1

const Version = Type.Integer({ minimum: 0 })
const ByIntersection = Type.Record(Type.String(), Version)

const KeptPlans = Type.Object({
  v: Type.Literal(VERSION),
  /** The newest authentic plan, followed or not: no older is followed any more, whatever the broker forgets. */
  newest: Type.Union([Type.Object({ version: Version, digest: Type.String() }), Type.Null()]),
  /** The newest that was accepted; 0 = none. */
  accepted: Version,
  /** Texts as they were signed, by version. */
  bundles: Type.Record(Type.String(), Type.String()),
  /** The version that is to run, by intersection; and the one that runs. Left out: as it was commissioned. */
  desired: ByIntersection,
  running: ByIntersection,
})
export type KeptPlans = Readonly<Type.Static<typeof KeptPlans>>

export const NO_PLANS: KeptPlans = { v: VERSION, newest: null, accepted: 0, bundles: {}, desired: {}, running: {} }

const schema = Compile(KeptPlans)

/** The fault says what is wrong with the file. */
export function readKeptPlans(file: KeptFile): Outcome<KeptPlans, string> {
  try {
    const text = file.read()
    if (text === null) return ok(NO_PLANS)
    const kept: unknown = JSON.parse(text)
    return schema.Check(kept) ? ok(kept) : failed('it has another form than it was written in')
  } catch (error) {
    return failed(error instanceof Error ? error.message : String(error))
  }
}

/** Without the texts that are neither wanted nor run anywhere. @throws as the file does. */
export function writeKeptPlans(file: KeptFile, kept: KeptPlans): KeptPlans {
  const needed = new Set([...Object.values(kept.desired), ...Object.values(kept.running)].map(String))
  const bundles = Object.fromEntries(Object.entries(kept.bundles).filter(([version]) => needed.has(version)))
  const pruned = { ...kept, bundles }
  file.write(JSON.stringify(pruned))
  return pruned
}
