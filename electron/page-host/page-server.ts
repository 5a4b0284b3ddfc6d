import { createHash, randomBytes, timingSafeEqual } from 'node:crypto'
import { createServer } from 'node:http'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { readFile } from 'node:fs/promises'
import { extname, join, normalize, sep } from 'node:path'
import { RPCHandler } from '@orpc/server/ws'
import { WebSocketServer } from 'ws'
import { LARGEST_PHOTOGRAPH_BYTES } from '../../core/kiosk-api/contract.ts'
import { PAGE_POLICY } from '../services/page-policy.ts'
import type { KioskRouter } from '../services/kiosk-api/router.ts'

/** Nothing that the page sends is larger than a photograph of the document camera, in base64. */
const MAX_MESSAGE_BYTES = Math.ceil(LARGEST_PHOTOGRAPH_BYTES / 3) * 4 + 65_536
const COOKIE = 'kiosk'

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8', '.js': 'text/javascript; charset=utf-8', '.css': 'text/css; charset=utf-8', '.json': 'application/json',
  '.svg': 'image/svg+xml', '.png': 'image/png', '.jpg': 'image/jpeg', '.woff2': 'font/woff2', '.bin': 'application/octet-stream', '.txt': 'text/plain; charset=utf-8', '.ico': 'image/x-icon',
}

export interface PageServerOptions {
  /** Folder of the built page. */
  readonly folder: string
  /** 0 finds a free port. */
  readonly port: number
  readonly router: KioskRouter
}

/** The page host's front: the built page and the kiosk API, on the loopback address only. */
export interface PageServer {
  /** With a token that opens the door exactly once; the browser is then known by a cookie of this run. */
  openUrl(): string
  readonly origin: string
  stop(): Promise<void>
}

/**
 * Serves the page and the API. Who may speak: a browser that came with a one-time token and holds the cookie it was given
 * for it, from our own origin. Other programs of the machine have neither.
 */
export async function startPageServer({ folder, port, router }: PageServerOptions): Promise<PageServer> {
  const root = normalize(folder)
  const tokens = new Set<string>()
  const cookies = new Set<string>()
  let origin = ''

  const server = createServer((request, response) => {
    void answer(request, response).catch(() => {
      if (!response.headersSent) response.writeHead(500)
      response.end()
    })
  })

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '/', origin)
    for (const [name, value] of Object.entries(PAGE_POLICY)) response.setHeader(name, value)
    if (request.headers.host !== new URL(origin).host) return refuse(response, 421)
    if (request.method !== 'GET' && request.method !== 'HEAD') return refuse(response, 405)
    const token = url.searchParams.get('token')
    if (token !== null) {
      if (!take(tokens, token)) return refuse(response, 403, USED_ADDRESS)
      const cookie = randomBytes(32).toString('base64url')
      cookies.add(fingerprint(cookie))
      response.writeHead(303, { location: '/', 'set-cookie': `${COOKIE}=${cookie}; HttpOnly; SameSite=Strict; Path=/`, 'cache-control': 'no-store' })
      response.end()
      return
    }
    if (!known(request)) return refuse(response, 403, USED_ADDRESS)
    const wanted = decoded(url.pathname === '/' ? '/index.html' : url.pathname)
    if (wanted === undefined) return refuse(response, 404)
    const path = normalize(join(root, wanted))
    const type = TYPES[extname(path)]
    if (!path.startsWith(root + sep) || type === undefined) return refuse(response, 404)
    const bytes = await readFile(path).catch(() => undefined)
    if (bytes === undefined) return refuse(response, 404)
    response.writeHead(200, { 'content-type': type, 'cache-control': path.endsWith('.html') ? 'no-store' : 'private, max-age=31536000, immutable' })
    response.end(request.method === 'HEAD' ? undefined : bytes)
  }

  function known(request: IncomingMessage): boolean {
    const cookie = /(?:^|;\s*)kiosk=([A-Za-z0-9_-]+)/.exec(request.headers.cookie ?? '')?.[1]
    return cookie !== undefined && cookies.has(fingerprint(cookie))
  }

  const sockets = new WebSocketServer({ noServer: true, maxPayload: MAX_MESSAGE_BYTES, perMessageDeflate: false })
  const handler = new RPCHandler(router)
  server.on('upgrade', (request, socket, head) => {
    const allowed = request.headers.origin === origin && request.headers.host === new URL(origin).host && known(request) && request.url === '/api'
    if (!allowed) {
      socket.end('HTTP/1.1 403 Forbidden\r\nConnection: close\r\n\r\n')
      return
    }
    sockets.handleUpgrade(request, socket, head, (page) => void handler.upgrade(page, { context: { page } }))
  })

  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, '127.0.0.1', resolve)
  })
  const address = server.address()
  origin = `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : port}`

  return {
    origin,
    openUrl: () => {
      const token = randomBytes(32).toString('base64url')
      tokens.add(token)
      return `${origin}/?token=${token}`
    },
    stop: async () => {
      for (const page of sockets.clients) page.terminate()
      server.closeAllConnections()
      await new Promise<void>((resolve) => server.close(() => resolve()))
    },
  }
}

const USED_ADDRESS = '这个地址只能打开一次，已经用过或已失效。请回到启动它的窗口取得新地址。\nThis address opens once only and has been used or has expired. Get a new one from the window that started it.\n'

/** Undefined when the escapes of an address make no text. */
function decoded(path: string): string | undefined {
  try {
    return decodeURIComponent(path)
  } catch {
    return undefined
  }
}

function refuse(response: ServerResponse, status: number, words = ''): void {
  response.writeHead(status, { 'cache-control': 'no-store', 'content-type': 'text/plain; charset=utf-8' })
  response.end(words)
}

/** Finds and spends a token; compares in constant time. */
function take(tokens: Set<string>, given: string): boolean {
  for (const token of tokens) {
    const [a, b] = [Buffer.from(token), Buffer.from(given)]
    if (a.length === b.length && timingSafeEqual(a, b)) return tokens.delete(token)
  }
  return false
}

function fingerprint(cookie: string): string {
  return createHash('sha256').update(cookie).digest('base64url')
}
