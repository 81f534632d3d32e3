/** Whether an answer fits its question, byte for byte; both are unit and PDU, as they stand behind the header of Modbus TCP. */

const READ_HOLDING = 3
const READ_INPUT = 4
const WRITE_MULTIPLE = 16

/** Set in the function of an answer that is a refusal. */
const EXCEPTION_BIT = 0x80
/** Unit, function and one of the codes of Modbus Application Protocol 1.1b3, 7. */
const EXCEPTION_BYTES = 3
const EXCEPTION_CODES: ReadonlySet<number> = new Set([1, 2, 3, 4, 5, 6, 8, 10, 11])

/** Unit, function and count of bytes stand before the registers of an answer. */
const READ_HEAD_BYTES = 3
/** Unit, function, address and quantity: what a write is answered with, as it was asked. */
const ECHO_BYTES = 6

/** What does not fit, in words; null where the answer may be believed to be one to this question. The unit is the header's to check. */
export function replyFault(question: Buffer, answer: Buffer): string | null {
  const [asked, answered] = [question.readUInt8(1), answer.readUInt8(1)]
  if (answered === (asked | EXCEPTION_BIT)) return exceptionFault(answer)
  if (answered !== asked) return `function ${answered} instead of ${asked}`
  switch (asked) {
    case READ_HOLDING:
    case READ_INPUT:
      return registersFault(2 * question.readUInt16BE(4), answer)
    case WRITE_MULTIPLE:
      return echoFault(question, answer)
    default:
      return `function ${asked} is none that is asked`
  }
}

function exceptionFault(answer: Buffer): string | null {
  if (answer.length !== EXCEPTION_BYTES) return `an exception of ${answer.length} bytes`
  const code = answer.readUInt8(2)
  return EXCEPTION_CODES.has(code) ? null : `exception ${code}, which has no meaning`
}

/** Modbus Application Protocol 1.1b3, 6.3 and 6.4. */
function registersFault(bytes: number, answer: Buffer): string | null {
  const counted = answer.length < READ_HEAD_BYTES ? 0 : answer.readUInt8(2)
  if (counted !== bytes) return `a count of ${counted} bytes instead of ${bytes}`
  const held = answer.length - READ_HEAD_BYTES
  return held === bytes ? null : `${held} bytes of registers instead of ${bytes}`
}

/** Modbus Application Protocol 1.1b3, 6.12. */
function echoFault(question: Buffer, answer: Buffer): string | null {
  const isEcho = answer.length === ECHO_BYTES && answer.equals(question.subarray(0, ECHO_BYTES))
  return isEcho ? null : 'the echo of the write is of another block'
}
