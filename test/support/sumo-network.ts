/** Networks for tests of SUMO, built by its own netconvert from a few words. */
import { spawnSync } from 'node:child_process'
import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** Four streets that meet at light `c`; the northern and southern one have two lanes. Further options go to netconvert. */
export function buildCrossing(netconvert: string, options: readonly string[] = []): string {
  const folder = mkdtempSync(join(tmpdir(), 'sabz-sumo-'))
  const nodes = Object.entries({ n: [0, 200], s: [0, -200], e: [200, 0], w: [-200, 0] })
  const streets = nodes.flatMap(([id]) => [
    `<edge id="${id}c" from="${id}" to="c" speed="13.89" numLanes="${'ns'.includes(id) ? 2 : 1}"/>`,
    `<edge id="c${id}" from="c" to="${id}" speed="13.89"/>`,
  ])
  const places = nodes.map(([id, [x, y]]) => `<node id="${id}" x="${x}" y="${y}"/>`)
  const center = '<node id="c" x="0" y="0" type="traffic_light"/>'
  writeFileSync(join(folder, 'nodes.xml'), `<nodes>${center}${places.join('')}</nodes>`)
  writeFileSync(join(folder, 'edges.xml'), `<edges>${streets.join('')}</edges>`)
  runTool(netconvert, ['-n', 'nodes.xml', '-e', 'edges.xml', '-o', 'crossing.net.xml', ...options], folder)
  return folder
}

/** Runs a program of SUMO in a folder; throws with its words where it fails. */
export function runTool(program: string, args: readonly string[], folder: string): void {
  const run = spawnSync(program, args, { cwd: folder, encoding: 'utf8' })
  if (run.status !== 0) throw new Error(`${program}: ${run.stderr}`)
}

/** As SUMO's tools write it; nobody answers there. */
const SCHEMA =
  'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:noNamespaceSchemaLocation="http://127.0.0.1:9/routes_file.xsd"'

/** Adds a scenario with one car every four seconds on each straight way; returns its path. */
export function addScenario(folder: string): string {
  const ways = ['nc cs', 'sc cn', 'ec cw', 'wc ce']
  const flows = ways.map((way, n) => `<flow id="f${n}" begin="0" end="60" period="4"><route edges="${way}"/></flow>`)
  writeFileSync(join(folder, 'routes.xml'), `<routes ${SCHEMA}>${flows.join('')}</routes>`)
  const loop = '<inductionLoop id="loop" lane="nc_0" pos="-5" period="900" file="NUL"/>'
  writeFileSync(join(folder, 'loops.xml'), `<additional>${loop}</additional>`)
  const input = (name: string, value: string) => `<${name} value="${value}"/>`
  const files = [
    input('net-file', 'crossing.net.xml'),
    input('route-files', 'routes.xml'),
    input('additional-files', 'loops.xml'),
  ]
  const scenario = join(folder, 'crossing.sumocfg')
  writeFileSync(scenario, `<configuration><input>${files.join('')}</input></configuration>`)
  return scenario
}
