/** Faults of loops and of their wires. */
import { failed, ok } from '#base/outcome.ts'
import { WRONG_ORDER_MAX } from '#edge/lane-order.ts'
import { WRONG_GREEN_MAX } from '#edge/swapped-loops.ts'
import type { Detector } from '#signal/detector.ts'
import { USUAL_WATCH } from '#signal/detector-watch.ts'
import type { LoopFault } from '../cabinet/loop-faults.ts'
import { thereAre, type Aim, type CabinetFault, type FaultPlace } from './fault-kind.ts'

const AT_ONCE = { s: 2, rule: 'at once: the card says so' }

export const LOOP_FAULTS: readonly CabinetFault[] = [
  ofLoop('openLoop', {
    key: 'open-loop',
    name: { fa: 'قطع بودن حلقه', en: 'open loop' },
    symptom: 'The card shows an open loop and calls all the time.',
    alarm: { by: 'detector', fault: 'openLoop' },
    within: AT_ONCE,
  }),
  ofLoop('shortedLoop', {
    key: 'shorted-loop',
    name: { fa: 'اتصال کوتاه حلقه', en: 'shorted loop' },
    symptom: 'The card shows a shorted loop and calls all the time.',
    alarm: { by: 'detector', fault: 'shortedLoop' },
    within: AT_ONCE,
  }),
  ofLoop('chatter', {
    key: 'chatter',
    name: { fa: 'لرزش حلقه', en: 'chatter' },
    symptom: 'The lamp of the channel flickers without a vehicle.',
    alarm: { by: 'detector', fault: 'erraticCounts' },
    within: {
      s: 70,
      rule: 'more actuations in a minute than the controller is set to, or than 70 a lane where nobody is',
    },
  }),
  ofLoop('stuckOn', {
    key: 'stuck-on',
    name: { fa: 'چسبیدن در حالت اشغال', en: 'stuck on' },
    symptom: 'The channel is occupied though nobody stands there.',
    alarm: { by: 'detector', fault: 'maxPresence' },
    within: {
      s: USUAL_WATCH.stuckOnZoneMs / 1_000 + 10,
      rule: 'as the controller is set to; where it is not, 20 min for a loop, 60 min for a camera zone',
    },
  }),
  ofLoop('stuckOff', {
    key: 'stuck-off',
    name: { fa: 'چسبیدن در حالت آزاد', en: 'stuck off' },
    symptom: 'The channel is never occupied though vehicles pass.',
    alarm: { by: 'detector', fault: 'noActivity' },
    within: {
      s: 3_700,
      rule: 'as the controller is set to; where it is not, 25 vehicles over the other loop of its lane or that usually come at that hour, and 5 min; without either 60 min and 2,000 vehicles elsewhere',
    },
  }),
  {
    at: 'intersection',
    key: 'swapped-wires',
    name: { fa: 'جابه‌جا بودن سیم دو حلقه', en: 'swapped wires' },
    symptom: 'Two loops of one device are wired to each other’s inputs: vehicles are seen where they are not.',
    usage: '<detector> <detector>',
    takes: ['detectors'],
    alarm: { by: 'edge', alarm: 'loopsSwapped' },
    within: {
      s: 3_600,
      rule: `two stop bars: over each ${WRONG_GREEN_MAX} more vehicles that leave in the green of the other; one lane: ${WRONG_ORDER_MAX} more of those who come alone come to the stop bar first`,
    },
    aim: aimSwap,
  },
]

type Facts = Pick<CabinetFault, 'key' | 'name' | 'symptom' | 'alarm' | 'within'>

function ofLoop(fault: LoopFault, facts: Facts): CabinetFault {
  return {
    at: 'intersection',
    usage: '<detector>',
    takes: ['detector'],
    ...facts,
    aim(place, [number]) {
      const detector = detectorAt(place, number)
      if (!detector) return failed(thereAre(numbersOf(place)))
      const { loopFaults } = place.cabinet
      return ok({
        part: `detector ${detector.id}`,
        plant: () => loopFaults.plant(detector.id, fault),
        mend: () => loopFaults.mend(detector.id),
      })
    },
  }
}

function aimSwap(place: FaultPlace, [one, other]: readonly string[]): Aim {
  const [a, b] = [detectorAt(place, one), detectorAt(place, other)]
  if (!a || !b || a === b) return failed(`two of its detectors; ${thereAre(numbersOf(place))}`)
  if (a.device !== b.device)
    return failed(`${a.id} is wired to ${a.device}, ${b.id} to ${b.device}: say two of one device`)
  if (!canBeTold(place, a, b))
    return failed(
      'nobody can tell these two by what they see: say two stop bars of different heads, or the two loops of one lane',
    )
  const { loopFaults } = place.cabinet
  return ok({
    part: `wires ${a.id} ${b.id}`,
    plant: () => loopFaults.swap(a.id, b.id),
    mend: () => loopFaults.putRight(a.id, b.id),
  })
}

function canBeTold({ cabinet }: FaultPlace, a: Detector, b: Detector): boolean {
  const { approaches } = cabinet.config.database.intersection
  const headOf = ({ lanes }: Detector) =>
    approaches
      .flatMap((approach) => approach.lanes)
      .flatMap(({ id, head }) => (lanes.includes(id) ? [JSON.stringify(head)] : []))
  const bars = [a, b].filter(({ kind }) => kind === 'stop-bar').length
  if ([a, b].some(({ kind }) => kind === 'zone')) return false
  return bars === 2 ? headOf(a).join() !== headOf(b).join() : bars === 1 && a.lanes.join() === b.lanes.join()
}

const detectorsOf = ({ cabinet }: FaultPlace): readonly Detector[] => cabinet.config.database.intersection.detectors

const detectorAt = (place: FaultPlace, number: string | undefined): Detector | undefined =>
  detectorsOf(place).find(({ id }) => String(id) === number)

const numbersOf = (place: FaultPlace): string[] => detectorsOf(place).map(({ id }) => String(id))
