/** Figures as columns for a terminal. */

/** Columns as wide as their widest cell; `words`: those that are read from the left, all others are numbers. */
export function inColumns(rows: readonly (readonly string[])[], words: ReadonlySet<number>): string[] {
  const columns = Math.max(0, ...rows.map(({ length }) => length))
  const widths = Array.from({ length: columns }, (_, column) =>
    Math.max(...rows.map((row) => row[column]?.length ?? 0)),
  )
  const pad = (cell: string, column: number) =>
    words.has(column) ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0)
  return rows.map((row) => row.map(pad).join('  ').trimEnd())
}
