/** Everything on the pages without a pointer. */
import { describe, expect, test } from 'vitest'
import { chromiumPath } from '#test/support/browser.ts'
import { seriousFindings } from './judged-page.ts'
import { pagesUnderTest, untilLive } from './pages-under-test.ts'

describe.skipIf(!chromiumPath)('keyboard', () => {
  const { openPage } = pagesUnderTest()

  test('everything on the wall is reached by keys: tiles, arrows, digits, help, pause', async () => {
    const page = await openPage('/wall?lang=en')
    await untilLive(page)
    const focused = () => page.evaluate(() => document.activeElement?.getAttribute('data-tile') ?? null)
    await page.locator('[data-tile="IX-01"]').focus()
    await page.keyboard.press('ArrowRight')
    expect(await focused()).toBe('IX-02')
    await page.keyboard.press('ArrowDown')
    expect(await focused()).toBe('IX-06')
    await page.keyboard.press('Enter')
    await page.waitForURL('**/ix/IX-06*')
    await page.keyboard.press('Escape')
    await page.waitForURL('**/wall*')
    await page.keyboard.press('=')
    await page.waitForURL('**/ix/IX-12*')
    await page.locator('main.intersection').waitFor()
    await page.keyboard.press(']')
    await page.waitForURL('**/ix/IX-01*')
    await page.keyboard.press('Backspace')
    await page.waitForURL('**/wall*')
    await page.evaluate(() => document.dispatchEvent(new KeyboardEvent('keydown', { key: '۳' })))
    await page.waitForURL('**/ix/IX-03*')
    await page.keyboard.press('g')
    await page.keyboard.press('w')
    await page.waitForURL('**/wall*')
    await page.keyboard.press('?')
    expect(await page.locator('dialog').isVisible()).toBe(true)
    expect(await seriousFindings(page)).toEqual([])
    await page.keyboard.press('Escape')
    expect(await page.locator('dialog').isVisible()).toBe(false)
  })

  test('from right to left the arrows follow the eye', async () => {
    const page = await openPage('/wall?lang=fa')
    await untilLive(page)
    await page.locator('[data-tile="IX-01"]').focus()
    await page.keyboard.press('ArrowLeft')
    expect(await page.evaluate(() => document.activeElement?.getAttribute('data-tile'))).toBe('IX-02')
  })

  test('single keys can be turned off; Escape still leads up', async () => {
    const page = await openPage('/wall?lang=en')
    await untilLive(page)
    await page.keyboard.press('?')
    await page.locator('dialog input').uncheck()
    await page.keyboard.press('Escape')
    await page.keyboard.press('3')
    await page.keyboard.press('Space')
    expect(new URL(page.url()).pathname).toBe('/wall')
    expect(await page.locator('.banner-paused').count()).toBe(0)
    await page.locator('[data-tile="IX-03"]').focus()
    await page.keyboard.press('Enter')
    await page.waitForURL('**/ix/IX-03*')
    await page.keyboard.press('Escape')
    await page.waitForURL('**/wall*')
  })
})
