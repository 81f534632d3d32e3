/** Reading a list by an index that must exist: a hole is a bug, and bugs throw. */
import { invariant } from './invariant.ts'

export function at<T>(items: { readonly [index: number]: T; readonly length: number }, index: number): T {
  const item = items[index]
  invariant(item !== undefined, `index ${index} of ${items.length}`)
  return item
}
