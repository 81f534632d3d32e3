/** Debian's Chromium for tests of pages: found by name, never downloaded, cut off from every host but this one. */
import { chromium, type Browser, type BrowserContext, type BrowserContextOptions } from 'playwright-core'
import { findProgram } from './program.ts'

const FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]

/** Path of the browser, or null: then the tests of pages do not run here; in CI that is a failure. */
export const chromiumPath = findProgram('chromium')

export function launchBrowser(): Promise<Browser> {
  if (!chromiumPath) throw new Error('chromium is not installed')
  return chromium.launch({ executablePath: chromiumPath, args: FLAGS })
}

export interface OpenContext {
  readonly context: BrowserContext
  /** Requests to any other host: refused, and kept here. */
  readonly strayRequests: readonly string[]
}

export async function openContext(browser: Browser, options: BrowserContextOptions = {}): Promise<OpenContext> {
  const strayRequests: string[] = []
  const context = await browser.newContext(options)
  await context.route(
    (url) => !['127.0.0.1', 'localhost'].includes(url.hostname),
    async (route) => {
      strayRequests.push(route.request().url())
      await route.abort()
    },
  )
  return { context, strayRequests }
}
