import { createORPCClient } from '@orpc/client'
import { RPCLink as MessagePortLink } from '@orpc/client/message-port'
import { RPCLink as WebSocketLink } from '@orpc/client/websocket'
import type { ContractRouterClient } from '@orpc/contract'
import type { Command } from '../core/kiosk-api/command.ts'
import type { KioskContract } from '../core/kiosk-api/contract.ts'
import type { Snapshot } from '../core/kiosk-api/snapshot.ts'

/** What the page may ask of the kiosk, whichever way it is reached. Every call rejects when the kiosk is gone. */
export interface KioskApi {
  snapshots(signal: AbortSignal): Promise<AsyncIterable<Snapshot>>
  command(command: Command): Promise<'accepted' | 'refused'>
  /** A page picture of this session as a data URL; `undefined` when it is gone. */
  page(page: string): Promise<string | undefined>
  /** A still of the document camera as a data URL, while the scan step waits for a page. */
  photograph(dataUrl: string): Promise<'accepted' | 'refused'>
}

type Client = ContractRouterClient<KioskContract>

function apiOf(client: Client): KioskApi {
  return {
    snapshots: (signal) => client.snapshots(undefined, { signal }),
    command: async (command) => (await client.command(command)).result,
    page: async (page) => (await client.page({ page })).dataUrl,
    photograph: async (dataUrl) => (await client.photograph({ dataUrl })).result,
  }
}

/**
 * How this page is hosted: over HTTP by the page host, which knows the browser by a cookie that scripts cannot read, or by
 * Electron's own protocol, where the preload hands over a port.
 */
export function isPageHost(protocol: string = window.location.protocol): boolean {
  return protocol === 'http:' || protocol === 'https:'
}

/** Reaches the page host that served this page, over its WebSocket. */
export function connectWebSocket(host: string = window.location.host): KioskApi {
  const websocket = new WebSocket(`ws://${host}/api`)
  return apiOf(createORPCClient<Client>(new WebSocketLink({ websocket })))
}

/** Reaches the kiosk process over the port that Electron's preload hands over. */
export function connectMessagePort(port: MessagePort): KioskApi {
  const client = createORPCClient<Client>(new MessagePortLink({ port }))
  port.start()
  return apiOf(client)
}

/**
 * Waits for the preload to hand over a port: a window message `{ type: 'kiosk-port' }` from this very window with one port.
 * The page says `{ type: 'kiosk-page-ready' }` first, so that neither side has to guess who is earlier.
 */
export function awaitMessagePort(onPort: (port: MessagePort) => void, page: Window = window): () => void {
  const listener = (event: MessageEvent): void => {
    const type: unknown = typeof event.data === 'object' && event.data !== null ? (event.data as { type?: unknown }).type : undefined
    const port = event.ports[0]
    if (event.source !== page || type !== 'kiosk-port' || port === undefined) return
    onPort(port)
  }
  page.addEventListener('message', listener)
  page.postMessage({ type: 'kiosk-page-ready' }, page.location.origin === 'null' ? '*' : page.location.origin)
  return () => page.removeEventListener('message', listener)
}
