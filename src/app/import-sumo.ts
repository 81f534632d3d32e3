/** `sabz import sumo`: writes the lights of a network as the files of a site, for an engineer to go on with. */
import { readdir, writeFile } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { stringify } from 'yaml'
import { makeFolder } from '#config/make-folder.ts'
import { siteOfNetwork, type ImportedSite } from '#sim/sumo/import/site-of-network.ts'
import { explainNetworkFault } from '#sim/sumo/network/network-fault.ts'
import { readNetwork } from '#sim/sumo/network/read-network.ts'
import { EXIT, type ExitCode } from './exit-code.ts'
import type { Terminal } from './terminal.ts'

export interface ImportOptions {
  readonly out?: string
}

export async function importSumo(netFile: string, { out }: ImportOptions, terminal: Terminal): Promise<ExitCode> {
  const read = await readNetwork(netFile)
  if (!read.ok) {
    for (const fault of read.fault) terminal.fail(fault.code, explainNetworkFault(netFile, fault))
    return EXIT.invalidConfig
  }
  const name = basename(netFile).replace(/(\.net)?\.xml(\.gz)?$/, '')
  const site = siteOfNetwork(read.value, name)
  if (site === null) {
    terminal.fail('IMPORT_WITHOUT_LIGHTS', `${netFile} has no light that decides anything.`, 'Name another network.')
    return EXIT.invalidConfig
  }
  const directory = out ?? join('config', name)
  const written = await write(directory, site).catch((error: unknown) => String(error))
  if (written !== null) {
    terminal.fail('IMPORT_UNWRITABLE', written, 'Name an empty folder by --out.')
    return EXIT.invalidConfig
  }
  const intersections = Object.keys(site.network.intersections)
  terminal.print(`${directory}: ${intersections.length} intersections. Check it: sabz config check ${directory}`)
  for (const sentence of site.unsaid) terminal.print(`  ${sentence}`)
  terminal.record({ ok: true, directory, intersections, unsaid: site.unsaid })
  return EXIT.ok
}

const FILES = ['site', 'network', 'plans', 'schedule', 'devices'] as const

/** null = done. What an engineer has edited is not written over. */
async function write(directory: string, site: ImportedSite): Promise<string | null> {
  makeFolder(directory)
  const there = (await readdir(directory)).filter((file) => file.endsWith('.yaml'))
  if (there.length > 0) return `${directory} has ${there.join(', ')} already.`
  for (const file of FILES) await writeFile(join(directory, `${file}.yaml`), HEADS[file] + stringify(site[file], STYLE))
  return null
}

const STYLE = { lineWidth: 0, aliasDuplicateObjects: false, flowCollectionPadding: true }

const HEADS: Readonly<Record<(typeof FILES)[number], string>> = {
  site: '# The site as a whole. Imported from a network of SUMO: the standards are a beginning, and shortfalls are only warned about.\n\n',
  network:
    '# What stands in the street. Imported from a network of SUMO: a phase is a stage of its program, an overlap a signal group\n' +
    '# (named by its links), approaches are named by where they come from. Positions keep distances and directions only.\n\n',
  plans: "# The network's own program as a plan; offsets count from second 0 of the simulation as midnight.\n\n",
  schedule: '# One plan all day.\n\n',
  devices: '# One virtual controller an intersection, on ports of this machine.\n\n',
}
