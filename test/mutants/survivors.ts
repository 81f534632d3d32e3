/** Mutants that no test can kill, each with its reason: the code behaves the same with the change. */

/** One change to the source that no test told from the original. */
export interface Survivor {
  readonly file: string
  /** What stood there, … */
  readonly original: string
  /** … and what was put in its place. */
  readonly replacement: string
}

interface Excused extends Survivor {
  readonly reason: string
}

export const EXCUSED: readonly Excused[] = []

export interface Verdict {
  /** Survived, and nobody has said why that is right. */
  readonly unexcused: readonly Survivor[]
  /** Excused, but killed or gone. */
  readonly idle: readonly Survivor[]
}

/** Every survivor needs its reason, and every reason its survivor. */
export function judge(survivors: readonly Survivor[], excused: readonly Excused[]): Verdict {
  const isAmong = (those: readonly Survivor[]) => (one: Survivor) => those.some((other) => areSame(one, other))
  return {
    unexcused: survivors.filter((one) => !isAmong(excused)(one)),
    idle: excused.filter((one) => !isAmong(survivors)(one)),
  }
}

const areSame = (a: Survivor, b: Survivor): boolean =>
  a.file === b.file && a.original === b.original && a.replacement === b.replacement
