import { readdir, readFile } from 'node:fs/promises'
import { extname, join } from 'node:path'
import type { CustomScheme } from 'electron'
import { PAGE_POLICY } from '../services/page-policy.ts'
import { PAGE_ORIGIN, PAGE_SCHEME } from './channels.ts'

/** What the scheme may do: be an origin, be secure, answer `fetch`. Not: bypass CSP, service workers, cross-origin reading. */
export const PAGE_SCHEMES: CustomScheme[] = [{ scheme: PAGE_SCHEME, privileges: { standard: true, secure: true, supportFetchAPI: true } }]

/** Kinds of files that a page is made of; a file of another kind in the folder is not served. */
const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8', '.js': 'text/javascript; charset=utf-8', '.css': 'text/css; charset=utf-8', '.json': 'application/json',
  '.svg': 'image/svg+xml', '.png': 'image/png', '.jpg': 'image/jpeg', '.woff2': 'font/woff2', '.bin': 'application/octet-stream',
}

interface PageFile {
  readonly path: string
  readonly type: string
}

export type PageHandler = (request: Pick<Request, 'method' | 'url'>) => Promise<Response>

/**
 * Serves the built page under `kiosk://app/`. The folder is listed once, at the start, and only what was listed is ever
 * opened: an address is a key to look up and never becomes a path, so there is nothing for `..` to climb.
 * @param folder absolute path of the built page, also inside of an asar archive; rejects when it has no index.html
 */
export async function createPageHandler(folder: string): Promise<PageHandler> {
  const files = new Map<string, PageFile>()
  await list(folder, '/', files)
  const index = files.get('/index.html')
  if (index === undefined) throw new Error('the page has not been built')
  files.set('/', index)

  return async ({ method, url }) => {
    if (method !== 'GET' && method !== 'HEAD') return refuse(405)
    const file = files.get(pathOf(url) ?? '')
    if (file === undefined) return refuse(404)
    try {
      const bytes = await readFile(file.path)
      const headers = { ...PAGE_POLICY, 'content-type': file.type, 'content-length': String(bytes.length), 'cache-control': 'no-store' }
      return new Response(method === 'HEAD' ? null : bytes, { status: 200, headers })
    } catch {
      return refuse(500)
    }
  }
}

/** The decoded path of an address of our page, or undefined when it is not one. */
function pathOf(address: string): string | undefined {
  try {
    const url = new URL(address)
    return `${url.protocol}//${url.host}` === PAGE_ORIGIN ? decodeURIComponent(url.pathname) : undefined
  } catch {
    return undefined
  }
}

async function list(folder: string, prefix: string, into: Map<string, PageFile>): Promise<void> {
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name)
    const type = TYPES[extname(entry.name)]
    if (entry.isDirectory()) await list(path, `${prefix}${entry.name}/`, into)
    else if (entry.isFile() && type !== undefined) into.set(prefix + entry.name, { path, type })
  }
}

function refuse(status: number): Response {
  return new Response(null, { status, headers: { ...PAGE_POLICY, 'cache-control': 'no-store' } })
}
