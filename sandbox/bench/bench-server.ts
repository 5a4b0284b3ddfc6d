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
  /** Addresses shown on the bench: kiosk page, case viewer. Filled in while the world starts. */
  readonly links: () => Readonly<Record<string, string>>
}

export interface BenchServer {
  readonly url: string
  stop(): Promise<void>
}

const TYPES: Readonly<Record<string, string>> = { '.html': 'text/html; charset=utf-8', '.js': 'text/javascript; charset=utf-8', '.css': 'text/css; charset=utf-8', '.woff2': 'font/woff2', '.svg': 'image/svg+xml' }
const MAX_COMMAND_BYTES = 64 * 1024

/**
 * The bench beside the machine: one page and a small API over everything in the sandbox world. On loopback only, and no
 * part of what ships.
 *
 * `GET /api/state` answers `{ things, links }`; `GET /api/events` streams the same on each change (server-sent events);
 * `POST /api/things/<name>` takes a command as JSON and answers 204, or 400 with the reason.
 */
export async function startBenchServer(options: BenchServerOptions): Promise<BenchServer> {
  const streams = new Set<ServerResponse>()
  let announced = false
  const state = (): string => JSON.stringify({ things: Object.fromEntries(Object.entries(options.things).map(([name, thing]) => [name, thing.state()])), links: options.links() })
  // Many changes of one moment become one message.
  const announce = (): void => {
    if (announced) return
    announced = true
    setImmediate(() => {
      announced = false
      const message = `data: ${state()}\n\n`
      for (const stream of streams) stream.write(message)
    })
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
    if (first === 'pictures' && second !== undefined && third !== undefined) {
      const picture = await options.pictures[second]?.(decodeURIComponent(third))
      return picture === undefined ? end(response, 404, '') : end(response, 200, picture.bytes, picture.type)
    }
    return page(url.pathname, response)
  }

  async function take(request: IncomingMessage, response: ServerResponse, name: string): Promise<void> {
    const thing = Object.hasOwn(options.things, name) ? options.things[name] : undefined
    // A page of another origin cannot send JSON without asking first, and nobody answers such a question here.
    if (thing === undefined || request.headers['content-type'] !== 'application/json') return end(response, 404, 'no such thing on the bench')
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
    await thing.command(parsed.data)
    announce()
    end(response, 204, '')
  }

  async function page(path: string, response: ServerResponse): Promise<void> {
    if (options.pageFolder === undefined) return end(response, 404, '')
    const root = normalize(options.pageFolder)
    const file = normalize(join(root, decodeURIComponent(path === '/' ? '/index.html' : path)))
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
      for (const stream of streams) stream.end()
      server.closeAllConnections()
      await new Promise<void>((resolve) => server.close(() => resolve()))
    },
  }
}

function end(response: ServerResponse, status: number, body: string | Uint8Array, type = 'text/plain; charset=utf-8'): void {
  if (!response.headersSent) response.writeHead(status, { 'content-type': type, 'cache-control': 'no-store', 'x-content-type-options': 'nosniff' })
  response.end(body)
}
