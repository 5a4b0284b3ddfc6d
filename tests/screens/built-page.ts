import { createServer } from 'node:http'
import { readFile } from 'node:fs/promises'
import { extname, join, normalize } from 'node:path'
import { fileURLToPath } from 'node:url'
import { implement } from '@orpc/server'
import { RPCHandler } from '@orpc/server/ws'
import { chromium } from 'playwright-core'
import { createServer as createVite } from 'vite'
import { WebSocketServer } from 'ws'
import { kioskContract } from '../../core/kiosk-api/contract.ts'
import type { Command } from '../../core/kiosk-api/command.ts'
import type { Snapshot } from '../../core/kiosk-api/snapshot.ts'
import type * as Fixtures from '../../renderer/preview/fixtures.ts'

/**
 * The built page (npm run build first) under the strict CSP that terminals serve, over a real WebSocket: every screen is shown
 * in turn, nothing may break the policy, a touch must come back as a command, and after the session nothing may be left.
 *
 *   node tests/screens/built-page.ts
 */
const CSP = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; font-src 'self'; connect-src 'self' ws://127.0.0.1:*; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
const root = fileURLToPath(new URL('../../dist/page/', import.meta.url))
const types: Readonly<Record<string, string>> = { '.html': 'text/html', '.js': 'text/javascript', '.css': 'text/css', '.woff2': 'font/woff2', '.bin': 'application/octet-stream' }

const vite = await createVite({ configFile: fileURLToPath(new URL('../../vite.config.ts', import.meta.url)), server: { middlewareMode: true, ws: false }, appType: 'custom', logLevel: 'error' })
const fixtures = (await vite.ssrLoadModule('/preview/fixtures.ts')) as typeof Fixtures
await vite.close()

const commands: Command[] = []
let send: (snapshot: Snapshot) => void = () => undefined
const display = { language: 'zh-CN', textSize: 'standard', theme: 'standard', care: false, lowReach: false } as const
let revision = 1
const show = (name: string): Snapshot => ({ ...fixtures.snapshotOf(name, display, false, 1080, 1920), revision: (revision += 1) })

/** What a page sees that has just loaded itself anew, as it does after a session and after staff. */
let current = show('idle')
function push(next: Snapshot): void {
  current = next
  send(next)
}

const implementation = implement(kioskContract)
const router = implementation.router({
  snapshots: implementation.snapshots.handler(async function* () {
    yield current
    for (;;) yield await new Promise<Snapshot>((resolve) => (send = resolve))
  }),
  command: implementation.command.handler(({ input }) => {
    commands.push(input)
    return { result: 'accepted' as const }
  }),
  page: implementation.page.handler(() => ({})),
  photograph: implementation.photograph.handler(() => ({ result: 'refused' as const })),
})

const http = createServer((request, response) => {
  const path = normalize(new URL(request.url ?? '/', 'http://x').pathname)
  const file = join(root, path === '/' ? 'index.html' : path)
  readFile(file).then(
    (body) => response.writeHead(200, { 'content-type': types[extname(file)] ?? 'text/plain', 'content-security-policy': CSP }).end(body),
    () => response.writeHead(404).end(),
  )
})
const sockets = new WebSocketServer({ server: http, path: '/api' })
const handler = new RPCHandler(router)
sockets.on('connection', (socket) => void handler.upgrade(socket, { context: {} }))
await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve))
const address = http.address()
const origin = `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}`

const faults: string[] = []
const browser = await chromium.launch({ executablePath: process.env['CHROMIUM'] ?? '/usr/bin/chromium', args: ['--no-sandbox', '--disable-quic', '--disable-background-networking', '--no-first-run'] })
try {
  const page = await browser.newPage({ viewport: { width: 1080, height: 1920 }, reducedMotion: 'reduce' })
  page.on('pageerror', (error) => faults.push(`error: ${error.message}`))
  page.on('console', (message) => {
    if (message.type() === 'error') faults.push(`console: ${message.text()}`)
  })
  await page.goto(origin)
  await page.waitForSelector('[data-screen=idle]')
  await page.click('[data-action=primary]')
  for (const name of Object.keys(fixtures.screens)) {
    const next = show(name)
    push(next)
    await page.waitForSelector(`[data-screen="${next.screen.kind}"]`)
    await page.evaluate(() => new Promise(requestAnimationFrame))
  }
  push(show('form-gaps'))
  await page.waitForSelector('[data-screen=form]')
  await page.fill('[data-field=phone] input, [data-field=livingAddress] input', '演示市安和区柳林路18号3幢502室')
  await page.keyboard.press('Tab')
  push(show('idle'))
  await page.waitForSelector('[data-screen=idle]')
  const left = await page.evaluate(() => document.documentElement.outerHTML + JSON.stringify([...Object.entries(localStorage), ...Object.entries(sessionStorage)]) + [...document.querySelectorAll('input')].map((input) => input.value).join(''))
  for (const canary of ['陈志远', '990101199011050014', '何建国', '柳林路18号']) if (left.includes(canary)) faults.push(`"${canary}" is still in the page after the session`)
  if (!commands.some(({ type }) => type === 'start')) faults.push('the touch on "start" did not arrive')
  if (!commands.some((command) => command.type === 'save-form' && JSON.stringify(command.data).includes('柳林路18号'))) faults.push('what was typed was not saved')
} finally {
  await browser.close()
  for (const socket of sockets.clients) socket.terminate()
  sockets.close()
  http.close()
}
for (const fault of faults) console.log(fault)
console.log(`${faults.length} faults; commands: ${commands.map(({ type }) => type).join(' ')}`)
process.exitCode = faults.length > 0 ? 1 : 0
