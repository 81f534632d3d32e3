/** Connections to the broker that are slow, stall, break off, or carry wrong bytes, by the proxy of the test kit. */
import { setTimeout as sleep } from 'node:timers/promises'
import { nextUniform, randomStream, type RandomStream } from '#base/random.ts'
import { startMosquitto } from '#test/support/mosquitto.ts'
import { proxyTo, SWALLOWED, UNTOUCHED, type Passage, type TcpProxy } from '#test/support/tcp-proxy.ts'
import { sayAccounts, settledAccount } from './account.ts'
import { CentralLife } from './central-life.ts'
import { EdgeLife, SMALL_SEGMENT_BYTES } from './edge-life.ts'
import type { Experiment, Setting } from './experiment.ts'
import { judged, type Seen } from './figure.ts'
import { eventually } from './patience.ts'
import { onRig, type Rig } from './rig.ts'

const ROUNDS = 8
const ROUNDS_QUICK = 2
const EVENTS_PER_ROUND = 600
const PACE = { group: 3, pace: { kind: 'every', ms: 10 } } as const
const BAD_MS_MAX = 2_000
/** Of each piece that passes. */
const WRONG_BYTE = 0.2

export const badWires: Experiment = {
  name: 'bad-wires',
  about: 'delay, jitter, stalls, cuts and wrong bytes between edge, broker and central',
  needs: ['mosquitto'],
  run: async (setting) => {
    const seen: Seen[] = []
    for (const evil of EVILS) seen.push(await onRig((rig) => sufferOne(rig, setting, evil)))
    return seen
  },
}

interface Evil {
  readonly name: string
  /** For both directions of a wire, until it is mended. */
  readonly passage: (chance: RandomStream) => Passage
  /** The connection ends with the round: what a stalled or a garbled stream has lost does not come back in it. */
  readonly isCut: boolean
}

const EVILS: readonly Evil[] = [
  {
    name: 'delay and jitter up to 400 ms',
    passage: (chance) => ({ ...UNTOUCHED, delayMs: Math.round(nextUniform(chance) * 400) }),
    isCut: false,
  },
  { name: 'lost bytes, then a cut', passage: () => SWALLOWED, isCut: true },
  { name: 'cuts', passage: () => UNTOUCHED, isCut: true },
  {
    name: 'wrong bytes',
    passage: (chance) => ({ delayMs: 0, change: (piece) => [withWrongByte(piece, chance)] }),
    isCut: true,
  },
]

function withWrongByte(piece: Buffer, chance: RandomStream): Buffer {
  if (nextUniform(chance) >= WRONG_BYTE) return piece
  const wrong = Buffer.from(piece)
  const at = Math.floor(nextUniform(chance) * wrong.length)
  wrong.writeUInt8(wrong.readUInt8(at) ^ (1 << Math.floor(nextUniform(chance) * 8)), at)
  return wrong
}

async function sufferOne(rig: Rig, setting: Setting, evil: Evil): Promise<Seen> {
  const rounds = setting.isQuick ? ROUNDS_QUICK : ROUNDS
  const lastInLog = rounds * EVENTS_PER_ROUND
  const { edge, central, wires } = await standUp(rig, lastInLog)
  const chance = randomStream(setting.seed, evil.name)
  for (let round = 0; round < rounds; round++) {
    for (const wire of wires) [wire.fromDevice, wire.fromMaster] = [evil.passage(chance), evil.passage(chance)]
    await sleep(nextUniform(chance) * BAD_MS_MAX)
    for (const wire of wires) {
      ;[wire.fromDevice, wire.fromMaster] = [UNTOUCHED, UNTOUCHED]
      if (evil.isCut) wire.cut()
    }
    await sleep(nextUniform(chance) * BAD_MS_MAX)
  }
  await eventually('the whole log recorded', () => (edge.recorded >= lastInLog ? true : undefined))
  const sound = sayAccounts([await settledAccount(() => central.held(), lastInLog)])
  const crashes = [edge, central].filter(({ isOver }) => isOver).length
  const seen = `${sound.seen}, ${crashes} crashes; ${central.deadLetters()} messages put aside`
  setting.say(`${evil.name}: ${seen}`)
  return judged(evil.name, '0 recorded events lost, 0 doubled', { seen, holds: sound.holds && crashes === 0 })
}

interface Street {
  readonly edge: EdgeLife
  readonly central: CentralLife
  readonly wires: readonly TcpProxy[]
}

async function standUp(rig: Rig, lastInLog: number): Promise<Street> {
  const broker = await startMosquitto()
  rig.andThen(() => broker.dispose())
  const [toEdge, toCentral] = [await proxyTo(broker.port), await proxyTo(broker.port)]
  rig.andThen(() => Promise.all([toEdge.close(), toCentral.close()]))
  const urlOf = ({ port }: TcpProxy) => `mqtt://127.0.0.1:${port}`
  const central = new CentralLife({
    ...{ site: 'hamadan', mqttUrl: urlOf(toCentral) },
    ...{ directory: rig.at('central'), influxUrl: null },
  })
  const edge = new EdgeLife({
    ...{ site: 'hamadan', edge: 'hamadan-1', mqttUrl: urlOf(toEdge), spoolDirectory: rig.at('spool') },
    ...{ segmentBytes: SMALL_SEGMENT_BYTES, lastInLog },
    ...PACE,
  })
  rig.andThen(() => Promise.all([edge.kill(), central.kill()]))
  central.begin()
  edge.begin()
  await edge.awake()
  return { edge, central, wires: [toEdge, toCentral] }
}
