/** Register and node dumps that another encoder made: an error that driver and simulator share cannot hide from them. */
import { readFile, readdir } from 'node:fs/promises'
import { basename } from 'node:path'
import { describe, expect, test } from 'vitest'
import { decodeControlBlock, encodeControlBlock } from '#devices/modbus/control-block.ts'
import { decodeTimingBlock, encodeTimingBlock } from '#devices/modbus/timing-block.ts'
import { appendSlots, encodeRecord } from '#devices/modbus/log-ring.ts'
import { decodeRead, planReads } from '#devices/modbus/read-plan.ts'
import { controlLayout, decodeNode, encodeNode, layoutNodes } from '#devices/opcua/node-layout.ts'
import type { LogRecord, PointSource } from '#devices/device.ts'
import { decodeTimingCall, encodeTimingCall } from '#devices/opcua/timing-call.ts'
import type { TimingRequest } from '#devices/timing.ts'
import { POINTS, type PointName, type PointValue } from '#devices/points.ts'
import { registerBank } from '#sim/servers/register-bank.ts'
import { modbusProfile, MODBUS_PROFILES, opcuaProfile, OPCUA_PROFILES } from '#test/support/profiles.ts'

interface ModbusDump {
  readonly values: Record<PointName, PointValue>
  /** Table → first address → words in hexadecimal. */
  readonly registers: Record<'input' | 'holding', Record<string, string>>
  readonly logRecord?: { readonly record: LogRecord; readonly registers: string }
  readonly timing?: {
    readonly address: number
    readonly requests: readonly { readonly request: TimingRequest; readonly registers: string }[]
  }
}

interface OpcuaDump {
  readonly values: Record<PointName, PointValue>
  readonly nodes: Record<string, PointValue>
  readonly timing: readonly { readonly request: TimingRequest; readonly arguments: readonly (number | string)[] }[]
}

const FOLDER = new URL('../golden/devices/', import.meta.url)

const dumpOf = async <T>(name: string): Promise<T> =>
  JSON.parse(await readFile(new URL(`${name}.json`, FOLDER), 'utf8')) as T

const wordsOf = (text: string) => text.split(' ').map((word) => Number.parseInt(word, 16))

const isControl = (name: PointName) => POINTS[name].access === 'control'

const sourceOf = (values: Record<PointName, PointValue>): PointSource => ({
  readPoint: (name) => values[name],
  writeControl: () => true,
  readLog: () => [],
})

/** Each register of a dump by its address. */
function registersOf(blocks: Record<string, string>): Map<number, number> {
  const all = new Map<number, number>()
  for (const [first, text] of Object.entries(blocks))
    for (const [i, word] of wordsOf(text).entries()) all.set(Number(first) + i, word)
  return all
}

test('every shipped profile has its dump', async () => {
  const profiles = await readdir(new URL('../../devices/profiles/', import.meta.url))
  const dumps = await readdir(FOLDER)
  expect(dumps.map((file) => basename(file, '.json')).toSorted()).toEqual(
    profiles.map((file) => basename(file, '.yaml')).toSorted(),
  )
  expect(profiles).toHaveLength(MODBUS_PROFILES.length + OPCUA_PROFILES.length)
})

describe.each(MODBUS_PROFILES)('%s', (name) => {
  test('the driver reads out of the dumped registers what the device showed', async () => {
    const [profile, dump] = [await modbusProfile(name), await dumpOf<ModbusDump>(name)]
    const tables = { input: registersOf(dump.registers.input), holding: registersOf(dump.registers.holding) }
    const image = new Map<PointName, PointValue>()
    const readable = [...profile.points.keys()].filter((point) => !isControl(point))
    for (const read of planReads(profile, readable)) {
      const words = Array.from({ length: read.length }, (_, i) => tables[read.table].get(read.address + i) ?? -1)
      const decoded = decodeRead(profile, read, words)
      for (const [point, value] of decoded.ok ? decoded.value : []) image.set(point, value)
    }
    expect(Object.fromEntries(image)).toEqual(Object.fromEntries(readable.map((point) => [point, dump.values[point]])))
  })

  test('the virtual device lays out the same registers, and no others', async () => {
    const [profile, dump] = [await modbusProfile(name), await dumpOf<ModbusDump>(name)]
    const bank = registerBank({ ...profile, log: null }, sourceOf(dump.values))
    const control = new Set(encodedControl(profile, dump)?.addresses)
    for (const table of ['input', 'holding'] as const) {
      const registers = registersOf(dump.registers[table])
      const readable = new Map([...registers].filter(([address]) => table === 'input' || !control.has(address)))
      const near = [...registers.keys()].flatMap((address) => [address - 1, address, address + 1])
      const found = near.map((address) => [address, wordAt(bank, table, address)])
      expect(found).toEqual(near.map((address) => [address, readable.get(address)]))
    }
  })

  test('a control write carries the dumped registers', async () => {
    const [profile, dump] = [await modbusProfile(name), await dumpOf<ModbusDump>(name)]
    const control = encodedControl(profile, dump)
    if (!control) return expect(profile.kind).not.toBe('controller')
    const registers = registersOf(dump.registers.holding)
    expect(control.words).toEqual(control.addresses.map((address) => registers.get(address)))
    const back = decodeControlBlock(profile, { address: control.addresses[0] ?? -1, words: control.words })
    expect(back).toEqual(new Map(control.names.map((point) => [point, dump.values[point]])))
  })
})

test('a record of the log stands in its slot as dumped', async () => {
  const { logRecord } = await dumpOf<ModbusDump>('sabz-modbus-controller')
  expect(logRecord).toBeDefined()
  if (!logRecord) return
  const words = wordsOf(logRecord.registers)
  expect(encodeRecord(logRecord.record)).toEqual(words)
  const run: LogRecord[] = []
  appendSlots(run, { first: logRecord.record.sequence, address: 0, length: words.length }, words)
  expect(run).toEqual([logRecord.record])
})

test.each(MODBUS_PROFILES)(
  'requests of a transaction carry the dumped registers, and are read out of them: %s',
  async (name) => {
    const [{ timing }, dump] = [await modbusProfile(name), await dumpOf<ModbusDump>(name)]
    expect(timing?.address).toBe(dump.timing?.address)
    for (const { request, registers } of dump.timing?.requests ?? []) {
      const block = timing && encodeTimingBlock(timing, request)
      expect(block).toEqual({ address: dump.timing?.address, words: wordsOf(registers) })
      expect(timing && block && decodeTimingBlock(timing, block)).toEqual(request)
    }
  },
)

describe.each(OPCUA_PROFILES)('%s', (name) => {
  test('the driver reads out of the dumped nodes what the device showed, and the virtual device shows the same nodes', async () => {
    const [profile, dump] = [await opcuaProfile(name), await dumpOf<OpcuaDump>(name)]
    const image = new Map<PointName, PointValue>()
    const layouts = layoutNodes(profile, profile.points.keys())
    expect(layouts.map(({ node }) => node).toSorted()).toEqual(Object.keys(dump.nodes).toSorted())
    for (const layout of layouts) {
      expect(encodeNode(layout, (point) => dump.values[point])).toEqual(dump.nodes[layout.node])
      expect(decodeNode(layout, dump.nodes[layout.node], image)).toEqual({ ok: true, value: undefined })
    }
    expect(Object.fromEntries(image)).toEqual(dump.values)
  })

  test('requests of a transaction carry the dumped arguments, and are read out of them', async () => {
    const [{ timing }, dump] = [await opcuaProfile(name), await dumpOf<OpcuaDump>(name)]
    expect(dump.timing).not.toHaveLength(0)
    for (const { request, arguments: given } of dump.timing) {
      expect(encodeTimingCall(request)).toEqual(given)
      const values = given.map((value) => ({ value }))
      expect(decodeTimingCall(values, timing?.partCharacters ?? 0)).toEqual(request)
    }
  })

  test('a control write carries the dumped array', async () => {
    const [profile, dump] = [await opcuaProfile(name), await dumpOf<OpcuaDump>(name)]
    const layout = controlLayout(profile)
    expect(layout && encodeNode(layout, (point) => dump.values[point])).toEqual(dump.nodes[layout?.node ?? ''])
  })
})

function encodedControl(profile: Awaited<ReturnType<typeof modbusProfile>>, dump: ModbusDump) {
  const names = [...profile.points.keys()].filter(isControl)
  if (names.length === 0) return null
  const block = encodeControlBlock(profile, new Map(names.map((point) => [point, Number(dump.values[point])])))
  if (!block.ok) throw new Error(JSON.stringify(block.fault))
  const { address, words } = block.value
  return { names, words, addresses: words.map((_, i) => address + i) }
}

/** undefined where the device has no such register. */
function wordAt(bank: ReturnType<typeof registerBank>, table: 'input' | 'holding', address: number) {
  try {
    return bank.read({ table, address, length: 1 })[0]
  } catch {
    return undefined
  }
}
