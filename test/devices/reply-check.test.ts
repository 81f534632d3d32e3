/** Whether an answer fits its question: every byte of its frame that says what it is. */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { replyFault } from '#devices/modbus/reply-check.ts'

const bytes = (hex: string): Buffer => Buffer.from(hex.replaceAll(' ', ''), 'hex')

/** Unit 1, function, address 0x0064, two registers. */
const READ_INPUT = bytes('01 04 0064 0002')
const READ_HOLDING = bytes('01 03 0064 0002')
/** Unit 1, function 16, address 0x0064, two registers, four bytes. */
const WRITE = bytes('01 10 0064 0002 04 0001 0002')

test.each<[string, Buffer, string, string | null]>([
  ['two registers that were asked for', READ_INPUT, '01 04 04 0001 0002', null],
  ['two holding registers that were asked for', READ_HOLDING, '01 03 04 0001 0002', null],
  ['holding registers for input registers', READ_INPUT, '01 03 04 0001 0002', 'function 3 instead of 4'],
  ['a register too few', READ_INPUT, '01 04 02 0001', 'a count of 2 bytes instead of 4'],
  ['a register too many', READ_INPUT, '01 04 06 0001 0002 0003', 'a count of 6 bytes instead of 4'],
  ['a byte less than is counted', READ_INPUT, '01 04 04 0001 00', '3 bytes of registers instead of 4'],
  ['a byte more than is counted', READ_INPUT, '01 04 04 0001 0002 00', '5 bytes of registers instead of 4'],
  ['nothing behind the function', READ_INPUT, '01 04', 'a count of 0 bytes instead of 4'],
  ['a refusal', READ_INPUT, '01 84 02', null],
  ['a refusal of another function', READ_INPUT, '01 83 02', 'function 131 instead of 4'],
  ['a refusal without a code', READ_INPUT, '01 84', 'an exception of 2 bytes'],
  ['a refusal with registers behind it', READ_INPUT, '01 84 02 0001', 'an exception of 5 bytes'],
  ['a refusal of no meaning', READ_INPUT, '01 84 07', 'exception 7, which has no meaning'],
  ['the echo of a write', WRITE, '01 10 0064 0002', null],
  ['the echo of a write elsewhere', WRITE, '01 10 0065 0002', 'the echo of the write is of another block'],
  ['the echo of a shorter write', WRITE, '01 10 0064 0001', 'the echo of the write is of another block'],
  ['the echo of a write with more behind it', WRITE, '01 10 0064 0002 00', 'the echo of the write is of another block'],
])('%s', (_what, question, answer, fault) => {
  expect(replyFault(question, bytes(answer))).toBe(fault)
})

describe('whatever comes', () => {
  const anyBytes = fc.uint8Array({ minLength: 2, maxLength: 260 }).map((array) => Buffer.from(array))

  test('it never throws, and what it lets pass has exactly the registers that were asked for', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 125 }), anyBytes, (registers, answer) => {
        const question = Buffer.from([1, 4, 0, 0, 0, registers])
        if (replyFault(question, answer) !== null) return
        const isRefusal = answer[1] === 0x84 && answer.length === 3
        expect(isRefusal || (answer[1] === 4 && answer.length === 3 + 2 * registers)).toBe(true)
      }),
    )
  })
})
