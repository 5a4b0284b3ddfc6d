import type { Page } from '@playwright/test'
import { expect } from '@playwright/test'

/** A member of staff at the screen: the hidden way in, the pad, the pages of the desk. */
export class StaffMember {
  readonly page: Page

  constructor(page: Page) {
    this.page = page
  }

  /** `test`: the self-test over the desk; the others are what the page is at. */
  async sees(what: 'sign-in' | 'second-factor' | 'desk' | 'test', limitMs = 30_000): Promise<void> {
    await expect(this.page.locator(what === 'test' ? '[data-test]' : `[data-staff="${what}"]`)).toBeVisible({ timeout: limitMs })
  }

  /** The four corners clockwise, as a finger touches them. */
  async openDoor(): Promise<void> {
    const { width, height } = this.page.viewportSize() ?? { width: 0, height: 0 }
    const edge = 20
    for (const [x, y] of [[edge, edge], [width - edge, edge], [width - edge, height - edge], [edge, height - edge]] as const) await this.page.touchscreen.tap(x, y)
    await this.sees('sign-in')
  }

  async type(digits: string): Promise<void> {
    const pad = this.page.locator('[data-digit-pad]')
    for (const digit of digits) await pad.locator(`[data-digit="${digit}"]`).click()
  }

  async enter(entry: 'number' | 'pin' | 'code', digits: string): Promise<void> {
    await this.page.locator(`[data-entry="${entry}"]`).click()
    await this.type(digits)
  }

  async signIn(who: { readonly number: string; readonly pin: string }): Promise<void> {
    await this.openDoor()
    await this.enter('number', who.number)
    await this.enter('pin', who.pin)
    await this.page.locator('[data-action="primary"]').click()
    await this.sees('desk', 30_000)
  }

  async signOut(): Promise<void> {
    await this.page.locator('[data-action="sign-out"]').click()
    await expect(this.page.locator('[data-screen="idle"]')).toBeVisible()
  }

  async show(tab: 'devices' | 'queue' | 'machine' | 'training' | 'journal'): Promise<void> {
    await this.page.locator(`[data-tab="${tab}"]`).click()
    await expect(this.page.locator(`[data-staff-page="${tab}"]`)).toBeVisible()
  }

  /** Opens one device from the list. */
  async chooseDevice(id: string): Promise<void> {
    await this.page.locator(`[data-device="${id}"]`).click()
    await expect(this.page.locator(`[data-device-detail="${id}"]`)).toBeVisible()
  }

  /** Says at the chosen device how much was put in, and takes `less` steps off the usual amount. */
  async changePaper(amount: number, less = 0): Promise<void> {
    await this.page.locator('[data-action="paper-changed"]').click()
    const dialog = this.page.locator('[data-dialog="paper"]')
    await dialog.locator(`[data-value="${amount}"]`).click()
    for (let step = 0; step < less; step++) await dialog.locator('[data-action="less"]').click()
    await dialog.locator('[data-action="confirm"]').click()
    await expect(dialog).toBeHidden()
  }
}
