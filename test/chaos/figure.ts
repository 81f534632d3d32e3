/** One figure of a chaos run: what is asked, what was seen, and whether it holds. */
import { inColumns } from '#bench/report/columns.ts'

export interface Figure {
  readonly experiment: string
  readonly what: string
  readonly asked: string
  readonly seen: string
  readonly outcome:
    | 'held'
    | 'missed'
    /** Something that the machine does not have, or another part of the run, kept it from being asked. */
    | 'not run'
  /** Times and memory depend on the machine and on who else uses it: they are told, and never fail the command. */
  readonly isJudged: boolean
}

/** Something that must hold on every machine. */
export function judged(what: string, asked: string, { seen, holds }: { seen: string; holds: boolean }): Seen {
  return { what, asked, seen, outcome: holds ? 'held' : 'missed', isJudged: true }
}

/** A measurement of this machine, beside its bar. */
export function told(what: string, asked: string, { seen, holds }: { seen: string; holds: boolean }): Seen {
  return { what, asked, seen, outcome: holds ? 'held' : 'missed', isJudged: false }
}

/** As an experiment gives it, before it is known which one it was. */
export type Seen = Omit<Figure, 'experiment'>

/** One line a figure, and last how many hold. */
export function figureLines(figures: readonly Figure[]): string[] {
  const counted = (outcome: Figure['outcome']) => figures.filter((figure) => figure.outcome === outcome).length
  return [
    ...inColumns(
      figures.map((figure) => [figure.experiment, figure.what, figure.asked, figure.seen, verdictOf(figure)]),
      new Set([0, 1, 2, 3, 4]),
    ),
    `${counted('held')} held, ${counted('missed')} missed, ${counted('not run')} not run`,
  ]
}

function verdictOf({ outcome, isJudged }: Figure): string {
  if (outcome === 'missed') return isJudged ? 'MISSED' : 'missed on this machine'
  return outcome
}

/** Only what is the same on every machine can fail the command. */
export const isFailure = ({ outcome, isJudged }: Figure): boolean => outcome === 'missed' && isJudged
