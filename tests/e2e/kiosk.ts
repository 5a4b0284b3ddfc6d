import { test as base, expect } from '@playwright/test'
import type { Browser, Page } from '@playwright/test'
import type { IdleTimes } from './packs.ts'
import { launchBrowser, PORTRAIT, RunningKiosk } from './running-kiosk.ts'

export { expect }
export type { RunningKiosk } from './running-kiosk.ts'

/** `kiosk`: one for all tests of a file, as one machine serves many citizens; `page`: its screen, fresh at the idle picture. */
export const test = base.extend<{ page: Page }, { world: string; patience: IdleTimes | undefined; kiosk: RunningKiosk; screenBrowser: Browser }>({
  /** A file that names a world of its own gets one: what other files have filed there cannot get in its way. */
  world: ['common', { scope: 'worker', option: true }],
  /** How long that world's matter pack lets nobody touch the screen; the demonstration pack's times when left out. */
  patience: [undefined, { scope: 'worker', option: true }],
  kiosk: [async ({ patience }, use) => {
    const kiosk = await RunningKiosk.start({ pack: patience && ((header) => {
      header.version = '1.0.1'
      header.timings.standard = patience
    }) })
    await use(kiosk)
    await kiosk.stop()
  }, { scope: 'worker', timeout: 240_000 }],
  screenBrowser: [async ({}, use) => {
    const browser = await launchBrowser()
    await use(browser)
    await browser.close()
  }, { scope: 'worker' }],
  page: async ({ kiosk, screenBrowser }, use) => {
    const context = await screenBrowser.newContext({ viewport: PORTRAIT, hasTouch: true, locale: 'zh-CN', reducedMotion: 'reduce' })
    const page = await context.newPage()
    const problems: string[] = []
    page.on('pageerror', (error) => problems.push(error.message))
    page.on('console', (message) => {
      if (message.type() === 'error') problems.push(message.text())
    })
    await page.goto(`${kiosk.bench}/kiosk`)
    await expect(page.getByRole('button', { name: '开始办理' })).toBeVisible({ timeout: 30_000 })
    await expect(page.getByText('可用', { exact: true })).toHaveCount(4, { timeout: 30_000 })
    await use(page)
    await context.close()
    expect(problems, 'errors in the page').toEqual([])
  },
})
