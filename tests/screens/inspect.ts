import { fileURLToPath } from 'node:url'
import { AxeBuilder } from '@axe-core/playwright'
import type { Browser, Page } from 'playwright-core'
import { createServer } from 'vite'
import { faultsOf } from '../e2e/looking.ts'
import { launchBrowser } from '../e2e/running-kiosk.ts'

export const ORIENTATIONS = [
  { name: 'portrait', width: 1080, height: 1920 },
  { name: 'landscape', width: 1920, height: 1080 },
] as const

/** What a hand, an eye or assistive technology would stumble over on the screen as it is now; each fault in one line. */
export async function inspect(page: Page): Promise<readonly string[]> {
  const { violations } = await new AxeBuilder({ page }).analyze()
  const serious = violations.filter(({ impact }) => impact === 'serious' || impact === 'critical')
  return [...(await faultsOf(page)), ...serious.map(({ id, nodes }) => `axe ${id}: ${nodes.map(({ target }) => String(target)).join(', ').slice(0, 300)}`)]
}

/** Serves the preview (renderer/preview) and starts the browser; both end with `work`. */
export async function withPreview(work: (browser: Browser, origin: string) => Promise<void>): Promise<void> {
  const server = await createServer({ configFile: fileURLToPath(new URL('../../vite.config.ts', import.meta.url)), server: { port: 0, host: '127.0.0.1', hmr: false }, logLevel: 'error' })
  await server.listen()
  const address = server.httpServer?.address()
  const port = typeof address === 'object' && address !== null ? address.port : 0
  const browser = await launchBrowser()
  try {
    await work(browser, `http://127.0.0.1:${port}`)
  } finally {
    await browser.close()
    await server.close()
  }
}
