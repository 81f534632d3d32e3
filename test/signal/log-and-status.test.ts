/** What a controller says of itself: the log of whole changes, line by line, and the status groups beside it. */
import { expect, test } from 'vitest'
import { bit, bitsOf } from '#base/bits.ts'
import { patternId } from '#base/id.ts'
import { NO_PHASE_CONTROL, type PhaseControl } from '#signal/command.ts'
import type { ControllerDatabase } from '#signal/database.ts'
import { createController, QUIET_UNIT, type Controller } from '#signal/controller.ts'
import { statusOf, stepController } from '#signal/phase-machine.ts'
import { database, EIGHT_PHASES, junction, STAGES, TWO_PHASES } from '#test/support/junctions.ts'

const CROSSWALK = { walkMs: 4_000, pedClearMs: 6_000 }

/** Stepped by 100 ms; keeps the log as `second code/parameter`. */
class Street {
  readonly controller: Controller
  readonly log: string[] = []
  readonly occupied = new Uint8Array(65)
  pedestrianButtons = 0
  control: PhaseControl = NO_PHASE_CONTROL
  #ms = 0

  constructor(of: ControllerDatabase) {
    this.controller = createController(of)
  }

  run(seconds: number): this {
    for (let ticks = Math.round(seconds * 10); ticks > 0; ticks--) {
      this.#ms += 100
      const { occupied, pedestrianButtons, control } = this
      const inputs = { ...QUIET_UNIT, occupied, pedestrianButtons, control, epochMs: this.#ms, pattern: patternId(254) }
      stepController(this.controller, inputs, 100, (code, parameter) =>
        this.log.push(`${this.#ms / 1000} ${code}/${parameter}`),
      )
    }
    return this
  }

  /** The lines since the last time that they were taken. */
  take(): string[] {
    return this.log.splice(0)
  }

  get status() {
    return statusOf(this.controller)
  }
}

test('the log of a change has each line of the green that ends and of the one that begins, in order', () => {
  const street = new Street(
    database(junction({ ...TWO_PHASES, phases: { 2: { timing: CROSSWALK }, 4: { timing: { redAmberMs: 1_000 } } } })),
  )
  expect(street.run(40).take()).toEqual([
    ...['0.1 43/2', '0.1 43/4', '0.1 131/254', '0.1 150/0'],
    ...['5 18/2', '5 0/2', '5 1/2', '5 2/2', '5 50/2', '5 21/2', '5 44/2'],
    ...['8 13/2', '9 22/2', '10 3/2', '15 23/2', '15 18/4', '15 4/2', '15 7/2', '15 8/2'],
    ...['18 9/2', '18 10/2', '19 11/2', '19 12/2', '19 31/1'],
    ...['19 0/4', '19 256/4', '20 1/4', '20 44/4', '23 13/4', '25 3/4'],
  ])
})

test('both rings decide, end and begin together in the log, and the barrier stands between', () => {
  const street = new Street(database(junction(EIGHT_PHASES)))
  street.run(120).take()
  street.occupied[2] = 1
  const log = street.run(6).take()
  expect(log).toEqual([
    ...['120.1 82/2', '120.1 43/2', '120.1 18/2', '120.1 18/6'],
    ...['120.1 4/4', '120.1 7/4', '120.1 8/4', '120.1 4/8', '120.1 7/8', '120.1 8/8'],
    ...['123.1 9/4', '123.1 10/4', '123.1 9/8', '123.1 10/8'],
    ...['124.1 11/4', '124.1 12/4', '124.1 11/8', '124.1 12/8', '124.1 31/2', '124.1 14/1', '124.1 14/5'],
    ...['124.1 0/2', '124.1 1/2', '124.1 0/6', '124.1 1/6', '124.1 44/2'],
  ])
})

test('the barrier is logged when the slower ring has cleared, not when the first has', () => {
  const slow = { 2: { timing: { yellowMs: 5_000, redClearMs: 3_000 } }, 6: { dualEntry: true }, 8: { dualEntry: true } }
  const street = new Street(database(junction({ ...EIGHT_PHASES, phases: slow })))
  street.run(120)
  street.occupied[2] = 1
  street.run(60)
  street.occupied[2] = 0
  street.occupied[4] = 1
  const log = street.run(60).take()
  const greens = log.findLastIndex((line) => line.endsWith(' 1/4'))
  expect(log.slice(greens - 8, greens + 1).map((line) => line.split(' ')[1])).toEqual([
    ...['9/2', '10/2', '11/2', '12/2', '31/1', '14/3', '14/7', '0/4', '1/4'],
  ])
})

test('a signal group that two stages share logs its green once', () => {
  const street = new Street(database(junction(STAGES)))
  const overlaps = street
    .run(60)
    .take()
    .filter((line) => /\d+ 6[1345]\/7$/.test(line))
  expect(overlaps).toEqual(['5 61/7', '19 63/7', '22 64/7', '23 65/7'])
})

test('what supervision holds, omits and lets go is logged once, for the phases that there are', () => {
  const street = new Street(database(junction(TWO_PHASES)))
  street.run(60).take()
  const bits = bitsOf([2, 9])
  street.control = { ...NO_PHASE_CONTROL, hold: bits, phaseOmit: bits, pedestrianOmit: bits }
  street.run(1)
  street.control = { ...street.control }
  street.run(1)
  street.control = NO_PHASE_CONTROL
  expect(street.run(1).take()).toEqual(['60.1 41/2', '60.1 46/2', '60.1 48/2', '62.1 42/2', '62.1 47/2', '62.1 49/2'])
})

test('loops and push buttons are logged when they change', () => {
  const street = new Street(database(junction({ ...TWO_PHASES, phases: { 4: { timing: CROSSWALK } } })))
  street.run(60).take()
  street.occupied[4] = 1
  street.pedestrianButtons = bit(4)
  street.run(0.5)
  street.occupied[4] = 0
  street.pedestrianButtons = 0
  expect(street.run(0.5).take()).toEqual([
    ...['60.1 82/4', '60.1 90/4', '60.1 45/4', '60.1 21/4'],
    ...['60.6 81/4', '60.6 89/4'],
  ])
})

test('the status of a change: lamps, calls, decisions and the ring that makes it', () => {
  const street = new Street(
    database(junction({ ...TWO_PHASES, phases: { 4: { timing: { ...CROSSWALK, redAmberMs: 1_000 } } } })),
  )
  street.run(60)
  street.occupied[2] = 1
  street.run(2)
  expect(street.status).toMatchObject({
    reds: bit(2),
    yellows: bit(4),
    greens: 0,
    redAmbers: 0,
    vehicleCalls: bit(2),
    pedestrianCalls: 0,
    phaseOns: bit(4),
    phaseNexts: bit(2),
    rings: [{ phase: 4, interval: 'yellow', elapsedMs: 1_900, termination: 'gapOut' }],
  })
  street.run(2.1)
  expect(street.status).toMatchObject({
    reds: bit(4),
    greens: bit(2),
    vehicleCalls: 0,
    phaseOns: bit(2),
    phaseNexts: 0,
    rings: [{ phase: 2, interval: 'green', elapsedMs: 0, termination: 'none' }],
  })
})

test('channels are lamps: red and yellow for red-amber, walk green, clearance yellow, overlaps by their own colour', () => {
  const site = junction({
    ...TWO_PHASES,
    phases: { 2: { timing: { ...CROSSWALK, redAmberMs: 1_000 } } },
    overlaps: { 1: [2] },
  })
  const [phase2, phase4, walk2, overlap1] = [bit(1), bit(2), bit(3), bit(4)]
  const street = new Street(database(site))
  const lamps = (seconds: number) => {
    const { channelReds, channelYellows, channelGreens } = street.run(seconds).status
    return [channelReds, channelYellows, channelGreens]
  }
  expect(lamps(1)).toEqual([phase2 | phase4 | walk2 | overlap1, 0, 0])
  expect(lamps(4.5)).toEqual([phase2 | phase4 | walk2 | overlap1, phase2 | overlap1, 0])
  expect(lamps(1)).toEqual([phase4, 0, phase2 | walk2 | overlap1])
  expect(lamps(4)).toEqual([phase4, walk2, phase2 | overlap1])
  expect(lamps(6)).toEqual([phase4 | walk2, phase2 | overlap1, 0])
})

test('a controller begins with all lamps red and every phase called', () => {
  const { status } = new Street(database(junction(EIGHT_PHASES))).run(4.9)
  expect(status.reds).toBe(0xff)
  expect(status.channelReds).toBe(0xff)
  expect(status.vehicleCalls).toBe(0xff)
  expect(status.rings).toEqual([
    { phase: 0, interval: 'rest', elapsedMs: 4_900, termination: 'none' },
    { phase: 0, interval: 'rest', elapsedMs: 4_900, termination: 'none' },
  ])
})

test('the red before the first green lasts as long as the longest red clearance', () => {
  const street = new Street(database(junction({ ...TWO_PHASES, phases: { 4: { timing: { redClearMs: 8_000 } } } })))
  expect(street.run(7.9).status.greens).toBe(0)
  expect(street.run(0.1).status.greens).toBe(bit(2))
})
