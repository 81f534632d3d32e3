/** The points of the field contract (NTCIP 1202 names), whatever the wire: the vocabulary that every profile spells out. */

/** Bit fields and numbers are numbers, texts strings, per-channel values arrays. 64-bit times fit a double exactly. */
export type PointValue = number | string | readonly number[]

export type PointImage = ReadonlyMap<PointName, PointValue>

export interface PointFacts {
  readonly shape: 'number' | 'text' | 'list'
  /**
   * `scan`: read every cycle · `once`: read at connection and on request · `control`: written under the lease ·
   * `transaction`: read by whoever brings another timing.
   */
  readonly access: 'scan' | 'once' | 'control' | 'transaction'
  readonly meaning: string
}

const once = (shape: PointFacts['shape'], meaning: string): PointFacts => ({ shape, access: 'once', meaning })
const scan = (meaning: string, shape: PointFacts['shape'] = 'number'): PointFacts => ({
  shape,
  access: 'scan',
  meaning,
})
const control = (meaning: string): PointFacts => ({ shape: 'number', access: 'control', meaning })
const transaction = (meaning: string, shape: PointFacts['shape'] = 'number'): PointFacts => ({
  shape,
  access: 'transaction',
  meaning,
})

/** Rings 1–4 have the same four points each. */
const ring = <N extends 1 | 2 | 3 | 4>(n: N) =>
  ({
    [`ring.${n}.phase`]: scan('active phase, 0 = none'),
    [`ring.${n}.interval`]: scan('0 rest, 1 red-amber, 2 green, 3 yellow, 4 red clearance'),
    [`ring.${n}.elapsedMs`]: scan('time in the interval'),
    [`ring.${n}.termination`]: scan(
      'why the last green ended: 0 none, 1 gap-out, 2 max-out, 3 force-off, 4 preempt, 5 transit priority',
    ),
  }) as Record<`ring.${N}.${'phase' | 'interval' | 'elapsedMs' | 'termination'}`, PointFacts>

export const POINTS = {
  'identity.vendor': once('text', 'maker'),
  'identity.model': once('text', 'model'),
  'identity.firmware': once('text', 'firmware version'),
  'identity.profileVersion': once('number', 'version of the register or node map'),
  'identity.configurationHash': scan('first 32 bits of the hash of the running timing database'),
  'unit.controlStatus': scan('0 local, 1 supervised, 2 manual, 3 backup, 4 preempt, 5 flash, 6 fault'),
  'unit.flashCause': scan('0 none, 1 start-up, 2 automatic, 3 local, 4 conflict monitor, 5 preempt, 6 technician'),
  'unit.clockEpochMs': scan('the device clock, ms since 1970'),
  'unit.uptimeMs': scan('time since power-up'),
  'unit.alarmBits': scan('alarms of the unit'),
  'unit.mainsPower': scan('1 mains, 0 battery'),
  'unit.doorOpen': scan('1 open'),
  'phase.reds': scan('bit field by phase'),
  'phase.yellows': scan('bit field by phase'),
  'phase.greens': scan('bit field by phase'),
  'phase.redAmbers': scan('bit field by phase'),
  'phase.walks': scan('bit field by phase'),
  'phase.pedClears': scan('bit field by phase'),
  'phase.dontWalks': scan('bit field by phase'),
  'phase.vehicleCalls': scan('bit field by phase'),
  'phase.pedestrianCalls': scan('bit field by phase'),
  'phase.ons': scan('bit field by phase'),
  'phase.nexts': scan('bit field by phase'),
  ...ring(1),
  ...ring(2),
  ...ring(3),
  ...ring(4),
  'overlap.reds': scan('bit field by overlap'),
  'overlap.yellows': scan('bit field by overlap'),
  'overlap.greens': scan('bit field by overlap'),
  'channel.reds': scan('bit field by channel: the lamps as shown'),
  'channel.yellows': scan('bit field by channel: the lamps as shown'),
  'channel.greens': scan('bit field by channel: the lamps as shown'),
  'coordination.pattern': scan('pattern in effect, 254 = free'),
  'coordination.cycleMs': scan('cycle length, 0 when free'),
  'coordination.localCycleMs': scan('position in the local cycle'),
  'coordination.offsetMs': scan('offset in effect'),
  'coordination.transition': scan('0 free, 1 in step, 2 add, 3 subtract, 4 dwell'),
  'detector.occupied': scan('0 or 1 by detector channel', 'list'),
  'detector.actuationCounts': scan('actuations by detector channel since power-up, wraps at 65,536', 'list'),
  'detector.faults': scan('0 = sound, else fault code, by detector channel', 'list'),
  'detector.zoneVehicles': scan('vehicles in the zone, by camera zone', 'list'),
  'detector.zoneCells': scan(
    'ten cells a zone, from the stop line upstream, zone by zone: 256 × vehicles + their mean speed in km/h',
    'list',
  ),
  'pedestrian.occupied': scan('push buttons held down: bit field by phase called'),
  'preempt.active': scan('number of the preempt in service, or of the one whose delay runs; 0 = none'),
  'preempt.state': scan('0 none, 1 delay, 2 entry, 3 track clearance, 4 dwell, 5 exit'),
  'preempt.calls': scan('inputs that are on: bit field by preempt'),
  'priority.calls': scan('vehicles that are checked in: bit field by strategy'),
  'priority.active': scan('strategy in service: bit field'),
  'supervision.epoch': scan('epoch of the lease held last'),
  'supervision.sequence': scan('sequence accepted last'),
  'supervision.leaseRemainingMs': scan('0 = no lease'),
  'supervision.refusedCode': scan('0, or why the last command was refused: see LEASE_REFUSALS'),
  'supervision.localCycles': scan('whole local cycles since the last lease ended; at least 1 when none was ever held'),
  'eventLog.head': scan('sequence of the newest record of the log, 0 = none'),
  'database.state': transaction('0 idle, 1 open, 2 verified, 3 armed: NTCIP 1201 dbCreateTransaction, dbVerifyStatus'),
  'database.fault': transaction('0, or why the last request was refused or the transaction ended: see TIMING_FAULTS'),
  'database.faultDetail': transaction('the first fault in words: NTCIP 1201 dbVerifyError', 'text'),
  'database.asker': transaction('writer of the last request, whose fault it is'),
  'database.owner': transaction('writer who has begun the transaction, 0 = none'),
  'database.length': transaction('characters staged: the offset of the next part'),
  'database.stagedHash': transaction('configuration hash of what is verified, 0 = nothing'),
  'control.epoch': control('epoch of the supervisor, strictly newer than any that held a lease before'),
  'control.sequence': control('strictly increasing in an epoch'),
  'control.leaseMs': control('1 … 3,000'),
  'control.pattern': control('0 standby, 1–253 plan, 254 free, 255 flash'),
  'control.hold': control('bit field by phase'),
  'control.forceOff': control('bit field by phase'),
  'control.phaseOmit': control('bit field by phase'),
  'control.pedestrianOmit': control('bit field by phase'),
  'control.vehicleCall': control('bit field by phase'),
  'control.pedestrianCall': control('bit field by phase'),
  'control.preempt': control('bit field by preempt'),
  'control.priority': control('bit field by strategy'),
} satisfies Record<string, PointFacts>

export type PointName = keyof typeof POINTS

/** The place of a point in the list: what is read ten times a second is found by it. */
export type PointNumber = number

export const POINT_NAMES = Object.keys(POINTS) as readonly PointName[]

const NUMBERS: ReadonlyMap<string, PointNumber> = new Map(POINT_NAMES.map((name, number) => [name, number]))

/** Looked up once, where a reader is made. */
export const numberOf = (name: PointName): PointNumber => NUMBERS.get(name) ?? POINT_NAMES.length

/** `supervision.refusedCode`: index into this list. */
export const LEASE_REFUSALS = [
  'none',
  'leaseZeroOrTooLong',
  'staleEpoch',
  'staleSequence',
  'unknownPattern',
  'notAvailable', // manual, flash or fault: the cabinet decides; during a preempt only a lease that is held is renewed
] as const
export type LeaseRefusal = (typeof LEASE_REFUSALS)[number]
