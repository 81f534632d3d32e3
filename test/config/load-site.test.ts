/** Sites of one, twelve and forty intersections load whole and cannot be changed; broken ones never crash the loader. */
import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { hasBit, listBits } from '#base/bits.ts'
import { phaseId } from '#base/id.ts'
import { PLAIN_TIMING } from '#signal/phase.ts'
import { loadSite } from '#config/load-site.ts'
import { loadCopy, loadEdited, ONE_CROSSING, PROFILES, type Edit } from './planted.ts'

async function village() {
  const loaded = await loadSite(ONE_CROSSING, PROFILES)
  if (!loaded.ok) throw new Error(loaded.fault.map(({ message }) => message).join('\n'))
  const [crossing] = loaded.value.intersections
  return { site: loaded.value, crossing: crossing!, street: crossing!.database.intersection }
}

describe('a site of one crossing', () => {
  test('is read into milliseconds, rings, barrier groups and sequences', async () => {
    const { street } = await village()
    expect(street.phases.map(({ id, ring, barrier }) => [id, ring, barrier])).toEqual([
      [1, 1, 1],
      [2, 1, 1],
      [4, 1, 2],
      [5, 2, 1],
      [6, 2, 1],
    ])
    expect(street.phases[2]!.timing).toEqual({
      ...PLAIN_TIMING,
      minGreenMs: 8_000,
      passageMs: 2_500,
      max1Ms: 30_000,
      max2Ms: 40_000,
      yellowMs: 3_500,
      redClearMs: 3_400,
      redAmberMs: 0,
      walkMs: 7_000,
      pedClearMs: 10_000,
    })
    expect(street.sequences).toEqual([
      {
        number: 1,
        rings: [
          [1, 2, 4],
          [5, 6],
        ],
      },
      {
        number: 2,
        rings: [
          [2, 1, 4],
          [6, 5],
        ],
      },
    ])
  })

  test('names its lanes from the kerb, and a pocket is as long as its storage', async () => {
    const { street } = await village()
    expect(street.approaches[0]!.lanes).toEqual([
      { id: 'N1', turns: ['right'], lengthM: 200, head: { kind: 'overlap', overlap: 1 } },
      { id: 'N2', turns: ['through'], lengthM: 200, head: { kind: 'vehicle', phase: 2 } },
      { id: 'N3', turns: ['left'], lengthM: 50, head: { kind: 'vehicle', phase: 5 } },
    ])
  })

  test('puts a loop on the controller at its own number unless the file says otherwise', async () => {
    const { street } = await village()
    expect(street.detectors.slice(-2).map(({ id, device, deviceChannel }) => [id, device, deviceChannel])).toEqual([
      [6, 'controller', 6],
      [7, 'loops', 1],
    ])
  })

  test('coordinates the through phases of the main street unless a plan says otherwise', async () => {
    const { crossing } = await village()
    expect(
      crossing.database.plans.map(({ key, coordinatedPhases, sequence }) => [key, coordinatedPhases, sequence]),
    ).toEqual([
      ['day', [2, 6], 1],
      ['market', [2, 6], 2],
    ])
    expect(crossing.database.plans[0]!.splitsMs.get(phaseId(2))).toBe(34_000)
  })

  test('has a week in ISO order, Thursday the market day', async () => {
    const { crossing } = await village()
    expect(crossing.database.schedule.week).toEqual([1, 1, 1, 2, 1, 1, 1])
    expect(crossing.database.schedule.dayPlans[1]!.entries).toEqual([
      { startMinuteOfDay: 0, pattern: 254, maximum: 1 as const },
      { startMinuteOfDay: 330, pattern: 2, maximum: 1 as const },
      { startMinuteOfDay: 840, pattern: 1, maximum: 1 as const },
    ])
  })

  test('lets supervision omit only what the file marks, and knows every minimum green', async () => {
    const { limits } = (await village()).crossing
    expect(listBits(limits.phases)).toEqual([1, 2, 4, 5, 6])
    expect(listBits(limits.omittable)).toEqual([1, 5])
    expect(limits.minGreenMs).toEqual([0, 5_000, 8_000, 0, 8_000, 5_000, 8_000])
    expect(limits.patterns).toEqual([1, 2])
    expect(hasBit(limits.omittable, 2)).toBe(false)
  })

  test('reaches its controller and its loop card behind one gateway', async () => {
    const { controller, cards } = (await village()).crossing
    expect(controller).toEqual({
      name: 'controller',
      profile: 'a-controller',
      address: { host: '127.0.0.1', port: 1502, unit: 1 },
    })
    expect(cards.map(({ name, address }) => [name, address.unit])).toEqual([['loops', 2]])
  })

  test('needs no demand where there is no simulator', async () => {
    const loaded = await loadEdited('demand.yaml', () => null)
    expect(loaded.ok && loaded.value.intersections[0]!.demand).toEqual([])
  })

  test('cannot be changed once it is loaded, not even a split in its map', async () => {
    const { site, crossing } = await village()
    expect(() => Object.assign(site, { id: 'other' })).toThrow(TypeError)
    expect(() => Object.assign(crossing.database.intersection.phases[0]!.timing, { yellowMs: 1 })).toThrow(TypeError)
    const splits = crossing.database.plans[0]!.splitsMs as Map<unknown, unknown>
    expect(() => splits.set(phaseId(2), 1)).toThrow('the configuration is frozen')
    expect(() => splits.clear()).toThrow('the configuration is frozen')
    expect(splits.get(phaseId(2))).toBe(34_000)
  })
})

test('a city of forty crossings loads as one of one does', async () => {
  const numbers = Array.from({ length: 40 }, (_, index) => index + 1)
  const repeated =
    (start: string): Edit =>
    (text) => {
      const from = text.indexOf(start)
      return (
        text.slice(0, from) +
        numbers
          .map((n) =>
            text
              .slice(from)
              .replace('V-1', `V-${n}`)
              .replaceAll('1502', `${1500 + n}`),
          )
          .join('')
      )
    }
  const eachPlan: Edit = (text) =>
    text.replaceAll(/^ {2}V-1:.*$/gm, (row) => numbers.map((n) => row.replace('V-1', `V-${n}`)).join('\n'))
  const loaded = await loadCopy(ONE_CROSSING, {
    'site.yaml': (text) => text.replace('[V-1]', `[${numbers.map((n) => `V-${n}`).join(', ')}]`),
    'network.yaml': repeated('  V-1:'),
    'devices.yaml': repeated('V-1:'),
    'plans.yaml': eachPlan,
    'demand.yaml': repeated('V-1:'),
  })
  expect(loaded.ok ? loaded.value.intersections.map(({ database }) => database.intersection.id) : loaded.fault).toEqual(
    numbers.map((n) => `V-${n}`),
  )
})

describe('a file that somebody has damaged', () => {
  const FILES = ['site', 'network', 'devices', 'plans', 'schedule', 'demand']
  const WRITTEN = fc.oneof(
    fc.string({ maxLength: 6 }),
    fc.constantFrom(
      '',
      '{',
      '}',
      ']',
      '- ',
      ': ',
      '*x',
      '&a ',
      '<<: ',
      '0',
      '-1',
      '99999',
      '1e9',
      'null',
      '~',
      '\t',
      '"',
      '#',
      '9',
      'V-2',
    ),
  )

  test('never crashes the loader: it gives a valid site, or faults that name a file', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...FILES),
        fc.nat(),
        fc.nat({ max: 12 }),
        WRITTEN,
        async (file, position, removed, written) => {
          const loaded = await loadEdited(`${file}.yaml`, (text) => {
            const from = position % text.length
            return text.slice(0, from) + written + text.slice(from + removed)
          })
          if (loaded.ok) expect(loaded.value.intersections.length).toBe(1)
          else expect(loaded.fault.length).toBeGreaterThan(0)
          for (const { file: named, message } of loaded.ok ? [] : loaded.fault)
            expect(message.startsWith(named)).toBe(true)
        },
      ),
      { numRuns: 150 },
    )
  })

  test('loses a line and is refused, or did not need it', async () => {
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...FILES), fc.nat(), async (file, position) => {
        const loaded = await loadEdited(`${file}.yaml`, (text) => {
          const lines = text.split('\n')
          return lines.toSpliced(position % lines.length, 1).join('\n')
        })
        expect(loaded.ok || loaded.fault.length > 0).toBe(true)
      }),
      { numRuns: 100 },
    )
  })
})
