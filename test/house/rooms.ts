/** The import gate: which room may import which, with one sentence per room that says what to do instead. */
import type { Finding, ParsedSource } from './sources.ts'

export interface Room {
  /** Folder from the project's root. */
  readonly folder: string
  /** Rooms whose every file may be imported. */
  readonly mayImport: readonly string[]
  /** Files of other rooms that may be imported although their room may not. */
  readonly mayImportFiles?: readonly string[]
  /** `node:` modules; pure rooms and pages have none. */
  readonly mayUseNode: boolean
  /** Packages; a room that touches no wire needs none. */
  readonly mayUsePackages: readonly string[] | 'any'
  readonly instead: string
}

const EVERYTHING = [
  'base',
  'signal',
  'control',
  'safety',
  'trust',
  'measures',
  'contract',
  'config',
  'edge',
  'central',
  'devices',
  'sim',
  'sim/closed-loop',
]
const DEVICE_CONTRACT = [
  ...['devices/points.ts', 'devices/point-numbers.ts', 'devices/point-row.ts'],
  ...['devices/device.ts', 'devices/profile/schema.ts'],
]

/** The same table as `docs/architecture.md`; the house test proves it. */
export const ROOMS: readonly Room[] = [
  {
    folder: 'src/base',
    mayImport: [],
    mayUseNode: false,
    mayUsePackages: [],
    instead: 'base stands on nothing: move what needs another room into that room.',
  },
  {
    folder: 'src/signal',
    mayImport: ['base'],
    mayUseNode: false,
    mayUsePackages: [],
    instead: 'signal is the pure domain: take the value as an argument and let the caller fetch it.',
  },
  {
    folder: 'src/control',
    mayImport: ['signal', 'base'],
    mayUseNode: false,
    mayUsePackages: [],
    instead: 'a strategy sees an IntersectionView and its memory only: put the fact into the view.',
  },
  {
    folder: 'src/safety',
    mayImport: ['signal', 'base'],
    mayUseNode: false,
    mayUsePackages: [],
    instead: 'safety must not know who asks: judge the command by the view and the limits alone.',
  },
  {
    folder: 'src/measures',
    mayImport: ['base'],
    mayUseNode: false,
    mayUsePackages: [],
    instead: 'measures are sums and formulas: take the numbers as arguments, wherever they were counted.',
  },
  {
    folder: 'src/contract',
    mayImport: ['signal', 'base'],
    mayUseNode: false,
    mayUsePackages: ['typebox'],
    instead: 'the contract is shared with the pages: keep to schemas and types, without a room behind them.',
  },
  {
    folder: 'src/config',
    mayImport: ['signal', 'base'],
    mayUseNode: true,
    mayUsePackages: ['yaml', 'typebox'],
    instead: 'config turns files into domain facts: pass it what it should check against.',
  },
  {
    folder: 'src/trust',
    mayImport: ['contract', 'base'],
    mayUseNode: true,
    mayUsePackages: ['@peculiar/x509', 'reflect-metadata', 'mqtt'],
    instead: 'trust knows keys, certificates and names: have src/app hand it who there is.',
  },
  {
    folder: 'src/edge',
    mayImport: ['safety', 'signal', 'contract', 'base'],
    // The ladder asks what the engineer's plan of the hour allows; what was learnt is read from files.
    mayImportFiles: [
      ...[
        'src/control/strategy.ts',
        'src/control/learnt.ts',
        'src/control/queues/history.ts',
        'src/control/scheduled.ts',
        'src/control/stage-limits.ts',
      ],
      'src/trust/mqtt-connect.ts',
      ...DEVICE_CONTRACT,
      // A signed plan is brought to the controller by a connection of its own, and what runs then is known by its hash.
      ...['devices/timing.ts', 'src/config/configuration-hash.ts'],
    ],
    mayUseNode: true,
    mayUsePackages: ['mqtt', 'typebox'],
    instead: 'the edge knows contracts only: have src/app hand it the strategy, the open device or the configuration.',
  },
  {
    folder: 'src/central',
    mayImport: ['contract', 'config', 'signal', 'base'],
    mayImportFiles: ['src/trust/mqtt-connect.ts', 'src/trust/web-key.ts'],
    mayUseNode: true,
    mayUsePackages: 'any',
    instead: 'central meets the edge through MQTT alone: put what both need into src/contract.',
  },
  {
    folder: 'src/web',
    mayImport: ['contract', 'signal', 'base'],
    mayUseNode: false,
    mayUsePackages: 'any',
    instead: 'pages reach central over HTTP only: ask for it in the API.',
  },
  {
    folder: 'src/app',
    mayImport: EVERYTHING,
    mayUseNode: true,
    mayUsePackages: 'any',
    instead: 'the pages are built apart and served as files: name the folder, do not import it.',
  },
  {
    folder: 'devices',
    mayImport: [],
    mayUseNode: true,
    mayUsePackages: 'any',
    instead: 'devices is a library of its own: take plain values as arguments.',
  },
  {
    folder: 'sim/closed-loop',
    mayImport: ['base', 'signal', 'control', 'safety', 'contract', 'config', 'edge', 'devices', 'sim'],
    mayUseNode: false,
    mayUsePackages: [],
    // Hundreds of times faster than life there is no wire between the cabinets and the code that decides in the street.
    instead: 'the closed loop puts cabinets and edge into one memory, and nothing else: have the caller hand it in.',
  },
  {
    folder: 'sim',
    mayImport: ['base', 'signal', 'measures', 'contract', 'config', 'devices', 'sim/closed-loop'],
    mayImportFiles: [
      'src/control/strategy.ts',
      'src/safety/envelope.ts',
      // What the edge takes for a fault: the catalogue of faults says when its alarm is due.
      'src/edge/lane-order.ts',
      'src/edge/swapped-loops.ts',
    ],
    mayUseNode: true,
    mayUsePackages: 'any',
    instead: 'the simulator stands outside the product: drive it over the wire, or through sim/closed-loop.',
  },
]

/** A room within a room comes before it. */
const roomAt = (path: string): Room | undefined => ROOMS.find(({ folder }) => path.startsWith(`${folder}/`))

/** Every arrow of the files that the table does not have, and every relative path that leaves its room. */
export function checkRooms(files: readonly ParsedSource[]): Finding[] {
  return files.flatMap((file) => {
    const room = roomAt(file.path)
    if (room === undefined) return []
    return file.imports.flatMap(({ specifier, line }) => {
      const message = arrowFault(room, file.path, specifier)
      return message === null ? [] : [{ path: file.path, line, message }]
    })
  })
}

function arrowFault(room: Room, path: string, specifier: string): string | null {
  if (specifier.startsWith('.')) return relativeFault(room, path, specifier)
  if (staysInside(room, specifier)) return `${specifier} stays inside ${room.folder}: import it as './…'.`
  if (isAllowed(room, specifier)) return null
  return `${room.folder} may not import ${specifier}. Instead: ${room.instead}`
}

function isAllowed(room: Room, specifier: string): boolean {
  if (specifier.startsWith('node:')) return room.mayUseNode
  if (!specifier.startsWith('#'))
    return room.mayUsePackages === 'any' || room.mayUsePackages.includes(packageName(specifier))
  return room.mayImport.includes(roomOf(specifier)) || (room.mayImportFiles ?? []).includes(fileOf(specifier))
}

function relativeFault(room: Room, path: string, specifier: string): string | null {
  const target = new URL(specifier, `file:///${path}`).pathname.slice(1)
  if (roomAt(target) === room) return null
  return `${specifier} leaves ${room.folder}. Instead: cross a border by '#room/file.ts', where the table allows it.`
}

const staysInside = (room: Room, specifier: string) => specifier.startsWith('#') && roomAt(fileOf(specifier)) === room

/** As the table names it: `signal`, `devices`, `sim/closed-loop`. */
const roomOf = (specifier: string) => roomAt(fileOf(specifier))?.folder.replace(/^src\//, '') ?? ''

const folderOf = (name: string) => (['devices', 'sim', 'test'].includes(name) ? name : `src/${name}`)

const fileOf = (specifier: string) => specifier.replace(/^#([^/]+)/, (_, name: string) => folderOf(name))

function packageName(specifier: string): string {
  return specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/')
}
