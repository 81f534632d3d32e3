/** `sabz tls show`: every certificate of a folder, until when it is good, and what is wrong with it. */
import { existsSync } from 'node:fs'
import type { Expiry } from '#trust/expiry.ts'
import { inspectFolder, type Inspected } from '#trust/inspect.ts'
import { explainTrustFault } from '#trust/trust-fault.ts'
import { EXIT, type ExitCode } from './exit-code.ts'
import { loadSiteOrExplain } from './site.ts'
import type { Terminal, Tone } from './terminal.ts'
import { failByTrust, tlsFolderOf } from './tls-folder.ts'

export interface ShowOptions {
  readonly config: string
  readonly tls?: string
}

/** Findings where one is at fault; what expires soon is a warning, and no finding. */
export async function tlsShow(options: ShowOptions, terminal: Terminal): Promise<ExitCode> {
  const root = options.tls ?? (await folderOfSite(options, terminal))
  if (root === null) return EXIT.invalidConfig
  const rows = existsSync(root) ? inspectFolder(root, Date.now()) : []
  if (rows.length === 0) {
    failByTrust({ code: 'TLS_FOLDER_MISSING', path: root }, terminal)
    return EXIT.findings
  }
  for (const row of rows) printRow(row, terminal)
  const faults = rows.filter(({ fault }) => fault !== null).length
  const soon = rows.filter(({ expiry }) => expiry?.state === 'soon').length
  terminal.print(`${rows.length} certificates, ${faults} at fault, ${soon} to renew soon`)
  terminal.record({ ok: faults === 0, folder: root, certificates: rows.map(recordOf) })
  return faults === 0 ? EXIT.ok : EXIT.findings
}

async function folderOfSite(options: ShowOptions, terminal: Terminal): Promise<string | null> {
  const site = await loadSiteOrExplain(options.config, terminal)
  return site && tlsFolderOf(undefined, site)
}

const MARKS = { good: 'ok  ', soon: 'WARN', expired: 'FAIL' } as const
const TONES: Readonly<Record<Expiry['state'], Tone>> = { good: 'quiet', soon: 'warning', expired: 'failure' }

function printRow({ place, name, expiry, fault, fingerprint }: Inspected, terminal: Terminal): void {
  const state = fault === null ? (expiry?.state ?? 'expired') : 'expired'
  const days = expiry === null ? '' : `${expiry.daysLeft} days`
  const mark = terminal.paint(TONES[state], MARKS[state])
  terminal.print(`${mark}  ${place.padEnd(34)} ${name.padEnd(20)} ${days.padStart(10)}  ${fingerprint.slice(0, 23)}`)
  if (fault !== null) {
    const { message, remedy } = explainTrustFault(fault)
    terminal.print(`      ${fault.code}: ${message}`)
    terminal.print(`      try: ${remedy}`)
  } else if (state === 'soon') terminal.print('      try: sabz tls renew')
}

const recordOf = ({ place, name, fingerprint, expiry, fault }: Inspected) => ({
  place,
  name,
  fingerprint,
  daysLeft: expiry?.daysLeft ?? null,
  state: fault === null ? (expiry?.state ?? null) : 'fault',
  ...(fault !== null && { fault: fault.code }),
})
