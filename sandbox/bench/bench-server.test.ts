import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { request } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, expect, test } from 'vitest'
import { z } from 'zod'
import { ChangeListeners } from '../devices/virtual-device.ts'
import { type BenchServer, type BenchThing, startBenchServer } from './bench-server.ts'

const open: BenchServer[] = []
const folders: string[] = []
afterEach(async () => {
  await Promise.all(open.splice(0).map((bench) => bench.stop()))
  await Promise.all(folders.splice(0).map((folder) => rm(folder, { recursive: true })))
})

/** A lamp: as small a thing as a bench can hold. */
function lamp() {
  const changes = new ChangeListeners()
  let lit = false
  const schema = z.strictObject({ kind: z.literal('switch'), on: z.boolean() })
  return {
    commandSchema: schema,
    command: async ({ on }: z.infer<typeof schema>) => {
      if (on && lit) throw new Error('the lamp is lit already')
      lit = on
      changes.notify()
    },
    state: () => ({ lit }),
    onChange: (listener: () => void) => changes.add(listener),
    flicker: () => {
      for (let time = 0; time < 100; time++) changes.notify()
    },
  }
}

async function bench({ pageFolder, openKiosk = () => Promise.resolve(undefined) }: { readonly pageFolder?: string; readonly openKiosk?: () => Promise<string | undefined> } = {}) {
  const thing = lamp()
  const server = await startBenchServer({
    port: 0, pageFolder, openKiosk, links: () => ({ backend: 'http://127.0.0.1:1/' }),
    things: { lamp: thing as unknown as BenchThing },
    pictures: { receipts: (name) => Promise.resolve(name === '1-1' ? { type: 'image/png', bytes: Uint8Array.of(1, 2, 3) } : undefined) },
  })
  open.push(server)
  return { thing, server }
}

function command(server: BenchServer, name: string, body: string, type = 'application/json'): Promise<Response> {
  return fetch(`${server.url}/api/things/${name}`, { method: 'POST', headers: { 'content-type': type }, body })
}

/** Messages of the event stream, one after another. */
async function* messages(server: BenchServer): AsyncGenerator<unknown> {
  const response = await fetch(`${server.url}/api/events`)
  expect(response.headers.get('content-type')).toBe('text/event-stream')
  let text = ''
  const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader()
  for (let piece = await reader?.read(); piece?.value !== undefined; piece = await reader?.read()) {
    text += piece.value
    for (let end = text.indexOf('\n\n'); end >= 0; end = text.indexOf('\n\n')) {
      yield JSON.parse(text.slice('data: '.length, end))
      text = text.slice(end + 2)
    }
  }
}

test('tells the state of every thing, and where else to look', async () => {
  const { server } = await bench()
  const response = await fetch(`${server.url}/api/state`)
  expect(response.status).toBe(200)
  expect(await response.json()).toEqual({ things: { lamp: { lit: false } }, links: { backend: 'http://127.0.0.1:1/' } })
})

test('a command takes effect, and everyone who watches hears of it', async () => {
  const { server } = await bench()
  const heard = messages(server)
  expect((await heard.next()).value).toMatchObject({ things: { lamp: { lit: false } } })
  expect((await command(server, 'lamp', '{"kind":"switch","on":true}')).status).toBe(204)
  expect((await heard.next()).value).toMatchObject({ things: { lamp: { lit: true } } })
})

test('a hundred changes of one moment are one message', async () => {
  const { server, thing } = await bench()
  const heard = messages(server)
  await heard.next()
  thing.flicker()
  await heard.next()
  await thing.command({ kind: 'switch', on: true })
  expect((await heard.next()).value).toMatchObject({ things: { lamp: { lit: true } } })
})

test('a thing that is not there, also one whose name every object has', async () => {
  const { server } = await bench()
  expect((await command(server, 'kettle', '{"kind":"switch","on":true}')).status).toBe(404)
  expect((await command(server, 'constructor', '{"kind":"switch","on":true}')).status).toBe(404)
})

test('what the schema refuses is not done, and the answer says why', async () => {
  const { server, thing } = await bench()
  const refused = await command(server, 'lamp', '{"kind":"switch","on":"yes"}')
  expect(refused.status).toBe(400)
  expect(await refused.text()).toContain('expected boolean')
  expect((await command(server, 'lamp', '{"kind":"switch"')).status).toBe(400)
  expect((await command(server, 'lamp', '{"kind":"switch","on":true,"more":1}')).status).toBe(400)
  expect(thing.state()).toEqual({ lit: false })
})

test('what the thing itself refuses is told with its reason', async () => {
  const { server } = await bench()
  await command(server, 'lamp', '{"kind":"switch","on":true}')
  const refused = await command(server, 'lamp', '{"kind":"switch","on":true}')
  expect([refused.status, await refused.text()]).toEqual([409, 'the lamp is lit already'])
})

test('what a form on another site could send is refused', async () => {
  const { server, thing } = await bench()
  for (const type of ['text/plain', 'application/x-www-form-urlencoded', 'text/plain;application/json']) expect((await command(server, 'lamp', '{"kind":"switch","on":true}', type)).status).toBe(415)
  expect(thing.state()).toEqual({ lit: false })
  expect((await command(server, 'lamp', '{"kind":"switch","on":true}', 'application/json; charset=utf-8')).status).toBe(204)
})

test('a request under another host name is refused', async () => {
  const { server } = await bench()
  const status = await new Promise<number | undefined>((resolve, reject) => {
    request(`${server.url}/api/state`, { headers: { host: 'bench.example' } }, (response) => {
      response.resume()
      resolve(response.statusCode)
    }).on('error', reject).end()
  })
  expect(status).toBe(421)
})

test('a command that never ends is cut off', async () => {
  const { server } = await bench()
  expect((await command(server, 'lamp', ' '.repeat(70_000))).status).toBe(413)
})

test('pictures by kind and name', async () => {
  const { server } = await bench()
  const response = await fetch(`${server.url}/pictures/receipts/1-1`)
  expect([response.headers.get('content-type'), [...new Uint8Array(await response.arrayBuffer())]]).toEqual(['image/png', [1, 2, 3]])
  expect((await fetch(`${server.url}/pictures/receipts/9-9`)).status).toBe(404)
  expect((await fetch(`${server.url}/pictures/walls/1-1`)).status).toBe(404)
})

test('the page comes with a policy, and nothing beside its folder comes at all', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'bench-page-'))
  folders.push(folder)
  await writeFile(join(folder, 'index.html'), '<!doctype html><title>bench</title>')
  await writeFile(join(folder, 'secret.key'), 'secret')
  const { server } = await bench({ pageFolder: folder })
  const page = await fetch(`${server.url}/`)
  expect(page.status).toBe(200)
  expect(page.headers.get('content-security-policy')).toContain("default-src 'none'")
  for (const path of ['/secret.key', '/nothing.html', '/..%2F..%2F..%2F..%2Fetc%2Fhostname.html', '/%E0%A4%A']) expect((await fetch(`${server.url}${path}`)).status).toBe(404)
})

test('leads to the kiosk page by a new address each time, and says when there is none yet', async () => {
  let opened = 0
  const { server } = await bench({ openKiosk: () => Promise.resolve(`http://127.0.0.1:2/#token=${++opened}`) })
  const follow = async (): Promise<string | null> => (await fetch(`${server.url}/kiosk`, { redirect: 'manual' })).headers.get('location')
  expect([await follow(), await follow()]).toEqual(['http://127.0.0.1:2/#token=1', 'http://127.0.0.1:2/#token=2'])
  const without = await bench()
  expect((await fetch(`${without.server.url}/kiosk`, { redirect: 'manual' })).status).toBe(503)
})
