/** How every command of `sabz` is made: examples before its help, and what it does handed a terminal. */
import type { Command } from 'commander'
import type { ExitCode } from './exit-code.ts'
import { openTerminal, type Terminal } from './terminal.ts'

/** Options that every command has. */
interface GlobalOptions {
  readonly json?: true
  readonly color: boolean
}

export function addCommand(parent: Command, name: string, description: string, examples: readonly string[]): Command {
  const text = examples.map((example) => `  ${example}`).join('\n')
  return parent
    .command(name)
    .description(description)
    .helpOption('-h, --help', 'print this help')
    .addHelpText('before', `\nExamples\n${text}\n`)
    .allowExcessArguments(false)
    .exitOverride()
}

/** Adapts what a command does to commander: global options merged in, a terminal opened, the exit code to the shell. */
export function perform<Options>(action: (options: Options, terminal: Terminal) => Promise<ExitCode>) {
  return async (_options: unknown, command: Command): Promise<void> => {
    const options = command.optsWithGlobals<Options & GlobalOptions>()
    const terminal = openTerminal({ json: options.json === true, color: options.color })
    process.exitCode = await action(options, terminal)
  }
}
