/** The city with certificates on every way, made by `sabz tls` and let in by a real Mosquitto; and no key of it anywhere but in its file. */
import { spawnSync } from 'node:child_process'
import { chmodSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { get } from 'node:https'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { connect } from 'mqtt'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { freePort } from '#test/support/free-port.ts'
import { mosquittoPath, startMosquitto, type Mosquitto } from '#test/support/mosquitto.ts'
import { LAUNCHER, PROJECT, runSabz, startSabz, type RunningSabz } from '#test/support/sabz.ts'
import { filesBelow, keysBelow, secretsIn, shownByKernel } from '#test/support/secrets-in.ts'
import { credentialsIn } from '#trust/mqtt-connect.ts'

/** Far more than is needed, even beside other work on two cores. */
const LIVE_WITHIN_MS = 400_000

let folder: string
let broker: Mosquitto
let web: number
const parts: RunningSabz[] = []
const at = (...names: string[]) => join(folder, ...names)

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'sabz-secure-'))
  if (mosquittoPath === null) return
  const made = await runSabz(['tls', 'init', '--all', '--host', '127.0.0.1', '--tls', at('tls')])
  expect(made).toMatchObject({ code: 0, stderr: '' })
  broker = await startMosquitto(configured)
  web = await freePort()
  // Below the ports that the kernel gives away by itself.
  const offset = String(10_000 + Math.floor(Math.random() * 7_000))
  const own = ['--tls', at('tls')]
  const url = broker.url.replace('mqtt:', 'mqtts:')
  start('sim', '--port-offset', offset, ...own)
  start('central', '--port', String(web), '--mqtt', url, '--https', '--data', at('central'), ...own)
  await parts[0]?.waitFor(/SIM_READY/)
  start('edge', '--mqtt', url, '--port-offset', offset, '--data', at('edge'), ...own)
}, LIVE_WITHIN_MS)
afterAll(async () => {
  for (const part of parts) part.child.kill('SIGKILL')
  await Promise.all(parts.map((part) => part.finished))
  await broker?.dispose()
  rmSync(folder, { recursive: true, force: true })
})

/** As a technician has it made, for this port. */
function configured(port: number, directory: string): string {
  const place = ['--listen', '127.0.0.1', '--port', String(port), '--broker-data', directory, '--user', 'root']
  const args = ['broker-config', '--tls', at('tls'), '--out', directory, ...place]
  const { status, stderr } = spawnSync(process.execPath, [LAUNCHER, ...args], { cwd: PROJECT, encoding: 'utf8' })
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' })
  return readFileSync(join(directory, 'sabz.conf'), 'utf8')
}

const start = (...args: string[]) => parts.push(startSabz(args))

/** Answer of the API, by the CA of the site. */
function ask(path: string): Promise<string> {
  const ca = readFileSync(at('tls', 'ca', 'ca.pem'))
  return new Promise((resolve, reject) => {
    get({ host: '127.0.0.1', port: web, path, ca }, (answer) => {
      let text = ''
      answer.setEncoding('utf8').on('data', (piece: string) => (text += piece))
      answer.on('end', () => resolve(text))
    }).on('error', reject)
  })
}

describe.skipIf(mosquittoPath === null)('a city whose parts know each other by certificates alone', () => {
  test('is live on the wall, and its events reach the store', { timeout: 2 * LIVE_WITHIN_MS }, async () => {
    const health = () => ask('/api/v1/health').catch(String)
    await expect
      .poll(health, { timeout: LIVE_WITHIN_MS, interval: 500 })
      .toMatch(/"online":true.*"live":([1-9]|1[0-2]),/)
    const events = () => ask('/api/v1/events?limit=1').catch(String)
    await expect.poll(events, { timeout: LIVE_WITHIN_MS, interval: 500 }).toContain('"sequence"')
  })

  test(
    'shows no key in a log, a message, an answer, a file of data, a list of processes or an environment',
    { timeout: LIVE_WITHIN_MS },
    async () => {
      const keys = keysBelow(at('tls'))
      expect(keys.length).toBeGreaterThan(10)
      const heard = await retainedAndLive()
      const routes = JSON.parse(await ask('/api/v1/openapi.json')) as { paths: Record<string, { get?: object }> }
      // The stream never ends; what it carries are the messages of the topics above.
      const asked = Object.keys(routes.paths).filter((path) => !path.includes('{') && !path.includes('stream'))
      const answers = await Promise.all(asked.map(ask))
      expect(answers.length).toBeGreaterThan(4)
      const files = [at('central'), at('edge')].flatMap(filesBelow).map((path) => readFileSync(path, 'latin1'))
      const printed = parts.map((part) => Object.values(part.output()).join('\n'))
      const shown = parts.map(({ child }) => shownByKernel(child.pid ?? 0))
      const said = [...heard, ...answers, ...files, ...printed, ...shown]
      expect(said.flatMap((text) => secretsIn(text, keys))).toEqual([])
    },
  )

  test('an edge whose key is looser than its owner left it does not start, and is told what to do', async () => {
    chmodSync(at('tls', 'edge', 'hamadan-1', 'mqtt', 'key.pem'), 0o644)
    const { code, stderr } = await runSabz([
      'edge',
      '--mqtt',
      broker.url.replace('mqtt:', 'mqtts:'),
      '--tls',
      at('tls'),
    ])
    chmodSync(at('tls', 'edge', 'hamadan-1', 'mqtt', 'key.pem'), 0o600)
    expect(code).toBe(3)
    expect(stderr).toMatch(/can be read by others \(mode 0644\)[^]*chmod 0600/)
  })
})

/** All that the broker hands to somebody who asks for everything: what is retained first. */
async function retainedAndLive(): Promise<string[]> {
  const client = connect(broker.url.replace('mqtt:', 'mqtts:'), {
    ...credentialsIn({ folder: at('tls', 'service', 'desk'), role: 'desk' }),
    connectTimeout: LIVE_WITHIN_MS,
  })
  const heard: string[] = []
  client.on('message', (topic, payload) => heard.push(`${topic} ${payload.toString('latin1')}`))
  client.on('connect', () => client.subscribe('#', { qos: 1 }))
  await expect.poll(() => heard.length, { timeout: LIVE_WITHIN_MS }).toBeGreaterThan(0)
  await client.endAsync(true)
  return heard
}
