/** Plans and orders of people in a village whose parts know each other by certificates alone: `sabz edge`, a real Mosquitto, an OPC UA and a Modbus cabinet. */
import { spawnSync } from 'node:child_process'
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { connectAsync, type MqttClient } from 'mqtt'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { parse, stringify } from 'yaml'
import { runKeysNew, runKeysTrust } from '#app/orders/keys.ts'
import { readKeyFile } from '#app/orders/key-files.ts'
import { runPlanDeploy, runPlanStatus } from '#app/orders/deploy.ts'
import { runPlanSign } from '#app/orders/plan.ts'
import { idOfPrivate } from '#app/orders/sign-order.ts'
import type { Terminal } from '#app/terminal.ts'
import { tlsInit } from '#app/tls-make.ts'
import { configurationHash } from '#config/configuration-hash.ts'
import { loadSite } from '#config/load-site.ts'
import type { CommandResult } from '#contract/command-order.ts'
import type { PlanReported } from '#contract/plan-bundle.ts'
import { edgeTopics } from '#contract/topics.ts'
import { until } from '#test/support/eventually.ts'
import { mosquittoPath, startMosquitto, type Mosquitto } from '#test/support/mosquitto.ts'
import { LAUNCHER, PROJECT, startSabz, type RunningSabz } from '#test/support/sabz.ts'
import { commandBody, HOUR_MS, signedCommand } from '#test/support/signed-orders.ts'
import { valueOf } from '#test/support/trust-folder.ts'
import { serveVillage, VILLAGE, VILLAGE_EDGE, writeVillage, type VillageOnWire } from '#test/support/village.ts'
import { credentialsIn } from '#trust/mqtt-connect.ts'

const topics = edgeTopics(VILLAGE, VILLAGE_EDGE)
const BOTH = ['V-1', 'V-2']
/** An edge that has crashed lately, and a machine that has other work, take their time. */
const LONG_MS = 90_000

let folder: string
let broker: Mosquitto
let village: VillageOnWire
let edge: RunningSabz
let desk: MqttClient
let reported: PlanReported | null = null
const results: CommandResult[] = []

const at = (...names: string[]) => join(folder, ...names)
const tls = () => at('tls')
const config = () => at('site')
const url = () => broker.url.replace('mqtt:', 'mqtts:')

/** What a command says of its failure. */
const failures: string[] = []
const terminal: Terminal = {
  ...{ json: false, print: () => {}, record: () => {}, say: () => {}, paint: (_tone, text) => text },
  fail: (code, message) => failures.push(`${code} ${message}`),
}

const trust = (name: string, holder: string) =>
  runKeysTrust(at(`${name}.key`), { config: config(), holder, may: ['plan', 'command'] }, terminal)

describe.skipIf(mosquittoPath === null)('in a village of certificates', () => {
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'sabz-village-'))
    await writeVillage(config())
    for (const name of ['maryam', 'ali', 'ali-laptop']) await runKeysNew({ out: at(`${name}.key`) }, terminal)
    await trust('maryam', 'Maryam')
    expect(await tlsInit({ config: config(), tls: tls(), host: ['127.0.0.1'], all: true }, terminal)).toBe(0)
    broker = await startMosquitto(configured)
    village = await serveVillage(config(), tls())
    const ways = ['--config', config(), '--tls', tls(), '--mqtt', url(), '--data', at('edge'), '--id', VILLAGE_EDGE]
    edge = startSabz(['edge', ...ways])
    desk = await connectAsync(url(), credentialsIn({ folder: at('tls', 'service', 'desk'), role: 'desk' }))
    desk.on('message', (topic, payload) => {
      if (topic === topics.planReported) reported = JSON.parse(payload.toString()) as PlanReported
      else results.push(JSON.parse(payload.toString()) as CommandResult)
    })
    await desk.subscribeAsync([topics.planReported, topics.result], { qos: 1 })
    await edge.waitFor(/BROKER_CONNECTED/)
  }, LONG_MS)

  afterAll(async () => {
    await desk?.endAsync(true)
    edge?.child.kill('SIGKILL')
    await edge?.finished
    await village?.stop()
    await broker?.dispose()
    rmSync(folder, { recursive: true, force: true })
  })

  /** As a technician has it made. */
  function configured(port: number, directory: string): string {
    const place = ['--listen', '127.0.0.1', '--port', String(port), '--broker-data', directory, '--user', 'root']
    const args = ['broker-config', '--config', config(), '--tls', tls(), '--out', directory, ...place]
    const { status, stderr } = spawnSync(process.execPath, [LAUNCHER, ...args], { cwd: PROJECT, encoding: 'utf8' })
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' })
    return readFileSync(join(directory, 'sabz.conf'), 'utf8')
  }

  /** The village with every passage time longer by 0.3 s, as an engineer leaves it in another folder. */
  function wanted(): string {
    cpSync(config(), at('wanted'), { recursive: true })
    const network = at('wanted', 'network.yaml')
    type Street = { phases: Record<string, { passage_s: number }> }
    const { intersections } = parse(readFileSync(network, 'utf8')) as { intersections: Record<string, Street> }
    for (const { phases } of Object.values(intersections))
      for (const phase of Object.values(phases)) phase.passage_s = 2.8
    writeFileSync(network, stringify({ intersections }, { aliasDuplicateObjects: false }))
    return at('wanted')
  }

  const sign = (what: string, by: string) =>
    runPlanSign(
      what,
      {
        ...{ config: config(), key: at(`${by}.key`), out: at('plan.json'), planVersion: 7 },
        ...{ valid: HOUR_MS, note: 'longer passage' },
      },
      terminal,
    )
  const way = () => ({ config: config(), tls: tls(), mqtt: url(), timeout: 30 })

  test(
    'a plan waits for its second signer to be trusted, comes to both cabinets, and is reported with its signers',
    async () => {
      expect(await sign(wanted(), 'maryam')).toBe(0)
      expect(await sign(at('plan.json'), 'ali')).toBe(0)
      expect(await runPlanDeploy(at('plan.json'), way(), terminal)).toBe(1)
      expect(failures).toEqual([expect.stringMatching(/^KEY_UNKNOWN .*nobody here knows the key/)])
      await trust('ali', 'Ali')
      await edge.waitFor(/KEYS_FOLLOWED .*new [0-9a-f]{16} \(Ali\)/)
      await edge.waitFor(/PLAN_ACCEPTED .*version 7/)
      await until('it runs in both', () => reported?.intersections.every(({ running }) => running === 7) === true)
      expect(await runPlanStatus({ ...way(), edge: VILLAGE_EDGE }, terminal)).toBe(0)
      const signers = ['maryam', 'ali'].map((name) => idOfPrivate(valueOf(readKeyFile(at(`${name}.key`)))))
      expect(reported?.accepted).toMatchObject({ version: 7, note: 'longer passage', signedBy: signers.toSorted() })
      const asSigned = valueOf(await loadSite(at('wanted'))).intersections.map(({ database }) => [
        database.intersection.id,
        configurationHash(database),
      ])
      expect([...village.cabinets].map(([id, cabinet]) => [id, cabinet.configurationHash])).toEqual(asSigned)
    },
    LONG_MS,
  )

  test(
    'flash of two crossings takes two people: one is not heard, nor one twice; two are, and told that no wire flashes a street',
    async () => {
      await trust('ali-laptop', 'Ali')
      await edge.waitFor(/KEYS_FOLLOWED .*new [0-9a-f]{16} \(Ali\).*3 keys/)
      await flash('alone-0001', BOTH, ['ali'])
      await flash('twice-0001', BOTH, ['ali', 'ali-laptop'])
      await flash('both-00001', BOTH, ['maryam', 'ali'])
      await flash('single-001', ['V-1'], ['ali'])
      await until('the last is answered', () => results.some(({ correlation }) => correlation === 'single-001'))
      expect(results.map(({ correlation, accepted, code }) => [correlation, accepted, code])).toEqual([
        ['both-00001', false, 'COMMAND_NOT_OFFERED'],
        ['single-001', false, 'COMMAND_NOT_OFFERED'],
      ])
      expect(edge.output().stderr).toMatch(/SIGNERS_TOO_FEW commands: refused, 1 of 2 people have signed/)
      expect([...village.cabinets.values()].map(({ flashes }) => flashes)).toEqual([false, false])
    },
    LONG_MS,
  )

  async function flash(correlation: string, intersections: readonly string[], by: readonly string[]): Promise<void> {
    const keys = by.map((name) => valueOf(readKeyFile(at(`${name}.key`))))
    const issuedAtEpochMs = Date.now()
    const order = commandBody({
      ...{ command: 'flash', parameters: {}, correlation, intersections: [...intersections] },
      ...{ site: VILLAGE, edge: VILLAGE_EDGE, responseTopic: topics.result },
      ...{ issuedBy: idOfPrivate(keys[0] ?? raise()), issuedAtEpochMs, expiresAtEpochMs: issuedAtEpochMs + 60_000 },
    })
    await desk.publishAsync(topics.command('flash'), signedCommand(order, keys), { qos: 1 })
  }
})

function raise(): never {
  throw new Error('an order has a signer')
}
