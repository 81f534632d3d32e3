/** What each process that a bench has started has taken of the processor: how much of a figure is the product's, and how much the bench's own. */
import { readFileSync } from 'node:fs'
import { basename } from 'node:path'

/** Of the times in `/proc`: a hundredth of a second on every Linux there is today (proc(5), USER_HZ). */
const CLOCK_TICK_MS = 10
/** Where user and system time stand behind the name in `/proc/<pid>/stat`. */
const [USER_FIELD, SYSTEM_FIELD] = [11, 12]

/** By process number. */
export type ProcessorTimes = ReadonlyMap<number, { readonly name: string; readonly ms: number }>

/** Of the children that run now; empty where the machine has no `/proc`. */
export function childrensProcessorTimes(): ProcessorTimes {
  const times = new Map<number, { name: string; ms: number }>()
  for (const pid of children()) {
    try {
      times.set(pid, { name: nameOf(pid), ms: processorMs(pid) })
    } catch {
      // It has just ended.
    }
  }
  return times
}

/** As one line, of so many ms: `influxd 31 %, …` of one core each. */
export function shareOfACore(before: ProcessorTimes, after: ProcessorTimes, lastedMs: number): string {
  const shares = [...after].map(([pid, { name, ms }]) => {
    const share = (ms - (before.get(pid)?.ms ?? 0)) / lastedMs
    return `${name} ${Math.round(100 * share)} %`
  })
  return shares.join(', ')
}

function children(): number[] {
  try {
    return readFileSync(`/proc/self/task/${process.pid}/children`, 'utf8').split(' ').filter(Boolean).map(Number)
  } catch {
    return []
  }
}

/** A program by itself, or the script that Node runs. */
function nameOf(pid: number): string {
  const words = readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0')
  return basename(words.find((word) => /\.[jt]s$/.test(word)) ?? words[0] ?? String(pid))
}

function processorMs(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
  // The name stands in brackets and may hold anything.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  return CLOCK_TICK_MS * (Number(fields[USER_FIELD]) + Number(fields[SYSTEM_FIELD]))
}
