/** What the real controller serves on its way from each stage to each other, and how long it takes, held against what is planned with. */
import { describe, expect, test } from 'vitest'
import { bitsOf, listBits, type Bits } from '#base/bits.ts'
import { createController, QUIET_UNIT } from '#signal/controller.ts'
import { changeTimeMs, legalStages, phasesPassed } from '#signal/legal-stages.ts'
import { statusOf, stepController } from '#signal/phase-machine.ts'
import type { SignalStatus } from '#signal/status.ts'
import { PATTERN_FREE } from '#signal/timing-plan.ts'
import { commandStage, servedAnyway } from '#control/stage-command.ts'
import { database, EIGHT_PHASES, junction, TIMING } from '#test/support/junctions.ts'

const TICK_MS = 100
const EPOCH_MS = Date.UTC(2026, 0, 5, 8)

describe('through phases that are recalled and may not be left out', () => {
  const THROUGHS = [2, 4, 6, 8]
  const intersection = junction({
    ...EIGHT_PHASES,
    phases: Object.fromEntries(THROUGHS.map((phase) => [phase, { dualEntry: true, recall: 'minimum' as const }])),
  })
  const place = { intersection, omittable: bitsOf([1, 3, 5, 7]) }
  const stages = legalStages(intersection, 0)
  const ways = stages.flatMap((from) => stages.filter((to) => to !== from).map((to) => ({ from, to })))
  const named = (stage: Bits) => listBits(stage).join('+')

  test.each(ways.map((way) => ({ ...way, way: `${named(way.from)} to ${named(way.to)}` })))(
    'from $way whoever has his turn on the way is served, and nobody else',
    ({ from, to }) => {
      const controller = createController(database(intersection))
      let epochMs = EPOCH_MS
      const step = (stage: Bits): SignalStatus => {
        const calls = { vehicleCall: 0, pedestrianCall: 0 }
        const control = commandStage(place, statusOf(controller), { stage, omitted: 0, calls })
        epochMs += TICK_MS
        const inputs = { ...QUIET_UNIT, epochMs, occupied: new Uint8Array(65), pedestrianButtons: 0, control }
        stepController(controller, { ...inputs, pattern: PATTERN_FREE }, TICK_MS, () => undefined)
        return statusOf(controller)
      }
      for (let ms = 0; ms < 200_000; ms += TICK_MS) step(from)
      let signal = step(from)
      expect(named(signal.greens)).toBe(named(from))
      const passed = phasesPassed(intersection, from, to)
      const anyway = passed & servedAnyway(place, signal, { vehicleCall: 0, pedestrianCall: 0 })
      let served = 0
      let ms = 0
      for (; (to & ~signal.greens) !== 0 && ms < 100_000; ms += TICK_MS) {
        signal = step(to)
        served |= signal.greens
      }
      expect(named(served & ~(from | to))).toBe(named(anyway & ~(from | to)))
      if (anyway === 0) expect(ms - TICK_MS).toBe(changeTimeMs(intersection, from, to))
      else expect(ms).toBeGreaterThan(changeTimeMs(intersection, from, to) + TIMING.minGreenMs)
    },
  )

  test.each<[string, Partial<SignalStatus>, number[], number[]]>([
    ['nobody waits: those on recall', {}, [], THROUGHS],
    ['vehicles wait for a left: it may be left out', { vehicleCalls: bitsOf([1]) }, [], THROUGHS],
    ['people wait beside a left', { pedestrianCalls: bitsOf([3]) }, [], [2, 3, 4, 6, 8]],
    ['people whose button only a card sees', {}, [7], [2, 4, 6, 7, 8]],
  ])('served anyway while %s', (_, changes, buttons, served) => {
    const signal = { ...statusOf(createController(database(intersection))), pedestrianCalls: 0, ...changes }
    const calls = { vehicleCall: 0, pedestrianCall: bitsOf(buttons) }
    expect(listBits(servedAnyway(place, signal, calls))).toEqual(served)
  })
})
