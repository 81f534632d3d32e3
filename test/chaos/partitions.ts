/** Torn and narrow networks between edge, broker and central, each in a network namespace of its own. */
import { spawn } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { nextUniform, randomStream } from '#base/random.ts'
import { locateProgram } from '#test/support/program.ts'
import { sayAccounts, settledAccount } from './account.ts'
import { CentralLife } from './central-life.ts'
import { EdgeLife, SMALL_SEGMENT_BYTES } from './edge-life.ts'
import type { Experiment, Setting } from './experiment.ts'
import { judged, type Seen } from './figure.ts'
import { Namespaces, type Tear, type Wire } from './namespaces.ts'
import { eventually } from './patience.ts'
import { onRig, type Rig } from './rig.ts'

const ROUNDS = 12
const ROUNDS_QUICK = 4
const EVENTS_PER_ROUND = 900
const PACE = { group: 3, pace: { kind: 'every', ms: 10 } } as const
const PORT = 1_883
/** Longer than an edge's keep-alive of 5 s and a half, so that some partitions are noticed and some are not. */
const TORN_MS_MAX = 10_000
const WHOLE_MS_MAX = 1_500
/** A third of what the edge records. */
const NARROW_KBPS = 48

export const partitions: Experiment = {
  name: 'partitions',
  about: 'torn wires, in one direction or both, and narrow ones, by nft and tbf in network namespaces',
  needs: ['mosquitto', 'network namespaces'],
  run: (setting) => onRig((rig) => tearAll(rig, setting)),
}

const TEARS: readonly (readonly [Wire, Tear])[] = [
  ['edge', 'both'],
  ['central', 'both'],
  ['edge', 'from hub'],
  ['central', 'to hub'],
  ['edge', 'to hub'],
  ['central', 'from hub'],
]

async function tearAll(rig: Rig, setting: Setting): Promise<Seen[]> {
  const rounds = setting.isQuick ? ROUNDS_QUICK : ROUNDS
  const lastInLog = rounds * EVENTS_PER_ROUND
  const network = new Namespaces(process.pid)
  rig.andThen(() => network.close())
  const { edge, central } = standUp(rig, network, lastInLog)
  central.begin(network.inside('central'))
  edge.begin(network.inside('edge'))
  await edge.awake()
  const chance = randomStream(setting.seed, 'partitions')
  for (let round = 0; round < rounds; round++) {
    const [wire, tear] = TEARS[round % TEARS.length] ?? ['edge', 'both']
    setting.say(`round ${round + 1} of ${rounds}: ${wire}, ${tear}`)
    network.tear(wire, tear)
    await sleep(nextUniform(chance) * TORN_MS_MAX)
    network.mend()
    const isNarrow = round % 2 === 1
    if (isNarrow) network.narrow('edge', NARROW_KBPS)
    await sleep(nextUniform(chance) * WHOLE_MS_MAX)
    if (isNarrow) network.narrow('edge', null)
  }
  await eventually('the whole log recorded', () => (edge.recorded >= lastInLog ? true : undefined))
  const sound = sayAccounts([await settledAccount(() => central.held(), lastInLog)])
  const seen = `${sound.seen}; ${rounds} partitions, ${Math.floor(rounds / 2)} narrow whiles`
  return [judged('partitions and narrow wires', '0 recorded events lost, 0 doubled', { ...sound, seen })]
}

/** The broker is at the hub; edge and central are not begun. */
function standUp(rig: Rig, network: Namespaces, lastInLog: number): { edge: EdgeLife; central: CentralLife } {
  startBroker(rig, network)
  const urlFor = (wire: Wire) => `mqtt://${network.hubAddress(wire)}:${PORT}`
  const central = new CentralLife({
    ...{ site: 'hamadan', mqttUrl: urlFor('central') },
    ...{ directory: rig.at('central'), influxUrl: null },
  })
  const edge = new EdgeLife({
    ...{ site: 'hamadan', edge: 'hamadan-1', mqttUrl: urlFor('edge'), spoolDirectory: rig.at('spool') },
    ...{ segmentBytes: SMALL_SEGMENT_BYTES, lastInLog },
    ...PACE,
  })
  rig.andThen(() => Promise.all([edge.kill(), central.kill()]))
  return { edge, central }
}

function startBroker(rig: Rig, network: Namespaces): void {
  mkdirSync(rig.at('broker'))
  const file = rig.at('broker/mosquitto.conf')
  writeFileSync(file, `listener ${PORT}\nallow_anonymous true\nuser root\nlog_dest none\n`)
  const [program, ...args] = [...network.inside('hub'), locateProgram('mosquitto') ?? '', '-c', file]
  const broker = spawn(program, args, { stdio: 'ignore' })
  rig.andThen(() => broker.kill('SIGKILL'))
}
