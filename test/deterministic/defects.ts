/** Defects that others have made, or that lie near: each must break a rule in some world, or the worlds prove little. */

export interface Defect {
  readonly name: string
  readonly file: string
  /** A passage that stands exactly once in the file, … */
  readonly original: string
  /** … and what is read in its place. */
  readonly replacement: string
}

const SPOOL = 'src/edge/telemetry/spool.ts'
const SENDER = 'src/edge/telemetry/batch-sender.ts'
const UPLINK = 'src/edge/telemetry/uplink.ts'
const WRITER = 'src/central/ingest-writer.ts'

export const DEFECTS: readonly Defect[] = [
  {
    name: 'recorded before the sync',
    file: SPOOL,
    original: '    this.#file.sync()\n',
    replacement: '',
  },
  {
    name: 'names are not synced',
    file: SPOOL,
    original: 'if (fresh) this.#disk.syncNames()',
    replacement: '',
  },
  {
    name: 'a short write is ignored',
    file: SPOOL,
    original: 'offset += taken',
    replacement: 'offset = bytes.length',
  },
  {
    name: 'a failed sync is tried again',
    file: SPOOL,
    original: '    this.#file.sync()\n',
    replacement: '    try { this.#file.sync() } catch { this.#file.sync() }\n',
  },
  {
    name: 'writing on behind a failed write',
    file: SPOOL,
    original: '    this.#closeFile()\n    if (!fresh) return',
    replacement: '    if (!fresh) return',
  },
  {
    name: 'the sequence is in memory only',
    file: SPOOL,
    original: 'this.#last = former && !tailCut ? former.last : 0',
    replacement: 'this.#last = 0',
  },
  {
    name: 'cursors are not kept',
    file: SPOOL,
    original: 'encodeCursors(this.#cursors)',
    replacement: 'encodeCursors(new Map())',
  },
  {
    name: 'freed on PUBACK',
    file: SENDER,
    original: '      flight.taken = true\n',
    replacement: '      flight.taken = true\n      this.#spool.release(flight.batch.epoch, flight.batch.last)\n',
  },
  {
    name: 'PUBACK ends the repetition',
    file: SENDER,
    original: 'if (flight.taken && nowMs',
    replacement: 'if (!flight.taken && nowMs',
  },
  {
    name: 'what is still to be sent is said to be lost',
    file: 'src/edge/telemetry/batch-reader.ts',
    original: 'const after = Math.max(known, this.#spool.acknowledged(epoch))',
    replacement: 'const after = this.#spool.acknowledged(epoch)',
  },
  {
    name: 'a thread that died is handed all again',
    file: 'src/edge/telemetry/handover.ts',
    original: 'this.recorded(former.last - this.#place.last)',
    replacement: 'this.recorded(0)',
  },
  {
    name: 'a state under way stays so for ever',
    file: UPLINK,
    original: 'Object.assign(state, { isUnderWay: false, isSent: false })',
    replacement: '',
  },
  {
    name: 'presence is said once only',
    file: UPLINK,
    original: "    this.#link.publish(this.#presence('online'))\n",
    replacement: '',
  },
  {
    name: 'the uplink goes by the wall clock',
    file: UPLINK,
    original: 'monoMs: () => clock.monoMs(),',
    replacement: 'monoMs: () => clock.epochMs(),',
  },
  {
    name: 'the scan cycle goes by the wall clock',
    file: 'src/edge/edge.ts',
    original: 'monoMs: () => Math.floor(clock.monoMs())',
    replacement: 'monoMs: () => Math.floor(clock.epochMs())',
  },
  {
    name: 'a tick waits for every answer',
    file: 'src/edge/scan-cycle.ts',
    original: 'ms: READ_MS_MAX }',
    replacement: 'ms: 1_000 * READ_MS_MAX }',
  },
  {
    name: 'no envelope',
    file: 'src/edge/command-lease.ts',
    original: 'const verdict = checkCommand(this.#limits, view, command)',
    replacement: 'const verdict = { ...checkCommand(this.#limits, view, command), pass: true, command }',
  },
  {
    name: 'two edges share an epoch',
    file: 'src/edge/lease.ts',
    original: 'return unit.leaseRemainingMs > 0 && unit.leaseEpoch === epoch && unit.leaseSequence >= sequence',
    replacement: 'return false && unit.leaseEpoch === epoch && unit.leaseSequence === sequence',
  },
  {
    name: 'a lease that ran out goes on',
    file: 'sim/cabinet/supervision.ts',
    original: 'if (!isHeld(this.#lease)) this.#command = null',
    replacement: '',
  },
  {
    name: 'a lease that ran out comes back',
    file: 'sim/cabinet/lease.ts',
    original: "if (!renewal && !(epoch > lease.epoch)) return failed('staleEpoch')",
    replacement: '',
  },
  {
    name: 'acknowledged before the store has it',
    file: WRITER,
    original: '    const refused = await this.#write(fresh)\n',
    replacement:
      '    this.#enter(group, [])\n    for (const batch of group) this.#options.settled(batch)\n    const refused = await this.#write(fresh)\n',
  },
  {
    name: 'an error of the store is taken for a yes',
    file: WRITER,
    original: "if (outcome.fault.code === 'STORE_UNAVAILABLE') return outcome.fault.detail",
    replacement: "if (outcome.fault.code === 'STORE_UNAVAILABLE') return null",
  },
  {
    name: 'one bad event takes its group with it',
    file: WRITER,
    original: 'if (only && others.length === 0) return [{ event: only, reason: refusal }]',
    replacement: "if (only) return [only, ...others].map((event) => ({ event, reason: refusal ?? '' }))",
  },
  {
    name: 'acknowledged over a hole',
    file: 'src/central/ingest.ts',
    original: 'const upTo = contiguousUpTo(covered)',
    replacement: 'const upTo = covered.at(-1)?.[1] ?? contiguousUpTo(covered)',
  },
  {
    name: 'two events of a millisecond are one point',
    file: 'src/central/store/line-protocol.ts',
    original: 'String(SEQUENCES_IN_MS + (sequence % SEQUENCES_IN_MS))',
    replacement: 'String(SEQUENCES_IN_MS)',
  },
]
