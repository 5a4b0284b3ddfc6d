import { EventEmitter } from 'node:events'
import { describe, expect, it } from 'vitest'
import { CHANNELS, PAGE_ORIGIN } from './channels.ts'
import type { PageWindow } from './preload-bridge.ts'
import { connectPage } from './preload-bridge.ts'

function setUp(origin: string = PAGE_ORIGIN, framed = false) {
  const sent: string[] = []
  const ipc = Object.assign(new EventEmitter(), { send: (channel: string) => void sent.push(channel) })
  const posted: unknown[][] = []
  const listeners: ((event: { source: unknown; origin: string; data: unknown }) => void)[] = []
  const page: PageWindow & { top: unknown } = {
    location: { origin },
    top: undefined,
    addEventListener: (_type, listener) => void listeners.push(listener),
    postMessage: (...args) => void posted.push(args),
  }
  page.top = framed ? {} : page
  connectPage(ipc as never, page)
  const say = (data: unknown, source: unknown = page, from: string = origin): void => listeners.forEach((listener) => listener({ source, origin: from, data }))
  return { ipc, page, sent, posted, say }
}

describe('the preload', () => {
  it('asks for a port when the page is ready and hands it over to that page only', () => {
    const { ipc, sent, posted, say } = setUp()
    say({ type: 'kiosk-page-ready' })
    expect(sent).toEqual([CHANNELS.pageReady])
    const port = { port: true }
    ipc.emit(CHANNELS.port, { ports: [port] })
    expect(posted).toEqual([[{ type: 'kiosk-port' }, PAGE_ORIGIN, [port]]])
  })

  it('answers pings', () => {
    const { ipc, sent } = setUp()
    ipc.emit(CHANNELS.ping, {})
    expect(sent).toEqual([CHANNELS.pong])
  })

  it('does not listen to other windows, other origins or other words', () => {
    const { sent, say } = setUp()
    say({ type: 'kiosk-page-ready' }, {})
    say({ type: 'kiosk-page-ready' }, undefined, 'https://example.org')
    for (const words of [{ type: 'kiosk-port' }, 'kiosk-page-ready', null, 7, {}]) say(words)
    expect(sent).toEqual([])
  })

  it.each([['https://example.org', false], ['null', false], ['file://', false], [PAGE_ORIGIN, true]])('does nothing at all for %s (in a frame: %s)', (origin, framed) => {
    const { ipc, sent, posted, say } = setUp(origin, framed)
    say({ type: 'kiosk-page-ready' })
    ipc.emit(CHANNELS.port, { ports: [{}] })
    ipc.emit(CHANNELS.ping, {})
    expect([sent, posted]).toEqual([[], []])
  })
})
