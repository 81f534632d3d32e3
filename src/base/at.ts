/** Reading a list by an index that must exist: a hole is a bug, and bugs throw. */

export function at<T>(items: { readonly [index: number]: T; readonly length: number }, index: number): T {
  const item = items[index]
  // The message is made only when it is needed: this runs in the innermost loops.
  if (item === undefined) throw new Error(`invariant broken: index ${index} of ${items.length}`)
  return item
}
