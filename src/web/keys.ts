/** Single keys: pages say what theirs do; they never take a key from a field, a button, or a dialog. */
import { togglePause } from './live/city.ts'
import { go, wallPath } from './route.ts'
import { singleKeys } from './settings.ts'
import { normalise } from './text/format.ts'

export type KeyActions = Readonly<Record<string, () => void>>

/** A second key must follow `g` within this. */
const SEQUENCE_MS_MAX = 1_500

let pageKeys: KeyActions = {}
let goPressedAtMs = Number.NEGATIVE_INFINITY

/** The keys of the page that is shown; the result takes them back. */
export function bindPageKeys(keys: KeyActions): () => void {
  pageKeys = keys
  return () => {
    if (pageKeys === keys) pageKeys = {}
  }
}

export function listenToKeys(): void {
  document.addEventListener('keydown', (event) => {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || isTaken(event)) return
    const action = actionFor(normalise(event.key))
    if (!action) return
    event.preventDefault()
    action()
  })
}

function actionFor(key: string): (() => void) | undefined {
  // Escape is no character key: it works even when single keys are off (WCAG 2.1.4).
  if (key === 'Escape') return pageKeys['Escape']
  if (!singleKeys.value) return undefined
  const afterGo = performance.now() - goPressedAtMs < SEQUENCE_MS_MAX
  goPressedAtMs = key === 'g' ? performance.now() : Number.NEGATIVE_INFINITY
  if (afterGo && key === 'w') return () => go(wallPath)
  if (key === ' ') return togglePause
  return pageKeys[key]
}

/** True when the element with the focus uses the key itself. */
function isTaken({ target, key }: KeyboardEvent): boolean {
  if (!(target instanceof Element)) return false
  if (target.closest('dialog, input, select, textarea')) return true
  return (key === ' ' || key === 'Enter') && target.closest('button, summary') !== null
}
