/** What the software monitor takes for a conflict: its own derivation, held against the controller's on any street. */
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { listBits } from '#base/bits.ts'
import { channelId, overlapId, phaseId } from '#base/id.ts'
import { monitorProgram } from '#safety/monitor/program.ts'
import { channelConflicts } from '#signal/conflicts.ts'
import type { HeadSource } from '#signal/heads.ts'
import type { Intersection } from '#signal/intersection.ts'
import { EIGHT_PHASES, junction, STAGES } from '#test/support/junctions.ts'
import { anyDatabase } from '#test/support/random-junctions.ts'

const channelOf = ({ channels }: Intersection, kind: HeadSource['kind'], number: number): number =>
  channels.find(
    ({ source }) => source.kind === kind && ('overlap' in source ? source.overlap : source.phase) === number,
  )?.id ?? 0

test.each([
  ['eight phases', junction(EIGHT_PHASES)],
  ['eight phases of which a pair is forbidden', junction({ ...EIGHT_PHASES, extraConflicts: [[1, 6]] })],
  [
    'eight phases of which a pair is forbidden, named the other way',
    junction({ ...EIGHT_PHASES, extraConflicts: [[6, 1]] }),
  ],
  ['stages', junction(STAGES)],
  [
    'a right turn that gives way to a left turn',
    junction({
      ...EIGHT_PHASES,
      overlaps: { 1: [2], 2: [5], 3: [5, 8] },
      overlapFacts: { 1: { kind: 'minusGreenYellow', modifiers: [phaseId(5)] } },
    }),
  ],
])('%s: two ways to derive who conflicts come to the same', (_, site) => {
  expect(monitorProgram(site).conflicts.map(listBits)).toEqual(channelConflicts(site).map(listBits))
})

test('any street: two ways to derive who conflicts come to the same', () => {
  fc.assert(
    fc.property(anyDatabase, ({ intersection }) => {
      expect(monitorProgram(intersection).conflicts.map(listBits)).toEqual(channelConflicts(intersection).map(listBits))
    }),
  )
})

test('a pedestrian channel owes no yellow, whether a phase or an overlap lights it', () => {
  const walk = { timing: { walkMs: 5_000, pedClearMs: 8_000, redAmberMs: 2_000 } }
  const site = junction({
    rings: [[[2], [4]]],
    phases: { 2: walk, 4: {} },
    overlaps: { 1: [2], 2: [4] },
    overlapFacts: { 1: { kind: 'pedestrian' } },
  })
  const { vehicles, redAmberMs } = monitorProgram(site)
  const { phase2, walk2, overlap2 } = {
    phase2: channelOf(site, 'vehicle', 2),
    walk2: channelOf(site, 'pedestrian', 2),
    overlap2: channelOf(site, 'overlap', 2),
  }
  expect(listBits(vehicles)).toEqual([phase2, channelOf(site, 'vehicle', 4), overlap2].toSorted((a, b) => a - b))
  expect([redAmberMs[phase2], redAmberMs[overlap2], redAmberMs[walk2]]).toEqual([2_000, 0, 2_000])
})

test('the yellow of an arrow that may flash is barred only by whoever bars both of its sections', () => {
  const site = junction({
    rings: [
      [[1, 2], [4]],
      [[5, 6], [8]],
    ],
    overlaps: { 1: [2] },
    overlapFacts: { 1: { kind: 'flashingYellowArrow', modifiers: [phaseId(1)] } },
  })
  const program = monitorProgram(site)
  const [arrow, flash] = [channelOf(site, 'overlap', 1), channelOf(site, 'flashingArrow', 1)]
  expect([listBits(program.arrows), listBits(program.flashing)]).toEqual([[arrow], [flash]])
  const oncoming = channelOf(site, 'vehicle', 2)
  expect(listBits(program.conflicts[arrow] ?? 0)).toContain(oncoming)
  expect(listBits(program.yellowConflicts[arrow] ?? 0)).not.toContain(oncoming)
  expect(listBits(program.yellowConflicts[arrow] ?? 0)).toContain(channelOf(site, 'vehicle', 4))
})

test('a channel of a thing that the street does not have goes beside nobody', () => {
  const site = junction(STAGES)
  const lost = [overlapId(30), overlapId(31)].map((overlap, i) => ({
    id: channelId(31 + i),
    source: { kind: 'overlap', overlap } as const,
  }))
  const { conflicts } = monitorProgram({ ...site, channels: [...site.channels, ...lost] })
  expect(listBits(conflicts[31] ?? 0)).toEqual([...site.channels.map(({ id }) => id), 32])
})
