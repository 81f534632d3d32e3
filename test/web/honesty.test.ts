/** What the pages say while the street changes, falls silent, and comes back. */
import { rmSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { chromiumPath } from '#test/support/browser.ts'
import { seriousFindings } from './judged-page.ts'
import { pagesUnderTest, untilLive } from './pages-under-test.ts'
import { serveCity } from './served-city.ts'

describe.skipIf(!chromiumPath)('honesty', () => {
  const { city, openPage } = pagesUnderTest()

  test('a tile shows what its intersection serves, as soon as it does', async () => {
    const page = await openPage('/wall?lang=en')
    await untilLive(page)
    const { signal } = city().pictureOf('IX-02')
    if (!signal) throw new Error('the picture has no lamps')
    city().say('IX-02', {
      signal: { ...signal, greens: 0b1000_1000, yellows: 0, cycleMs: 90_000, localCycleMs: 40_000 },
    })
    const tile = page.locator('[data-tile="IX-02"]')
    await tile.locator('.cells[aria-label="served: 4, 8"]').waitFor({ timeout: 2_000 })
    expect(await tile.locator('.cell-served').allTextContents()).toEqual(['4', '8'])
    await expect.poll(() => tile.locator('.cycle-text').textContent()).toMatch(/^4\d of 90 s$/)
  })

  test('a feed that is cut is stale after two seconds and lost after ten, and live again at once', async () => {
    const page = await openPage('/wall?lang=en')
    await untilLive(page)
    city().feed(false)
    // Two seconds by the limit; the rest is the machine's.
    await page.locator('.tile-stale').nth(11).waitFor({ timeout: 5_000 })
    expect(await page.locator('.tile-words').first().textContent()).toMatch(/stale [2-4] s/)
    // The other eight seconds pass at once: central's clock is what counts.
    city().pushClock(8_000)
    await page.locator('.tile-lost').nth(11).waitFor({ timeout: 5_000 })
    expect(await page.locator('.cycle-text').allTextContents()).toEqual(Array(12).fill('—'))
    expect(new Set(await page.locator('.cell').allTextContents())).toEqual(new Set(['—']))
    expect(await page.locator('.cell-served').count()).toBe(0)
    expect(await page.locator('.attention .row').allTextContents()).toEqual([
      expect.stringMatching(/Edge .hamadan-1. is silent: nothing from 12 cabinets/),
    ])
    city().feed(true)
    await page.locator('.tile-live').nth(11).waitFor({ timeout: 3_000 })
  })

  test('an intersection page whose feed is cut blanks its values and says since when', async () => {
    const page = await openPage('/ix/IX-02?lang=fa')
    await untilLive(page)
    city().say('IX-02', null)
    city().pushClock(12_000)
    await page.locator('.intersection-lost').waitFor({ timeout: 5_000 })
    expect(await page.locator('.head-line .badge').textContent()).toMatch(/^قطع [۰-۹]+:[۰-۹]{2}$/)
    expect(new Set(await page.locator('.phases td.number').allTextContents())).toEqual(new Set(['—']))
    expect(await page.locator('.lit-green, .lit-red, .lit-yellow, .movement-served').count()).toBe(0)
  })

  test('when central itself dies nothing stays live', async () => {
    const own = await serveCity()
    try {
      const page = await openPage(`${own.url}/wall?lang=en`)
      await untilLive(page)
      await own.close()
      await page.locator('.tile-stale').nth(11).waitFor({ timeout: 5_000 })
      await page.locator('.tile-lost').nth(11).waitFor({ timeout: 12_000 })
      expect(await page.locator('.link-down').textContent()).toBe('no line to central')
      expect(await page.locator('.count b').textContent()).toBe('0 of 12 normal')
    } finally {
      rmSync(own.webRoot, { recursive: true, force: true })
    }
  })

  test('an offline edge and a lost broker are one row each', async () => {
    const page = await openPage('/wall?lang=en')
    await untilLive(page)
    const rows = page.locator('.attention .row')
    city().presence('hamadan-1', false)
    await rows.getByText('is offline: 12 cabinets').waitFor({ timeout: 3_000 })
    city().presence('hamadan-1', true)
    city().broker(false)
    await rows.getByText('does not reach its broker').waitFor({ timeout: 3_000 })
    expect(await rows.count()).toBe(1)
  })

  test('a paused wall says so, stands still, and shows what came meanwhile when it goes on', async () => {
    const page = await openPage('/wall?lang=en')
    await untilLive(page)
    await page.keyboard.press('Space')
    await page.locator('.banner-paused').waitFor()
    city().say('IX-02', { mode: 'fault' })
    const times = page.locator('.city-time')
    const before = await times.textContent()
    await page.locator('.banner-paused', { hasText: '0:01 behind' }).waitFor({ timeout: 3_000 })
    expect(await times.textContent()).toBe(before)
    expect(await page.locator('.tile-p1').count()).toBe(0)
    await page.keyboard.press('Space')
    await page.locator('.tile-p1').waitFor({ timeout: 1_500 })
    expect(await page.locator('.banner-paused').count()).toBe(0)
  })

  test('the intersection page has its past from the store and its reason in words', async () => {
    city().say('IX-02', {
      why: { code: 'COORDINATED_GREEN', phase: 2, numbers: { localCycleMs: 34_000, yieldMs: 46_000, cycleMs: 95_000 } },
    })
    const page = await openPage('/ix/IX-02?lang=en')
    await untilLive(page)
    await expect.poll(() => page.locator('.band-green').count(), { timeout: 5_000 }).toBeGreaterThan(20)
    expect(await page.locator('.why dd').first().textContent()).toMatch(
      /^φ2 is held green for the coordination; yields in 12 s/,
    )
    expect(await page.locator('.phases tbody tr').count()).toBe(8)
    expect(await page.locator('.unseen tbody tr').count()).toBeGreaterThan(12)
  })

  test('while all lamps flash the heads do, nobody is served, and the cause is in words', async () => {
    city().say('IX-03', { mode: 'flash', flash: 'local', alarms: [21], why: null })
    const wall = await openPage('/wall?lang=en')
    await untilLive(wall)
    const tile = wall.locator('[data-tile="IX-03"]')
    await tile.locator('.cells[aria-label="all lamps flash"]').waitFor()
    expect(await tile.locator('.cell-served').count()).toBe(0)
    expect(await tile.locator('.tile-words b').textContent()).toBe('flashing: police panel')
    const page = await openPage('/ix/IX-03?lang=en')
    await untilLive(page)
    expect(await page.locator('.drawing .lit-red:not(.flashing), .drawing .lit-green').count()).toBe(0)
    const lamps = (await page.locator('.phase-lamp').allTextContents()).map((words) => words.trim())
    expect(lamps[0]).toBe('flashing red')
    expect(lamps[1]).toBe('flashing yellow')
    await page.locator('.band-flashing').first().waitFor({ state: 'attached' })
  })

  test('a flash of the schedule needs nobody', async () => {
    city().say('IX-03', { mode: 'flash', flash: 'automatic', why: null })
    const page = await openPage('/wall?lang=en')
    await untilLive(page)
    await page.locator('[data-tile="IX-03"]').getByText('flashing: by the schedule').waitFor()
    expect(await page.locator('.count b').textContent()).toBe('12 of 12 normal')
  })

  test('a preempt in service, a bus and a broken loop are named', async () => {
    const { signal } = city().pictureOf('IX-04')
    if (!signal) throw new Error('the picture has no lamps')
    const preempt = { number: 1, state: 'entry', calls: 1, priorityCalls: 1, priorityActive: 0 } as const
    city().say('IX-04', {
      mode: 'preempt',
      signal: { ...signal, preempt },
      why: { code: 'PREEMPT_SERVED', numbers: { preempt: 1, state: 2 } },
      detectors: [{ id: 7, quality: 'bad', faults: 4 }],
    })
    const page = await openPage('/ix/IX-04?lang=en')
    await untilLive(page)
    const facts = await page.locator('.why dd').allTextContents()
    expect(facts[0]).toBe('1 Fire station: greens in its way end · called: 1 Fire station')
    expect(facts[1]).toMatch(/^1 .+: asks$/)
    expect(facts[2]).toBe('Preempt 1 has the street: greens in its way end.')
    expect(await page.locator('.head-line li').first().textContent()).toBe('preempted: 1 Fire station')
    expect(await page.locator('.cabinet').textContent()).toContain('loop 7: open loop')
    // A preempt may cut a green below its minimum: nothing is promised of it.
    expect(new Set(await page.locator('.phases td.number:nth-child(4)').allTextContents())).toEqual(new Set(['—']))
  })

  test('a walk that leads is told beside the red of its vehicles', async () => {
    const { signal } = city().pictureOf('IX-07')
    if (!signal) throw new Error('the picture has no lamps')
    const rings = [{ phase: 4, interval: 'leadingPed', elapsedMs: 1_000, termination: 'none' }]
    city().say('IX-07', { signal: { ...signal, greens: 0, yellows: 0, walks: 0b1000, pedClears: 0, rings } })
    const page = await openPage('/ix/IX-07?lang=en')
    await untilLive(page)
    const row = page.locator('.phases tbody tr', { hasText: 'WALK leads' })
    expect((await row.locator('.phase-lamp').textContent())?.trim()).toBe('red')
  })

  test('an unknown intersection says so, names those that exist, and leads back', async () => {
    const page = await openPage('/ix/IX-99?lang=en')
    await page.getByText('Use one of IX-01').waitFor()
    expect(await seriousFindings(page)).toEqual([])
    await page.keyboard.press('Escape')
    await page.waitForURL('**/wall*')
  })
})
