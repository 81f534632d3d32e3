/** What a command prints: results on stdout, messages on stderr; with `--json` every result is an object with its version. */
import { styleText } from 'node:util'
import type { Log } from '#base/log.ts'

/** Version of every `--json` object; output for people may change, this is kept. */
export const JSON_VERSION = 1

export type Tone = 'good' | 'warning' | 'failure' | 'strong' | 'quiet'

export interface Terminal {
  readonly json: boolean
  /** A line of the result, for people; nothing with `--json`. */
  readonly print: (line: string) => void
  /** A line of the result, for programs; nothing without `--json`. */
  readonly record: (fields: Readonly<Record<string, unknown>>) => void
  /** Progress and messages: stderr, so that a pipe gets results only. */
  readonly say: (line: string) => void
  /** Why a command ends badly, and what to do where the message does not say it. With `--json` also a record on stdout. */
  readonly fail: (code: string, message: string, remedy?: string) => void
  readonly paint: (tone: Tone, text: string) => string
}

export interface TerminalOptions {
  readonly json: boolean
  readonly color: boolean
}

const STYLES = { good: 'green', warning: 'yellow', failure: 'red', strong: 'bold', quiet: 'dim' } as const

export function openTerminal({ json, color }: TerminalOptions): Terminal {
  const painted = color && process.stdout.isTTY && !process.env['NO_COLOR'] && process.env['TERM'] !== 'dumb'
  const record = (fields: Readonly<Record<string, unknown>>) => {
    if (json) process.stdout.write(`${JSON.stringify({ v: JSON_VERSION, ...fields })}\n`)
  }
  return {
    json,
    record,
    print: (line) => {
      if (!json) process.stdout.write(`${line}\n`)
    },
    say: (line) => {
      process.stderr.write(`${line}\n`)
    },
    fail: (code, message, remedy) => {
      process.stderr.write(`error: ${message}\n${remedy === undefined ? '' : `       ${remedy}\n`}`)
      record({ ok: false, error: { code, message, remedy } })
    },
    paint: (tone, text) => (painted ? styleText(STYLES[tone], text, { validateStream: false }) : text),
  }
}

// A library's own words may come in several lines; an entry of the log is one.
const LINE_BREAKS = /\s*\n\s*/g

/** The log of a service: one line each on stderr; with `--json` a record on stdout instead. */
export function logTo(terminal: Terminal, service: string): Log {
  return (level, code, message) => {
    const at = new Date().toISOString()
    if (terminal.json) terminal.record({ type: 'log', at, service, level, code, message })
    else terminal.say(`${at} ${level.padEnd(5)} ${service} ${code} ${message.replaceAll(LINE_BREAKS, ' ')}`)
  }
}
