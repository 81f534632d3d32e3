/** What the machine has of the things that experiments need; each absence is a sentence with its remedy. */
import { spawnSync } from 'node:child_process'
import { accessSync, constants } from 'node:fs'
import { locateProgram } from '#test/support/program.ts'

export type Need = 'mosquitto' | 'influxd' | 'strace' | 'root' | 'mount' | 'fuse disk' | 'network namespaces'

/** What is absent, one sentence each; empty: the experiment can run. */
export function absentOf(needs: readonly Need[]): string[] {
  return needs.flatMap((need) => LOOKS[need]() ?? [])
}

/** A sentence where it is absent. */
const LOOKS: Readonly<Record<Need, () => string | null>> = {
  mosquitto: () => program('mosquitto', 'mosquitto'),
  influxd: () => program('influxd', 'influxdb'),
  strace: () => program('strace', 'strace') ?? straceFault(),
  root: () => (isRoot() ? null : 'not root: run it as root, or in a container that lets it mount'),
  mount: () => mountFault(),
  'fuse disk': () =>
    mountFault() ??
    program('losetup', 'mount') ??
    program('mkfs.ext4', 'e2fsprogs') ??
    file('/dev/fuse', 'modprobe fuse') ??
    file('/dev/loop-control', 'modprobe loop'),
  'network namespaces': () =>
    program('ip', 'iproute2') ?? program('tc', 'iproute2') ?? program('nft', 'nftables') ?? namespaceFault(),
}

const isRoot = (): boolean => process.getuid?.() === 0

function program(name: string, debianPackage: string): string | null {
  return locateProgram(name) === null ? `no ${name}: apt-get install ${debianPackage}` : null
}

function file(path: string, remedy: string): string | null {
  try {
    accessSync(path, constants.R_OK | constants.W_OK)
    return null
  } catch {
    return `no ${path}: ${remedy}`
  }
}

/** A container may have the program and not the right. */
function straceFault(): string | null {
  const { status } = spawnSync('strace', ['-qq', '-o', '/dev/null', 'true'])
  return status === 0 ? null : 'strace may not trace here: allow ptrace'
}

function mountFault(): string | null {
  if (!isRoot()) return LOOKS.root()
  const { status } = spawnSync('unshare', ['--mount', 'mount', '-t', 'tmpfs', 'none', '/mnt'])
  return status === 0 ? null : 'mounting is refused here: run it where root may mount'
}

function namespaceFault(): string | null {
  if (!isRoot()) return LOOKS.root()
  const { status } = spawnSync('unshare', ['--net', 'true'])
  return status === 0 ? null : 'network namespaces are refused here: run it where root may make them'
}
