/** The files of a person's signing key: the private half for nobody else's eyes, the public half for the site. */
import { createPrivateKey, generateKeyPairSync, type KeyObject } from 'node:crypto'
import { readFileSync, statSync, writeFileSync } from 'node:fs'
import { failed, ok, type Outcome } from '#base/outcome.ts'
import { idOfPrivate, publicHalf } from './sign-order.ts'

const FILE_MODE = 0o600
/** What group and others may do. */
const OTHERS = 0o077

export interface KeyFileFault {
  readonly code: 'KEY_FILE_EXISTS' | 'KEY_FILE_UNUSABLE' | 'KEY_FILE_TOO_OPEN' | 'KEY_FILE_NO_KEY'
  readonly message: string
  readonly remedy: string
}

export interface MadeKey {
  readonly id: string
  /** SPKI, DER, base64. */
  readonly publicKey: string
}

/** Never over a file that is there: a key that is lost cannot be made again. */
export function makeKeyFile(path: string): Outcome<MadeKey, KeyFileFault> {
  const { privateKey } = generateKeyPairSync('ed25519')
  try {
    writeFileSync(path, privateKey.export({ format: 'pem', type: 'pkcs8' }), {
      mode: FILE_MODE,
      flag: 'wx',
      flush: true,
    })
  } catch (error) {
    const code = codeOf(error)
    return failed(
      code === 'EEXIST'
        ? fault(
            'KEY_FILE_EXISTS',
            `${path} is there already.`,
            'Name another file: a key that is written over is lost.',
          )
        : fault('KEY_FILE_UNUSABLE', `${path} cannot be written (${code}).`, 'Name a file in a folder of your own.'),
    )
  }
  return ok({ id: idOfPrivate(privateKey), publicKey: publicHalf(privateKey).toString('base64') })
}

/** A key that others could have read is not used. */
export function readKeyFile(path: string): Outcome<KeyObject, KeyFileFault> {
  try {
    const mode = statSync(path).mode
    if (process.platform !== 'win32' && (mode & OTHERS) !== 0)
      return failed(
        fault(
          'KEY_FILE_TOO_OPEN',
          `${path} can be read by others (${(mode & 0o777).toString(8)}).`,
          `chmod 600 ${path}, and ask yourself who has read it.`,
        ),
      )
    return readKey(path, readFileSync(path))
  } catch (error) {
    return failed(
      fault('KEY_FILE_UNUSABLE', `${path} cannot be read (${codeOf(error)}).`, 'Make one with sabz keys new.'),
    )
  }
}

function readKey(path: string, pem: Buffer): Outcome<KeyObject, KeyFileFault> {
  const none = fault('KEY_FILE_NO_KEY', `${path} is no private Ed25519 key.`, 'Make one with sabz keys new.')
  try {
    const key = createPrivateKey(pem)
    return key.asymmetricKeyType === 'ed25519' ? ok(key) : failed(none)
  } catch {
    return failed(none)
  }
}

const fault = (code: KeyFileFault['code'], message: string, remedy: string): KeyFileFault => ({ code, message, remedy })

const codeOf = (error: unknown): string =>
  error instanceof Error && 'code' in error ? String(error.code) : String(error)
