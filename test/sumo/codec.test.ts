/** TraCI as bytes: what is written can be read, what is garbage is told, however it comes in pieces. */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { ByteReader, ByteWriter } from '#sim/sumo/traci/bytes.ts'
import {
  encodeMessage,
  getCommand,
  setCommand,
  stepCommand,
  subscribeCommand,
  versionCommand,
} from '#sim/sumo/traci/commands.ts'
import { MessageSplitter } from '#sim/sumo/traci/message-splitter.ts'
import { VARIABLE } from '#sim/sumo/traci/protocol.ts'
import { decodeDone, decodeStep, decodeSubscribed, decodeValue, decodeVersion } from '#sim/sumo/traci/replies.ts'
import { readTypedValue, writeTypedValue, type TypedValue } from '#sim/sumo/traci/typed-value.ts'

const hex = (text: string): Buffer => Buffer.from(text.replaceAll(/\s/g, ''), 'hex')

describe('commands are the bytes of the protocol', () => {
  test.each([
    ['version', versionCommand(), '00000006 02 00'],
    ['one step', stepCommand(0), '0000000e 0a 02 0000000000000000'],
    ['until 1.5 s', stepCommand(1.5), '0000000e 0a 02 3ff8000000000000'],
    ['the state of light J', getCommand('light', 'J', VARIABLE.light.state), '0000000c 08 a2 20 00000001 4a'],
    [
      'light J shows Gr',
      setCommand({ domain: 'light', id: 'J', variable: 0x20, value: { type: 'string', value: 'Gr' } }),
      '00000013 0f c2 20 00000001 4a 0c 00000002 4772',
    ],
    [
      'what loop 7 counts, from now on',
      subscribeCommand({ domain: 'loop', id: '7', variables: [0x10] }),
      '0000001d 19 d0 0000000000000000 41d0000000000000 00000001 37 01 10',
    ],
  ])('%s', (_, command, bytes) => {
    expect(encodeMessage([command]).toString('hex')).toBe(hex(bytes).toString('hex'))
  })

  test('a command of 255 bytes has a short length, one of 256 a long one', () => {
    const lengthOf = (idLength: number) =>
      encodeMessage([getCommand('lane', 'x'.repeat(idLength), 0x12)])
        .subarray(4, 9)
        .toString('hex')
    expect(lengthOf(248)).toMatch(/^ffa3/)
    expect(lengthOf(249)).toBe('0000000104') // 0, then 260: itself, the identifier and 254 of content.
  })
})

const scalar = (type: 'ubyte' | 'byte' | 'int', min: number, max: number) =>
  fc.record({ type: fc.constant(type), value: fc.integer({ min, max }) })
const point = (length: number) => fc.array(fc.double({ noNaN: true }), { minLength: length, maxLength: length })
const { value: anyValue } = fc.letrec<{ value: TypedValue }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 3 },
    scalar('ubyte', 0, 255),
    scalar('byte', -128, 127),
    scalar('int', -(2 ** 31), 2 ** 31 - 1),
    fc.record({ type: fc.constant('double' as const), value: fc.double({ noNaN: true }) }),
    fc.record({ type: fc.constant('string' as const), value: fc.string({ unit: 'grapheme' }) }),
    fc.record({ type: fc.constant('strings' as const), value: fc.array(fc.string()) }),
    fc.record({ type: fc.constant('doubles' as const), value: point(3) }),
    fc.record({ type: fc.constantFrom('lonLat' as const, 'position2D' as const), value: point(2) }),
    fc.record({ type: fc.constantFrom('lonLatAlt' as const, 'position3D' as const), value: point(3) }),
    fc.record({
      type: fc.constant('polygon' as const),
      value: fc.array(fc.tuple(fc.double({ noNaN: true }), fc.double({ noNaN: true })), {
        maxLength: 300,
        size: 'max',
      }),
    }),
    fc.record({
      type: fc.constant('color' as const),
      value: fc.array(fc.integer({ min: 0, max: 255 }), { minLength: 4, maxLength: 4 }),
    }),
    fc.record({ type: fc.constant('compound' as const), value: fc.array(tie('value'), { maxLength: 4 }) }),
  ),
}))

describe('values', () => {
  test('each value that is written is read as it was', () => {
    fc.assert(
      fc.property(anyValue, (typed) => {
        const writer = new ByteWriter()
        writeTypedValue(writer, typed)
        const reader = new ByteReader(writer.take())
        expect(readTypedValue(reader)).toEqual(typed)
        expect(reader.left).toBe(0)
      }),
      { numRuns: 200 },
    )
  })
})

const STATUS_OK = '07 02 00 00000000'

describe('answers', () => {
  test('a version is its number and its name', () => {
    const answer = hex('07 00 00 00000000 0e 00 00000014 00000004 53554d4f')
    expect(decodeVersion(answer, versionCommand())).toEqual({ ok: true, value: { api: 20, name: 'SUMO' } })
  })

  test('a value is what stands behind the variable and the name', () => {
    const answer = hex('07 a2 00 00000000 0f b2 20 00000001 4a 0c 00000002 4772')
    expect(decodeValue(answer, getCommand('light', 'J', 0x20))).toEqual({
      ok: true,
      value: { type: 'string', value: 'Gr' },
    })
  })

  test('the words of a refusal come with the command that was refused', () => {
    const answer = hex('0b c2 ff 00000004 6f686e6f')
    const command = setCommand({ domain: 'light', id: 'J', variable: 0x20, value: { type: 'string', value: 'Gr' } })
    expect(decodeDone(answer, [command])).toEqual({
      ok: false,
      fault: { code: 'SUMO_REFUSED', command: 0xc2, words: 'ohno' },
    })
  })

  test('a step brings the reports; a variable that could not be read is left out', () => {
    const report = '16 e0 00000001 37 02  10 00 09 00000002  13 ff 0c 00000000'
    expect(decodeStep(hex(`${STATUS_OK} 00000001 ${report}`), stepCommand(0))).toEqual({
      ok: true,
      value: [{ domain: 'loop', id: '7', values: new Map([[0x10, { type: 'int', value: 2 }]]), around: new Map() }],
    })
  })

  test('what is around a thing comes by name, each with its values', () => {
    const report = '1d 99 00000001 4a a4 01 00000001  00000001 61  40 00 0b 4000000000000000'
    expect(decodeStep(hex(`${STATUS_OK} 00000001 ${report}`), stepCommand(0))).toEqual({
      ok: true,
      value: [
        {
          domain: 'junction',
          id: 'J',
          values: new Map(),
          around: new Map([['a', new Map([[0x40, { type: 'double', value: 2 }]])]]),
        },
      ],
    })
  })

  test('a subscription that is ended brings no report', () => {
    const command = subscribeCommand({ domain: 'loop', id: '7', variables: [] })
    expect(decodeSubscribed(hex('07 d0 00 00000000'), [command])).toEqual({ ok: true, value: [] })
  })

  test.each([
    ['nothing at all', ''],
    ['half a status', '07 02 00 00'],
    ['the status of another command', '07 03 00 00000000 00000000'],
    ['a text that goes beyond the end', '07 02 00 7fffffff'],
    ['more reports than fit', `${STATUS_OK} 7fffffff`],
    ['fewer than no reports', `${STATUS_OK} ffffffff`],
    ['bytes behind the last report', `${STATUS_OK} 00000000 00`],
    ['a report of a domain that is not', `${STATUS_OK} 00000001 08 ef 00000001 37 00`],
    ['an answer in place of a report', `${STATUS_OK} 00000001 08 b0 00000001 37 00`],
    ['a value of no type', `${STATUS_OK} 00000001 0c e0 00000001 37 01 10 00 55`],
    ['a part that is longer than what it says', `${STATUS_OK} 00000001 09 e0 00000001 37 00 00`],
    ['a part shorter than its length', `${STATUS_OK} 00000001 00 00000002`],
  ])('%s is told as malformed', (_, bytes) => {
    expect(decodeStep(hex(bytes), stepCommand(0))).toMatchObject({ ok: false, fault: { code: 'SUMO_REPLY_MALFORMED' } })
  })

  test('compounds without end are told as malformed, whatever the stack would bear', () => {
    const deep = '0f00000001'.repeat(5_000)
    const content = hex(`e0 00000001 37 01 10 00 ${deep}`)
    const answer = Buffer.concat([
      hex(`${STATUS_OK} 00000001 00`),
      new ByteWriter().int(content.length + 5).take(),
      content,
    ])
    expect(decodeStep(answer, stepCommand(0))).toMatchObject({
      fault: { code: 'SUMO_REPLY_MALFORMED', detail: expect.stringContaining('deeper') },
    })
  })

  test('garbage of any kind is a fault, never a crash', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 60 }), (bytes) => {
        const garbage = Buffer.concat([hex(STATUS_OK), bytes])
        const outcome = decodeStep(garbage, stepCommand(0))
        if (!outcome.ok) expect(outcome.fault.code).toBe('SUMO_REPLY_MALFORMED')
      }),
      { numRuns: 500 },
    )
  })
})

describe('a stream of bytes', () => {
  test('messages are the same, wherever TCP cuts them', () => {
    const bodies = fc.array(fc.uint8Array({ maxLength: 40 }), { minLength: 1, maxLength: 5 })
    fc.assert(
      fc.property(bodies, fc.array(fc.nat(60)), (sent, cuts) => {
        let rest = Buffer.concat(
          sent.map((body) =>
            new ByteWriter()
              .int(body.length + 4)
              .raw(body)
              .take(),
          ),
        )
        const splitter = new MessageSplitter()
        const got: Buffer[] = []
        for (const cut of [...cuts, rest.length]) {
          const outcome = splitter.push(rest.subarray(0, cut))
          rest = rest.subarray(cut)
          if (outcome.ok) got.push(...outcome.value)
        }
        expect(got.map((body) => [...body])).toEqual(sent.map((body) => [...body]))
      }),
      { numRuns: 200 },
    )
  })

  test.each(['00000003', '00000000', 'ffffffff', '7fffffff'])(
    'a message of length 0x%s is told as malformed',
    (length) => {
      expect(new MessageSplitter().push(hex(length))).toMatchObject({ fault: { code: 'SUMO_REPLY_MALFORMED' } })
    },
  )
})
