/**
 * From the lamp on the street to the lamp on the wall: the moment in which a cabinet begins a green, by its own ledger,
 * beside the frame in which Chromium shows it. `npm run bench:lamps -- [seconds]`, 60 unless given.
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Page } from 'playwright-core'
import { EVENT } from '#signal/events.ts'
import { launchBrowser } from '#test/support/browser.ts'
import { startSabz } from '#test/support/sabz.ts'
import { readCabinets } from '#test/support/three-ledgers.ts'

/** The bar: nine lamps and more of ten are on the page half a second after they are on the street. */
const P95_MS_MAX = 500
/** Greens that begin sooner after the page has opened may have been drawn as part of the first picture. */
const SETTLE_MS = 10_000
/** A green that is not shown within this is missed, not late. */
const MISSED_MS = 5_000

interface Shown {
  readonly intersection: string
  readonly phase: number
  readonly atEpochMs: number
}

const seconds = Number(process.argv[2] ?? 60)
const folder = mkdtempSync(join(tmpdir(), 'sabz-lamps-'))
const demo = startSabz(['demo', '--no-open', '--json', '--port', '0', '--data', folder])
try {
  const [line] = await demo.waitFor(/^\{.*"type":"ready".*\}$/m)
  const { url } = JSON.parse(line) as { url: string }
  const browser = await launchBrowser()
  const page = await browser.newPage({ viewport: { width: 1366, height: 768 } })
  await page.goto(`${url}wall?lang=en`)
  const sinceEpochMs = Date.now() + SETTLE_MS
  await watchCells(page)
  await sleep(SETTLE_MS + seconds * 1_000 + MISSED_MS)
  const shown = await page.evaluate<Shown[]>('window.shownGreens')
  await browser.close()
  report(shown, { sinceEpochMs, untilEpochMs: sinceEpochMs + seconds * 1_000 })
} finally {
  demo.child.kill('SIGTERM')
  await demo.finished
  rmSync(folder, { recursive: true, force: true })
}

/** Notes each cell that turns dark, at the frame that shows it. */
function watchCells(page: Page): Promise<unknown> {
  return page.evaluate(`
    window.shownGreens = []
    new MutationObserver((changes) => requestAnimationFrame(() => {
      for (const { target, oldValue } of changes) {
        if (!target.classList.contains('cell-served') || (oldValue ?? '').includes('cell-served')) continue
        const intersection = target.closest('[data-tile]').dataset.tile
        window.shownGreens.push({ intersection, phase: Number(target.textContent), atEpochMs: Date.now() })
      }
    })).observe(document.body, { subtree: true, attributes: true, attributeFilter: ['class'], attributeOldValue: true })
  `)
}

function report(shown: readonly Shown[], window: { sinceEpochMs: number; untilEpochMs: number }): void {
  const delays: number[] = []
  let missed = 0
  for (const { intersection, code, parameter, epochMs } of readCabinets(join(folder, 'sim')).values()) {
    if (code !== EVENT.beginGreen || epochMs < window.sinceEpochMs || epochMs > window.untilEpochMs) continue
    const onPage = shown.find(
      (each) =>
        each.intersection === intersection &&
        each.phase === parameter &&
        each.atEpochMs >= epochMs &&
        each.atEpochMs - epochMs <= MISSED_MS,
    )
    if (onPage) delays.push(onPage.atEpochMs - epochMs)
    else missed++
  }
  delays.sort((a, b) => a - b)
  const quantile = (share: number) => delays[Math.min(delays.length - 1, Math.floor(share * delays.length))] ?? Infinity
  console.log(`${delays.length} greens shown, ${missed} not shown within ${MISSED_MS} ms`)
  console.log(`street to page: p50 ${quantile(0.5)} ms, p95 ${quantile(0.95)} ms, p99 ${quantile(0.99)} ms`)
  console.log(`bar: p95 ${P95_MS_MAX} ms`)
  process.exitCode = missed === 0 && quantile(0.95) <= P95_MS_MAX ? 0 : 1
}
