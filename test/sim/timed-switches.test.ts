/** What the report of a run in SUMO says of lights whose programs SUMO would change by the hour. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { timedSwitches, withSwitches } from '#sim/sumo/bridge/timed-switches.ts'

let folder = ''
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sabz-waut-'))
})
afterAll(() => rm(folder, { recursive: true }))

const LIGHT = {
  id: 'B',
  stages: 2,
  greens: 4,
  meanCycle_s: 60,
  shortestCycle_s: 60,
  longestCycle_s: 60,
  longestWait_s: 30,
  monitorTrips: [],
  refusedCommands: [],
  notes: ['phase 2 is shorter'],
}

test('a light whose program changes by the hour in SUMO is named with its WAUT; others, and broken files, say nothing', async () => {
  const [day, broken] = [join(folder, 'day.add.xml'), join(folder, 'broken.add.xml')]
  await writeFile(
    day,
    `<additional>
      <WAUT refTime="0" id="weekday" startProg="night"><wautSwitch time="21600" to="peak"/></WAUT>
      <wautJunction wautID="weekday" junctionID="B"/>
      <wautJunction wautID="weekday" junctionID="C" procedure="GSP"/>
    </additional>`,
  )
  await writeFile(broken, '<additional><wautJunction')
  const switches = await timedSwitches([broken, join(folder, 'absent.xml'), day])
  expect([...switches]).toEqual([
    ['B', ['weekday']],
    ['C', ['weekday']],
  ])
  expect(withSwitches(LIGHT, switches).notes).toEqual([
    'phase 2 is shorter',
    'its programs are switched by the hour in SUMO (WAUT weekday); here that of the beginning runs on',
  ])
  expect(withSwitches({ ...LIGHT, id: 'A' }, switches).notes).toEqual(LIGHT.notes)
})
