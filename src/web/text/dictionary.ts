/** The shape of a language: every key of the English one, with the same parameters. A missing key does not compile. */
import type { en } from './en.ts'

type Texts<T> = {
  readonly [Key in keyof T]: T[Key] extends (...parameters: infer Parameters) => string
    ? (...parameters: Parameters) => string
    : T[Key] extends string
      ? string
      : Texts<T[Key]>
}

export type Dictionary = Texts<typeof en>
