import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { request } from 'node:http'
import type { IncomingMessage } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createORPCClient } from '@orpc/client'
import { RPCLink } from '@orpc/client/websocket'
import { os } from '@orpc/server'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { WebSocket } from 'ws'
import type { KioskRouter } from '../services/kiosk-api/router.ts'
import { startPageServer } from './page-server.ts'
import type { PageServer } from './page-server.ts'

interface Answer {
  readonly status: number
  readonly headers: IncomingMessage['headers']
  readonly body: string
}

function ask(url: string, headers: Record<string, string> = {}): Promise<Answer> {
  return new Promise((resolve, reject) => {
    request(url, { headers }, (response) => {
      let body = ''
      response.on('data', (chunk: Buffer) => (body += chunk.toString()))
      response.on('end', () => resolve({ status: response.statusCode ?? 0, headers: response.headers, body }))
    }).on('error', reject).end()
  })
}

describe('the page server', () => {
  let around: string
  let server: PageServer

  beforeEach(async () => {
    around = await mkdtemp(join(tmpdir(), 'kiosk-page-'))
    const folder = join(around, 'page')
    await mkdir(folder)
    await writeFile(join(folder, 'index.html'), '<p>page</p>')
    await writeFile(join(around, 'kiosk-outside.txt'), 'secret')
    const router = { hello: os.handler(() => 'there') } as unknown as KioskRouter
    server = await startPageServer({ folder, port: 0, router })
  })
  afterEach(async () => {
    await server.stop()
    await rm(around, { recursive: true })
  })

  async function enter(): Promise<string> {
    const { status, headers } = await ask(server.openUrl())
    expect(status).toBe(303)
    return (headers['set-cookie']?.[0] ?? '').split(';')[0] ?? ''
  }

  it('lets a browser in with a token exactly once, and knows it by its cookie afterwards', async () => {
    const address = server.openUrl()
    const first = await ask(address)
    expect(first.status).toBe(303)
    expect(first.headers['set-cookie']?.[0]).toMatch(/HttpOnly; SameSite=Strict/)
    expect((await ask(address)).status).toBe(403)
    const cookie = (first.headers['set-cookie']?.[0] ?? '').split(';')[0] ?? ''
    const page = await ask(`${server.origin}/`, { cookie })
    expect(page).toMatchObject({ status: 200, body: '<p>page</p>' })
    expect(page.headers['content-security-policy']).toContain("script-src 'self'")
    expect(page.headers['content-security-policy']).not.toContain('unsafe')
  })

  it('shows nothing to a program without the cookie', async () => {
    expect((await ask(`${server.origin}/`)).status).toBe(403)
    expect((await ask(`${server.origin}/`, { cookie: 'kiosk=guess' })).status).toBe(403)
  })

  it('serves no file outside of its folder, and answers to its own name only', async () => {
    const cookie = await enter()
    expect((await ask(`${server.origin}/..%2fkiosk-outside.txt`, { cookie })).status).toBe(404)
    expect((await ask(`${server.origin}/%E0%A4%A`, { cookie })).status).toBe(404)
    expect((await ask(`${server.origin}/`, { cookie, host: 'evil.example' })).status).toBe(421)
  })

  it('opens the API to its own page only', async () => {
    const cookie = await enter()
    const refused = (headers: Record<string, string>): Promise<number> => new Promise((resolve) => {
      const socket = new WebSocket(`${server.origin.replace('http', 'ws')}/api`, { headers })
      socket.on('unexpected-response', (_request, response) => resolve(response.statusCode ?? 0))
      socket.on('error', () => undefined)
      socket.on('open', () => {
        socket.close()
        resolve(101)
      })
    })
    expect(await refused({ cookie, origin: server.origin })).toBe(101)
    expect(await refused({ cookie, origin: 'http://evil.example' })).toBe(403)
    expect(await refused({ cookie })).toBe(403)
    expect(await refused({ origin: server.origin })).toBe(403)
  })

  it('answers calls over the WebSocket', async () => {
    const websocket = new WebSocket(`${server.origin.replace('http', 'ws')}/api`, { headers: { cookie: await enter(), origin: server.origin } })
    const client = createORPCClient<{ hello(): Promise<string> }>(new RPCLink({ websocket: websocket }))
    expect(await client.hello()).toBe('there')
    websocket.close()
  })
})
