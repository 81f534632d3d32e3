/** Options that several commands have, and what people write behind them, read as values; commander prints the complaint. */
import { InvalidArgumentError, Option } from 'commander'
import { SPEED_MAX } from '#sim/pace.ts'

export function portOption(flags: string, text: string, port: number): Option {
  return new Option(flags, text).argParser(wholeNumber(0, 65_535)).default(port)
}

export function seedOption(): Option {
  return new Option('--seed <n>', 'seed of all chance in the simulation')
    .argParser(wholeNumber(0, 4_294_967_295))
    .default(1)
}

export function speedOption(): Option {
  return new Option('--speed <n>', 'times real time, 1 to 20').default(1).argParser(speed)
}

export function storeOption(): Option {
  return new Option('--store <kind>', 'event store').choices(['embedded', 'influx']).default('embedded')
}

export function influxSecretOption(): Option {
  return new Option('--influx-secret <file>', 'file with user:password of InfluxDB, readable by its owner alone')
}

export function portOffsetOption(): Option {
  return new Option('--port-offset <n>', 'added to every device port of the configuration')
    .argParser(wholeNumber(0, 60_000))
    .default(0)
}

export function timeoutOption(defaultS: number): Option {
  return new Option('--timeout <s>', 'give up after this many seconds')
    .argParser(wholeNumber(1, 3_600))
    .default(defaultS)
}

export function wholeNumber(min: number, max: number) {
  return (text: string): number => {
    const value = Number(text)
    if (/^\d+$/.test(text) && value >= min && value <= max) return value
    throw new InvalidArgumentError(`It is a whole number from ${min} to ${max}.`)
  }
}

export function seconds(text: string): number {
  const value = Number(text)
  if (text.trim() !== '' && Number.isFinite(value) && value >= 0) return value
  throw new InvalidArgumentError('It is a number of seconds from 0.')
}

/** `90`, `90s`, `15m`, `2h` as ms. */
export function duration(text: string): number {
  const [, number = '', unit = ''] = /^(\d+(?:\.\d+)?)([smh]?)$/.exec(text) ?? []
  const ms = Number(number) * { s: 1_000, m: 60_000, h: 3_600_000 }[unit === 'm' || unit === 'h' ? unit : 's']
  if (ms > 0) return ms
  throw new InvalidArgumentError('It is a time such as 90s, 15m or 2h.')
}

/** As a duration, and 0 for none at all. */
export const warmUp = (text: string): number => (text === '0' ? 0 : duration(text))

/** `07:00` as ms since midnight. */
export function timeOfDay(text: string): number {
  const [, hours = '', minutes = ''] = /^([01]\d|2[0-3]):([0-5]\d)$/.exec(text) ?? []
  if (hours !== '') return (Number(hours) * 60 + Number(minutes)) * 60_000
  throw new InvalidArgumentError('It is a time of day from 00:00 to 23:59.')
}

/** `07:00`, or `2 07:00` on the second day: as it is. */
export function moment(text: string): string {
  if (/^([1-9]\d? )?([01]\d|2[0-3]):[0-5]\d$/.test(text)) return text
  throw new InvalidArgumentError('It is a time of day such as 07:00, or 2 07:00 on the second day of the scenario.')
}

function speed(text: string): number {
  const value = Number(text)
  if (/^\d+(\.\d+)?$/.test(text) && value >= 1 && value <= SPEED_MAX) return value
  const why = 'an edge at ten scans a second would see the street in leaps of more than two seconds'
  const remedy = 'For many times real time, without a wire: sabz simulate.'
  throw new InvalidArgumentError(
    value > SPEED_MAX
      ? `It is at most ${SPEED_MAX}: faster, and ${why}. ${remedy}`
      : `It is a number from 1 to ${SPEED_MAX}.`,
  )
}
