import { mkdirSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { AxeBuilder } from '@axe-core/playwright'
import { type Browser, chromium } from 'playwright-core'
import { createServer } from 'vite'

/**
 * Takes a picture of every screen with made-up data in both orientations, and lets axe look at each:
 *
 *   node tests/screens/preview.ts [--only=form,guide] [--language=en] [--out=/tmp/screens] [--query=care&low] [--portrait|--landscape]
 *
 * Ends with 1 when axe finds something serious or critical, when the page throws, or when something sticks out of the screen.
 */
const argument = (name: string): string | undefined => process.argv.find((one) => one.startsWith(`--${name}=`))?.slice(name.length + 3)
const only = argument('only')?.split(',')
const language = argument('language') ?? 'zh-CN'
const extra = argument('query')
const out = argument('out') ?? '/tmp/screens'
const orientations = [
  { name: 'portrait', width: 1080, height: 1920 },
  { name: 'landscape', width: 1920, height: 1080 },
].filter(({ name }) => !process.argv.includes('--portrait') && !process.argv.includes('--landscape') ? true : process.argv.includes(`--${name}`))

interface Fault {
  readonly where: string
  readonly what: string
}

async function look(browser: Browser, origin: string): Promise<readonly Fault[]> {
  const faults: Fault[] = []
  for (const orientation of orientations) {
    const context = await browser.newContext({ viewport: { width: orientation.width, height: orientation.height }, reducedMotion: 'reduce', hasTouch: true })
    const page = await context.newPage()
    let where = ''
    page.on('pageerror', (error) => faults.push({ where, what: error.message }))
    page.on('console', (message) => {
      if (message.type() === 'error' || message.type() === 'warning') faults.push({ where, what: message.text() })
    })
    await page.goto(`${origin}/preview/?screen=idle`)
    await page.waitForSelector('[data-screen]')
    const names = await page.evaluate(() => (window as unknown as { screenNames: string[] }).screenNames)
    for (const name of names.filter((one) => only === undefined || only.includes(one))) {
      where = `${name} ${orientation.name} ${language}`
      await page.goto(`${origin}/preview/?screen=${name}&language=${language}${extra === undefined ? '' : `&${extra}`}`)
      await page.waitForSelector('[data-screen]:not([data-screen=connecting])')
      await page.evaluate(() => document.fonts.ready)
      await page.waitForFunction(() => [...document.images].every((image) => image.complete))
      await page.screenshot({ path: `${out}/${name}-${orientation.name}-${language}.png` })
      const outside = await page.evaluate(() => {
        const visible = [...document.querySelectorAll<HTMLElement>('button, h1, input, .notice, .card')].filter((element) => element.checkVisibility() && element.closest('.paged-view') === null && element.closest('.visually-hidden') === null && !element.classList.contains('visually-hidden'))
        return visible.filter((element) => { const box = element.getBoundingClientRect(); return box.right > innerWidth + 1 || box.bottom > innerHeight + 1 || box.left < -1 || box.top < -1 }).map((element) => element.textContent?.trim().slice(0, 30) ?? '')
      })
      if (outside.length > 0) faults.push({ where, what: `outside the screen: ${outside.join(' | ')}` })
      const covered = await page.evaluate(() => [...document.querySelectorAll<HTMLElement>('button')].filter((button) => {
        const box = button.getBoundingClientRect()
        const [x, y] = [box.left + box.width / 2, box.top + box.height / 2]
        const view = button.closest('.paged-view')?.getBoundingClientRect()
        if (!button.checkVisibility() || button.classList.contains('visually-hidden') || (view !== undefined && (y < view.top || y > view.bottom))) return false
        const hit = document.elementFromPoint(x, y)
        return hit === null || !button.contains(hit)
      }).map((button) => button.textContent.trim().slice(0, 30)))
      if (covered.length > 0) faults.push({ where, what: `covered by something else: ${covered.join(' | ')}` })
      const small = await page.evaluate(() => [...document.querySelectorAll<HTMLElement>('body *')].filter((element) => element.checkVisibility() && [...element.childNodes].some((node) => node.nodeType === Node.TEXT_NODE && node.textContent?.trim() !== '') && !element.closest('svg') && parseFloat(getComputedStyle(element).fontSize) < 24).map((element) => element.textContent?.trim().slice(0, 20) ?? ''))
      if (small.length > 0) faults.push({ where, what: `text under 24 px: ${small.join(' | ')}` })
      const tiny = await page.evaluate(() => [...document.querySelectorAll<HTMLElement>('button, input, textarea')].filter((element) => { const box = element.getBoundingClientRect(); return element.checkVisibility() && !element.classList.contains('visually-hidden') && (box.height < 60 || box.width < 60) }).map((element) => `${element.textContent?.trim().slice(0, 20) ?? ''} ${Math.round(element.getBoundingClientRect().height)}`))
      if (tiny.length > 0) faults.push({ where, what: `target under 60 px: ${tiny.join(' | ')}` })
      const { violations } = await new AxeBuilder({ page: page }).analyze()
      for (const violation of violations) {
        if (violation.impact === 'serious' || violation.impact === 'critical') faults.push({ where, what: `axe ${violation.id}: ${violation.nodes.map(({ target }) => String(target)).join(', ').slice(0, 300)}` })
      }
    }
    await context.close()
  }
  return faults
}

mkdirSync(out, { recursive: true })
const server = await createServer({ configFile: fileURLToPath(new URL('../../vite.config.ts', import.meta.url)), server: { port: 0, host: '127.0.0.1', hmr: false }, logLevel: 'error' })
await server.listen()
const address = server.httpServer?.address()
const port = typeof address === 'object' && address !== null ? address.port : 0
const browser = await chromium.launch({ executablePath: process.env['CHROMIUM'] ?? '/usr/bin/chromium', args: ['--no-sandbox', '--disable-quic', '--disable-background-networking', '--no-first-run'] })
try {
  const faults = await look(browser, `http://127.0.0.1:${port}`)
  for (const { where, what } of faults) console.log(`${where}: ${what}`)
  console.log(`${faults.length} faults; pictures in ${out}`)
  process.exitCode = faults.length > 0 ? 1 : 0
} finally {
  await browser.close()
  await server.close()
}
