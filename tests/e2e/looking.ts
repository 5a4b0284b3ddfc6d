import { mkdir } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { AxeBuilder } from '@axe-core/playwright'
import type { Page } from '@playwright/test'
import { LANDSCAPE, PORTRAIT } from './running-kiosk.ts'

const OUT = join(import.meta.dirname, '..', '..', 'out', 'screens')
const MIN_TARGET_PX = 60
const MIN_TEXT_PX = 24

/** Two frames: what followed from a new size of the screen is then drawn. */
async function drawn(page: Page): Promise<void> {
  await page.evaluate(async () => {
    await document.fonts.ready
    await new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)))
    await Promise.all([...document.images].map((image) => image.decode().catch(() => undefined)))
  })
}

/** What a hand or an eye would stumble over on the screen as it is now; each fault in one line. */
export async function faultsOf(page: Pick<Page, 'evaluate'>): Promise<readonly string[]> {
  return page.evaluate(({ minTarget, minText }) => {
    const top = [...document.querySelectorAll<HTMLElement>('dialog[open]')].at(-1) ?? document.body
    const words = (element: Element): string => `${element.tagName.toLowerCase()} "${(element.textContent ?? '').trim().slice(0, 30)}"`
    const keyboard = document.querySelector('.touch-keyboard')
    const inKeyboard = (element: Element): boolean => keyboard?.contains(element) === true
    const seen = [...top.querySelectorAll<HTMLElement>('*')].filter((element) => element.checkVisibility({ visibilityProperty: true, opacityProperty: true }) && element.closest('.visually-hidden, svg') === null && element.getBoundingClientRect().width > 1)
    const targets = seen.filter((element) => element.matches('button, input, textarea, a, select'))
    const texts = seen.filter((element) => [...element.childNodes].some((node) => node.nodeType === Node.TEXT_NODE && node.textContent?.trim() !== ''))
    const faults: string[] = []
    for (const target of targets) {
      const box = target.getBoundingClientRect()
      if (box.width < minTarget - 0.5 || box.height < minTarget - 0.5) faults.push(`target ${Math.round(box.width)}×${Math.round(box.height)}: ${words(target)}`)
      const view = target.closest('.paged-view')?.getBoundingClientRect()
      const [x, y] = [box.left + box.width / 2, box.top + box.height / 2]
      if (view !== undefined && (y < view.top || y > view.bottom)) continue
      const hit = document.elementFromPoint(x, y)
      if (hit !== null && keyboard !== null && !inKeyboard(target) && inKeyboard(hit)) continue
      if (hit === null || !(target.contains(hit) || hit.contains(target))) faults.push(`covered: ${words(target)}`)
    }
    for (const text of texts) {
      const style = getComputedStyle(text)
      if (parseFloat(style.fontSize) < minText) faults.push(`text ${style.fontSize}: ${words(text)}`)
      // Cut off: the words do not fit into a box that hides what sticks out.
      const hides = style.overflowX !== 'visible' || style.textOverflow === 'ellipsis'
      if (hides && text.scrollWidth > text.clientWidth + 1 && !inKeyboard(text)) faults.push(`cut off: ${words(text)}`)
    }
    for (const element of new Set([...targets, ...texts])) {
      if (element.closest('.touch-keyboard .typed') !== null) continue
      const box = element.getBoundingClientRect()
      const paged = element.closest('.paged-view') !== null
      if (box.left < -1 || box.right > innerWidth + 1 || (!paged && (box.top < -1 || box.bottom > innerHeight + 1))) faults.push(`outside: ${words(element)}`)
      const view = element.closest('.paged-view')?.getBoundingClientRect()
      if (view !== undefined && (box.left < view.left - 1 || box.right > view.right + 1)) faults.push(`outside its area: ${words(element)}`)
    }
    if (document.documentElement.scrollWidth > innerWidth || document.documentElement.scrollHeight > innerHeight) faults.push('the page scrolls')
    return faults
  }, { minTarget: MIN_TARGET_PX, minText: MIN_TEXT_PX })
}

/** Somebody who looks at every screen, standing and lying, and writes down what is wrong with it. */
export class Looker {
  readonly #page: Page
  readonly #prefix: string
  readonly #faults: string[] = []
  #pictures = 0

  constructor(page: Page, prefix: string) {
    this.#page = page
    this.#prefix = prefix
  }

  /** A picture in both orientations with the measures of hand and eye; axe on the standing one, which lists the same words. */
  async look(name: string): Promise<void> {
    this.#pictures += 1
    const file = `${this.#prefix}-${String(this.#pictures).padStart(2, '0')}-${name}.png`
    for (const [orientation, size] of [['landscape', LANDSCAPE], ['portrait', PORTRAIT]] as const) {
      await this.#page.setViewportSize(size)
      await drawn(this.#page)
      const path = join(OUT, orientation, file)
      await mkdir(dirname(path), { recursive: true })
      await this.#page.screenshot({ path })
      const where = `${file} ${orientation}`
      for (const fault of await faultsOf(this.#page)) this.#faults.push(`${where}: ${fault}`)
      if (orientation === 'landscape') continue
      // In the page itself: the other mode opens a second page for every look. What it is for, frames of other origins, is not here.
      const { violations } = await new AxeBuilder({ page: this.#page }).setLegacyMode().options({ resultTypes: ['violations'], iframes: false }).analyze()
      for (const { id, impact, nodes } of violations) {
        if (impact === 'serious' || impact === 'critical') this.#faults.push(`${where}: axe ${id}: ${nodes.map(({ target }) => String(target)).join(', ').slice(0, 300)}`)
      }
    }
  }

  get faults(): readonly string[] {
    return this.#faults
  }
}
