/** `sabz doctor`: asks every device itself, past edge and central, and says what is wrong with it and what to do. */
import type { DeviceFault, FieldDevice } from '#devices/device.ts'
import { didYouMean } from '#config/nearest.ts'
import { ownFolder } from '#trust/layout.ts'
import { POINTS, type PointImage, type PointName, type PointValue } from '#devices/points.ts'
import { FRESH_MS_MAX } from '#edge/process-image.ts'
import { checkImage, type Check } from './doctor-checks.ts'
import { trustTowards } from './device-trust.ts'
import { EXIT, type ExitCode } from './exit-code.ts'
import { fieldOf, loadProfilesOrExplain, type SiteDevice } from './field.ts'
import { keyChecks } from './key-checks.ts'
import { loadSiteOrExplain } from './site.ts'
import { edgeOf, tlsFolderOf } from './tls-folder.ts'
import type { Terminal } from './terminal.ts'

export interface DoctorOptions {
  readonly config: string
  readonly cabinet?: string
  readonly portOffset: number
  readonly tls?: string
  /** Seconds for each question to a device. */
  readonly timeout: number
}

interface DeviceReport {
  readonly cabinet: string
  readonly device: string
  readonly profile: string
  readonly address: string
  /** null for what is not asked over a wire. */
  readonly reachable: boolean | null
  readonly checks: readonly Check[]
}

const MAP_VERSION = 'identity.profileVersion'

// Enough for a median that one slow answer does not move.
const ROUND_TRIPS = 5

export async function runDoctor(options: DoctorOptions, terminal: Terminal): Promise<ExitCode> {
  const site = await loadSiteOrExplain(options.config, terminal)
  if (site === null) return EXIT.invalidConfig
  const profiles = await loadProfilesOrExplain(site, terminal)
  if (profiles === null) return EXIT.invalidConfig

  const folder = tlsFolderOf(options.tls, site)
  const trust = (id: string, device: string) => trustTowards(folder, edgeOf(site, id), id, device)
  const field = fieldOf(site.intersections, profiles, { portOffset: options.portOffset, trust })
  const wanted = field.filter((device) => options.cabinet === undefined || cabinetOf(device) === options.cabinet)
  if (wanted.length === 0) {
    const known = site.intersections.map(({ database }) => database.intersection.id)
    const message = `there is no cabinet ${options.cabinet} in ${options.config}.`
    terminal.fail(
      'UNKNOWN_CABINET',
      message,
      `${didYouMean(options.cabinet ?? '', known)} It has: ${known.join(', ')}`.trim(),
    )
    return EXIT.usage
  }
  const startedMs = performance.now()
  const reports = await Promise.all(wanted.map((device) => examine(device, options.timeout * 1000)))
  const edges = [...new Set(wanted.map((device) => edgeOf(site, cabinetOf(device))))]
  const keys = edges.map((name) => reportKeys(ownFolder(folder, { kind: 'edge', name }), name))
  return printReports(
    [...reports, ...keys.filter(({ checks }) => checks.length > 0)],
    performance.now() - startedMs,
    terminal,
  )
}

/** Of the keys of an edge, as of one more device; a folder says nothing about who can be reached. */
const reportKeys = (folder: string, edge: string): DeviceReport => ({
  ...{ cabinet: edge, device: 'keys', profile: 'certificates', address: folder, reachable: null },
  checks: keyChecks(folder),
})

async function examine(device: SiteDevice, timeoutMs: number): Promise<DeviceReport> {
  const { device: driver } = device.open()
  const connected = await driver.connect(timeoutMs)
  const checks = connected.ok ? await questions(device, driver, timeoutMs) : [unreachable(connected.fault, device)]
  await driver.close()
  const { host, port, unit } = device.address
  const address = device.profile.protocol === 'opcua' ? `${host}:${port}` : `${host}:${port} unit ${unit}`
  return {
    cabinet: cabinetOf(device),
    device: device.name,
    profile: device.profile.name,
    address,
    reachable: connected.ok,
    checks,
  }
}

function unreachable(fault: DeviceFault, device: SiteDevice): Check {
  if (fault.code === 'NOT_TRUSTED') {
    const remedy = 'sabz tls show; compare the fingerprint at the cabinet, then sabz tls pin'
    return { name: 'trusted', verdict: 'failure', detail: describe(fault), remedy }
  }
  const remedy = `is it on, is ${device.address.host} reachable from here, is ${device.address.port} the right port?`
  return { name: 'reachable', verdict: 'failure', detail: describe(fault), remedy }
}

async function questions(device: SiteDevice, driver: FieldDevice, timeoutMs: number): Promise<Check[]> {
  const tripsMs: number[] = []
  let image: PointImage = new Map()
  for (let n = 0; n < ROUND_TRIPS; n++) {
    const askedMs = performance.now()
    const scan = await driver.scan(timeoutMs)
    if (!scan.ok)
      return [{ name: 'scan', verdict: 'failure', detail: describe(scan.fault), remedy: scanRemedy(device) }]
    tripsMs.push(performance.now() - askedMs)
    image = scan.value
  }
  const map = device.profile.points.has(MAP_VERSION) ? await driver.read([MAP_VERSION], timeoutMs) : null
  const nowEpochMs = Date.now()
  const approvedHash = device.intersection.limits.configurationHash
  return [
    checkRoundTrips(tripsMs),
    ...(map?.ok ? [checkMap(device, map.value.get(MAP_VERSION))] : []),
    await checkPoints(device, driver, image, timeoutMs),
    ...checkImage(image, { nowEpochMs, approvedHash }),
  ]
}

function checkRoundTrips(tripsMs: readonly number[]): Check {
  const sorted = tripsMs.toSorted((a, b) => a - b)
  const median = sorted[Math.floor(sorted.length / 2)] ?? 0
  const detail = `${median.toFixed(1)} ms (slowest of ${sorted.length}: ${(sorted.at(-1) ?? 0).toFixed(1)})`
  if (median <= FRESH_MS_MAX) return { name: 'answers', verdict: 'ok', detail }
  const remedy = `an answer is used for ${FRESH_MS_MAX} ms: look at the line and at the load of the device`
  return { name: 'answers', verdict: 'failure', detail, remedy }
}

/** A device with another map answers too, and every value means something else. */
function checkMap({ profile }: SiteDevice, told: PointValue | undefined): Check {
  const is = `version ${String(told)}, that of ${profile.name} is ${profile.version}`
  return told === profile.version
    ? { name: 'map', verdict: 'ok', detail: `version ${profile.version}` }
    : { name: 'map', verdict: 'failure', detail: is, remedy: 'use the profile of its firmware, or shift its registers' }
}

/** Reads what a scan does not, and compares the whole with the profile. */
async function checkPoints(
  device: SiteDevice,
  driver: FieldDevice,
  scanned: PointImage,
  timeoutMs: number,
): Promise<Check> {
  const names = [...device.profile.points.keys()].filter((name) => POINTS[name].access !== 'control')
  const rest = names.filter((name) => !scanned.has(name))
  const read = await driver.read(rest, timeoutMs)
  if (!read.ok) return { name: 'points', verdict: 'failure', detail: describe(read.fault), remedy: scanRemedy(device) }
  const missing = rest.filter((name: PointName) => !read.value.has(name))
  if (missing.length === 0) {
    const firmware = read.value.get('identity.firmware')
    const of = firmware === undefined ? '' : `, firmware ${String(firmware)}`
    return { name: 'points', verdict: 'ok', detail: `${names.length} readable${of}` }
  }
  return {
    name: 'points',
    verdict: 'failure',
    detail: `not readable: ${missing.join(', ')}`,
    remedy: scanRemedy(device),
  }
}

const scanRemedy = (device: SiteDevice) =>
  `compare the device with devices/profiles/${device.profile.name}.yaml and the unit number in devices.yaml`

const cabinetOf = ({ intersection }: SiteDevice): string => intersection.database.intersection.id

function describe(fault: DeviceFault): string {
  // A library may explain itself over several lines; a report has one.
  if ('detail' in fault) return `${fault.code}: ${fault.detail.replace(/\s+/g, ' ').trim()}`
  return fault.code === 'TIMED_OUT' ? `TIMED_OUT after ${fault.afterMs} ms` : fault.code
}

function printReports(reports: readonly DeviceReport[], tookMs: number, terminal: Terminal): ExitCode {
  for (const report of reports) printReport(report, terminal)
  const count = (verdict: Check['verdict']) =>
    reports.flatMap(({ checks }) => checks).filter((check) => check.verdict === verdict).length
  const [failed, warned, ok] = [count('failure'), count('warning'), count('ok')]
  terminal.print(`${failed} failed, ${warned} warnings, ${ok} ok in ${(tookMs / 1000).toFixed(1)} s`)
  terminal.record({ ok: failed === 0, failed, warnings: warned, passed: ok, devices: reports })
  if (!reports.some(({ reachable }) => reachable === true)) return EXIT.cannotReach
  return failed === 0 ? EXIT.ok : EXIT.findings
}

const MARKS = { ok: 'ok  ', warning: 'WARN', failure: 'FAIL' } as const
const TONES = { ok: 'quiet', warning: 'warning', failure: 'failure' } as const

function printReport({ cabinet, device, profile, address, checks }: DeviceReport, terminal: Terminal): void {
  terminal.print(`${terminal.paint('strong', `${cabinet} ${device}`)}  ${profile} at ${address}`)
  for (const { name, verdict, detail, remedy } of checks) {
    terminal.print(`  ${terminal.paint(TONES[verdict], MARKS[verdict])}  ${name.padEnd(14)} ${detail}`)
    if (remedy !== undefined) terminal.print(`        try: ${remedy}`)
  }
}
