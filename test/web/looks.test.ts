/** How the pages look in a real browser: layout, language, access, calm, size. */
import { readdirSync, readFileSync } from 'node:fs'
import { gzipSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import type { LiveState } from '#contract/messages.ts'
import { EVENT } from '#signal/events.ts'
import { chromiumPath } from '#test/support/browser.ts'
import { MIDDAY } from './served-city.ts'
import { clippedTexts, colourfulShare, latinWords, seriousFindings } from './judged-page.ts'
import { en } from '#web/text/en.ts'
import { fa } from '#web/text/fa.ts'
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

  const ago = (s: number) => new Date(MIDDAY - 1_000 * s).toISOString()
  const hole = (first: number, events: number) => ({
    epoch: '0f',
    first,
    last: first + events - 1,
    events,
    from: ago(7_300),
    until: ago(7_200),
  })
  /** An edge that lost some of its log, waits with more, and was brought a plan by a stranger. */
  const recorded = {
    gaps: [
      {
        ...{ edge: 'hamadan-1', online: true, completeUntil: ago(7_300), replay: null },
        ...{ missingEvents: 1_204, missing: [hole(1, 1_204)], lostEvents: 88, lost: [hole(9_000, 88)] },
      },
    ],
    plans: [
      {
        ...{ edge: 'hamadan-1', at: ago(60) },
        accepted: { version: 7, note: '۱۴۰۵', signedBy: [{ key: '0', holder: 'مریم رحیمی' }], validUntil: ago(-3_600) },
        refused: { code: 'KEY_UNKNOWN', detail: 'nobody here knows the key', at: ago(120), count: 3 },
        intersections: [{ id: 'IX-02', state: 'refused' as const, running: 6, desired: 7, why: 'notPermitted' }],
      },
    ],
    flags: [
      [90_000, EVENT.detectorOpenLoop, 1],
      [7_000, EVENT.detectorRestored, 1],
      [600, EVENT.detectorShortedLoop, 2],
    ] as const,
  }

  test.each(['fa', 'en'])(
    'in %s what is on record stands on the page, and what somebody must see on the wall',
    async (lang) => {
      city().record(recorded)
      city().say('IX-02', {
        detectors: [
          { id: 2, quality: 'bad', faults: 8 },
          { id: 3, quality: 'bad', faults: 64 },
        ],
      })
      const page = await openPage(`/ix/IX-02?lang=${lang}`)
      await untilLive(page)
      const panel = page.locator('.records')
      await panel.locator('.lost-for-ever').waitFor()
      await panel.locator('li').nth(4).waitFor()
      const [t, { dash }] = lang === 'fa' ? [fa.records, fa] : [en.records, en]
      const said = await panel.innerText()
      expect(said).toContain(t.refusals.unsigned)
      expect(said).toContain(t.planStates.refused)
      expect(said).toContain(t.beforeYesterday)
      expect(said).toContain('مریم رحیمی')
      expect(said).not.toContain(dash)
      // A light desk and a dark phone: what is between them is judged above.
      for (const { size, colorScheme } of VIEWS.filter((_view, at) => at % 3 === 0)) {
        await page.setViewportSize(size)
        await page.emulateMedia({ colorScheme })
        expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(size.width)
        expect(await clippedTexts(page)).toEqual([])
      }
      expect(await seriousFindings(page)).toEqual([])
      // What a machine says of itself is marked as English; the rest is Persian.
      if (lang === 'fa')
        expect(
          (await latinWords(page)).filter(
            (word) => !/^(KEY|UNKNOWN|nobody|here|knows|the|key|notPermitted)$/.test(word),
          ),
        ).toEqual([])
      await page.goto(`${city().url}/wall?lang=${lang}`)
      await expect.poll(() => page.locator('.attention .row').count(), { timeout: 20_000 }).toBe(4)
    },
  )

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
