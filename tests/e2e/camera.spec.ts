import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createCanvas, loadImage } from '@napi-rs/canvas'
import type { Browser, Page } from '@playwright/test'
import { expect, test } from '@playwright/test'
import { Citizen } from './citizen.ts'
import { faultsOf } from './looking.ts'
import { LANDSCAPE, launchBrowser, PORTRAIT, RunningKiosk } from './running-kiosk.ts'

/** Chromium's fake camera shows what lies under it, at the size of a true document camera. */
const PICTURE = { width: 4000, height: 3000 }
const FRAMES = 2

/** Where the signatures stand on the lease, in shares of its height. */
const SIGNATURES = [0.718, 0.83] as const

let kiosk: RunningKiosk
let browser: Browser
let folder: string
let film: string

interface Laid {
  readonly page: 'lease' | 'household-register'
  /** A lease on two sheets: signatures and their day stand on the second, which has no title. */
  readonly sheet?: 1 | 2
  readonly degrees?: number
  readonly blurPx?: number
}

/** A file of JPEGs one after another is a film that Chromium plays as a camera, over and over; it opens it anew with the camera. */
async function lay({ page, sheet: part, degrees = 0, blurPx = 0 }: Laid): Promise<void> {
  const sheet = await loadImage(readFileSync(new URL(`../../sandbox/devices/scanner/pages/${page}.jpg`, import.meta.url)))
  const canvas = createCanvas(PICTURE.width, PICTURE.height)
  const context = canvas.getContext('2d')
  context.fillStyle = '#5f6a72'
  context.fillRect(0, 0, PICTURE.width, PICTURE.height)
  const height = degrees === 0 ? 2860 : 2560
  const width = Math.round((sheet.width / sheet.height) * height)
  // A sheet that is nearly empty looks brighter to the camera than it is; this one lies in a little less light.
  if (part === 2) context.filter = 'brightness(0.88)'
  if (blurPx > 0) context.filter = `blur(${blurPx}px)`
  context.translate(PICTURE.width / 2, PICTURE.height / 2)
  context.rotate((degrees * Math.PI) / 180)
  context.drawImage(sheet, -width / 2, -height / 2, width, height)
  // In the colour of the paper, over what stands on the other sheet.
  context.fillStyle = '#f8f7f2'
  const [from, to] = part === 1 ? SIGNATURES : [0.07, SIGNATURES[0]]
  if (part !== undefined) context.fillRect(-0.42 * width, (from - 0.5) * height, 0.84 * width, (to - from) * height)
  writeFileSync(film, Buffer.concat(Array<Buffer>(FRAMES).fill(canvas.toBuffer('image/jpeg', 90))))
}

test.beforeAll(async () => {
  test.setTimeout(240_000)
  folder = mkdtempSync(join(tmpdir(), 'camera-e2e-'))
  film = join(folder, 'desk.mjpeg')
  await lay({ page: 'lease', sheet: 1 })
  kiosk = await RunningKiosk.start({ switches: ['--camera'] })
  browser = await launchBrowser('--use-fake-device-for-media-stream', '--use-fake-ui-for-media-stream', `--use-file-for-fake-video-capture=${film}`)
})
test.afterAll(async () => {
  await browser.close()
  await kiosk.stop()
  rmSync(folder, { recursive: true, force: true })
})

/** What the page asked of the browser's cameras, and what became of it. */
interface Media { readonly asked: readonly MediaStreamConstraints[]; readonly tracks: readonly MediaStreamTrack[] }
declare global { interface Window { media: Media } }

async function openPage(viewport: { readonly width: number; readonly height: number }): Promise<Page> {
  const context = await browser.newContext({ viewport, hasTouch: true, locale: 'zh-CN', reducedMotion: 'reduce', permissions: ['camera'] })
  const page = await context.newPage()
  await page.addInitScript(() => {
    const media = { asked: [] as MediaStreamConstraints[], tracks: [] as MediaStreamTrack[] }
    window.media = media
    const ask = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices)
    navigator.mediaDevices.getUserMedia = async (constraints = {}) => {
      media.asked.push(constraints)
      const stream = await ask(constraints)
      media.tracks.push(...stream.getTracks())
      return stream
    }
  })
  await page.goto(`${kiosk.bench}/kiosk`)
  await expect(page.getByText('可用', { exact: true })).toHaveCount(4, { timeout: 30_000 })
  return page
}

/** A citizen who is asked for the lease. */
async function toScan(page: Page): Promise<Citizen> {
  const citizen = new Citizen(page)
  await citizen.toChecklistOfPermit()
  await citizen.next()
  await kiosk.lay('chen-zhiyuan')
  await citizen.sees('consent')
  await citizen.next()
  await citizen.sees('form')
  await citizen.fillPermitForm()
  await citizen.give('home-proof', 'scan', 'lease')
  await citizen.sees('scan')
  return citizen
}

const tracks = (page: Page): Promise<readonly string[]> => page.evaluate(() => window.media.tracks.map((track) => `${track.kind} ${track.readyState}`))

/** Every page that the reading names from now on. */
async function watchReading(page: Page): Promise<() => Promise<readonly string[]>> {
  const read = await page.evaluateHandle(() => {
    const seen = new Set<string>()
    new MutationObserver(() => {
      const words = document.querySelector('[data-stage="reading"] [data-position]')?.textContent
      if (words !== undefined) seen.add(words)
    }).observe(document.body, { subtree: true, childList: true, characterData: true })
    return seen
  })
  return () => read.evaluate((seen) => [...seen])
}

test('a lease on two sheets under the camera becomes pages of the application that are both read, and the light is out again', async () => {
  const page = await openPage(PORTRAIT)
  const citizen = await toScan(page)
  // That the camera is there was learned without opening it.
  expect(await page.evaluate(() => window.media.asked.length)).toBe(0)
  await citizen.press('use-camera')
  await expect(page.locator('[data-camera="live"] video')).toBeVisible({ timeout: 30_000 })
  expect(await page.evaluate(() => [document.querySelector('video')?.videoWidth, document.querySelector('video')?.videoHeight])).toEqual([PICTURE.width, PICTURE.height])
  expect(await page.evaluate(() => window.media.asked.every(({ audio }) => audio === false))).toBe(true)

  await citizen.next()
  await expect(page.locator('[data-stage="look"] img')).toBeVisible({ timeout: 30_000 })
  // The paper alone: A4 at 200 dpi.
  expect(await page.locator('[data-stage="look"] img').evaluate((img) => img instanceof HTMLImageElement && [img.naturalWidth, img.naturalHeight])).toEqual([1654, 2339])
  await expect(page.locator('[data-problem]')).toHaveCount(0)
  // Dark as soon as the picture is taken.
  expect(new Set(await tracks(page))).toEqual(new Set(['video ended']))

  // The edges can be set by hand: by keys, by the arrows, and by a finger with the magnifier beside it.
  await citizen.press('adjust-edges')
  const corner = page.locator('[data-corner="bottomRight"]')
  await expect(page.locator('.corner-frame img')).toBeVisible({ timeout: 30_000 })
  const before = await corner.boundingBox()
  expect(Math.min(before?.width ?? 0, before?.height ?? 0)).toBeGreaterThanOrEqual(60)
  await corner.focus()
  await page.keyboard.press('ArrowLeft')
  await citizen.press('nudge-up')
  const after = await corner.boundingBox()
  expect([Math.round((after?.x ?? 0) - (before?.x ?? 0)), Math.round((after?.y ?? 0) - (before?.y ?? 0))]).toEqual([-2, -6])
  await page.mouse.move((after?.x ?? 0) + 30, (after?.y ?? 0) + 30)
  await page.mouse.down()
  await page.mouse.move((after?.x ?? 0) - 10, (after?.y ?? 0) + 20)
  await expect(page.locator('.corner-magnifier')).toBeVisible()
  await page.mouse.up()
  await citizen.press('reset-corners')
  expect(await corner.boundingBox()).toEqual(before)
  await citizen.next()
  await expect(page.locator('[data-stage="look"] img')).toBeVisible({ timeout: 30_000 })

  await lay({ page: 'lease', sheet: 2 })
  await citizen.press('add-page')
  await expect(citizen.screen('scan')).toContainText('请放第 2 页')
  await expect(page.locator('[data-camera="live"]')).toBeVisible({ timeout: 30_000 })
  await citizen.next()
  await expect(page.locator('[data-stage="look"] [data-pages="2"]')).toContainText('第 2 页，共 2 页', { timeout: 30_000 })
  await expect(page.locator('[data-problem]')).toHaveCount(0)
  expect(await faultsOf(page)).toEqual([])
  // Back by mistake: nothing goes before the citizen says so.
  await citizen.press('back')
  await expect(page.locator('[data-back-dialog]')).toContainText('要去掉这 2 页吗？')
  expect(await faultsOf(page)).toEqual([])
  await citizen.press('keep-pages')
  await expect(page.locator('[data-back-dialog]')).toHaveCount(0)
  await expect(page.locator('[data-stage="look"] [data-pages="2"]')).toBeVisible()
  const read = await watchReading(page)
  await citizen.next()
  await expect(page.locator('[data-stage="confirm"]')).toBeVisible({ timeout: 90_000 })
  expect(await read()).toEqual(['第 1 页，共 2 页：', '第 2 页，共 2 页：'])
  for (const [field, value] of [['tenant', '陈志远'], ['signedDate', '2025-02-20']] as const) await expect(page.locator(`[data-read-field="${field}"] input`)).toHaveValue(value)
  await expect(page.locator('[data-stage="confirm"] .notice')).toHaveCount(0)
  // A value from the sheet without a title is shown for comparing, each value on the sheet where it stands.
  await expect(page.locator('[data-read-field="signedDate"]')).toHaveAttribute('data-state', 'unsure')
  const picture = (where: string): Promise<string | null> => page.locator(`[data-stage="confirm"] ${where} img`).getAttribute('src')
  expect(await picture('[data-read-field="tenant"]')).toBe(await picture('.page-picture'))
  await citizen.press('next-page')
  await expect(page.locator('[data-stage="confirm"] .sheet-strip')).toContainText('第 2 页，共 2 页')
  expect(await picture('[data-read-field="signedDate"]')).toBe(await picture('.page-picture'))
  expect(await faultsOf(page)).toEqual([])
  // Nor does what was typed go by a touch on the way to the pages.
  const tenant = page.locator('[data-read-field="tenant"] input')
  await tenant.fill('周桂兰')
  await citizen.closeKeyboard()
  await citizen.press('show-pages')
  await expect(page.locator('[data-back-dialog]')).toContainText('要去掉您填的内容吗？')
  expect(await faultsOf(page)).toEqual([])
  await citizen.press('keep-pages')
  await expect(tenant).toHaveValue('周桂兰')
  await tenant.fill('陈志远')
  await citizen.closeKeyboard()
  await citizen.confirmRead()
  await citizen.given('home-proof')
  await expect(citizen.material('home-proof')).toContainText('已扫描 2 页')
  expect(new Set(await tracks(page))).toEqual(new Set(['video ended']))
  await citizen.leave()
  await page.context().close()
})

test('a blurred picture is asked for again, the wrong paper is named, leaving in the middle leaves nothing, and a lease laid askew fills the form', async () => {
  test.setTimeout(240_000)
  const page = await openPage(PORTRAIT)
  const citizen = await toScan(page)
  const shoot = async (laid: Laid): Promise<void> => {
    await lay(laid)
    if (await page.locator('[data-stage]').count() === 0) await citizen.give('home-proof', 'scan', 'lease')
    else if (await page.locator('[data-stage="lay-page"]').count() === 0) await citizen.press(await page.locator('[data-action="scan-again"]').count() > 0 ? 'scan-again' : 'primary')
    await expect(page.locator('[data-stage="lay-page"]')).toBeVisible()
    if (await page.locator('[data-action="use-camera"]').count() > 0) await citizen.press('use-camera')
    await expect(page.locator('[data-camera="live"]')).toBeVisible({ timeout: 30_000 })
    await citizen.next()
  }
  await shoot({ page: 'lease', blurPx: 9 })
  await expect(page.locator('[data-problem="blurred"]')).toBeVisible({ timeout: 30_000 })
  await expect(page.locator('[data-action="use-all-the-same"]')).toHaveCount(0)

  await shoot({ page: 'household-register' })
  await expect(page.locator('[data-stage="look"]')).toBeVisible({ timeout: 30_000 })
  await expect(page.locator('[data-problem]')).toHaveCount(0)
  await citizen.next()
  await expect(page.locator('[data-stage="confirm"] .notice')).toContainText('这是户口簿本人页，这里需要的是房屋租赁合同', { timeout: 60_000 })
  await expect(page.locator('[data-read-field]')).toHaveCount(0)

  await shoot({ page: 'lease', degrees: 8 })
  await expect(page.locator('[data-stage="look"]')).toBeVisible({ timeout: 30_000 })
  await citizen.next()
  await expect(page.locator('[data-stage="reading"]')).toBeVisible()
  await citizen.press('back')
  await citizen.sees('materials')
  await expect(page.locator('[data-material="home-proof"]')).not.toContainText('已扫描')

  await shoot({ page: 'lease', degrees: 8 })
  await expect(page.locator('[data-stage="look"]')).toBeVisible({ timeout: 30_000 })
  await citizen.next()
  await expect(page.locator('[data-stage="confirm"]')).toBeVisible({ timeout: 60_000 })
  for (const [field, value] of [['tenant', '陈志远'], ['tenantNumber', '990101199011050014'], ['landlord', '何建国'], ['address', '示范市示范区柳林路18号3幢502室']] as const) await expect(page.locator(`[data-read-field="${field}"] input`)).toHaveValue(value)
  await citizen.confirmRead()
  await citizen.given('home-proof')
  await citizen.press('back')
  await citizen.sees('form')
  await citizen.reach('livingAddress')
  await expect(citizen.field('livingAddress')).toContainText('扫描')
  await citizen.leave()
  await page.context().close()
})

test('the screen follows the camera being pulled out and put back, and leaving the step puts the light out', async () => {
  const page = await openPage(LANDSCAPE)
  const citizen = await toScan(page)
  await expect(page.locator('[data-action="use-camera"]')).toBeVisible()
  const plug = (there: boolean): Promise<void> => page.evaluate((isThere) => {
    const media = navigator.mediaDevices as { enumerateDevices?: unknown }
    if (isThere) delete media.enumerateDevices
    else media.enumerateDevices = () => Promise.resolve([])
    navigator.mediaDevices.dispatchEvent(new Event('devicechange'))
  }, there)
  await plug(false)
  await expect(page.locator('[data-action="use-camera"]')).toBeHidden()
  await plug(true)
  await expect(page.locator('[data-action="use-camera"]')).toBeVisible()

  await citizen.press('use-camera')
  await expect(page.locator('[data-camera="live"]')).toBeVisible({ timeout: 30_000 })
  // A track that ends by itself is a plug that came out.
  await page.evaluate(() => window.media.tracks.at(-1)?.dispatchEvent(new Event('ended')))
  await expect(page.locator('[data-camera="lost"]')).toBeVisible()
  await expect(page.locator('[data-action="primary"]')).toHaveAttribute('aria-disabled', 'true')
  await citizen.press('use-scanner')
  await expect(page.locator('[data-stage="lay-page"] .scanner-picture')).toBeVisible()
  await plug(true)
  await citizen.press('use-camera')
  await expect(page.locator('[data-camera="live"]')).toBeVisible({ timeout: 30_000 })
  await citizen.press('back')
  await citizen.sees('materials')
  expect(new Set(await tracks(page))).toEqual(new Set(['video ended']))
  await citizen.leave()
  await page.context().close()
})
