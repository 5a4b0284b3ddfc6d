import { mkdtemp, mkdir, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { PAGE_POLICY } from '../services/page-policy.ts'
import type { PageHandler } from './protocol.ts'
import { createPageHandler, PAGE_SCHEMES } from './protocol.ts'

let root: string
let handle: PageHandler
const get = (url: string, method = 'GET'): Promise<Response> => handle({ method, url })

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'kiosk-page-'))
  const page = join(root, 'page')
  await mkdir(join(page, 'assets'), { recursive: true })
  await writeFile(join(page, 'index.html'), '<!doctype html><title>page</title>')
  await writeFile(join(page, 'assets', 'index-a1.js'), 'export {}')
  await writeFile(join(page, 'assets', '字.woff2'), 'font')
  await writeFile(join(page, 'assets', 'notes.exe'), 'not a kind of file that pages are made of')
  await writeFile(join(root, 'secret.html'), 'outside of the page')
  await symlink(join(root, 'secret.html'), join(page, 'link.html'))
  handle = await createPageHandler(page)
})
afterAll(() => rm(root, { recursive: true, force: true }))

describe('the page over kiosk://app', () => {
  it('has a scheme that is an origin of its own and bypasses nothing', () => {
    expect(PAGE_SCHEMES).toEqual([{ scheme: 'kiosk', privileges: { standard: true, secure: true, supportFetchAPI: true } }])
  })

  it.each(['kiosk://app/', 'kiosk://app/index.html', 'kiosk://app/?a=b'])('serves the index at %s with the whole policy', async (url) => {
    const response = await get(url)
    expect(response.status).toBe(200)
    expect(await response.text()).toContain('<title>page</title>')
    expect(response.headers.get('content-type')).toBe('text/html; charset=utf-8')
    expect(response.headers.get('content-security-policy')).toContain("default-src 'none'")
    for (const [name, value] of Object.entries(PAGE_POLICY)) expect(response.headers.get(name)).toBe(value)
  })

  it('serves scripts and fonts by their kind, also under an encoded name', async () => {
    expect((await get('kiosk://app/assets/index-a1.js')).headers.get('content-type')).toBe('text/javascript; charset=utf-8')
    const font = await get(`kiosk://app/assets/${encodeURIComponent('字')}.woff2`)
    expect([font.status, font.headers.get('content-type'), await font.text()]).toEqual([200, 'font/woff2', 'font'])
  })

  it('answers HEAD without a body', async () => {
    const response = await get('kiosk://app/', 'HEAD')
    expect([response.status, await response.text()]).toEqual([200, ''])
  })

  it.each([
    'kiosk://app/../secret.html', 'kiosk://app/%2e%2e/secret.html', 'kiosk://app/..%2fsecret.html', 'kiosk://app/assets/..%2f..%2fsecret.html', 'kiosk://app/..%5csecret.html', 'kiosk://app//etc/passwd', 'kiosk://app/%2fetc%2fpasswd',
    'kiosk://app/index.html%00.js', 'kiosk://app/%', 'kiosk://app/link.html', 'kiosk://app/assets', 'kiosk://app/assets/', 'kiosk://app/assets/notes.exe', 'kiosk://app/unknown.js', 'kiosk://app/constructor', 'kiosk://other/index.html', 'kiosk://app:1/index.html', 'file:///etc/passwd', 'not an address',
  ])('refuses %s, still with the policy', async (url) => {
    const response = await get(url)
    expect(response.status).toBe(404)
    expect(await response.text()).toBe('')
    expect(response.headers.get('content-security-policy')).toBe(PAGE_POLICY['content-security-policy'])
  })

  it.each(['POST', 'PUT', 'DELETE', 'OPTIONS'])('refuses %s', async (method) => {
    expect((await get('kiosk://app/', method)).status).toBe(405)
  })

  it('does not start without a built page', async () => {
    await expect(createPageHandler(join(root, 'page', 'assets'))).rejects.toThrow('not been built')
  })
})
