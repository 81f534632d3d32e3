/** Runs netconvert as a child process: plain XML becomes a network of SUMO. */
import { spawn } from 'node:child_process'
import { failed, ok, type Outcome } from '#base/outcome.ts'
import type { ExportFault } from './export-fault.ts'

/** What is wrong stands at the end, behind warnings of any number. */
const WORDS_MOST = 2_000

export interface PlainFiles {
  readonly nodes: string
  readonly edges: string
  readonly connections: string
  readonly lights: string
  readonly output: string
}

/** Resolves with the warnings; `program` is netconvert, or a path to it. */
export function netconvert(
  files: PlainFiles,
  directory: string,
  program = 'netconvert',
): Promise<Outcome<readonly string[], ExportFault>> {
  const child = spawn(program, argumentsOf(files), { cwd: directory, stdio: ['ignore', 'ignore', 'pipe'] })
  let words = ''
  child.stderr.on('data', (text: Buffer) => (words = `${words}${text.toString()}`.slice(-WORDS_MOST)))
  const { promise, resolve } = Promise.withResolvers<Outcome<readonly string[], ExportFault>>()
  child.once('error', (error: NodeJS.ErrnoException) =>
    resolve(
      failed(
        error.code === 'ENOENT'
          ? { code: 'NETCONVERT_ABSENT', program, debianPackage: 'sumo' }
          : { code: 'NETCONVERT_FAILED', ending: error.message, words: '' },
      ),
    ),
  )
  child.once('close', (code, signal) => {
    const ending = signal === null ? `exit code ${code}` : `signal ${signal}`
    resolve(code === 0 ? ok(warningsIn(words)) : failed({ code: 'NETCONVERT_FAILED', ending, words: words.trim() }))
  })
  return promise
}

function argumentsOf({ nodes, edges, connections, lights, output }: PlainFiles): string[] {
  return [
    ...['--node-files', nodes, '--edge-files', edges, '--connection-files', connections, '--tllogic-files', lights],
    ...['--output-file', output, '--no-turnarounds', 'true', '--offset.disable-normalization', 'true'],
    // Our streets bend at right angles where two junctions lie aslant; that changes no length.
    ...['--geometry.max-angle', '181', '--geometry.min-radius', '0', '--xml-validation', 'never'],
  ]
}

/** That SUMO_HOME is not set says nothing about the network. */
const warningsIn = (words: string): string[] =>
  words.split('\n').filter((line) => line.startsWith('Warning:') && !line.includes('SUMO_HOME'))
