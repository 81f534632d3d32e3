/** `sabz plan deploy` and `status`: brings a signed plan to its edge over the broker, and tells how far it has come. */
import type { MqttClient } from 'mqtt'
import { Compile } from 'typebox/compile'
import { PlanReported, type PlanProgress } from '#contract/plan-bundle.ts'
import type { EdgeTopics } from '#contract/topics.ts'
import { digestOf } from '#edge/orders/judge-plan.ts'
import { within, withEdge, type EdgeAddress } from '../ask-edge.ts'
import { EXIT, type ExitCode } from '../exit-code.ts'
import type { Terminal } from '../terminal.ts'
import { planOrExplain } from './plan.ts'

export type DeployOptions = Omit<EdgeAddress, 'edge'>

/** Exit code 1 when the edge, or a controller, refuses it; 5 when it does not run everywhere in time, which it still may. */
export async function runPlanDeploy(file: string, options: DeployOptions, terminal: Terminal): Promise<ExitCode> {
  const plan = planOrExplain(file, terminal)
  if (plan === null) return EXIT.usage
  const { edge, version } = plan.bundle
  const wanted = { version, digest: digestOf(plan.text), sentAtEpochMs: Date.now() }
  return withEdge({ ...options, edge }, terminal, async (client, topics) => {
    const outcome = watch(client, topics, (reported) => judge(reported, wanted, terminal))
    await client.subscribeAsync(topics.planReported, { qos: 1 })
    await client.publishAsync(topics.planDesired, plan.text, { qos: 1, retain: true })
    terminal.say(`plan ${version} is on its way to ${edge}`)
    return (await within(options.timeout * 1_000, outcome)) ?? explainWait(edge, options, terminal)
  })
}

export async function runPlanStatus(options: EdgeAddress, terminal: Terminal): Promise<ExitCode> {
  return withEdge(options, terminal, async (client, topics) => {
    const reported = watch(client, topics, (each) => each)
    await client.subscribeAsync(topics.planReported, { qos: 1 })
    const last = await within(options.timeout * 1_000, reported)
    if (last === null) return explainWait(options.edge, options, terminal)
    const { accepted, newest, refused, intersections } = last
    terminal.print(
      `${options.edge}  ${accepted === null ? 'follows no plan' : `follows plan ${accepted.version}${accepted.note === '' ? '' : ` (${accepted.note})`}`}; newest seen ${newest?.version ?? 'none'}`,
    )
    for (const each of intersections) terminal.print(describe(each))
    if (refused !== null)
      terminal.print(
        `refused ${refused.count}, last ${new Date(refused.atEpochMs).toISOString()}: ${refused.code} ${refused.detail}`,
      )
    terminal.record({ ok: true, ...last })
    return intersections.every(({ state }) => state === 'running') ? EXIT.ok : EXIT.findings
  })
}

interface Wanted {
  readonly version: number
  readonly digest: string
  readonly sentAtEpochMs: number
}

/** Null: it is still on its way. What was retained before it was sent says nothing of it. */
function judge(
  { accepted, refused, intersections, atEpochMs }: PlanReported,
  wanted: Wanted,
  terminal: Terminal,
): ExitCode | null {
  if (refused?.digest === wanted.digest && refused.atEpochMs >= wanted.sentAtEpochMs - CLOCKS_APART_MS) {
    terminal.fail(
      refused.code,
      `the edge refuses plan ${wanted.version}: ${refused.detail}.`,
      'docs/errors.md says what to do.',
    )
    return EXIT.findings
  }
  if (accepted?.digest !== wanted.digest) return null
  const ours = intersections.filter(({ desired }) => desired === wanted.version)
  terminal.say(ours.map(describe).join('; '))
  if (ours.length === 0 || ours.some(({ state }) => !OVER.has(state))) return null
  const failing = ours.filter(({ state }) => state !== 'running')
  for (const each of ours) terminal.print(describe(each))
  terminal.record({ ok: failing.length === 0, version: wanted.version, atEpochMs, intersections: ours })
  return failing.length === 0 ? EXIT.ok : EXIT.findings
}

/** The desk's clock and the edge's need not be one. */
const CLOCKS_APART_MS = 60_000

const OVER: ReadonlySet<PlanProgress['state']> = new Set(['running', 'refused', 'expired'])

const schema = Compile(PlanReported)

/** Resolves with the first word that means something. */
function watch<T>(
  client: MqttClient,
  { planReported }: EdgeTopics,
  judged: (reported: PlanReported) => T | null,
): Promise<T> {
  return new Promise((resolve) =>
    client.on('message', (topic, payload) => {
      const reported = topic === planReported ? parse(payload) : null
      const verdict = reported && judged(reported)
      if (verdict !== null) resolve(verdict)
    }),
  )
}

function parse(payload: Buffer): PlanReported | null {
  try {
    const value: unknown = JSON.parse(payload.toString('utf8'))
    return schema.Check(value) ? value : null
  } catch {
    return null
  }
}

const describe = ({ id, state, running, desired, why }: PlanProgress): string =>
  `${id} ${state}${state === 'running' ? ` ${running}` : ` ${desired}, runs ${running ?? 'what is not known'}`}${why === '' ? '' : ` (${why})`}`

function explainWait(edge: string, { timeout }: DeployOptions, terminal: Terminal): ExitCode {
  const remedy = 'A plan waits for supervision and a clear street; it goes on by itself: sabz plan status'
  terminal.fail('EDGE_SILENT', `${edge} has not told the end of it in ${timeout} s.`, remedy)
  return EXIT.timedOut
}
