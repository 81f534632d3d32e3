/** Pictures of time: named rows of characters, one column a step; spaces only part names from rows. */

export type Picture = ReadonlyMap<string, string>

/** Rows such as `det 2  ###..#`; the name is all before the last run of spaces. Lines without a row are passed over. */
export function picture(drawn: string): Picture {
  const rows = drawn.split('\n').flatMap((line) => {
    const [, name, row] = /^\s*(\S.*?)\s+(\S+)\s*$/.exec(line) ?? []
    return name && row ? [[name, row] as const] : []
  })
  return new Map(rows)
}

/** Number of columns of the longest row. */
export const columns = (drawn: Picture): number => Math.max(...[...drawn.values()].map((row) => row.length))

/** The character of a row at a step; a row that has ended, or is not drawn, shows `.`. */
export const shown = (drawn: Picture, row: string, step: number): string => drawn.get(row)?.[step] ?? '.'
