/** Spin at work: a model is built for one street, searched through and through, or walked along a random trace. */
import { execFile } from 'node:child_process'
import { copyFileSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { factsOf } from './facts.ts'
import type { Street } from './streets.ts'

const MODEL = import.meta.dirname
const WORK = 'var/test/model'
const MAIN = 'dual-ring.pml'
/** Longest chain of steps that a search follows; a deeper one would end it, by name. */
const DEPTH_MOST = 20_000_000
/** More is refused, by name, rather than swapped out. */
const MEMORY_MOST_MB = 6_000
const OUTPUT_MOST = 64 * 1024 * 1024

export interface Question {
  readonly street: Street
  /** Safety is asked of every state; liveness of every way in which time can go on for ever. */
  readonly about: 'safety' | 'liveness'
  /** Name of the guard that is taken away. */
  readonly mutant?: string
  /** Without a supervisor: a smaller model for a quick answer. */
  readonly alone?: boolean
}

export interface Answer {
  /** Every state was visited: nothing was cut off by depth or memory. */
  readonly complete: boolean
  readonly states: number
  readonly transitions: number
  readonly depth: number
  readonly seconds: number
  /** The rule of the sceptic that was broken, as he says it; null when none was. */
  readonly broken: string | null
}

/** Visits all states, or as many as it takes to find a broken rule. */
export async function search(question: Question): Promise<Answer> {
  return inFolder(question.street, async (folder) => {
    await run('spin', ['-a', ...definitions(question), MAIN], folder)
    await run('gcc', ['-O2', '-w', ...analyser(question), '-o', 'pan', 'pan.c'], folder)
    const output = await run(
      join(folder, 'pan'),
      [`-m${DEPTH_MOST}`, ...(question.about === 'liveness' ? ['-a'] : [])],
      folder,
    )
    return { ...readAnswer(output), broken: await brokenRule(question, output, folder) }
  })
}

/** What a model of that street does when all is drawn by chance: one line a step. */
export async function trace(
  street: Street,
  { seed, steps }: { readonly seed: number; readonly steps: number },
): Promise<string> {
  return inFolder(street, (folder) => run('spin', [`-n${seed}`, '-T', `-DTRACE=${steps}`, MAIN], folder))
}

function definitions({ about, mutant, alone }: Question): string[] {
  return [
    ...(about === 'liveness' ? ['-DLIVENESS'] : []),
    ...(mutant === undefined ? [] : [`-DMUTANT=${mutant}`]),
    ...(alone ? ['-DALONE'] : []),
  ]
}

const analyser = ({ about }: Question): string[] => [
  `-DMEMLIM=${MEMORY_MOST_MB}`,
  ...(about === 'safety' ? ['-DSAFETY'] : []),
]

/** Each run has a folder of its own, with the model and the facts of the street in it. */
async function inFolder<T>(street: Street, work: (folder: string) => Promise<T>): Promise<T> {
  mkdirSync(WORK, { recursive: true })
  const folder = mkdtempSync(join(process.cwd(), WORK, `${street.name}-`))
  try {
    for (const file of readdirSync(MODEL))
      if (file.endsWith('.pml')) copyFileSync(join(MODEL, file), join(folder, file))
    writeFileSync(join(folder, 'facts.pml'), factsOf(street))
    return await work(folder)
  } finally {
    rmSync(folder, { recursive: true })
  }
}

/** Both tools say by words how it went; their exit codes say little. */
function run(program: string, args: readonly string[], folder: string): Promise<string> {
  return new Promise((resolve, reject) => {
    execFile(program, args, { cwd: folder, maxBuffer: OUTPUT_MOST }, (error, stdout, stderr) => {
      if (error !== null && program === 'gcc') reject(new Error(`gcc: ${stderr}`))
      else if (/\bError: (?!assertion)/.test(stdout + stderr)) reject(new Error(`${program}: ${stdout}${stderr}`))
      else resolve(stdout)
    })
  })
}

/** The table that Spin prints; without it the search did not come to its end. */
export function readAnswer(output: string): Omit<Answer, 'broken'> {
  const number = (pattern: RegExp) => Number(pattern.exec(output)?.[1] ?? NaN)
  const cutOff = /Search not completed|search depth too small|out of memory|memory bound|MEMLIM/.test(output)
  return {
    complete: !cutOff && number(/errors: (\d+)/) === 0,
    states: number(/(\d[\d.e+]*) states, stored/),
    transitions: number(/(\d[\d.e+]*) transitions/),
    depth: number(/depth reached (\d+)/),
    seconds: number(/elapsed time ([\d.e+-]+) seconds/),
  }
}

/** Follows the trail to the line of the rule that it breaks. */
async function brokenRule(question: Question, output: string, folder: string): Promise<string | null> {
  if (/acceptance cycle/.test(output)) return 'whoever keeps waiting is served'
  if (!/assertion violated/.test(output)) return null
  const trail = await run('spin', ['-t', ...definitions(question), MAIN], folder)
  const [, file = MAIN, line = '0'] = /spin: (\S+\.pml):(\d+), Error: assertion violated/.exec(trail) ?? []
  return readFileSync(join(MODEL, file), 'utf8').split('\n')[Number(line) - 1]?.trim() ?? null
}
