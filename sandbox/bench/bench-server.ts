import { createServer } from 'node:http'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { readFile } from 'node:fs/promises'
import { extname, join, normalize, sep } from 'node:path'
import type { AddressInfo } from 'node:net'

/** What the bench needs of a thing on it, whatever it is; `VirtualDevice` and the backend's control have this shape. */
export interface BenchThing {
  readonly commandSchema: { safeParse(value: unknown): { success: true; data: never } | { success: false; error: { message: string } } }
  command(command: never): Promise<void>
  state(): unknown
  onChange(listener: () => void): () => void
}

/** Pictures that the bench shows, by kind and name: printed receipts, demonstration papers. */
export type BenchPictures = Readonly<Record<string, (name: string) => Promise<{ readonly type: string; readonly bytes: Uint8Array } | undefined>>>

export interface BenchServerOptions {
  readonly port: number
  /** Folder of the built bench page; left out in tests that use the API alone. */
  readonly pageFolder: string | undefined
  readonly things: Readonly<Record<string, BenchThing>>
  readonly pictures: BenchPictures
  /** Addresses shown on the bench, for example the case viewer. */
  readonly links: () => Readonly<Record<string, string>>
  /** A fresh address of the kiosk's page, each good for one opening; `/kiosk` leads there. */
  readonly openKiosk: () => Promise<string | undefined>
}

export interface BenchServer {
  readonly url: string
  stop(): Promise<void>
}

const TYPES: Readonly<Record<string, string>> = { '.html': 'text/html; charset=utf-8', '.js': 'text/javascript; charset=utf-8', '.css': 'text/css; charset=utf-8', '.woff2': 'font/woff2', '.svg': 'image/svg+xml' }
const MAX_COMMAND_BYTES = 64 * 1024
/** A printer at work changes with every line: its lines of this long are told together. */
const TOLD_TOGETHER_MS = 60
/** No script, style or picture from elsewhere; framed, if at all, by a page of this machine. */
const PAGE_POLICY = "default-src 'none'; script-src 'self'; style-src 'self'; font-src 'self'; img-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors http://127.0.0.1:* http://localhost:*"

/**
 * The bench beside the machine: one page and a small API over everything in the sandbox world. On loopback only, and no
 * part of what ships.
 *
 * `GET /api/state` answers `{ things, links }`; `GET /api/events` streams the same on each change (server-sent events);
 * `POST /api/things/<name>` takes a command as JSON and answers 204, or with the reason: 400 when its schema refuses it,
 * 409 when the thing itself does, 415 when it is not declared as JSON, 404 when there is no such thing.
 */
export async function startBenchServer(options: BenchServerOptions): Promise<BenchServer> {
  const streams = new Set<ServerResponse>()
  let waiting: NodeJS.Timeout | undefined
  const state = (): string => JSON.stringify({ things: Object.fromEntries(Object.entries(options.things).map(([name, thing]) => [name, thing.state()])), links: options.links() })
  // Many changes of one moment become one message.
  const announce = (): void => {
    waiting ??= setTimeout(() => {
      waiting = undefined
      const message = `data: ${state()}\n\n`
      for (const stream of streams) stream.write(message)
    }, TOLD_TOGETHER_MS)
  }
  const stops = Object.values(options.things).map((thing) => thing.onChange(announce))

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '/', 'http://127.0.0.1')
    const [, first, second, third] = url.pathname.split('/')
    if (!/^(127\.0\.0\.1|localhost)(:\d+)?$/.test(request.headers.host ?? '')) return end(response, 421, '')
    if (first === 'api' && request.method === 'GET' && second === 'state') return end(response, 200, state(), 'application/json')
    if (first === 'api' && request.method === 'GET' && second === 'events') {
      response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' })
      response.write(`data: ${state()}\n\n`)
      streams.add(response)
      request.on('close', () => streams.delete(response))
      return
    }
    if (first === 'api' && request.method === 'POST' && second === 'things' && third !== undefined) return take(request, response, third)
    if (first === 'kiosk') {
      const kiosk = await options.openKiosk()
      if (kiosk === undefined) return end(response, 503, '终端还没有启动好，请稍后再试。 / The kiosk is not up yet; please try again in a moment.')
      response.writeHead(303, { location: kiosk, 'cache-control': 'no-store' })
      response.end()
      return
    }
    if (first === 'pictures' && second !== undefined && third !== undefined) {
      const name = decoded(third)
      const kind = Object.hasOwn(options.pictures, second) ? options.pictures[second] : undefined
      const picture = name === undefined ? undefined : await kind?.(name)
      return picture === undefined ? end(response, 404, '') : end(response, 200, picture.bytes, picture.type)
    }
    return page(url.pathname, response)
  }

  async function take(request: IncomingMessage, response: ServerResponse, name: string): Promise<void> {
    const thing = Object.hasOwn(options.things, name) ? options.things[name] : undefined
    if (thing === undefined) return end(response, 404, 'no such thing on the bench')
    // A page of another origin cannot send JSON without asking first, and nobody answers such a question here.
    if (!/^application\/json(;|$)/.test(request.headers['content-type'] ?? '')) return end(response, 415, 'a command is application/json')
    const chunks: Buffer[] = []
    let length = 0
    for await (const chunk of request as AsyncIterable<Buffer>) {
      length += chunk.length
      if (length > MAX_COMMAND_BYTES) return end(response, 413, 'too long')
      chunks.push(chunk)
    }
    let given: unknown
    try {
      given = JSON.parse(Buffer.concat(chunks).toString('utf8'))
    } catch {
      return end(response, 400, 'not JSON')
    }
    const parsed = thing.commandSchema.safeParse(given)
    if (!parsed.success) return end(response, 400, parsed.error.message)
    try {
      await thing.command(parsed.data)
    } catch (error) {
      return end(response, 409, error instanceof Error ? error.message : 'refused')
    }
    announce()
    end(response, 204, '')
  }

  async function page(path: string, response: ServerResponse): Promise<void> {
    if (options.pageFolder === undefined) return end(response, 404, '')
    const root = normalize(options.pageFolder)
    const wanted = decoded(path === '/' ? '/index.html' : path)
    const file = wanted === undefined ? root : normalize(join(root, wanted))
    const type = TYPES[extname(file)]
    const bytes = file.startsWith(root + sep) && type !== undefined ? await readFile(file).catch(() => undefined) : undefined
    return bytes === undefined || type === undefined ? end(response, 404, '') : end(response, 200, bytes, type)
  }

  const server = createServer((request, response) => {
    answer(request, response).catch((error: unknown) => end(response, 500, error instanceof Error ? error.message : 'failed'))
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(options.port, '127.0.0.1', resolve)
  })
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    stop: async () => {
      stops.forEach((stop) => stop())
      clearTimeout(waiting)
      for (const stream of streams) stream.end()
      server.closeAllConnections()
      await new Promise<void>((resolve) => server.close(() => resolve()))
    },
  }
}

/** Undefined when the escapes of an address make no text. */
function decoded(part: string): string | undefined {
  try {
    return decodeURIComponent(part)
  } catch {
    return undefined
  }
}

function end(response: ServerResponse, status: number, body: string | Uint8Array, type = 'text/plain; charset=utf-8'): void {
  if (!response.headersSent) response.writeHead(status, { 'content-type': type, 'cache-control': 'no-store', 'x-content-type-options': 'nosniff', 'content-security-policy': PAGE_POLICY })
  response.end(body)
}
