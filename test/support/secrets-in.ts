/** Finds secrets where none should be: in texts, in files of any kind, and in what the kernel shows of a process. */
import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'

export interface Secret {
  /** Where it is kept. */
  readonly name: string
  /** Parts of it, each long enough to be nothing else. */
  readonly marks: readonly string[]
}

/** Of a private key: every whole line of its body, and what its bytes look like in hex. */
export function secretOfKey(path: string): Secret {
  const lines = readFileSync(path, 'utf8')
    .split('\n')
    .filter((line) => line.length > 30 && !line.startsWith('-----'))
  // The first line of a key says which kind it is, and is the same in all.
  const own = lines.length > 2 ? lines.slice(1) : lines.map((line) => line.slice(-40))
  return { name: path, marks: own.flatMap((line) => [line, Buffer.from(line, 'base64').toString('hex')]) }
}

/** All private keys below a folder. */
export const keysBelow = (folder: string): Secret[] =>
  filesBelow(folder)
    .filter((path) => path.endsWith('key.pem'))
    .map(secretOfKey)

export function filesBelow(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((name) => join(folder, name))
    .filter((path) => statSync(path, { throwIfNoEntry: false })?.isFile() === true)
}

/** The names of those secrets of which a part stands in the text. */
export const secretsIn = (text: string, secrets: readonly Secret[]): string[] =>
  secrets.filter(({ marks }) => marks.some((mark) => text.includes(mark))).map(({ name }) => name)

/** What everybody on the machine, or whoever dumps a process, can read of it. */
export function shownByKernel(pid: number): string {
  return ['cmdline', 'environ'].map((file) => readFileSync(`/proc/${pid}/${file}`, 'latin1')).join('\n')
}
