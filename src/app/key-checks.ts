/** What expires soon, or is at fault, among the keys of one machine: for the doctor, and for the log of a service. */
import { existsSync } from 'node:fs'
import type { Log } from '#base/log.ts'
import { WARN_DAYS } from '#trust/expiry.ts'
import { inspectFolder, type Inspected } from '#trust/inspect.ts'
import { explainTrustFault, trustFaultText } from '#trust/trust-fault.ts'
import type { Check } from './doctor-checks.ts'

/** Twice a day: somebody reads the log in the morning. */
const LOOK_MS = 43_200_000

/** One check for each certificate; none where there is no folder. */
export const keyChecks = (folder: string): Check[] =>
  existsSync(folder) ? inspectFolder(folder, Date.now()).map(checkOf) : []

/** Says now and twice a day what needs to be renewed. Returns how to stop. */
export function watchKeys(folder: string, log: Log): () => void {
  const look = () => {
    for (const row of existsSync(folder) ? inspectFolder(folder, Date.now()) : []) tell(row, log)
  }
  look()
  const timer = setInterval(look, LOOK_MS).unref()
  return () => clearInterval(timer)
}

function tell({ place, expiry, fault }: Inspected, log: Log): void {
  if (fault !== null) log('error', fault.code, trustFaultText(fault))
  else if (expiry?.state === 'soon') {
    const message = `${place} expires in ${expiry.daysLeft} days. Renew it: sabz tls renew.`
    log('warn', 'CERTIFICATE_EXPIRES_SOON', message)
  }
}

function checkOf({ place, expiry, fault }: Inspected): Check {
  if (fault !== null) {
    const { message, remedy } = explainTrustFault(fault)
    return { name: 'key', verdict: 'failure', detail: `${fault.code}: ${message}`, remedy }
  }
  const detail = `${place}, ${expiry?.daysLeft ?? 0} days`
  if (expiry?.state === 'good') return { name: 'key', verdict: 'ok', detail }
  const remedy = `sabz tls renew, within these ${WARN_DAYS} days`
  return { name: 'key', verdict: 'warning', detail, remedy }
}
