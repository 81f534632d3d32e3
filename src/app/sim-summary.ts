/** What `sabz sim` says of itself while it runs and when it ends: how far it is, how fast, and how far it falls behind. */
import type { VirtualCity } from '#sim/virtual-city.ts'
import type { Terminal } from './terminal.ts'

/** Often enough to see a machine that is too slow, seldom enough to leave what is typed in sight. */
const EVERY_MS = 60_000
/** How often it is looked whether the time is up. */
const LOOK_MS = 50

export interface SummaryPlan {
  /** As it was asked for, times real time. */
  readonly speed: number
  /** Of the street's time; null = until asked to end. */
  readonly forMs: number | null
}

export interface CitySummary {
  /** Resolves when its time is up; never where it has none. */
  readonly over: Promise<void>
  /** The last word. */
  end(): void
}

export function followCity(city: VirtualCity, plan: SummaryPlan, terminal: Terminal): CitySummary {
  const { promise: over, resolve } = Promise.withResolvers<void>()
  const saying = setInterval(() => say(city, plan, { type: 'progress', terminal }), EVERY_MS)
  const looking = setInterval(() => {
    if (plan.forMs !== null && city.progress.simulatedMs >= plan.forMs) resolve()
  }, LOOK_MS)
  return {
    over,
    end() {
      clearInterval(saying)
      clearInterval(looking)
      say(city, plan, { type: 'summary', terminal })
    },
  }
}

interface Saying {
  readonly type: 'progress' | 'summary'
  readonly terminal: Terminal
}

function say({ city, progress, faults }: VirtualCity, { speed }: SummaryPlan, { type, terminal }: Saying): void {
  const { simulatedMs, behindMs, speed: reached } = progress
  const standing = faults.standing.map(({ place, kind, part }) => ({ place, fault: kind.key, part }))
  const inTime = behindMs < 1_000 ? 'in time' : `${(behindMs / 1_000).toFixed(1)} s of the street behind`
  const words = [
    `${(simulatedMs / 60_000).toFixed(1)} min of the street at ${reached.toFixed(2)} of ${speed} times real time`,
    inTime,
    `its clock shows ${new Date(city.epochMs).toISOString()}`,
    standing.length === 0
      ? 'no fault stands'
      : `faults: ${standing.map((each) => Object.values(each).join(' ')).join('; ')}`,
  ]
  terminal.say(words.join(', '))
  terminal.record({ type, simulatedMs, behindMs: Math.round(behindMs), speed: reached, asked: speed, faults: standing })
}
