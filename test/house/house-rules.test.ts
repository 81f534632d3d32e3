/** One planted fault for each rule of the house: the rule sees it, and leaves its sound twin alone. */
import { describe, expect, test } from 'vitest'
import {
  checkErrorCatalogue,
  checkInstallScripts,
  checkLogicalProperties,
  checkOpeningSentences,
  checkPureRooms,
  checkReasonsOfExceptions,
} from './house-rules.ts'
import { parse } from './sources.ts'

const file = (text: string, path = 'src/signal/plant.ts') => [parse({ path, text })]

describe('the house rules', () => {
  test.each([
    ['export const x = 1', 1],
    ['// A line comment is not the opening.\nexport const x = 1', 1],
    ["import x from 'y'\n/** Comes too late. */", 1],
    ['/** What the file is for. */\nexport const x = 1', 0],
    ['#!/usr/bin/env node\n/** What the command is for. */\nexport const x = 1', 0],
  ])('a file that opens with %j has %i findings', (text, count) => {
    expect(checkOpeningSentences(file(text))).toHaveLength(count)
  })

  test('a clock hidden in a pure room is found, a reading that is handed in is not', () => {
    expect(checkPureRooms(file('export const now = () => new Date().getTime()'))).toHaveLength(1)
    expect(checkPureRooms(file('export const now = () => globalThis.Date.now()'))).toHaveLength(1)
    expect(checkPureRooms(file('export const at = (epochMs: number) => new Date(epochMs)'))).toEqual([])
    expect(checkPureRooms(file('export const now = () => new Date()', 'src/edge/plant.ts'))).toEqual([])
  })

  test('a rule that is switched off without a reason is found', () => {
    expect(checkReasonsOfExceptions(file('// oxlint-disable-next-line max-lines\nexport {}'))).toHaveLength(1)
    const reasoned = '// oxlint-disable-next-line max-lines -- a table that is read as one piece\nexport {}'
    expect(checkReasonsOfExceptions(file(reasoned))).toEqual([])
  })

  test('a code without a row, a row without a code and a row twice are found', () => {
    const source = file(`
      type Fault = { readonly code: 'LOOP_LOST' } | { readonly code: 'LOOP_BACK' | 'LOOP_STUCK' }
      type ReasonCode = 'RESTING_IN_RED'
      log('warn', 'BROKER_GONE', 'the broker is gone')
      const fault = { code: late ? 'TOO_LATE' : 'TOO_EARLY' }
    `)
    const codes = ['LOOP_LOST', 'LOOP_BACK', 'LOOP_STUCK', 'RESTING_IN_RED', 'BROKER_GONE', 'TOO_LATE', 'TOO_EARLY']
    const catalogue = (rows: string[]) => ({
      path: 'docs/errors.md',
      text: rows.map((code) => `| \`${code}\` | meaning | what to do |`).join('\n'),
    })
    expect(checkErrorCatalogue(source, catalogue(codes))).toEqual([])
    expect(checkErrorCatalogue(source, catalogue(codes.slice(1)))[0]?.message).toContain('LOOP_LOST')
    expect(checkErrorCatalogue(source, catalogue([...codes, 'NEVER_USED']))).toHaveLength(1)
    expect(checkErrorCatalogue(source, catalogue([...codes, 'LOOP_LOST']))).toHaveLength(1)
  })

  test.each([
    'a { margin-left: 1px }',
    '  padding-right: 2px;',
    '  left: 0;',
    '  text-align: right;',
    '  border-left: 1px solid;',
    '  border-top-left-radius: 0;',
  ])('the physical style "%s" is found', (text) => {
    expect(checkLogicalProperties([{ path: 'src/web/plant.css', text }])).toHaveLength(1)
  })

  test.each([
    '  margin-inline-start: 1px;',
    '  text-align: start;',
    '  inset-inline-end: 0;',
    '.to-the-left { gap: 1px }',
  ])('the logical style "%s" is left alone', (text) => {
    expect(checkLogicalProperties([{ path: 'src/web/plant.css', text }])).toEqual([])
  })

  test('a package with an install script of its own is found unless it is allowed by name', () => {
    const lockfile = { packages: { 'node_modules/a/node_modules/@scope/b': { hasInstallScript: true } } }
    expect(checkInstallScripts(lockfile, {})).toHaveLength(1)
    expect(checkInstallScripts(lockfile, { '@scope/b': true })).toEqual([])
  })
})
