/** The checksum of modbus-serial, which its typings leave out. */
declare module 'modbus-serial/utils/crc16.js' {
  export default function crc16(buffer: Buffer): number
}
