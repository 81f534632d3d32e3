/** On which ports processes listen, as the kernel says. */
import { readdirSync, readFileSync, readlinkSync } from 'node:fs'

/** `127.0.0.1:8080`, of one process, in order; Linux alone tells. */
export function listeningPorts(pid: number): string[] {
  const sockets = socketsOf(pid)
  const rows = ['tcp', 'tcp6'].flatMap((table) =>
    readFileSync(`/proc/${pid}/net/${table}`, 'utf8').split('\n').slice(1),
  )
  return rows
    .map((row) => row.trim().split(/\s+/))
    .filter(([, , , state, , , , , , inode = '']) => state === LISTEN && sockets.has(inode))
    .map(([, local = '']) => placeOf(local))
    .toSorted()
}

const LISTEN = '0A'

function socketsOf(pid: number): Set<string> {
  const folder = `/proc/${pid}/fd`
  const inodes = readdirSync(folder).flatMap((fd) => {
    try {
      return /^socket:\[(\d+)\]$/.exec(readlinkSync(`${folder}/${fd}`))?.[1] ?? []
    } catch {
      return [] // Closed meanwhile.
    }
  })
  return new Set(inodes)
}

/** `0100007F:1F90`: the address byte by byte from the last, the port as it is. */
function placeOf(local: string): string {
  const [address = '', port = ''] = local.split(':')
  const bytes =
    address.length === 8 ? (address.match(/../g) ?? []).toReversed().map((byte) => parseInt(byte, 16)) : null
  return `${bytes?.join('.') ?? `[${address}]`}:${parseInt(port, 16)}`
}
