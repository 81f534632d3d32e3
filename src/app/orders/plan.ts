/** `sabz plan sign`, `verify` and `rollback`: what is done with a plan on the desk, before any edge hears of it. */
import { existsSync, statSync } from 'node:fs'
import type { KeyObject } from 'node:crypto'
import { failed, ok, type Outcome } from '#base/outcome.ts'
import { didYouMean } from '#config/nearest.ts'
import type { EdgeConfig, SiteConfig } from '#config/site.ts'
import type { PlanBundle } from '#contract/plan-bundle.ts'
import { ORDER_VERSION } from '#contract/signed-order.ts'
import { judgeTimings, PLAN_SIGNERS_LEAST } from '#edge/orders/judge-plan.ts'
import { EXIT, type ExitCode } from '../exit-code.ts'
import { loadSiteOrExplain } from '../site.ts'
import type { Terminal } from '../terminal.ts'
import { keysOrExplain } from './keys.ts'
import { readKeyFile } from './key-files.ts'
import { makePlan } from './make-plan.ts'
import { changesOf } from './plan-changes.ts'
import { dutyAtDesk, judgeAtDesk, readPlanFile, writePlanFile, type PlanFile } from './plan-file.ts'
import { idOfPrivate, signOrder } from './sign-order.ts'

export interface SignOptions {
  /** The site as it was commissioned. */
  readonly config: string
  readonly key: string
  readonly edge?: string
  readonly planVersion?: number
  readonly from?: number
  /** How long it may be taken over, ms. */
  readonly valid: number
  readonly note: string
  readonly out?: string
}

export interface RollbackOptions extends SignOptions {
  readonly planVersion: number
}

/** A folder is made a plan and signed; the file of a plan gets one more signature. */
export async function runPlanSign(what: string, options: SignOptions, terminal: Terminal): Promise<ExitCode> {
  const key = keyOrExplain(options.key, terminal)
  if (key === null) return EXIT.usage
  if (existsSync(what) && statSync(what).isDirectory()) return signSite(what, { ...options, privateKey: key }, terminal)
  const plan = planOrExplain(what, terminal)
  if (plan === null) return EXIT.usage
  const order = signOrder('plan', plan.order, key)
  const out = options.out ?? what
  writePlanFile(out, order)
  tellSigned(out, plan.bundle, order.signatures.length, terminal)
  return EXIT.ok
}

/** The content of an older plan under a newer version, signed anew by everybody. */
export async function runPlanRollback(file: string, options: RollbackOptions, terminal: Terminal): Promise<ExitCode> {
  const key = keyOrExplain(options.key, terminal)
  const plan = key && planOrExplain(file, terminal)
  if (key === null || plan === null) return EXIT.usage
  const { planVersion: version, note } = options
  if (version <= plan.bundle.version) {
    const message = `version ${version} is not newer than ${plan.bundle.version}, the one that is gone back to.`
    terminal.fail('PLAN_VERSION_OLD', message, 'Take one above the newest that was deployed: sabz plan status')
    return EXIT.usage
  }
  const body = {
    ...plan.bundle,
    ...headOf(options, key, version),
    note: note || `back to version ${plan.bundle.version}`,
  }
  const out = options.out ?? `plan-${version}.json`
  writePlanFile(out, signOrder('plan', { body, signatures: [] }, key))
  tellSigned(out, body, 1, terminal)
  return EXIT.ok
}

/** Exit code 1 when the edge would refuse it. */
export async function runPlanVerify(
  file: string,
  { config }: { readonly config: string },
  terminal: Terminal,
): Promise<ExitCode> {
  const plan = planOrExplain(file, terminal)
  if (plan === null) return EXIT.findings
  const desk = await deskFor(plan.bundle.edge, config, terminal)
  if (!desk.ok) return desk.fault
  const { site, edge, keys } = desk.value
  describe(plan.bundle, terminal)
  for (const { key } of plan.order.signatures)
    terminal.print(`signed by   ${key} ${keys.find(({ id }) => id === key)?.holder ?? '(nobody that the site trusts)'}`)
  for (const wanted of plan.bundle.intersections) {
    const built = site.intersections.find(({ database }) => database.intersection.id === wanted.id)
    const changes = built === undefined ? [] : changesOf(wanted, built)
    terminal.print(`${wanted.id}  ${changes.length === 0 ? 'as commissioned' : `${changes.length} changes`}`)
    for (const { path, from, to } of changes) terminal.print(`  ${path}: ${from} → ${to}`)
  }
  const fault = judgeAtDesk(plan.text, dutyAtDesk(site, edge, keys), Date.now())
  terminal.record({ ok: fault === null, version: plan.bundle.version, ...(fault && { error: fault }) })
  if (fault === null) {
    terminal.print(terminal.paint('good', `${edge.id} would follow it.`))
    return EXIT.ok
  }
  terminal.say(`${terminal.paint('failure', fault.code)} ${edge.id} would refuse it: ${fault.detail}`)
  return EXIT.findings
}

async function signSite(
  directory: string,
  options: SignOptions & { readonly privateKey: KeyObject },
  terminal: Terminal,
): Promise<ExitCode> {
  const { planVersion: version, config, privateKey } = options
  if (version === undefined) {
    terminal.fail(
      'USAGE',
      'a plan has a version.',
      'Name one above the newest that was deployed: --plan-version 7 (sabz plan status)',
    )
    return EXIT.usage
  }
  const desk = await deskFor(options.edge, config, terminal)
  const wanted = desk.ok ? await loadSiteOrExplain(directory, terminal) : null
  if (!desk.ok) return desk.fault
  if (wanted === null) return EXIT.invalidConfig
  const { site: base, edge, keys } = desk.value
  const head = { ...headOf(options, privateKey, version), note: options.note }
  const made = makePlan({ base, wanted, edge, head })
  if (!made.ok) {
    terminal.fail(
      'PLAN_BEYOND_TIMING',
      `${made.fault}.`,
      'A plan brings times; streets are commissioned at the cabinet.',
    )
    return EXIT.findings
  }
  const judged = judgeTimings(made.value, dutyAtDesk(base, edge, keys).intersections)
  if (!judged.ok) {
    terminal.fail(
      judged.fault.code,
      `no edge would follow this plan: ${judged.fault.detail}.`,
      'docs/errors.md says what to do.',
    )
    return EXIT.findings
  }
  const out = options.out ?? `plan-${version}.json`
  writePlanFile(out, signOrder('plan', { body: made.value, signatures: [] }, privateKey))
  tellSigned(out, made.value, 1, terminal)
  return EXIT.ok
}

function headOf({ from, valid }: SignOptions, key: KeyObject, version: number) {
  const nowEpochMs = Date.now()
  const validFromEpochMs = from ?? nowEpochMs
  return {
    ...{ v: ORDER_VERSION, version, issuedBy: idOfPrivate(key), issuedAtEpochMs: nowEpochMs },
    ...{ validFromEpochMs, validUntilEpochMs: validFromEpochMs + valid },
  }
}

interface Desk {
  readonly site: SiteConfig
  readonly edge: EdgeConfig
  readonly keys: NonNullable<Awaited<ReturnType<typeof keysOrExplain>>>
}

/** Left out, the edge is the only one of the site. */
async function deskFor(name: string | undefined, config: string, terminal: Terminal): Promise<Outcome<Desk, ExitCode>> {
  const site = await loadSiteOrExplain(config, terminal)
  const keys = site && (await keysOrExplain(config, terminal))
  if (site === null || keys === null) return failed(EXIT.invalidConfig)
  const edge = name === undefined && site.edges.length === 1 ? site.edges[0] : site.edges.find(({ id }) => id === name)
  if (edge !== undefined) return ok({ site, edge, keys })
  const known = site.edges.map(({ id }) => String(id))
  const message = name === undefined ? `${config} has more than one edge.` : `there is no edge ${name} in ${config}.`
  terminal.fail('UNKNOWN_EDGE', message, didYouMean(name ?? '', known) || `Its edges: ${known.join(', ')}.`)
  return failed(EXIT.usage)
}

export function planOrExplain(file: string, terminal: Terminal): PlanFile | null {
  const plan = readPlanFile(file)
  if (plan.ok) return plan.value
  terminal.fail(plan.fault.code, `${file}: ${plan.fault.detail}.`, 'Make it with sabz plan sign.')
  return null
}

export function keyOrExplain(file: string, terminal: Terminal): KeyObject | null {
  const key = readKeyFile(file)
  if (key.ok) return key.value
  terminal.fail(key.fault.code, key.fault.message, key.fault.remedy)
  return null
}

function tellSigned(out: string, bundle: PlanBundle, signatures: number, terminal: Terminal): void {
  describe(bundle, terminal)
  const missing = PLAN_SIGNERS_LEAST - signatures
  terminal.print(
    missing > 0
      ? `${out}: signed by one; a second person adds a signature: sabz plan sign ${out} --key <file>`
      : `${out}: signed by ${signatures}. Bring it to the edge: sabz plan deploy ${out}`,
  )
  terminal.record({ ok: true, file: out, version: bundle.version, signatures })
}

function describe(
  { version, site, edge, validFromEpochMs, validUntilEpochMs, note, intersections }: PlanBundle,
  terminal: Terminal,
): void {
  const iso = (epochMs: number) => new Date(epochMs).toISOString().slice(0, 16).replace('T', ' ')
  terminal.print(`plan ${version}      for ${edge} of ${site}: ${intersections.map(({ id }) => id).join(', ')}`)
  terminal.print(
    `taken over  from ${iso(validFromEpochMs)} to ${iso(validUntilEpochMs)} UTC${note === '' ? '' : `; ${note}`}`,
  )
}
