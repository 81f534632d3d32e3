/** `sabz tls pin`: from now on an edge takes this certificate of a device, and no other. */
import { X509Certificate } from 'node:crypto'
import { failed, ok, type Outcome } from '#base/outcome.ts'
import { certificateShownAt } from '#devices/opcua/shown-certificate.ts'
import { readCertificate } from '#trust/identity.ts'
import { deviceName } from '#trust/layout.ts'
import { pinCertificate } from '#trust/provision.ts'
import type { TrustFault } from '#trust/trust-fault.ts'
import { EXIT, type ExitCode } from './exit-code.ts'
import { fieldOf, loadProfilesOrExplain, type SiteDevice } from './field.ts'
import { loadSiteOrExplain } from './site.ts'
import type { Terminal } from './terminal.ts'
import { failByTrust, securedDevices, tlsFolderOf } from './tls-folder.ts'
import { explainNoCertificate, type DeviceAt, type TlsOptions } from './tls-make.ts'

export interface PinOptions extends TlsOptions {
  readonly certificate?: string
  readonly fingerprint?: string
  /** Seconds. */
  readonly timeout: number
}

export async function tlsPin(at: DeviceAt, options: PinOptions, terminal: Terminal): Promise<ExitCode> {
  const site = await loadSiteOrExplain(options.config, terminal)
  const profiles = site && (await loadProfilesOrExplain(site, terminal))
  if (site === null || profiles === null) return EXIT.invalidConfig
  const name = deviceName(at.intersection, at.device)
  const secured = securedDevices(site, profiles).find(({ device }) => device === name)
  const known = fieldOf(site.intersections, profiles, { portOffset: 0 }).find((device) => nameOf(device) === name)
  if (secured === undefined || known === undefined) return explainNoCertificate(at, site, terminal)

  const certificate = await certificateOf(known, options)
  if (!certificate.ok) return explainMissing(certificate.fault, name, terminal)
  const { fingerprint256: fingerprint } = certificate.value
  terminal.print(`${name} shows ${certificate.value.subject.replaceAll('\n', ', ')}`)
  terminal.print(`  SHA-256 ${fingerprint}`)
  if (options.fingerprint !== undefined && !isSame(options.fingerprint, fingerprint)) {
    const remedy =
      'Somebody stands between, or it has another device: find out at the cabinet before anything is pinned.'
    terminal.fail('FINGERPRINT_DIFFERS', `${name} shows ${fingerprint}, not ${options.fingerprint}.`, remedy)
    return EXIT.findings
  }
  if (options.fingerprint === undefined && options.certificate === undefined) {
    terminal.print('Compare it at the cabinet, then pin it:')
    terminal.print(`  sabz tls pin ${at.intersection} ${at.device} --fingerprint ${fingerprint}`)
    terminal.record({ ok: true, device: name, fingerprint, pinned: false })
    return EXIT.ok
  }
  const pinned = pinCertificate(tlsFolderOf(options.tls, site), secured, certificate.value)
  if (!pinned.ok) return explainMissing(pinned.fault, name, terminal)
  terminal.print(`pinned; copy the folder of edge ${secured.edge} anew`)
  terminal.record({ ok: true, device: name, fingerprint, pinned: true })
  return EXIT.ok
}

const nameOf = ({ intersection, name }: SiteDevice) => deviceName(intersection.database.intersection.id, name)

/** Out of the file that is named, or from the device itself; `silent` where it shows none. */
async function certificateOf(
  { profile, address }: SiteDevice,
  { certificate: file, timeout }: PinOptions,
): Promise<Outcome<X509Certificate, TrustFault | 'silent'>> {
  if (file !== undefined) return readCertificate(file)
  const shown = profile.protocol === 'opcua' ? await certificateShownAt(profile, address, timeout * 1_000) : null
  return shown === null ? failed('silent') : ok(new X509Certificate(shown))
}

function explainMissing(fault: TrustFault | 'silent', name: string, terminal: Terminal): ExitCode {
  if (fault !== 'silent') {
    failByTrust(fault, terminal)
    return EXIT.findings
  }
  const remedy =
    'Is it on, and is the policy of its profile switched on in it? Or read it out there: --certificate <file>'
  terminal.fail('NO_CERTIFICATE_SHOWN', `${name} shows no certificate.`, remedy)
  return EXIT.cannotReach
}

/** However it was written down. */
const isSame = (a: string, b: string) => bare(a) === bare(b)
const bare = (fingerprint: string) => fingerprint.replace(/[^0-9a-f]/gi, '').toUpperCase()
