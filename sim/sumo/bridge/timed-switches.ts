/** Lights whose programs SUMO changes by the hour (WAUT): here the one of the beginning runs on, and the report says so. */
import { createReadStream } from 'node:fs'
import { pipeline } from 'node:stream/promises'
import { createGunzip } from 'node:zlib'
import { SaxesParser } from 'saxes'
import type { LightReport } from './report.ts'

/** The names of the WAUTs by light. A file that cannot be read has nothing to say here: SUMO itself refuses it by name. */
export async function timedSwitches(files: readonly string[]): Promise<ReadonlyMap<string, readonly string[]>> {
  const switches = new Map<string, string[]>()
  for (const file of files) await readInto(switches, file).catch(() => {})
  return switches
}

export function withSwitches(light: LightReport, switches: ReadonlyMap<string, readonly string[]>): LightReport {
  const names = switches.get(light.id)
  if (names === undefined) return light
  const note = `its programs are switched by the hour in SUMO (WAUT ${names.join(', ')}); here that of the beginning runs on`
  return { ...light, notes: [...light.notes, note] }
}

async function readInto(switches: Map<string, string[]>, file: string): Promise<void> {
  const parser = new SaxesParser()
  parser.on('opentag', ({ name, attributes: { wautID, junctionID } }) => {
    if (name === 'wautJunction' && wautID !== undefined && junctionID !== undefined)
      switches.set(junctionID, [...(switches.get(junctionID) ?? []), wautID])
  })
  const take = async (pieces: AsyncIterable<Buffer>) => {
    const text = new TextDecoder()
    for await (const piece of pieces) parser.write(text.decode(piece, { stream: true }))
  }
  if (file.endsWith('.gz')) await pipeline(createReadStream(file), createGunzip(), take)
  else await pipeline(createReadStream(file), take)
}
