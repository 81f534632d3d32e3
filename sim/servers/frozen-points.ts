/** A device that repeats itself: its network card answers, and the program behind it has stopped. */
import type { PointSource } from '#devices/device.ts'
import type { PointName, PointValue } from '#devices/points.ts'
import type { WireFaults } from './wire-faults.ts'

export interface FreezablePoints extends PointSource {
  /** When what is read was so: now, or when it froze. */
  stamp(): Date
}

/** What is read while it is frozen is what was read first since then; writes and the log pass, as they are no images. */
export function freezable(source: PointSource, faults: Pick<WireFaults, 'frozen'>): FreezablePoints {
  const kept = new Map<PointName, PointValue>()
  let frozenAt: Date | null = null
  const readPoint = (name: PointName): PointValue => {
    if (!faults.frozen) {
      kept.clear()
      return source.readPoint(name)
    }
    const value = kept.get(name) ?? source.readPoint(name)
    kept.set(name, value)
    return value
  }
  return {
    stamp() {
      frozenAt = faults.frozen ? (frozenAt ?? new Date()) : null
      return frozenAt ?? new Date()
    },
    get isUp() {
      return source.isUp !== false
    },
    readPoint,
    writeControl: (values) => source.writeControl(values),
    readLog: (after, max) => source.readLog(after, max),
    askForTiming: (request) => source.askForTiming?.(request) ?? false,
  }
}
