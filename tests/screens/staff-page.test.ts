import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Command } from '../../core/kiosk-api/command.ts'
import { staffScreens } from '../../renderer/preview/staff-fixtures.ts'
import { findBrowser } from '../../tools/browser.mjs'
import { faultsOf } from '../e2e/looking.ts'
import { ORIENTATIONS, inspect, withPreview } from './inspect.ts'

/**
 * The staff page in Chromium, with made-up data: what it sends, what it keeps, and whether hands and eyes find everything.
 * With SCREENS_OUT=<folder> it leaves a picture of each state there.
 */
const out = process.env['SCREENS_OUT']

/** How somebody looks at it: the size of the screen, and what the tools below have been set to. */
interface Sight {
  readonly name: string
  readonly width: number
  readonly height: number
  readonly query: string
}
const [STANDING, LYING]: readonly [Sight, Sight] = [{ ...ORIENTATIONS[0], query: 'language=zh-CN' }, { ...ORIENTATIONS[1], query: 'language=zh-CN' }]
/** The longest words in the largest letters, with the thickest lines and the least room. */
const LARGEST = ORIENTATIONS.map((size): Sight => ({ ...size, name: `${size.name}-en-largest`, query: 'language=en&textSize=largest&theme=contrast-dark&low' }))
if (out !== undefined) mkdirSync(out, { recursive: true })

describe.skipIf(findBrowser() === undefined)('the staff page in a browser (skipped where there is none)', () => {
  let browser: Browser
  let origin = ''
  const errors: string[] = []
  let finish: () => void = () => undefined
  let ended: Promise<void> = Promise.resolve()
  beforeAll(async () => {
    await new Promise<void>((ready, failed) => {
      ended = withPreview(async (started, address) => {
        browser = started
        origin = address
        ready()
        await new Promise<void>((resolve) => (finish = resolve))
      })
      ended.catch(failed)
    })
    for (const sight of [STANDING, LYING]) await pageOf(sight)
  }, 180_000)
  afterAll(async () => {
    finish()
    await ended
  })

  const pages = new Map<Sight, Page>()
  /** A page seen like this, loaded once: loading is what takes the time. */
  async function pageOf(sight: Sight): Promise<Page> {
    const known = pages.get(sight)
    if (known !== undefined) return known
    const context = await browser.newContext({ viewport: { width: sight.width, height: sight.height }, reducedMotion: 'reduce', hasTouch: true })
    const page = await context.newPage()
    page.on('pageerror', (error) => errors.push(error.message))
    page.on('console', (message) => {
      if (message.type() === 'error' || message.type() === 'warning') errors.push(message.text())
    })
    await page.goto(`${origin}/preview/?screen=idle&${sight.query}`)
    pages.set(sight, page)
    return page
  }
  /** Shows a screen as if it were the first one: everything that an earlier one remembered is gone with the idle screen. */
  async function open(screen: string, sight: Sight = STANDING): Promise<Page> {
    const page = await pageOf(sight)
    for (const name of ['idle', screen]) {
      await page.evaluate((shown) => (window as unknown as { show: (name: string) => void }).show(shown), name)
      await page.waitForSelector(`[data-screen="${name.startsWith('staff-') ? 'staff' : name}"]`)
    }
    await page.evaluate(async () => {
      ;(window as unknown as { commands: unknown[] }).commands.length = 0
      await document.fonts.ready
    })
    return page
  }
  /** As `open`, with what the screen says at `selector` in the moment in which it is shown: the page's time stands still meanwhile. */
  async function openAndRead(screen: string, selector: string): Promise<{ readonly page: Page; readonly words: string | null }> {
    const shown = await pageOf(STANDING)
    await shown.evaluate(() => {
      const at = Date.now()
      Object.assign(window, { trueNow: Date.now })
      Date.now = () => at
    })
    try {
      const page = await open(screen)
      return { page, words: await page.locator(selector).textContent() }
    } finally {
      await shown.evaluate(() => {
        Date.now = (window as unknown as { trueNow: () => number }).trueNow
      })
    }
  }
  const commands = (page: Page): Promise<readonly Command[]> => page.evaluate(() => (window as unknown as { commands: Command[] }).commands)
  const acts = async (page: Page) => (await commands(page)).flatMap((command) => (command.type === 'staff' ? [command.act] : []))
  const touch = (page: Page, selector: string): Promise<void> => page.locator(selector).first().click()
  /** What says that it cannot be used now is touched all the same. */
  const touchInVain = (page: Page, selector: string): Promise<void> => page.locator(selector).first().click({ force: true })
  async function type(page: Page, digits: string): Promise<void> {
    for (const digit of digits) await touch(page, `[data-digit="${digit}"]`)
  }
  async function picture(page: Page, name: string): Promise<void> {
    if (out !== undefined) await page.screenshot({ path: join(out, `${name}.png`) })
  }

  describe('the hidden way in', () => {
    /** The lower two lie on the tools for language and help. */
    const corners = [[20, 20], [1060, 20], [1030, 1870], [50, 1870]] as const
    it.each(['idle', 'out-of-service'])('opens from %s by the four corners, and what lies in the corners does not answer', async (screen) => {
      const page = await open(screen)
      for (const [x, y] of corners) await page.touchscreen.tap(x, y)
      expect(await acts(page)).toEqual([{ kind: 'open' }])
      expect(await page.locator('dialog[open]').count()).toBe(0)
      expect((await commands(page)).filter(({ type: kind }) => kind === 'display')).toEqual([])
    })

    it('leaves the tools in the corners to everybody else', async () => {
      const page = await open('idle')
      await touch(page, '[data-tool=help]')
      expect(await page.locator('dialog[data-help]').count()).toBe(1)
      expect(await acts(page)).toEqual([])
    })

    it('opens by Ctrl+Shift+F12, and neither way while a citizen is served', async () => {
      const idle = await open('idle')
      await idle.keyboard.press('Control+Shift+F12')
      expect(await acts(idle)).toEqual([{ kind: 'open' }])
      const serving = await open('identify')
      await serving.keyboard.press('Control+Shift+F12')
      for (const [x, y] of corners) await serving.touchscreen.tap(x, y)
      expect(await acts(serving)).toEqual([])
    })
  })

  describe('the PIN', () => {
    it('is never shown, is sent once, and is not in the page any more afterwards', async () => {
      const page = await open('staff-sign-in')
      await type(page, '1001')
      await touch(page, '[data-action=primary]')
      await type(page, '860425')
      const before = await page.evaluate(() => document.documentElement.outerHTML)
      expect(before).toContain('1001')
      expect(before).not.toContain('860425')
      expect(await page.locator('[data-entry=pin] .secret').textContent()).toBe('●●●●●●')
      await touch(page, '[data-action=primary]')
      expect(await acts(page)).toEqual([{ kind: 'sign-in', staff: '1001', pin: '860425' }])
      expect(await page.locator('[data-entry=pin] .secret').count()).toBe(0)
      await touchInVain(page, '[data-action=primary]')
      expect(await acts(page)).toHaveLength(1)
    })

    it('can be typed on a keyboard of the technician’s own, and deleted', async () => {
      const page = await open('staff-sign-in')
      await page.keyboard.type('20029')
      await page.keyboard.press('Backspace')
      await page.keyboard.press('Enter')
      await page.keyboard.type('112233')
      await page.keyboard.press('Enter')
      expect(await acts(page)).toEqual([{ kind: 'sign-in', staff: '2002', pin: '112233' }])
    })

    it('is not taken while sign-in is locked, and the time is told', async () => {
      const { page, words } = await openAndRead('staff-sign-in-locked', '[data-locked]')
      expect(words).toMatch(/4:1\d/)
      await page.keyboard.type('1001')
      await touchInVain(page, '[data-digit="1"]')
      expect(await page.locator('[data-entry=number] .entry-content').count()).toBe(0)
    })
  })

  describe('the desk', () => {
    it('asks for a reason before a device stops, and shows citizens’ words for it', async () => {
      const page = await open('staff-devices', LYING)
      await touch(page, '[data-device=receipt-printer]')
      await touch(page, '[data-action=device-out]')
      await touchInVain(page, '[data-action=confirm]')
      expect(await acts(page)).toEqual([])
      await touch(page, '[data-value=cleaning]')
      expect(await page.locator('.staff-preview strong').textContent()).toContain('正在清洁')
      await touch(page, '[data-action=confirm]')
      expect(await acts(page)).toEqual([{ kind: 'device-out', device: 'receipt-printer', reason: 'cleaning' }])
    })

    it('notes how much paper was put in', async () => {
      const page = await open('staff-devices', LYING)
      await touch(page, '[data-device=receipt-printer]')
      await touch(page, '[data-action=paper-changed]')
      await touch(page, '[data-value="50"]')
      await touch(page, '[data-action=more]')
      await touch(page, '[data-action=confirm]')
      expect(await acts(page)).toEqual([{ kind: 'paper-changed', device: 'receipt-printer', amount: 60 }])
    })

    it('restarts and takes out of service only after it was confirmed', async () => {
      const page = await open('staff-machine')
      await touch(page, '[data-action=restart-kiosk]')
      await touch(page, '[data-action=dialog-cancel]')
      await touch(page, '[data-action=terminal-out]')
      await page.keyboard.press('Escape')
      expect(await acts(page)).toEqual([])
      await touch(page, '[data-action=restart-devices]')
      await touch(page, '[data-action=confirm]')
      expect(await acts(page)).toEqual([{ kind: 'restart', what: 'device-host' }])
    })

    it('changes the hours in steps', async () => {
      const page = await open('staff-machine')
      await touch(page, '[data-action=hours]')
      await touch(page, '[data-value=from-to]')
      await touch(page, '[data-hours=open] [data-shift="-60"]')
      await touch(page, '[data-hours=close] [data-shift="15"]')
      await touch(page, '[data-action=confirm]')
      expect(await acts(page)).toEqual([{ kind: 'hours', hours: { open: '08:00', close: '17:15' } }])
    })

    it('offers a clerk nothing that only a technician may do', async () => {
      const page = await open('staff-machine-clerk')
      for (const action of ['hours', 'bundle', 'restart-kiosk', 'restart-devices']) expect(await page.locator(`[data-action=${action}]`).count()).toBe(0)
      expect(await page.locator('[data-action=terminal-out]').count()).toBe(1)
    })

    it('answers the question of a self-test, and puts a seen result away', async () => {
      const asking = await open('staff-test-looking')
      await touch(asking, '[data-action=answer-no]')
      expect(await acts(asking)).toEqual([{ kind: 'test-answer', step: 'receipt-printer.look', passed: false }])
      const ended = await open('staff-test-failed')
      expect(await ended.locator('[data-step]').first().getAttribute('data-state')).toBe('failed')
      await touch(ended, '[data-action=test-close]')
      expect(await acts(ended)).toEqual([{ kind: 'test-stop' }])
      expect(await ended.locator('[data-staff-page=devices]').count()).toBe(1)
    })

    it('tries a paper: the picture, then what it is; and puts the result away', async () => {
      const page = await open('staff-training')
      await touch(page, '[data-file="card.png"]')
      await touch(page, '[data-paper=lease]')
      await touch(page, '[data-source=glass]')
      await touch(page, '[data-action=try]')
      expect(await acts(page)).toEqual([{ kind: 'try-paper', name: 'card.png', paper: 'lease', source: 'glass' }])
      const running = await open('staff-training-running')
      await touch(running, '[data-action=try-stop]')
      expect(await acts(running)).toEqual([{ kind: 'try-stop' }])
      const read = await open('staff-training-read')
      expect(await read.locator('[data-field]').evaluateAll((fields) => fields.map((field) => field.getAttribute('data-state')))).toEqual(['sure', 'unsure', 'sure', 'missing'])
      await touch(read, '[data-action=try-close]')
      expect(await acts(read)).toEqual([{ kind: 'try-stop' }])
    }, 40_000)

    it('has no way to the files of the machine but the list that it was given', async () => {
      const page = await open('staff-training')
      expect(await page.locator('input, a[href], [contenteditable]').count()).toBe(0)
    }, 40_000)

    it('warns before it signs out, and stays at a touch', async () => {
      const { page, words } = await openAndRead('staff-signing-out', '[data-sign-out-warning] strong')
      expect(words).toMatch(/^1\d$/)
      await touch(page, '[data-action=stay]')
      expect((await commands(page)).map(({ type: kind }) => kind)).toContain('activity')
    })
  })

  describe.each([STANDING, LYING, ...LARGEST])('looked at $name', (sight) => {
    /** What is shown only after a touch. */
    const dialogs: readonly (readonly [string, string, readonly string[]])[] = [
      ['detail-reader', 'devices', ['[data-device=id-card]']],
      ['detail-printer', 'devices', ['[data-device=receipt-printer]']],
      ['detail-out', 'devices', ['[data-device=document-scanner]']],
      ['detail-good', 'devices-good', ['[data-device=receipt-printer]']],
      ['dialog-paper', 'devices', ['[data-device=receipt-printer]', '[data-action=paper-changed]']],
      ['dialog-sheets', 'devices-good', ['[data-device=page-printer]', '[data-action=paper-changed]']],
      ['dialog-device-out', 'devices', ['[data-device=id-card]', '[data-action=device-out]', '[data-value=repair-called]']],
      ['dialog-terminal-out', 'machine', ['[data-action=terminal-out]']],
      ['dialog-hours', 'machine', ['[data-action=hours]', '[data-value=from-to]', ...Array.from({ length: 9 }, () => '[data-hours=close] [data-shift="-60"]')]],
      ['dialog-restart', 'machine', ['[data-action=restart-kiosk]']],
      ['dialog-reprint', 'queue', ['[data-action=reprint]']],
      ['training-paper', 'training', ['[data-file="card.png"]', '[data-paper=lease]']],
    ]

    it('has nothing that is cut off, covered, too small or outside, in any state', async () => {
      const faults: string[] = []
      for (const [name, screen, touches] of [...Object.keys(staffScreens).map((screen) => [screen, screen, []] as const), ...dialogs]) {
        const page = await open(`staff-${screen}`, sight)
        for (const selector of touches) await touch(page, selector)
        await page.evaluate(() => document.fonts.ready.then(() => undefined))
        await picture(page, `${name}-${sight.name}`)
        for (const fault of await faultsOf(page)) faults.push(`${name}: ${fault}`)
      }
      expect(faults).toEqual([])
      expect(errors).toEqual([])
    }, 300_000)
  })

  describe.each([STANDING, LYING])('for assistive technology, $name', (sight) => {
    it.each(['sign-in', 'factor-code', 'devices', 'queue', 'machine', 'journal', 'training', 'training-read', 'test-looking', 'signing-out'])('is in order: %s', async (name) => {
      const page = await open(`staff-${name}`, sight)
      expect(await inspect(page)).toEqual([])
    }, 60_000)
  })
})
