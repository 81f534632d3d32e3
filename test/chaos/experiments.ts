/** The experiments of a chaos run, in their order. */
import { fullDisk, syncErrors } from './bad-disks.ts'
import { badWires } from './bad-wires.ts'
import { byteFlips } from './byte-flips.ts'
import { edgeSyscalls } from './edge-syscalls.ts'
import type { Experiment } from './experiment.ts'
import { ingestSyscalls } from './ingest-syscalls.ts'
import { embeddedKills, randomKills } from './kills.ts'
import { memory } from './memory.ts'
import { partitions } from './partitions.ts'
import { centralPowerCuts, edgePowerCuts } from './power-cuts.ts'
import { restartTimes } from './restart-times.ts'

export const EXPERIMENTS: readonly Experiment[] = [
  randomKills,
  embeddedKills,
  edgeSyscalls,
  ingestSyscalls,
  edgePowerCuts,
  centralPowerCuts,
  fullDisk,
  syncErrors,
  partitions,
  badWires,
  byteFlips,
  restartTimes,
  memory,
]
