/** The import gate refuses every arrow that the table of rooms does not have, and the table is the one in the document. */
import { describe, expect, test } from 'vitest'
import { checkRooms, ROOMS } from './rooms.ts'
import { listSources, parse } from './sources.ts'

const findings = (path: string, text: string) => checkRooms([parse({ path, text })])

describe('the import gate', () => {
  test('finds nothing in the tree as it stands', () => {
    const files = listSources(/^(src|devices|sim)\/.*\.tsx?$/).map((source) => parse(source))
    expect(checkRooms(files)).toEqual([])
  })

  test.each([
    ['src/edge/edge.ts', "import { x } from '#central/central.ts'"],
    ['src/edge/edge.ts', "import type { X } from '#central/central.ts'"],
    ['src/edge/edge.ts', "const { x } = await import('#central/central.ts')"],
    ['src/edge/edge.ts', "export { x } from '#central/central.ts'"],
    ['src/edge/edge.ts', "let x: import('#central/central.ts').X"],
    ['src/edge/edge.ts', "import { actuated } from '#control/actuated.ts'"],
    ['src/edge/command-gate.ts', "import { openModbus } from '#devices/modbus/driver.ts'"],
    ['src/edge/assemble.ts', "import { openTiming } from '#devices/open-timing.ts'"],
    ['src/safety/envelope.ts', "import { RUNGS } from '#control/strategy.ts'"],
    ['src/signal/phase.ts', "import { readFileSync } from 'node:fs'"],
    ['src/signal/phase.ts', "import yaml from 'yaml'"],
    ['src/web/wall.tsx', "import { startCentral } from '#central/central.ts'"],
    ['devices/modbus/driver.ts', "import { ok } from '#base/outcome.ts'"],
    ['sim/city.ts', "import { demo } from '#app/demo.ts'"],
    ['sim/city.ts', "import { startEdge } from '#edge/edge.ts'"],
    ['sim/city.ts', "import { actuated } from '#control/actuated.ts'"],
    ['sim/city.ts', "import { closeLoop } from './closed-loop/close-loop.ts'"],
    ['sim/closed-loop/close-loop.ts', "import { demo } from '#app/demo.ts'"],
    ['sim/closed-loop/close-loop.ts', "import { createCity } from '../city.ts'"],
    ['src/edge/edge.ts', "import { x } from '../central/central.ts'"],
    ['src/edge/telemetry/spool.ts', "import { x } from '../../safety/envelope.ts'"],
    ['src/edge/telemetry/spool.ts', "import { x } from '#edge/edge.ts'"],
  ])('in %s the planted line "%s" is one finding that says what to do instead', (path, text) => {
    const found = findings(path, text)
    expect(found).toHaveLength(1)
    expect(found[0]?.message).toMatch(/Instead: |import it as/)
  })

  test.each([
    ['src/edge/edge.ts', "import type { Strategy } from '#control/strategy.ts'"],
    ['src/edge/edge.ts', "import type { FieldDevice } from '#devices/device.ts'"],
    ['src/edge/telemetry/spool.ts', "import { x } from '../recorder.ts'"],
    ['src/contract/api.ts', "import Type from 'typebox'"],
    ['sim/closed-loop/close-loop.ts', "import { actuated } from '#control/actuated.ts'"],
    ['sim/closed-loop/close-loop.ts', "import { createCity } from '#sim/city.ts'"],
    ['sim/sumo/bridge/cabinets.ts', "import { closeLoop } from '#sim/closed-loop/close-loop.ts'"],
  ])('in %s the line "%s" is allowed', (path, text) => {
    expect(findings(path, text)).toEqual([])
  })

  test('has the same rooms as the table in docs/architecture.md', () => {
    const document = listSources(/^docs\/architecture\.md$/)[0]?.text ?? ''
    const rooms = [...document.matchAll(/^\| `([a-z/-]+)` /gm)].map((row) => row[1])
    expect(rooms).toEqual(ROOMS.map(({ folder }) => folder))
  })
})
