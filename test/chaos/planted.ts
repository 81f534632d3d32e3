/** Planted defects, and the quick part of the suite, or the experiment, that must catch each. */
import { DEFECTS, type Defect } from '#test/deterministic/defects.ts'

export interface Planted {
  readonly defect: Defect
  /** Files of the suite of which one test at least must fail. */
  readonly tests: readonly string[]
  /** Experiments of which one figure at least must be missed, where no test can see it. */
  readonly experiments: readonly string[]
}

const caughtBy = (...tests: string[]) => ({ tests: tests.map((name) => `test/${name}.test.ts`), experiments: [] })
const caughtIn = (...experiments: string[]) => ({ tests: [], experiments })

/** Those of the worlds on a virtual clock, by name: here it is the suite that must see them. */
const OF_THE_WORLDS: Readonly<Record<string, Omit<Planted, 'defect'>>> = {
  'recorded before the sync': caughtBy('telemetry/spool'),
  'names are not synced': caughtBy('telemetry/spool'),
  'a short write is ignored': caughtBy('telemetry/spool'),
  'a failed sync is tried again': caughtBy('telemetry/spool'),
  'writing on behind a failed write': caughtBy('telemetry/spool'),
  'the sequence is in memory only': caughtBy('telemetry/spool'),
  'cursors are not kept': caughtBy('telemetry/spool'),
  'freed on PUBACK': caughtBy('telemetry/batch-sender'),
  'PUBACK ends the repetition': caughtBy('telemetry/batch-sender'),
  'what is still to be sent is said to be lost': caughtBy('telemetry/spool-damage'),
  'a thread that died is handed all again': caughtBy('telemetry/handover'),
  'acknowledged before the store has it': caughtBy('central/ingest'),
  'an error of the store is taken for a yes': caughtBy('central/ingest'),
  'one bad event takes its group with it': caughtBy('central/ingest'),
  'acknowledged over a hole': caughtBy('central/ingest'),
  'two events of a millisecond are one point': caughtBy('central-store/influx'),
  'the scan cycle goes by the wall clock': caughtBy('edge/clock-steps'),
  'two edges share an epoch': caughtBy('edge/command-gate'),
  'no envelope': caughtBy('edge/command-gate'),
  'a lease that ran out goes on': caughtBy('sim/local-plan', 'edge/supervision'),
  'a lease that ran out comes back': caughtBy('sim/lease'),
}

const SPOOL = 'src/edge/telemetry/spool.ts'
const SEGMENT = 'src/edge/telemetry/segment.ts'

const OURS: readonly Planted[] = [
  {
    defect: {
      name: '`dropped=0` of a refusal is trusted',
      file: 'src/central/store/influx-writer.ts',
      original: 'if (status === 204) return',
      replacement: "if (status === 204 || text.includes('dropped=0')) return",
    },
    ...caughtBy('central-store/influx'),
  },
  {
    defect: {
      name: 'the edge asks with a lease of 0',
      file: 'src/safety/check-command.ts',
      original: 'leaseMs >= 1 && leaseMs <= LEASE_MS_MAX',
      replacement: 'leaseMs >= 0 && leaseMs <= LEASE_MS_MAX',
    },
    ...caughtBy('safety/check-command'),
  },
  {
    defect: {
      name: 'the cabinet accepts a lease of 0',
      file: 'sim/cabinet/lease.ts',
      original: 'leaseMs >= 1 && leaseMs <= LEASE_MS_MAX',
      replacement: 'leaseMs >= 0 && leaseMs <= LEASE_MS_MAX',
    },
    ...caughtBy('sim/lease'),
  },
  {
    defect: {
      name: 'a re-imaged edge has the epoch of its former self',
      file: 'src/edge/telemetry/worker.ts',
      original: "newEpoch: () => randomBytes(8).toString('hex')",
      replacement: "newEpoch: () => '0123456789abcdef'",
    },
    ...caughtBy('telemetry/re-image'),
  },
  {
    defect: {
      name: 'what follows a torn tail goes on in its epoch',
      file: SPOOL,
      original: 'this.epoch = former && !tailCut ? former.epoch : options.newEpoch()',
      replacement: 'this.epoch = former ? former.epoch : options.newEpoch()',
    },
    ...caughtBy('telemetry/spool'),
  },
  {
    defect: {
      name: 'an acknowledgement of what was never recorded frees',
      file: SPOOL,
      original: 'if (upTo <= last) this.#shelf',
      replacement: 'if (last >= 0) this.#shelf',
    },
    ...caughtBy('telemetry/spool'),
  },
  {
    defect: {
      name: 'the gap record counts one too many',
      file: 'src/edge/telemetry/thinning.ts',
      original: 'last: 0, count: 0 }',
      replacement: 'last: 0, count: 1 }',
    },
    ...caughtBy('telemetry/spool-full'),
  },
  {
    defect: {
      name: 'the hole before a batch is told one short',
      file: 'src/edge/telemetry/batch-reader.ts',
      original: 'const after = Math.max(known, this.#spool.acknowledged(epoch))',
      replacement: 'const after = Math.max(known, this.#spool.acknowledged(epoch)) + 1',
    },
    ...caughtBy('telemetry/spool-damage'),
  },
  {
    defect: {
      name: 'a checksum that does not know its epoch',
      file: SEGMENT,
      original: 'crc32(frame.subarray(2, 12), crc32(epoch))',
      replacement: 'crc32(frame.subarray(2, 12))',
    },
    ...caughtBy('telemetry/spool-damage'),
  },
  {
    defect: {
      name: 'nobody looks at the checksum',
      file: SEGMENT,
      original: '  if (frame.readUInt32BE(12) !== checksum(epoch, frame)) return null\n',
      replacement: '',
    },
    ...caughtBy('telemetry/spool-damage'),
  },
  {
    defect: {
      name: 'the embedded store knows events by their time alone',
      file: 'src/central/store/embedded.ts',
      original: 'PRIMARY KEY (site, edge, epoch, sequence)',
      replacement: 'PRIMARY KEY (site, intersection, epoch_ms)',
    },
    ...caughtBy('central-store/embedded'),
  },
  {
    defect: {
      name: 'the drive is not waited for by the spool',
      file: 'src/edge/telemetry/disk.ts',
      original: 'sync: () => fdatasyncSync(descriptor)',
      replacement: 'sync: () => {}',
    },
    ...caughtIn('power-edge'),
  },
  {
    defect: {
      name: 'the drive is not waited for by the embedded store',
      file: 'src/central/store/embedded.ts',
      original: 'PRAGMA synchronous = FULL',
      replacement: 'PRAGMA synchronous = OFF',
    },
    ...caughtIn('power-central'),
  },
]

export const PLANTED: readonly Planted[] = [
  ...Object.entries(OF_THE_WORLDS).map(([name, catchers]) => ({ defect: known(name), ...catchers })),
  ...OURS,
]

/** @throws when the worlds have no such defect any more. */
function known(name: string): Defect {
  const defect = DEFECTS.find((each) => each.name === name)
  if (!defect) throw new Error(`test/deterministic/defects.ts has no defect "${name}" any more: take it out here too`)
  return defect
}
