/** Shape of `devices.yaml`: the field devices of each cabinet and where they are reached. */
import { Type } from 'typebox'
import { ID, KEY, strict, table } from './fields.ts'

const DeviceRow = strict({
  profile: Type.String({ minLength: 1, description: 'file under devices/profiles, without .yaml' }),
  host: Type.String({ minLength: 1 }),
  port: Type.Integer({ minimum: 1, maximum: 65_535 }),
  unit: Type.Optional(Type.Integer({ minimum: 0, maximum: 255, description: 'Modbus unit identifier; 1 if left out' })),
})

export const DevicesFile = table(ID, table(KEY, DeviceRow, '`controller`, and the cards by name'))
export type DevicesFile = Type.Static<typeof DevicesFile>
export type DeviceRow = DevicesFile[string][string]
