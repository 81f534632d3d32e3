/** One served city and one browser for a file of tests: every context is closed, and no request may have left this host. */
import { rmSync } from 'node:fs'
import type { Browser, BrowserContextOptions, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, expect } from 'vitest'
import { launchBrowser, openContext, type OpenContext } from '#test/support/browser.ts'
import { serveCity, type ServedCity } from './served-city.ts'

export const DESK = { width: 1366, height: 768 }
export const PHONE = { width: 390, height: 844 }

export interface PagesUnderTest {
  readonly city: () => ServedCity
  /** A page of a browser that has never been here. */
  readonly openPage: (path: string, options?: BrowserContextOptions) => Promise<Page>
  /** Such a browser, before its first page. */
  readonly openNew: (options?: BrowserContextOptions) => Promise<OpenContext>
}

/** To be called inside `describe`: it brings its own before and after. */
export function pagesUnderTest(): PagesUnderTest {
  let city: ServedCity
  let browser: Browser
  const contexts: OpenContext[] = []
  beforeAll(async () => {
    city = await serveCity({ simulated: true })
    browser = await launchBrowser()
  })
  afterAll(async () => {
    await browser?.close()
    await city?.close()
    if (city) rmSync(city.webRoot, { recursive: true, force: true })
  })
  afterEach(async () => {
    for (const { context, strayRequests } of contexts.splice(0)) {
      expect(strayRequests, 'no request leaves for another host').toEqual([])
      await context.close()
    }
    city.reset()
  })
  const openNew = async (options: BrowserContextOptions = { viewport: DESK }) => {
    const opened = await openContext(browser, options)
    contexts.push(opened)
    return opened
  }
  const openPage = async (path: string, options?: BrowserContextOptions) => {
    const { context } = await openNew(options)
    const page = await context.newPage()
    await page.goto(path.startsWith('http') ? path : city.url + path)
    return page
  }
  return { city: () => city, openPage, openNew }
}

/** The wall with its tiles live, or the page of an intersection with its state. */
export async function untilLive(page: Page): Promise<void> {
  await page.locator('.link-up').waitFor({ timeout: 15_000 })
  await page.locator('.tile-live, .intersection-live').first().waitFor({ timeout: 15_000 })
}
