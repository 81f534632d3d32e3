/** The programs that the tests use where they are there: real broker, real store, real browser, real simulator. */
import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { locateProgram } from '#test/support/program.ts'

export interface Part {
  readonly name: string
  readonly program: string
  /** Name in Debian. */
  readonly package: string
}

const PARTS: readonly Part[] = [
  { name: 'Mosquitto', program: 'mosquitto', package: 'mosquitto' },
  { name: 'InfluxDB', program: 'influxd', package: 'influxdb' },
  { name: 'Chromium', program: 'chromium', package: 'chromium' },
  { name: 'Spin', program: 'spin', package: 'spin' },
  { name: 'GCC', program: 'gcc', package: 'gcc' },
  { name: 'SUMO', program: 'sumo', package: 'sumo' },
  { name: 'libfaketime', program: 'faketime', package: 'faketime' },
]

const absentParts = (): Part[] => PARTS.filter(({ program }) => locateProgram(program) === null)

/** Installs what is absent, when root on Debian; elsewhere it changes nothing. Returns what is absent still. */
export function installAbsentParts(): Part[] {
  const absent = absentParts()
  if (absent.length === 0 || !isDebianRoot()) return absent
  console.log(`installing from Debian: ${absent.map((part) => part.package).join(' ')}`)
  const environment = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }
  const apt = (...args: string[]) =>
    spawnSync('apt-get', ['-qq', ...args], { stdio: ['ignore', 'ignore', 'inherit'], env: environment })
  apt('update')
  apt('install', '-y', '--no-install-recommends', ...absent.map((part) => part.package))
  return absentParts()
}

function isDebianRoot(): boolean {
  if (process.getuid?.() !== 0 || locateProgram('apt-get') === null) return false
  return /^ID(_LIKE)?=.*debian/m.test(readFileSync('/etc/os-release', 'utf8'))
}
