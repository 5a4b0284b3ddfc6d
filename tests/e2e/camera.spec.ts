import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createCanvas, loadImage } from '@napi-rs/canvas'
import type { Browser, Page } from '@playwright/test'
import { expect, test } from '@playwright/test'
import { Citizen } from './citizen.ts'
import { LANDSCAPE, launchBrowser, PORTRAIT, RunningKiosk } from './running-kiosk.ts'

/** Chromium's fake camera shows a lease on a desk, at the size of a true document camera. */
const PICTURE = { width: 4000, height: 3000 }
const FRAMES = 2

let kiosk: RunningKiosk
let browser: Browser
let folder: string

/** A file of JPEGs one after another is a film that Chromium plays as a camera, over and over. */
async function filmOfLease(file: string): Promise<void> {
  const lease = await loadImage(readFileSync(new URL('../../sandbox/devices/scanner/pages/lease.jpg', import.meta.url)))
  const canvas = createCanvas(PICTURE.width, PICTURE.height)
  const context = canvas.getContext('2d')
  context.fillStyle = '#5f6a72'
  context.fillRect(0, 0, PICTURE.width, PICTURE.height)
  const height = 2900
  const width = Math.round((lease.width / lease.height) * height)
  context.drawImage(lease, (PICTURE.width - width) / 2, (PICTURE.height - height) / 2, width, height)
  writeFileSync(file, Buffer.concat(Array<Buffer>(FRAMES).fill(canvas.toBuffer('image/jpeg', 90))))
}

test.beforeAll(async () => {
  test.setTimeout(240_000)
  folder = mkdtempSync(join(tmpdir(), 'camera-e2e-'))
  const film = join(folder, 'lease.mjpeg')
  await filmOfLease(film)
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
  await citizen.begin('M05')
  await citizen.answerAll({ kind: 'apply', halfYear: 'yes', basis: 'home', who: 'self' })
  await citizen.sees('checklist')
  await citizen.next()
  await kiosk.lay('chen-zhiyuan')
  await citizen.sees('consent')
  await citizen.next()
  await citizen.sees('form')
  await citizen.chooseDate('since', '2024', 3, 1)
  await citizen.choose('homeHeld', 'rented')
  await citizen.type('phone', '10000000001')
  await citizen.choose('delivery', 'pick-up')
  await citizen.finishForm()
  await citizen.sees('materials')
  await citizen.give('home-proof', 'scan', 'lease')
  await citizen.sees('scan')
  return citizen
}

const tracks = (page: Page): Promise<readonly string[]> => page.evaluate(() => window.media.tracks.map((track) => `${track.kind} ${track.readyState}`))

test('a lease under the camera becomes a page of the application, and the light is out again', async () => {
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
  expect(await page.locator('[data-stage="look"] img').evaluate((img) => img instanceof HTMLImageElement && [img.naturalWidth, img.naturalHeight])).toEqual([PICTURE.width, PICTURE.height])
  // Dark as soon as the picture is taken.
  expect(new Set(await tracks(page))).toEqual(new Set(['video ended']))

  // Once more, because a hand was in the picture: the camera opens again by itself.
  await citizen.press('scan-again')
  await expect(page.locator('[data-camera="live"]')).toBeVisible({ timeout: 30_000 })
  await citizen.next()
  await expect(page.locator('[data-stage="look"] img')).toBeVisible({ timeout: 30_000 })
  await citizen.next()
  await expect(page.locator('[data-stage="confirm"]')).toBeVisible({ timeout: 90_000 })
  await citizen.next()
  await citizen.given('home-proof')
  expect(new Set(await tracks(page))).toEqual(new Set(['video ended']))
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
