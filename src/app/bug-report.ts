/** The last resort: an exception that nobody foresaw is written to a file that can be sent to the developers. */
import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { EXIT, type ExitCode } from './exit-code.ts'
import { withoutSecret } from './url.ts'

/** Writes the report, names it on stderr. The report holds the command, the versions and the stack; no environment. */
export function reportBug(error: unknown): ExitCode {
  const stack = error instanceof Error ? (error.stack ?? error.message) : String(error)
  const file = join(mkdtempSync(join(tmpdir(), 'sabz-bug-')), 'report.txt')
  const facts = [
    `command: ${withoutSecret(process.argv.slice(2).join(' '))}`,
    `node: ${process.version}, ${process.platform} ${process.arch}`,
  ]
  writeFileSync(file, `${facts.join('\n')}\n\n${withoutSecret(stack)}\n`)
  process.stderr.write(
    `error: this is a bug of sabz: ${withoutSecret(stack.split('\n')[0] ?? '')}\n       The report is in ${file}\n`,
  )
  return EXIT.bug
}
