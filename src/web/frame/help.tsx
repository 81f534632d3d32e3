/** The keys of the page in a dialog, and the switch that turns single keys off (WCAG 2.1.4). */
import { route } from '../route.ts'
import { singleKeys } from '../settings.ts'
import { text } from '../text/texts.ts'

const DIALOG_ID = 'keys'

export function openHelp(): void {
  const dialog = document.getElementById(DIALOG_ID)
  if (dialog instanceof HTMLDialogElement && !dialog.open) dialog.showModal()
}

export function HelpDialog() {
  const t = text.value
  const wall = t.keysWall
  const one = t.keysIntersection
  const rows: readonly (readonly [string, string])[] =
    route.value.page === 'intersection'
      ? [
          ['Esc  Backspace  g w', one.up],
          ['[  ]', one.neighbours],
          ['Space', one.space],
          ['?', one.help],
        ]
      : [
          ['← → ↑ ↓', wall.arrows],
          ['Enter', wall.open],
          ['1 … 9  0  -  =', wall.digits],
          ['Space', wall.space],
          ['g w', wall.goWall],
          ['?', wall.help],
        ]
  return (
    <dialog id={DIALOG_ID} aria-labelledby="keys-title">
      <h2 id="keys-title">{t.keysTitle}</h2>
      <dl>
        {rows.map(([keys, meaning]) => (
          <div key={keys}>
            <dt>
              <kbd dir="ltr">{keys}</kbd>
            </dt>
            <dd>{meaning}</dd>
          </div>
        ))}
      </dl>
      <label>
        <input
          type="checkbox"
          checked={singleKeys.value}
          onChange={(event) => {
            singleKeys.value = event.currentTarget.checked
          }}
        />{' '}
        {t.keysSingle}
      </label>
      <form method="dialog">
        <button type="submit">{t.keysClose}</button>
      </form>
    </dialog>
  )
}
