/** Faults of the broker between the edges and central. */
import type { BrokerFault } from './fault-kind.ts'

export const BROKER_FAULTS: readonly BrokerFault[] = [
  {
    at: 'broker',
    key: 'broker-restart',
    name: { fa: 'راه‌اندازی دوبارهٔ کارگزار پیام', en: 'broker restart' },
    symptom: 'Nothing is live on the wall; the edges keep what they record.',
    usage: '',
    takes: [],
    alarm: { by: 'central', alarm: 'brokerDown' },
    within: { s: 5, rule: 'at once; nothing is lost, and all comes when it is back' },
    aim: (broker) => ({ part: 'broker', plant: () => broker.down(), mend: () => broker.up() }),
  },
]
