/** `sabz dead-letters`: what ingest could not take, and another try; works on central's data folder, whether central runs or not. */
import { existsSync } from 'node:fs'
import { basename } from 'node:path'
import { failed, ok, type Outcome } from '#base/outcome.ts'
import type { KeptLetter } from '#central/dead-letters.ts'
import { Ledger } from '#central/ledger.ts'
import { replayLetter } from '#central/replay-letter.ts'
import { ledgersIn } from '#central/shard.ts'
import type { EventStore } from '#central/store/port.ts'
import { EXIT, type ExitCode } from './exit-code.ts'
import { openStoreOrExplain } from './chosen-store.ts'
import type { StoreOptions } from './store-options.ts'
import type { Terminal } from './terminal.ts'

export interface DeadLettersOptions {
  readonly data: string
  readonly limit: number
}

export interface ReplayOptions extends StoreOptions {
  readonly all?: true
}

/** A letter by the name that `list` prints: its number, with the worker in front where there are several. */
interface NamedLetter {
  readonly name: string
  readonly letter: KeptLetter
  readonly ledger: Ledger
}

const PAGE = 500
const PAYLOAD_CHARS = 100

export function listDeadLetters({ data, limit }: DeadLettersOptions, terminal: Terminal): ExitCode {
  const ledgers = openLedgers(data, terminal)
  if (!ledgers.ok) return ledgers.fault
  let total = 0
  for (const [prefix, ledger] of ledgers.value) {
    for (const { id, ...letter } of ledger.letters.newest(limit)) {
      const { atEpochMs, identity, times, reason, payload, form } = letter
      const at = new Date(atEpochMs).toISOString()
      terminal.print(`${prefix}${id}  ${at}  ${identity}  ${times}×  ${reason}`)
      terminal.print(`    ${payload.slice(0, PAYLOAD_CHARS)}${payload.length > PAYLOAD_CHARS ? '…' : ''}`)
      terminal.record({ name: `${prefix}${id}`, at, identity, times, reason, form, payload })
    }
    total += ledger.letters.count()
    ledger.close()
  }
  terminal.print(`${total} dead letters`)
  return total === 0 ? EXIT.ok : EXIT.findings
}

/** Exit code 1 when a letter stays. */
export async function replayDeadLetters(
  names: readonly string[],
  options: ReplayOptions,
  terminal: Terminal,
): Promise<ExitCode> {
  if (names.length === 0 && options.all !== true) {
    terminal.fail('NO_LETTER_NAMED', 'no letter is named.', 'Name those of `sabz dead-letters list`, or say --all')
    return EXIT.usage
  }
  const ledgers = openLedgers(options.data, terminal)
  if (!ledgers.ok) return ledgers.fault
  const store = openStoreOrExplain(options, terminal)
  if (!store.ok) return store.fault
  try {
    const letters = wanted(names, ledgers.value)
    const unknown = names.filter((name) => !letters.some((letter) => letter.name === name))
    if (unknown.length === 0) return await replayAll(letters, store.value, terminal)
    terminal.fail('LETTER_UNKNOWN', `there is no dead letter ${unknown.join(', ')}.`, 'sabz dead-letters list')
    return EXIT.usage
  } finally {
    await store.value.close()
    for (const ledger of ledgers.value.values()) ledger.close()
  }
}

async function replayAll(letters: readonly NamedLetter[], store: EventStore, terminal: Terminal): Promise<ExitCode> {
  let stored = 0
  for (const { name, letter, ledger } of letters) {
    const replayed = await replayLetter(letter, store)
    if (replayed.code === 'storeDown') {
      terminal.fail('STORE_UNAVAILABLE', `the store takes nothing (${replayed.detail}).`, 'Nothing is lost; try again.')
      return EXIT.cannotReach
    }
    terminal.record({ name, ...replayed })
    if (replayed.code === 'stored') {
      ledger.letters.remove(letter.id)
      stored += 1
    } else terminal.print(`${name}  stays: ${replayed.reason}`)
  }
  terminal.print(`${stored} of ${letters.length} dead letters are in the store now`)
  return stored === letters.length ? EXIT.ok : EXIT.findings
}

function wanted(names: readonly string[], ledgers: ReadonlyMap<string, Ledger>): NamedLetter[] {
  return [...ledgers].flatMap(([prefix, ledger]) => {
    const letters: NamedLetter[] = []
    for (let page = ledger.letters.after(0, PAGE); page.length > 0;) {
      letters.push(...page.map((letter) => ({ name: `${prefix}${letter.id}`, letter, ledger })))
      page = ledger.letters.after(page.at(-1)?.id ?? 0, PAGE)
    }
    return names.length === 0 ? letters : letters.filter(({ name }) => names.includes(name))
  })
}

/** By what stands in front of a letter's number: nothing, or the worker such as `1of2:`. */
function openLedgers(data: string, terminal: Terminal): Outcome<ReadonlyMap<string, Ledger>, ExitCode> {
  const paths = existsSync(data) ? ledgersIn(data) : []
  if (paths.length === 0) {
    terminal.fail('NO_LEDGER', `there is no ledger in ${data}.`, "Name central's data folder: --data")
    return failed(EXIT.usage)
  }
  try {
    return ok(new Map(paths.map((path) => [prefixOf(path), new Ledger(path)])))
  } catch (error) {
    const detail = error instanceof Error ? error.message : String(error)
    terminal.fail(
      'LEDGER_UNREADABLE',
      `a ledger in ${data} cannot be read (${detail}).`,
      'Check its rights and the disk.',
    )
    return failed(EXIT.cannotReach)
  }
}

function prefixOf(path: string): string {
  const worker = /^ledger-(.*)\.db$/.exec(basename(path))?.[1]
  return worker === undefined ? '' : `${worker}:`
}
