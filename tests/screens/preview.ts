import { mkdirSync } from 'node:fs'
import type { Browser } from 'playwright-core'
import { ORIENTATIONS, inspect, withPreview } from './inspect.ts'

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
const orientations = ORIENTATIONS.filter(({ name }) => !process.argv.includes('--portrait') && !process.argv.includes('--landscape') ? true : process.argv.includes(`--${name}`))

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
      for (const what of await inspect(page)) faults.push({ where, what })
    }
    await context.close()
  }
  return faults
}

mkdirSync(out, { recursive: true })
await withPreview(async (browser, origin) => {
  const faults = await look(browser, origin)
  for (const { where, what } of faults) console.log(`${where}: ${what}`)
  console.log(`${faults.length} faults; pictures in ${out}`)
  process.exitCode = faults.length > 0 ? 1 : 0
})
