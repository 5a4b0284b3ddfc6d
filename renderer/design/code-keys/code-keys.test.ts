import { readFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { Server } from 'node:http'
import { stripTypeScriptTypes } from 'node:module'
import type { AddressInfo } from 'node:net'
import { chromium } from 'playwright-core'
import type { Browser, CDPSession, Page } from 'playwright-core'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { findBrowser } from '../../../tools/browser.mjs'

const CHROMIUM = findBrowser()

/** What the page has seen, as a test reads it. */
interface Seen {
  readonly codes: string[]
  readonly clicks: number
  readonly changes: string[]
  /** Keys that reached the page itself. */
  readonly keys: string[]
}

const PAGE = `<!doctype html><meta charset="utf-8">
<input id="name"><input id="short" maxlength="3"><button id="button">go</button>
<script type="module">
  import { installCodeKeys } from '/design/code-keys/code-keys.ts'
  window.seen = { codes: [], clicks: 0, changes: [], keys: [] }
  // The window with timers that run when a test says so: how busy this machine is must not decide what is a scan.
  const waiting = []
  const page = {
    document, performance: { now: () => Number.MAX_SAFE_INTEGER },
    addEventListener: (...given) => window.addEventListener(...given), removeEventListener: (...given) => window.removeEventListener(...given),
    setTimeout: (run) => waiting.push(run), clearTimeout: (id) => { if (id !== undefined) waiting[id - 1] = undefined },
  }
  window.passTime = () => { for (let index = 0; index < waiting.length; index++) { const run = waiting[index]; waiting[index] = undefined; run?.() } }
  window.takeAway = installCodeKeys(page, (text) => window.seen.codes.push(text))
  window.addEventListener('keydown', (event) => window.seen.keys.push(event.key))
  document.getElementById('button').addEventListener('click', () => window.seen.clicks++)
  document.getElementById('name').addEventListener('change', (event) => window.seen.changes.push(event.target.value))
  window.isReady = true
</script>`

/** A real Chromium, because what is proved here is what browsers do with keys that are swallowed. */
describe.skipIf(CHROMIUM === undefined)('keys in a page (needs chromium)', () => {
  let server: Server
  let browser: Browser
  let page: Page
  let wire: CDPSession

  beforeAll(async () => {
    server = createServer((request, response) => {
      const path = new URL(request.url ?? '/', 'http://page').pathname
      if (!path.endsWith('.ts')) {
        response.setHeader('content-type', 'text/html; charset=utf-8').end(PAGE)
        return
      }
      void readFile(new URL(`../..${path}`, import.meta.url), 'utf8').then((source) => response.setHeader('content-type', 'text/javascript').end(stripTypeScriptTypes(source)))
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const asRoot = process.getuid?.() === 0
    browser = await chromium.launch({ executablePath: CHROMIUM ?? '', args: [...(asRoot ? ['--no-sandbox'] : []), '--disable-quic', '--disable-background-networking', '--no-first-run'] })
    page = await browser.newPage()
    wire = await page.context().newCDPSession(page)
  })

  afterAll(async () => {
    await browser.close()
    await new Promise((resolve) => server.close(resolve))
  })

  beforeEach(async () => {
    await page.goto(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`)
    await page.waitForFunction('window.isReady === true')
  })

  /** Keys with the times at which a keyboard would have sent them; the browser takes those as the times of the events. */
  async function type(keys: readonly string[], gapMs: number): Promise<void> {
    const startMs = Date.now()
    for (const [index, key] of keys.entries()) {
      const timestamp = (startMs + index * gapMs) / 1000
      const isText = [...key].length === 1
      const code = { Enter: 13, Backspace: 8 }[key]
      await wire.send('Input.dispatchKeyEvent', { type: isText || key === 'Enter' ? 'keyDown' : 'rawKeyDown', key, timestamp, ...(isText ? { text: key } : {}), ...(key === 'Enter' ? { text: '\r' } : {}), ...(code === undefined ? {} : { windowsVirtualKeyCode: code }) })
      await wire.send('Input.dispatchKeyEvent', { type: 'keyUp', key, timestamp, ...(code === undefined ? {} : { windowsVirtualKeyCode: code }) })
    }
  }
  /** Long enough for whatever is kept back or still open. */
  const passTime = (): Promise<void> => page.evaluate('window.passTime()')
  const seen = (): Promise<Seen> => page.evaluate('window.seen')
  const value = (id: string): Promise<string> => page.inputValue(`#${id}`)
  const settled = async (id: string, expected: string): Promise<void> => void (await page.waitForFunction(([field, text]) => (document.getElementById(field ?? '') as HTMLInputElement).value === text, [id, expected] as const))
  const codeCame = async (): Promise<void> => void (await page.waitForFunction('window.seen.codes.length > 0'))

  test('a scan reaches no field, presses no button, and is one code', async () => {
    await page.focus('#name')
    await type([...'YCYM-20260115', 'Enter'], 5)
    await codeCame()
    expect(await seen()).toEqual({ codes: ['YCYM-20260115'], clicks: 0, changes: [], keys: [] })
    expect(await value('name')).toBe('')
    await page.focus('#button')
    await type([...'YCYM-2', 'Enter'], 5)
    expect((await seen()).codes).toEqual(['YCYM-20260115', 'YCYM-2'])
    expect((await seen()).clicks).toBe(0)
  })

  test('a scan without Enter ends by itself', async () => {
    await page.focus('#name')
    await type([...'12345678'], 5)
    expect((await seen()).codes).toEqual([])
    await passTime()
    await codeCame()
    expect((await seen()).codes).toEqual(['12345678'])
    expect(await value('name')).toBe('')
  })

  test('what a person types stands in the field, in order, and the page heard the keys and the change', async () => {
    await page.focus('#name')
    await type([...'Anna Maria'], 80)
    await passTime()
    await settled('name', 'Anna Maria')
    await page.focus('#button')
    expect(await seen()).toEqual({ codes: [], clicks: 0, changes: ['Anna Maria'], keys: [...'Anna Maria'] })
  })

  test('typing goes in where the caret stands, and Backspace takes the right character', async () => {
    await page.fill('#name', 'XY')
    await page.evaluate("document.getElementById('name').setSelectionRange(1, 1)")
    await page.focus('#name')
    await type(['a', 'b', 'Backspace', 'c'], 60)
    await passTime()
    await settled('name', 'XacY')
  })

  test('a field keeps its own limit', async () => {
    await page.focus('#short')
    await type([...'abcde'], 60)
    await passTime()
    await settled('short', 'abc')
  })

  test('a person, then a scan, then the person again', async () => {
    await page.focus('#name')
    await type(['a', 'b'], 80)
    await passTime()
    await settled('name', 'ab')
    await type([...'99887766', 'Enter'], 5)
    await codeCame()
    await type(['c'], 80)
    await passTime()
    await settled('name', 'abc')
    expect((await seen()).codes).toEqual(['99887766'])
  })

  test('two keys rolled together keep their place in the field where they were typed, though the focus moved on', async () => {
    await page.focus('#name')
    await type(['a', 'b'], 10)
    await page.focus('#short')
    await passTime()
    await settled('name', 'ab')
    expect(await value('short')).toBe('')
  })

  test('taken away, keys go their ordinary way', async () => {
    await page.evaluate('window.takeAway()')
    await page.focus('#name')
    await type([...'12345'], 5)
    await settled('name', '12345')
    expect((await seen()).codes).toEqual([])
  })
})
