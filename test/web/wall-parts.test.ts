/** Small parts of the pages: arrows between tiles, what is certain of a green, and the contrast of the colours. */
import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import type { Geometry } from '#contract/api.ts'
import { stateOf } from '#test/central/city-of-two.ts'
import { elapsedMs, remainingOf } from '#web/intersection/remaining.ts'
import { neighbourOf, type Box } from '#web/wall/neighbour.ts'

/** Four columns and three rows, the last row with two tiles, numbered from the left. */
const GRID: Box[] = [...Array(10).keys()].map((index) => ({
  left: (index % 4) * 250,
  top: Math.floor(index / 4) * 220,
  width: 240,
  height: 210,
}))

test.each([
  [0, 'right', 1],
  [1, 'left', 0],
  [0, 'left', null],
  [3, 'right', null],
  [1, 'down', 5],
  [5, 'down', 9],
  [9, 'up', 5],
  [0, 'up', null],
  [9, 'down', null],
  [9, 'right', null],
] as const)('from tile %i the arrow %s leads to %s', (from, arrow, to) => {
  expect(neighbourOf(GRID, from, arrow)).toBe(to)
})

test('from a full row the arrow down finds the nearest tile of a shorter row', () => {
  expect(neighbourOf(GRID, 7, 'down')).toBe(9)
})

test('on a page from right to left the arrows still follow the eye', () => {
  const mirrored = GRID.map((box) => ({ ...box, left: 1000 - box.left }))
  expect(neighbourOf(mirrored, 0, 'left')).toBe(1)
})

const PHASE: Geometry['phases'][number] = {
  id: 2,
  name: { fa: '', en: '' },
  ring: 1,
  barrier: 1,
  minGreenMs: 10_000,
  max1Ms: 45_000,
  passageMs: 3_000,
  yellowMs: 3_500,
  redClearMs: 2_000,
  walkMs: 7_000,
  pedClearMs: 11_000,
  clearInGreenMs: 11_000,
  hasPedestrians: true,
  leadingPedMs: 0,
  flashesYellow: false,
}

const at = (
  interval: string,
  elapsed: number,
  changes: Partial<NonNullable<ReturnType<typeof stateOf>['signal']>> = {},
) => {
  const state = stateOf('IX-01', 0, { why: null })
  const rings = [{ phase: 2, interval, elapsedMs: elapsed, termination: 'none' }]
  return { ...state, signal: { ...state.signal!, walks: 0, rings, ...changes } }
}

test('a green lasts at least its minimum, then nothing is certain', () => {
  expect(remainingOf(at('green', 3_000), PHASE, 0)).toEqual({ ms: 7_000, atLeast: true })
  expect(remainingOf(at('green', 3_000), PHASE, 400)).toEqual({ ms: 6_600, atLeast: true })
  expect(remainingOf(at('green', 10_000), PHASE, 0)).toBeNull()
})

test('while people start to walk the green lasts at least their clearance', () => {
  expect(remainingOf(at('green', 9_000, { walks: 0b10 }), PHASE, 0)).toEqual({ ms: 11_000, atLeast: true })
})

test('a coordinated green lasts at least until it yields', () => {
  const state = {
    ...at('green', 20_000),
    why: { code: 'COORDINATED_GREEN', phase: 2, numbers: { localCycleMs: 30_000, yieldMs: 46_000 } },
  }
  expect(remainingOf(state, PHASE, 1_000)).toEqual({ ms: 15_000, atLeast: true })
})

test('a yellow lasts exactly as long as it is set, a red nobody knows', () => {
  const yellow = at('yellow', 1_000, { greens: 0, yellows: 0b10 })
  expect(remainingOf(yellow, PHASE, 500)).toEqual({ ms: 2_000, atLeast: false })
  expect(remainingOf(at('redClear', 500, { greens: 0 }), PHASE, 0)).toBeNull()
  expect(remainingOf({ ...yellow, signal: null }, PHASE, 0)).toBeNull()
})

test('the controller counts the time of an active phase; a phase at rest is not in its rings', () => {
  expect(elapsedMs(at('green', 12_000), 2, 300)).toBe(12_300)
  expect(elapsedMs(at('green', 12_000), 4, 300)).toBeNull()
  expect(elapsedMs(at('redClear', 900), 2, 0)).toBeNull()
})

type Tokens = Readonly<Record<string, string>>

const [LIGHT, DARK, AUTO] = readThemes()

function readThemes(): Tokens[] {
  const css = readFileSync('src/web/styles/tokens.css', 'utf8')
  return [...css.matchAll(/\{([^{}]*--ground[^{}]*)\}/g)].map((block) =>
    Object.fromEntries(
      [...(block[1] ?? '').matchAll(/--([\w-]+):\s*(#[0-9a-f]{6})/g)].map(([, name = '', value = '']) => [name, value]),
    ),
  )
}

function luminance(colour: string): number {
  const [r = 0, g = 0, b = 0] = [1, 3, 5].map((from) => {
    const part = Number.parseInt(colour.slice(from, from + 2), 16) / 255
    return part <= 0.039_28 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4
  })
  return 0.2126 * r + 0.7152 * g + 0.0722 * b
}

function contrast(tokens: Tokens, over: string, under: string): number {
  const [a, b] = [luminance(tokens[over]!), luminance(tokens[under]!)].toSorted((x, y) => y - x)
  return (a! + 0.05) / (b! + 0.05)
}

test('the theme that follows the system is the dark one, colour by colour', () => {
  expect(Object.keys(LIGHT!).length).toBeGreaterThan(14)
  expect(AUTO).toEqual(DARK)
  expect(Object.keys(DARK!)).toEqual(Object.keys(LIGHT!))
})

test.each([
  ['light', LIGHT!],
  ['dark', DARK!],
])('in the %s theme text is readable and marks that matter are visible', (_theme, tokens) => {
  for (const text of ['text', 'muted', 'p1', 'p2', 'p3', 'accent'])
    expect(contrast(tokens, text, 'panel'), text).toBeGreaterThanOrEqual(4.5)
  for (const text of ['text', 'muted', 'accent'])
    expect(contrast(tokens, text, 'ground'), text).toBeGreaterThanOrEqual(4.5)
  expect(contrast(tokens, 'on-lit', 'lit')).toBeGreaterThanOrEqual(4.5)
  for (const mark of ['line', 'lit', 'lamp-green', 'lamp-yellow', 'lamp-red'])
    expect(contrast(tokens, mark, 'panel'), mark).toBeGreaterThanOrEqual(3)
})
