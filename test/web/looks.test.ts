/** How the pages look in a real browser: layout, language, access, calm, size. */
import { readdirSync, readFileSync } from 'node:fs'
import { gzipSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import type { LiveState } from '#contract/messages.ts'
import { chromiumPath } from '#test/support/browser.ts'
import { clippedTexts, colourfulShare, latinWords, seriousFindings } from './judged-page.ts'
import { DESK, PHONE, pagesUnderTest, untilLive } from './pages-under-test.ts'

const WALL_JS_GZIP_MAX = 80_000

describe.skipIf(!chromiumPath)('looks', () => {
  const { city, openPage, openNew } = pagesUnderTest()

  const LOOKS = ['/wall', '/ix/IX-01', '/ix/IX-02'].flatMap((path) => ['fa', 'en'].map((lang) => ({ path, lang })))
  const VIEWS = ([DESK, PHONE] as const).flatMap((size) =>
    (['light', 'dark'] as const).map((colorScheme) => ({ size, colorScheme })),
  )

  test.each(LOOKS)(
    '$path in $lang, on desk and phone, light and dark: no horizontal scroll, no serious axe finding',
    async ({ path, lang }) => {
      city().say('IX-03', { mode: 'fault' })
      city().say('IX-07', { doorOpen: true })
      const page = await openPage(`${path}?lang=${lang}`)
      await untilLive(page)
      expect(await page.evaluate(() => [document.documentElement.lang, document.documentElement.dir])).toEqual(
        lang === 'fa' ? ['fa', 'rtl'] : ['en', 'ltr'],
      )
      for (const { size, colorScheme } of VIEWS) {
        await page.setViewportSize(size)
        await page.emulateMedia({ colorScheme })
        expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(size.width)
        expect(await seriousFindings(page), `${size.width} px, ${colorScheme}`).toEqual([])
        expect(await clippedTexts(page)).toEqual([])
      }
      if (lang === 'fa') expect(await latinWords(page)).toEqual([])
    },
  )

  const cabinetDecides = (controlStatus: number, flashCause: number) => ({
    ladder: { code: 'CABINET_NOT_AVAILABLE', numbers: { controlStatus, flashCause } },
    why: null,
  })
  /** Somebody else has the word: what the pages say then is longer than on a calm day. */
  const TAKEN: readonly Partial<LiveState>[] = [
    { mode: 'flash', flash: 'local', alarms: [21], ...cabinetDecides(5, 3) },
    { mode: 'fault', flash: 'conflictMonitor', alarms: [7], ...cabinetDecides(6, 4) },
    { mode: 'manual', alarms: [23], ...cabinetDecides(2, 0) },
    { mode: 'preempt', why: { code: 'PREEMPT_SERVED', numbers: { preempt: 1, state: 3 } } },
  ]

  test.each(['fa', 'en'])('in %s a wall of cabinets that decide fits, and so does the page of each', async (lang) => {
    const { signal } = city().pictureOf('IX-04')
    const preempt = { number: 1, state: 'track', calls: 1, priorityCalls: 1, priorityActive: 1 } as const
    const broken = [1, 4, 128].map((faults, at) => ({ id: at + 1, quality: 'bad' as const, faults }))
    const places = ['IX-02', 'IX-03', 'IX-06', 'IX-04']
    for (const [at, state] of TAKEN.entries()) city().say(places[at] ?? '', { ...state, detectors: broken })
    city().say('IX-04', { ...TAKEN.at(-1), detectors: broken, signal: signal && { ...signal, preempt } })
    for (const path of ['/wall', ...places.map((id) => `/ix/${id}`)]) {
      const page = await openPage(`${path}?lang=${lang}`)
      await untilLive(page)
      for (const { size, colorScheme } of VIEWS) {
        await page.setViewportSize(size)
        await page.emulateMedia({ colorScheme })
        expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(size.width)
        expect(await clippedTexts(page)).toEqual([])
      }
      // Every text stands on every page: the last view, dark on a phone, is judged for access too.
      expect(await seriousFindings(page), path).toEqual([])
      if (lang === 'fa') expect(await latinWords(page)).toEqual([])
    }
  })

  test.each(['fa', 'en'])('at 1366×768 in %s twelve tiles and the list fit without scrolling', async (lang) => {
    const page = await openPage(`/wall?lang=${lang}`)
    await untilLive(page)
    expect(await page.locator('.tile').count()).toBe(12)
    const lowest = await page.evaluate(() =>
      Math.max(
        ...[...document.querySelectorAll('.tile, .side, .banner-sim')].map(
          (part) => part.getBoundingClientRect().bottom,
        ),
      ),
    )
    expect(lowest).toBeLessThanOrEqual(DESK.height)
    expect(await page.evaluate(() => document.documentElement.scrollHeight)).toBe(DESK.height)
    expect(await page.locator('.banner-sim').isVisible()).toBe(true)
  })

  test('on a phone the worst tile is the first', async () => {
    city().say('IX-09', { mode: 'fault' })
    city().say('IX-05', { doorOpen: true })
    const page = await openPage('/wall?lang=en', { viewport: PHONE })
    await page.locator('.tile-p1').waitFor()
    const order = await page
      .locator('[data-tile]')
      .evaluateAll((tiles) => tiles.map((tile) => tile.getAttribute('data-tile')))
    expect(order.slice(0, 3)).toEqual(['IX-09', 'IX-05', 'IX-01'])
  })

  test('the focus is always seen', async () => {
    const page = await openPage('/wall?lang=en')
    await untilLive(page)
    for (let n = 0; n < 7; n++) {
      await page.keyboard.press('Tab')
      const outline = await page.evaluate(() => {
        const { outlineStyle, outlineWidth } = getComputedStyle(document.activeElement ?? document.body)
        return `${outlineStyle} ${outlineWidth}`
      })
      expect(outline).toBe('solid 3px')
    }
  })

  test('language and colours are remembered, and the language is in the address', async () => {
    const page = await openPage('/wall')
    await untilLive(page)
    expect(await page.evaluate(() => document.documentElement.lang)).toBe('fa')
    await page.getByRole('button', { name: 'English' }).click()
    expect(new URL(page.url()).search).toBe('?lang=en')
    await page.getByRole('button', { name: 'Colours: auto' }).click()
    await page.goto(`${city().url}/ix/IX-02`)
    await untilLive(page)
    expect(
      await page.evaluate(() => [document.documentElement.lang, document.documentElement.dataset['theme']]),
    ).toEqual(['en', 'light'])
    expect(await page.title()).toContain('IX-02')
  })

  test('ten tabs of one browser are all live, and the API still answers', async () => {
    const opened = await openNew()
    for (let n = 0; n < 10; n++) {
      const page = await opened.context.newPage()
      await page.goto(`${city().url}/wall?lang=en`)
      await untilLive(page)
    }
    const [first] = opened.context.pages()
    const ms = await first!.evaluate(async () => {
      const before = performance.now()
      await fetch('/api/v1/intersections')
      return performance.now() - before
    })
    expect(ms).toBeLessThan(1_000)
  })

  test('a browser without shared workers opens a stream of its own', async () => {
    const opened = await openNew()
    await opened.context.addInitScript(() => Reflect.deleteProperty(globalThis, 'SharedWorker'))
    const page = await opened.context.newPage()
    await page.goto(`${city().url}/wall?lang=en`)
    await untilLive(page)
    expect(await page.evaluate(() => 'SharedWorker' in globalThis)).toBe(false)
  })

  test('a calm wall has next to no colour', async () => {
    const page = await openPage('/wall?lang=en')
    await untilLive(page)
    await page.locator('.attention .muted').waitFor()
    expect(await colourfulShare(page)).toBeLessThan(0.001)
  })

  test('all scripts of the wall stay below 80 kB compressed', () => {
    const folder = `${city().webRoot}/assets`
    const scripts = readdirSync(folder).filter((name) => name.endsWith('.js'))
    const bytes = scripts.map((name) => gzipSync(readFileSync(`${folder}/${name}`)).length)
    expect(bytes.reduce((sum, each) => sum + each, 0)).toBeLessThan(WALL_JS_GZIP_MAX)
  })
})
