/** The mark of an alarm: shape, digit and colour together, so that none of them is needed alone. */
import { format, text } from '../text/texts.ts'
import type { Priority } from './attention.ts'

const SHAPES: Record<Priority, string> = { 1: '■', 2: '▲', 3: '●' }

export function Mark({ priority }: { readonly priority: Priority }) {
  const digit = format.value.number(priority)
  return (
    <span class={`mark mark-${priority}`} role="img" aria-label={text.value.priority(digit)}>
      {SHAPES[priority]}
      {digit}
    </span>
  )
}
