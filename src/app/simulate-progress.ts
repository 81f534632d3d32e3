/** How far a simulation is, on the clock of the street and on ours. */
import type { ExperimentProgress } from '#sim/experiment/run-seeds.ts'
import { clockText, type Window } from '#sim/experiment/window.ts'
import type { Terminal } from './terminal.ts'

const TELL_EVERY_MS = 5_000

export function tellSimulation(
  { scenario, warmUpMs, measuredMs }: Window,
  terminal: Terminal,
): (progress: ExperimentProgress) => void {
  const startMonoMs = performance.now()
  let toldMonoMs = startMonoMs
  return ({ done, runs, running }) => {
    const nowMonoMs = performance.now()
    if (done < runs && nowMonoMs - toldMonoMs < TELL_EVERY_MS) return
    toldMonoMs = nowMonoMs
    const runMs = warmUpMs + measuredMs
    const simulatedMs = done * runMs + running.reduce((sum, { nowMs }) => sum + nowMs, 0)
    if (simulatedMs === 0) return
    const times = simulatedMs / (nowMonoMs - startMonoMs)
    if (done === runs) {
      const passedS = Math.round((nowMonoMs - startMonoMs) / 1_000)
      terminal.say(`${runs} runs done in ${passedS} s, ${Math.round(times)} times real time`)
      return
    }
    const leftS = (runs * runMs - simulatedMs) / times / 1_000
    const where = running.map(
      ({ strategy, seed, nowMs }) =>
        `${strategy} seed ${seed} at ${clockText(scenario.startEpochMs + nowMs, scenario.timeZone)}`,
    )
    terminal.say(
      `${done} of ${runs} runs done; ${where.join(', ')}; ${Math.round(times)} times real time, about ${durationText(leftS)} left`,
    )
  }
}

const durationText = (s: number): string => (s < 90 ? `${Math.ceil(s)} s` : `${Math.ceil(s / 60)} min`)
