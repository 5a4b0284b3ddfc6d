import type { Locator, Page } from '@playwright/test'
import { expect } from '@playwright/test'

/**
 * A citizen at the screen: what a hand does, in the words of the journey. Nothing here reaches behind the screen; devices
 * are moved through the bench.
 */
export class Citizen {
  readonly page: Page

  constructor(page: Page) {
    this.page = page
  }

  screen(kind: string): Locator {
    return this.page.locator(`[data-screen="${kind}"]`)
  }

  async sees(kind: string, limitMs = 30_000): Promise<void> {
    await expect(this.screen(kind)).toBeVisible({ timeout: limitMs })
  }

  /** To the list of papers of a first residence permit (M05) on the strength of a home. */
  async toChecklistOfPermit(): Promise<void> {
    await this.begin('M05')
    await this.answerAll({ kind: 'apply', halfYear: 'yes', basis: 'home', who: 'self' })
    await this.sees('checklist')
  }

  /** From the form of that permit, for a rented home, to its materials. */
  async fillPermitForm(): Promise<void> {
    await this.chooseDate('since', '2024', 3, 1)
    await this.choose('homeHeld', 'rented')
    await this.type('phone', '10000000001')
    await this.choose('delivery', 'pick-up')
    await this.finishForm()
    await this.sees('materials')
  }

  /** The one obvious next step. */
  async next(): Promise<void> {
    await this.page.locator('[data-action="primary"]').click()
  }

  async press(action: string): Promise<void> {
    await this.page.locator(`[data-action="${action}"]`).click()
  }

  async begin(matter: string): Promise<void> {
    await this.next()
    await this.sees('matters')
    await this.page.locator(`[data-matter="${matter}"]`).click()
    await this.sees('guide')
    await this.next()
  }

  async answer(question: string, value: string): Promise<void> {
    const choices = this.page.locator(`[data-question="${question}"]`)
    await choices.locator(`[data-value="${value}"]`).click()
    await this.next()
    await expect(choices).toBeHidden()
  }

  /** Answers one question after another, in the order given. */
  async answerAll(answers: Readonly<Record<string, string>>): Promise<void> {
    for (const [question, value] of Object.entries(answers)) await this.answer(question, value)
  }

  field(name: string): Locator {
    return this.page.locator(`[data-field="${name}"]`)
  }

  /** Long forms come in parts; this turns to the part with the field. */
  async reach(name: string): Promise<Locator> {
    const field = this.field(name)
    await this.sees('form')
    for (let part = 0; part < 8 && !(await field.isVisible()); part++) {
      const title = this.screen('form').locator('.screen-body')
      const before = await title.textContent()
      await this.next()
      await expect(title).not.toHaveText(before ?? '')
    }
    return field
  }

  /** Types with the machine's own keyboard closed, as a physical keyboard does. */
  async type(name: string, words: string): Promise<void> {
    const field = await this.reach(name)
    const input = field.locator('input, textarea')
    await input.fill(words)
    await this.closeKeyboard()
  }

  async choose(name: string, ...values: readonly string[]): Promise<void> {
    const field = await this.reach(name)
    for (const value of values) {
      const option = field.locator(`[data-value="${value}"]`)
      await option.click()
      await expect(option).toHaveAttribute('aria-checked', 'true')
    }
  }

  async chooseDate(name: string, year: string, month: number, day?: number): Promise<void> {
    const field = await this.reach(name)
    await field.locator('.field-date').click()
    const picker = this.page.locator('[data-date-picker]')
    for (const digit of year) await picker.locator(`[data-digit="${digit}"]`).click()
    await picker.locator(`[data-month="${month}"]`).click()
    if (day !== undefined) await picker.locator(`[data-day="${day}"]`).click()
    await picker.locator('[data-action="choose-date"]').click()
  }

  async closeKeyboard(): Promise<void> {
    await this.page.locator('h1').first().evaluate((heading) => (document.activeElement instanceof HTMLElement ? document.activeElement.blur() : heading.focus()))
  }

  /** Goes on through the parts of the form until it is left. */
  async finishForm(): Promise<void> {
    for (let part = 0; part < 8; part++) {
      if (!(await this.screen('form').isVisible())) return
      const body = this.screen('form').locator('.screen-body')
      const before = await body.textContent()
      await this.next()
      // Never waits for the body itself: the form may be left between two looks at it.
      await expect.poll(async () => (await body.allTextContents())[0] !== before).toBe(true)
    }
  }

  /** Looks through what was read of a paper to its last line, and takes it. */
  async confirmRead(): Promise<void> {
    const stage = this.page.locator('[data-stage="confirm"]')
    const view = stage.locator('.paged-view')
    const last = stage.locator('[data-read-field]').last()
    for (let turn = 0; turn < 12 && (await stage.isVisible()); turn++) {
      const before = await view.evaluate(({ scrollTop }) => scrollTop)
      const isSeen = await last.evaluate((field) => field.getBoundingClientRect().bottom <= (field.closest('.paged-view')?.getBoundingClientRect().bottom ?? 0) + 6)
      await this.next()
      if (isSeen) return
      await expect.poll(() => view.evaluate(({ scrollTop }) => scrollTop)).toBeGreaterThan(before)
      // The page glides: it has come to rest when two looks find it in one place.
      await expect.poll(() => view.evaluate(async (box) => {
        const was = box.scrollTop
        await new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)))
        return box.scrollTop - was
      })).toBe(0)
    }
  }

  material(id: string): Locator {
    return this.page.locator(`li[data-material="${id}"]`)
  }

  async give(material: string, way: string, document?: string): Promise<void> {
    const item = this.material(material)
    await expect(item).toBeVisible()
    const open = item.locator('[data-action="open-material"]')
    if (await open.isVisible()) await open.click()
    await item.locator(document === undefined ? `[data-way="${way}"]` : `[data-way="${way}"][data-document="${document}"]`).first().click()
  }

  async given(material: string): Promise<void> {
    await expect(this.material(material)).toHaveAttribute('data-state', 'given')
  }

  /** Signs with two strokes across the pad. */
  async sign(): Promise<void> {
    await this.sees('sign')
    const box = await this.page.locator('canvas').boundingBox()
    if (box === null) throw new Error('no signature pad')
    const at = (x: number, y: number): [number, number] => [box.x + box.width * x, box.y + box.height * y]
    const strokes: readonly (readonly [number, number])[][] = [
      [[0.2, 0.25], [0.3, 0.75], [0.4, 0.3], [0.5, 0.7]],
      [[0.55, 0.3], [0.7, 0.3], [0.62, 0.75], [0.8, 0.6]],
    ]
    for (const stroke of strokes) {
      const [first, ...rest] = stroke
      if (first === undefined) continue
      await this.page.mouse.move(...at(...first))
      await this.page.mouse.down()
      for (const point of rest) await this.page.mouse.move(...at(...point), { steps: 6 })
      await this.page.mouse.up()
    }
    await this.next()
  }

  /** How the paper of the submission stands on the screen: the printer's own word, not that of an earlier paper. */
  async paperIs(state: 'printing' | 'printed' | 'failed' | 'unknown', limitMs = 30_000): Promise<void> {
    await expect(this.screen('outcome').locator(`[data-printing="${state}"]`)).toBeVisible({ timeout: limitMs })
  }

  /** Ends whatever is under way, so that the next citizen finds the idle screen. */
  async leave(): Promise<void> {
    const idle = this.screen('idle')
    const farewell = this.screen('farewell')
    const leave = this.page.locator('[data-action="leave"]')
    // The screen before may still be there, and has no way out.
    await expect(idle.or(farewell).or(leave).first()).toBeVisible()
    if (await farewell.isVisible()) await this.next()
    else if (await leave.isVisible()) {
      await leave.click()
      const confirm = this.page.locator('[data-action="confirm-leave"]')
      await expect(confirm.or(idle).first()).toBeVisible()
      if (await confirm.isVisible()) await confirm.click()
    }
    await this.sees('idle')
  }
}
