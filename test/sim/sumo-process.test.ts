/** The real SUMO, driven over TraCI through a crossing that its netconvert has built. */
import { existsSync, writeFileSync } from 'node:fs'
import { createServer, type AddressInfo, type Server } from 'node:net'
import { join } from 'node:path'
import { afterEach, describe, expect, test } from 'vitest'
import type { Outcome } from '#base/outcome.ts'
import { VARIABLE } from '#sim/sumo/traci/protocol.ts'
import { explainSumoFault, type SumoFault } from '#sim/sumo/traci/sumo-fault.ts'
import { PLAIN_START, startSumo, type RunningSumo, type SumoStart } from '#sim/sumo/traci/sumo-process.ts'
import { connectTraci } from '#sim/sumo/traci/traci-client.ts'
import { findProgram } from '#test/support/program.ts'
import { addScenario, buildCrossing } from '#test/support/sumo-network.ts'

function valueOf<T>(outcome: Outcome<T, SumoFault>): T {
  if (!outcome.ok) throw new Error(explainSumoFault(outcome.fault))
  return outcome.value
}

const start = (configurationFile: string, facts: Partial<SumoStart> = {}): SumoStart => ({
  ...PLAIN_START,
  configurationFile,
  ...facts,
})

const sumo = findProgram('sumo')
const netconvert = findProgram('netconvert')

describe.skipIf(sumo === null || netconvert === null)('SUMO', () => {
  const running: RunningSumo[] = []
  afterEach(() => Promise.all(running.splice(0).map((one) => one.stop())))

  async function begin(options: readonly string[] = []): Promise<RunningSumo> {
    const folder = buildCrossing(netconvert ?? '')
    const one = valueOf(await startSumo(start(addScenario(folder), { options })))
    running.push(one)
    return one
  }

  test('cars depart, pass the loop under our green, wait at our red, and the same seed gives the same day', async () => {
    const days = await Promise.all([drive(await begin()), drive(await begin())])
    expect(days[0]).toEqual(days[1])
    expect(days[0].departed).toBeGreaterThan(20)
    expect(days[0].arrived).toBeGreaterThan(0)
    expect(days[0].passed).toBeGreaterThan(5)
    expect(days[0].eastHalts).toBeGreaterThan(0)
  })

  async function drive({ traci }: RunningSumo) {
    const links = valueOf(await traci.get('light', 'c', VARIABLE.light.state))
    const state = Array.from(links.type === 'string' ? links.value : '', (_, link) => (link % 8 < 4 ? 'G' : 'r')).join(
      '',
    )
    const day = { departed: 0, arrived: 0, passed: 0, eastHalts: 0, timeS: 0 }
    const { simulation, loop, lane } = VARIABLE
    valueOf(
      await traci.subscribe([
        { domain: 'simulation', id: '', variables: [simulation.departed, simulation.arrived, simulation.timeS] },
        { domain: 'loop', id: 'loop', variables: [loop.vehicleData] },
        { domain: 'lane', id: 'ec_0', variables: [lane.haltingCount] },
      ]),
    )
    for (let step = 0; step < 60; step++) {
      const shown = { domain: 'light', id: 'c', variable: VARIABLE.light.state } as const
      const reports = valueOf(await traci.step([{ ...shown, value: { type: 'string', value: state } }]))
      const read = (domain: string, variable: number) =>
        reports.find((report) => report.domain === domain)?.values.get(variable)?.value
      const count = (ids: unknown) => (Array.isArray(ids) ? ids.length : 0)
      day.departed += count(read('simulation', simulation.departed))
      day.arrived += count(read('simulation', simulation.arrived))
      day.timeS = Number(read('simulation', simulation.timeS))
      day.passed += count(read('loop', loop.vehicleData)) > 1 ? 1 : 0
      day.eastHalts = Math.max(day.eastHalts, Number(read('lane', lane.haltingCount)))
    }
    return day
  }

  test('a step may go to a time, and the files that SUMO writes are there once it has stopped', async () => {
    const folder = buildCrossing(netconvert ?? '')
    const trips = join(folder, 'trips.xml')
    const facts = { beginS: 10, endS: 40, options: ['--tripinfo-output', trips] }
    const { traci, stop, version } = valueOf(await startSumo(start(addScenario(folder), facts)))
    expect(version).toMatch(/^SUMO/)
    valueOf(await traci.step([], 40))
    expect(valueOf(await traci.get('simulation', '', VARIABLE.simulation.timeS)).value).toBe(40)
    expect(await stop()).toEqual({ ok: true, value: undefined })
    expect(existsSync(trips)).toBe(true)
    expect(await traci.step([])).toMatchObject({ ok: false, fault: { code: 'SUMO_CONNECTION_LOST' } })
  })

  test('what SUMO refuses comes with its words, and the connection lives on', async () => {
    const { traci } = await begin()
    const value = { type: 'string', value: 'G' } as const
    const refused = await traci.step([{ domain: 'light', id: 'nowhere', variable: 0x20, value }])
    expect(refused).toMatchObject({ fault: { code: 'SUMO_REFUSED', words: expect.stringContaining('nowhere') } })
    expect(await traci.get('lane', 'nowhere', 0x12)).toMatchObject({ fault: { code: 'SUMO_REFUSED' } })
    expect(await traci.subscribe([{ domain: 'loop', id: 'nowhere', variables: [0x10] }])).toMatchObject({
      fault: { code: 'SUMO_REFUSED' },
    })
    valueOf(await traci.step([]))
  })

  test('a broken network is told in the last words of SUMO', async () => {
    const folder = buildCrossing(netconvert ?? '')
    const scenario = addScenario(folder)
    writeFileSync(join(folder, 'crossing.net.xml'), '<net><edge')
    const outcome = await startSumo(start(scenario))
    expect(outcome).toMatchObject({ ok: false, fault: { code: 'SUMO_DIED', ending: 'exit code 1' } })
    expect(outcome).toMatchObject({ fault: { lastWords: expect.stringContaining('crossing.net.xml') } })
  })

  test('SUMO that dies under way is told as dead, not as a lost connection', async () => {
    const { traci, why } = await begin()
    const state = { type: 'string', value: 'G' } as const
    // Fewer letters than links: SUMO ends in an error.
    await traci.set([{ domain: 'light', id: 'c', variable: VARIABLE.light.state, value: state }])
    const outcome = await traci.step([], 30)
    expect(outcome.ok ? outcome : await why(outcome.fault)).toMatchObject({ code: 'SUMO_DIED' })
  })
})

test('where SUMO is not installed, the package that has it is named', async () => {
  const outcome = await startSumo(start('nothing.sumocfg', { program: 'sumo-that-is-not-there' }))
  expect(outcome).toEqual({
    ok: false,
    fault: { code: 'SUMO_ABSENT', program: 'sumo-that-is-not-there', debianPackage: 'sumo' },
  })
  if (!outcome.ok) expect(explainSumoFault(outcome.fault)).toContain('apt-get install sumo')
})

test('a program that is no SUMO and ends is told with its exit', async () => {
  expect(await startSumo(start('x', { program: '/bin/false' }))).toMatchObject({
    fault: { code: 'SUMO_DIED', ending: 'exit code 1' },
  })
})

describe('somebody else on the port', () => {
  let server: Server | null = null
  afterEach(() => new Promise<void>((resolve) => (server ? server.close(() => resolve()) : resolve())))

  async function answering(bytes: Buffer | null, answerWithinMs: number) {
    server = createServer((socket) => {
      socket.on('error', () => socket.destroy())
      socket.on('data', () => bytes !== null && socket.end(bytes))
    })
    await new Promise<void>((resolve) => server?.listen(0, '127.0.0.1', resolve))
    const client = await connectTraci((server.address() as AddressInfo).port, answerWithinMs)
    if (client === null) throw new Error('the server was not there')
    return client
  }

  test('an answer that is no TraCI is told, and nothing is asked any more', async () => {
    const client = await answering(Buffer.from('HTTP/1.1 400 Bad Request'), 5_000)
    const malformed = { fault: { code: 'SUMO_REPLY_MALFORMED' } }
    expect(await client.version()).toMatchObject(malformed)
    expect(await client.step([])).toMatchObject(malformed)
  })

  test('a connection that is closed before the answer is lost', async () => {
    const client = await answering(Buffer.alloc(0), 5_000)
    expect(await client.version()).toMatchObject({ fault: { code: 'SUMO_CONNECTION_LOST' } })
  })

  test('silence is told after the time given', async () => {
    const client = await answering(null, 50)
    expect(await client.version()).toEqual({ ok: false, fault: { code: 'SUMO_TIMED_OUT', afterMs: 50 } })
  })
})
