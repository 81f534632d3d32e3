/** Networks of SUMO are read as they are, and broken ones are told with place, rule and remedy. */
import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { expect, test } from 'vitest'
import { explainNetworkFault } from '#sim/sumo/network/network-fault.ts'
import { parseNetwork, readNetwork } from '#sim/sumo/network/read-network.ts'

/** One street into light `J` and one out of it. */
const STREET = `
  <edge id=":J_0" function="internal"><lane id=":J_0_0" index="0" speed="9" length="12" shape="0,0 12,0"/></edge>
  <edge id="in" from="A" to="J">
    <lane id="in_0" index="0" allow="pedestrian" speed="1.5" length="100"/>
    <lane id="in_1" index="1" disallow="tram rail" speed="13.89" length="100" shape="-100,0 0,0"/>
  </edge>
  <edge id="out" from="J" to="B"><lane id="out_0" index="0" speed="13.89" length="80"/></edge>`
const LIGHT = `
  <tlLogic id="J" type="actuated" programID="p" offset="7">
    <phase duration="30" state="G" minDur="5" maxDur="50"/><phase duration="3" state="y"/><phase minDur="8" state="r"/>
  </tlLogic>`
const JUNCTION = `
  <junction id="J" type="traffic_light" x="1.5" y="-2" incLanes="in_0 in_1" intLanes=":J_0_0">
    <request index="0" response="110" foes="111" cont="0"/>
  </junction>`
const CONNECTION =
  '<connection from="in" to="out" fromLane="1" toLane="0" via=":J_0_0" tl="J" linkIndex="0" dir="l" state="O"/>'
const net = (...parts: string[]) => `<?xml version="1.0"?>\n<net version="1.9">${parts.join('')}\n</net>`
const WHOLE = net(STREET, LIGHT, JUNCTION, CONNECTION)

test('lanes, links, foes and programs are read', () => {
  const read = parseNetwork(WHOLE)
  if (!read.ok) throw new Error(JSON.stringify(read.fault))
  const { edges, lanes, junctions, connections, lights } = read.value
  expect(edges.get('in')).toEqual({ id: 'in', use: 'street', from: 'A', to: 'J', lanes: ['in_0', 'in_1'] })
  expect(edges.get(':J_0')?.use).toBe('internal')
  expect(lanes.get('in_0')?.forVehicles).toBe(false)
  expect(lanes.get('in_1')).toMatchObject({
    forVehicles: true,
    lengthM: 100,
    speedMps: 13.89,
    shape: [
      [-100, 0],
      [0, 0],
    ],
  })
  expect(junctions.get('J')?.requests).toEqual([{ foes: new Set([0, 1, 2]), yieldsTo: new Set([1, 2]) }])
  expect(connections).toEqual([
    { fromLane: 'in_1', toLane: 'out_0', via: ':J_0_0', direction: 'left', signal: { light: 'J', link: 0 } },
  ])
  expect(lights.get('J')?.programs[0]).toMatchObject({
    offsetS: 7,
    type: 'actuated',
    steps: [{ durationS: 30, leastS: 5, mostS: 50, state: 'G' }, { durationS: 3, leastS: null }, { durationS: 8 }],
  })
})

test.each([
  ['a cut file', WHOLE.slice(0, 300), 'NETWORK_NOT_XML', /line \d+: is no XML: .*netconvert/],
  ['another file of the scenario', '<routes/>', 'NETWORK_NOT_A_NET', /begins with <routes>, not <net>/],
  ['an empty network', net(), 'NETWORK_WITHOUT_LANES', /no street/],
  [
    'a lane of no length',
    net(STREET.replace(' length="80"', '')),
    'NETWORK_ATTRIBUTE_MISSING',
    /line 8: <lane> lacks length/,
  ],
  [
    'a lane of impossible length',
    WHOLE.replace('length="80"', 'length="-8"'),
    'NETWORK_ATTRIBUTE_INVALID',
    /length="-8"/,
  ],
  [
    'a speed that is no number',
    WHOLE.replace('speed="9"', 'speed="fast"'),
    'NETWORK_ATTRIBUTE_INVALID',
    /speed="fast"/,
  ],
  ['a way to nowhere', WHOLE.replace('toLane="0"', 'toLane="3"'), 'NETWORK_LANE_UNKNOWN', /lane out_3/],
  [
    'a light without program',
    net(STREET, JUNCTION, CONNECTION),
    'NETWORK_LIGHT_UNKNOWN',
    /light J, which has no program/,
  ],
  [
    'a link without letter',
    WHOLE.replace('linkIndex="0"', 'linkIndex="1"'),
    'NETWORK_STATE_TOO_SHORT',
    /1 letters for 2 links/,
  ],
])('%s is told', (_, text, code, sentence) => {
  const read = parseNetwork(text)
  expect(read).toMatchObject({ ok: false, fault: expect.arrayContaining([expect.objectContaining({ code })]) })
  if (!read.ok) expect(read.fault.map((fault) => explainNetworkFault('a.net.xml', fault)).join('\n')).toMatch(sentence)
})

test('of very many faults the first twenty are told', () => {
  const read = parseNetwork(net(STREET, '<lane/>', '<junction/>'.repeat(100)))
  expect(read.ok ? [] : read.fault).toHaveLength(20)
})

test('a packed network is unpacked; one that is not there, or is not packed, is told', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'sabz-network-'))
  writeFileSync(join(folder, 'a.net.xml.gz'), gzipSync(WHOLE))
  writeFileSync(join(folder, 'b.net.xml.gz'), WHOLE)
  expect(await readNetwork(join(folder, 'a.net.xml.gz'))).toEqual(parseNetwork(WHOLE))
  for (const name of ['b.net.xml.gz', 'c.net.xml'])
    expect(await readNetwork(join(folder, name))).toMatchObject({ fault: [{ code: 'NETWORK_UNREADABLE' }] })
})
