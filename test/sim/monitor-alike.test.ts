/** A monitor that is shown samples alike at once finds what it finds one by one, and at the same moment. */
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { createMonitor, stepMonitor, watchAlike } from '#sim/cabinet/conflict-monitor/monitor.ts'
import { CONFIG } from './crossing-cabinet.ts'

const { intersection } = CONFIG.database
const CHANNELS = intersection.channels.reduce((bits, { id }) => bits | (1 << (id - 1)), 0)
const ALL_RED = { reds: CHANNELS, yellows: 0, greens: 0 }

/** Mostly lawful: all red, one channel green or yellow; now and then anything at all. */
const lawful = fc.constantFrom(...intersection.channels).chain(({ id }) => {
  const own = 1 << (id - 1)
  return fc.constantFrom(
    ALL_RED,
    { reds: CHANNELS & ~own, yellows: 0, greens: own },
    { reds: CHANNELS & ~own, yellows: own, greens: 0 },
  )
})
const lamps = fc.nat(CHANNELS)
const anything = fc.record({ reds: lamps, yellows: lamps, greens: lamps })
const stretch = fc.record({
  lamps: fc.oneof({ weight: 8, arbitrary: lawful }, { weight: 1, arbitrary: anything }),
  turns: fc.boolean(),
  samples: fc.integer({ min: 1, max: 40 }),
})

test('samples alike latch the same trip, together or one by one', () => {
  fc.assert(
    fc.property(fc.array(stretch, { minLength: 1, maxLength: 40 }), (shown) => {
      const [together, oneByOne] = [createMonitor(intersection), createMonitor(intersection)]
      let watchdog = false
      for (const { lamps: lit, turns, samples } of shown) {
        if (turns) watchdog = !watchdog
        watchAlike(together, { ...lit, watchdog }, samples)
        for (let i = 0; i < samples; i++) stepMonitor(oneByOne, { ...lit, watchdog })
        expect(together).toEqual(oneByOne)
      }
    }),
  )
})
