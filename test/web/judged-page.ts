/** Judges a page as it stands in the browser: access, clipped texts, foreign words, colour. */
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import type { Page } from 'playwright-core'

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

/** axe-core, WCAG 2.2 A and AA: what it calls serious or critical. */
export async function seriousFindings(page: Page): Promise<string[]> {
  await page.evaluate(AXE)
  return page.evaluate(async () => {
    const { axe } = globalThis as unknown as { axe: typeof import('axe-core') }
    const { violations } = await axe.run({
      runOnly: { type: 'tag', values: ['wcag2a', 'wcag2aa', 'wcag21aa', 'wcag22aa'] },
    })
    return violations
      .filter(({ impact }) => impact === 'serious' || impact === 'critical')
      .map(
        ({ id, nodes }) =>
          `${id}: ${nodes.map(({ target, failureSummary }) => `${target.join(' ')} ${failureSummary}`).join(' | ')}`,
      )
  })
}

/** Elements whose text is wider than they are. */
export function clippedTexts(page: Page): Promise<string[]> {
  return page.evaluate(() =>
    [...document.querySelectorAll<HTMLElement>('#page *')]
      .filter((element) => element.checkVisibility() && !element.closest('.unseen, .skip, .question, svg, .mode-band'))
      .filter((element) => element.clientWidth > 0 && element.scrollWidth > element.clientWidth + 1)
      .map((element) => `${element.className}: ${element.textContent?.slice(0, 40)}`),
  )
}

/** Codes, names of machines, keys and the other language's own name may be Latin on a Persian page; words may not. */
export function latinWords(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const allowed = /^(IX-\d+|hamadan-\d+|English|[A-L]|[NSEW]{1,2}\d)$/
    const text = document.querySelector<HTMLElement>('#page')?.innerText ?? ''
    return [...text.matchAll(/[A-Za-z][A-Za-z0-9-]*/g)].map(([word]) => word).filter((word) => !allowed.test(word))
  })
}

/** Part of the pixels whose OKLab chroma is above 0.05. */
export async function colourfulShare(page: Page): Promise<number> {
  const image = (await page.screenshot()).toString('base64')
  return page.evaluate(async (data) => {
    const bitmap = await createImageBitmap(new Blob([Uint8Array.from(atob(data), (char) => char.charCodeAt(0))]))
    const context = new OffscreenCanvas(bitmap.width, bitmap.height).getContext('2d')
    if (!context) throw new Error('no canvas')
    context.drawImage(bitmap, 0, 0)
    const { data: pixels } = context.getImageData(0, 0, bitmap.width, bitmap.height)
    const linear = (value: number) => (value <= 10 ? value / 3294.6 : ((value / 255 + 0.055) / 1.055) ** 2.4)
    let colourful = 0
    for (let at = 0; at < pixels.length; at += 4) {
      const [r, g, b] = [linear(pixels[at] ?? 0), linear(pixels[at + 1] ?? 0), linear(pixels[at + 2] ?? 0)] as const
      const l = Math.cbrt(0.4122214708 * r + 0.5363325363 * g + 0.0514459929 * b)
      const m = Math.cbrt(0.2119034982 * r + 0.6806995451 * g + 0.1073969566 * b)
      const s = Math.cbrt(0.0883024619 * r + 0.2817188376 * g + 0.6299787005 * b)
      const a = 1.9779984951 * l - 2.428592205 * m + 0.4505937099 * s
      const bb = 0.0259040371 * l + 0.7827717662 * m - 0.808675766 * s
      if (Math.hypot(a, bb) > 0.05) colourful += 1
    }
    return colourful / (pixels.length / 4)
  }, image)
}
