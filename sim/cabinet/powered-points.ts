/** A device on the wire that answers as long as it has power: without it every request fails. */
import type { PointSource } from '#devices/device.ts'
import type { PowerSupply } from './power-supply.ts'

export function poweredPoints(source: PointSource, power: Pick<PowerSupply, 'isUp'>): PointSource {
  const powered = (): PointSource => {
    if (!power.isUp) throw new Error('the cabinet has no power')
    return source
  }
  return {
    get isUp() {
      return power.isUp
    },
    readPoint: (name) => powered().readPoint(name),
    ...(source.fill && { fill: source.fill }),
    writeControl: (values) => powered().writeControl(values),
    readLog: (after, max) => powered().readLog(after, max),
    askForTiming: (request) => powered().askForTiming?.(request) ?? false,
  }
}
