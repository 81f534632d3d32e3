/** `sabz command`: signs an order for a running edge, sends it, and tells what became of it. */
import { Compile } from 'typebox/compile'
import { COMMAND_LIFE_MS_MAX, CommandResult, type CommandName, type CommandOrder } from '#contract/command-order.ts'
import { ORDER_VERSION } from '#contract/signed-order.ts'
import type { EdgeTopics } from '#contract/topics.ts'
import { didYouMean } from '#config/nearest.ts'
import type { MqttClient } from 'mqtt'
import { within, withEdge, type EdgeAddress } from '../ask-edge.ts'
import { EXIT, type ExitCode } from '../exit-code.ts'
import { loadSiteOrExplain } from '../site.ts'
import type { Terminal } from '../terminal.ts'
import { edgeOf } from '../tls-folder.ts'
import { keyOrExplain } from './plan.ts'
import { idOfPrivate, signedBy } from './sign-order.ts'

export interface CommandOptions extends Omit<EdgeAddress, 'edge'> {
  readonly key: string
}

export interface Wish {
  readonly command: CommandName
  readonly parameters: Readonly<Record<string, string | number>>
  readonly intersections: readonly string[]
}

/** Exit code 1 when the edge refuses it. */
export async function runCommand(wish: Wish, options: CommandOptions, terminal: Terminal): Promise<ExitCode> {
  const key = keyOrExplain(options.key, terminal)
  if (key === null) return EXIT.usage
  const site = await loadSiteOrExplain(options.config, terminal)
  if (site === null) return EXIT.invalidConfig
  const edges = [...new Set(wish.intersections.map((id) => edgeOf(site, id)))]
  const [edge] = edges
  const stranger = wish.intersections.find((id) => edgeOf(site, id) === '')
  if (edge === undefined || edges.length > 1 || stranger !== undefined) {
    const known = site.intersections.map(({ database }) => String(database.intersection.id))
    const message =
      stranger === undefined
        ? 'one order is for the intersections of one edge.'
        : `there is no intersection ${stranger}.`
    terminal.fail('USAGE', message, didYouMean(stranger ?? '', known) || 'Give one order for each edge.')
    return EXIT.usage
  }
  return withEdge({ ...options, edge }, terminal, async (client, topics) => {
    const order = orderFor(wish, { site: site.id, edge, issuedBy: idOfPrivate(key), responseTopic: topics.result })
    const answer = answerTo(client, order.correlation)
    await client.subscribeAsync(topics.result, { qos: 1 })
    await send(client, topics, { order, text: signedBy('command', order, [key]) })
    return tell(await within(options.timeout * 1_000, answer), { edge, wish, timeout: options.timeout }, terminal)
  })
}

function orderFor(
  { command, parameters, intersections }: Wish,
  head: Pick<CommandOrder, 'site' | 'edge' | 'issuedBy' | 'responseTopic'>,
): CommandOrder {
  const issuedAtEpochMs = Date.now()
  return {
    ...{ v: ORDER_VERSION, command, parameters, correlation: crypto.randomUUID(), ...head },
    ...{ intersections: [...intersections], issuedAtEpochMs },
    // An edge whose clock is a little behind takes it all the same.
    expiresAtEpochMs: issuedAtEpochMs + COMMAND_LIFE_MS_MAX / 2,
  }
}

const send = (client: MqttClient, topics: EdgeTopics, { order, text }: { order: CommandOrder; text: string }) =>
  client.publishAsync(topics.command(order.command), text, { qos: 1 })

const schema = Compile(CommandResult)

function answerTo(client: MqttClient, correlation: string): Promise<CommandResult> {
  return new Promise((resolve) =>
    client.on('message', (_topic, payload) => {
      const result = parse(payload)
      if (result?.correlation === correlation) resolve(result)
    }),
  )
}

function parse(payload: Buffer): CommandResult | null {
  try {
    const value: unknown = JSON.parse(payload.toString('utf8'))
    return schema.Check(value) ? value : null
  } catch {
    return null
  }
}

interface Sent {
  readonly edge: string
  readonly wish: Wish
  readonly timeout: number
}

/** An order that nobody trusts is not answered: whoever sent it is a stranger to the edge. */
function tell(result: CommandResult | null, { edge, wish, timeout }: Sent, terminal: Terminal): ExitCode {
  const where = wish.intersections.join(', ')
  if (result === null) {
    const remedy =
      'Is it online? An order by a key that it does not trust is not answered: sabz keys list, and its log.'
    terminal.fail('EDGE_SILENT', `${edge} has not answered in ${timeout} s.`, remedy)
    return EXIT.timedOut
  }
  terminal.record({ ok: result.accepted, command: wish.command, intersections: wish.intersections, result })
  if (result.accepted) {
    terminal.print(`${wish.command} holds at ${where}.`)
    return EXIT.ok
  }
  terminal.say(`${terminal.paint('failure', result.code)} ${edge} refuses: ${result.detail}`)
  return EXIT.findings
}
