/** Every byte of a segment of 64 KB turned over, one at a time: it is noticed, and no event is told wrongly. */
import { ForgetfulDisk } from '#test/support/forgetful-disk.ts'
import { openSpool, readBack, recordEvents } from '#test/telemetry/spool-kit.ts'
import type { Experiment, Setting } from './experiment.ts'
import { judged, type Seen } from './figure.ts'

const SEGMENT_BYTES = 64 * 1024
const GROUP = 50
/** A quick run turns every so many-th byte; a prime, so that every place in a frame has its turn. */
const QUICK_STEP = 61
const SAY_EVERY = 8_192

export const byteFlips: Experiment = {
  name: 'byte-flips',
  about: 'every byte of a 64 KB segment turned over, one at a time',
  needs: [],
  run: async (setting) => [flipAll(setting)],
}

function flipAll(setting: Setting): Seen {
  const { disk, events } = twoSegments()
  const name = String(disk.list()[0])
  const original = disk.read(name)
  const counts = { flipped: 0, undetected: 0, crashes: 0, wrong: 0, mostLost: 0 }
  for (let offset = 0; offset < SEGMENT_BYTES; offset += setting.isQuick ? QUICK_STEP : 1) {
    counts.flipped += 1
    const damaged = Buffer.from(original)
    damaged.writeUInt8(damaged.readUInt8(offset) ^ 0xff, offset)
    try {
      const { spool, faults } = openSpool(disk.with(name, damaged))
      const read = readBack(spool)
      if (faults.length === 0) counts.undetected += 1
      counts.wrong += read.filter(({ sequence, number }) => sequence !== number).length
      counts.mostLost = Math.max(counts.mostLost, events - read.length)
    } catch {
      counts.crashes += 1
    }
    if (offset > 0 && offset % SAY_EVERY === 0) setting.say(`${offset} of ${SEGMENT_BYTES} bytes`)
  }
  const { flipped, undetected, crashes, wrong, mostLost } = counts
  const seen = `${undetected} undetected, ${crashes} crashes, ${wrong} wrong events of ${flipped} flips; at most ${mostLost} event lost by one`
  const holds = undetected + crashes + wrong === 0 && mostLost <= 1
  return judged('bytes turned over', '0 undetected, 0 crashes, 0 wrong events', { seen, holds })
}

/** The first is whole, the second holds what came after. */
function twoSegments(): { disk: ForgetfulDisk; events: number } {
  const disk = new ForgetfulDisk()
  const { spool } = openSpool(disk, { segmentBytes: SEGMENT_BYTES })
  let events = 0
  for (; disk.list().length < 2; events += GROUP) recordEvents(spool, events + 1, events + GROUP)
  return { disk, events }
}
