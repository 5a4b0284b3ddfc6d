import type { IpcRenderer, IpcRendererEvent } from 'electron'
import { CHANNELS, PAGE_ORIGIN } from './channels.ts'

/** The part of a page's window that the preload touches. */
export interface PageWindow {
  readonly location: { readonly origin: string }
  readonly top: unknown
  addEventListener(type: 'message', listener: (event: PageMessage) => void): void
  postMessage(message: unknown, targetOrigin: string, transfer: Transferable[]): void
}

interface PageMessage {
  readonly source: unknown
  readonly origin: string
  readonly data: unknown
}

/**
 * All that the preload does: when the page says that it is ready, ask for a port; when the port comes, hand it to the page;
 * answer pings. Nothing is put on the page's `window`. Does nothing for any document but our own in the main frame.
 */
export function connectPage(ipc: Pick<IpcRenderer, 'on' | 'send'>, page: PageWindow): void {
  if (page.location.origin !== PAGE_ORIGIN || page.top !== page) return
  page.addEventListener('message', ({ source, origin, data }) => {
    if (source !== page || origin !== PAGE_ORIGIN) return
    if (typeof data === 'object' && data !== null && 'type' in data && data.type === 'kiosk-page-ready') ipc.send(CHANNELS.pageReady)
  })
  ipc.on(CHANNELS.port, (event: IpcRendererEvent) => page.postMessage({ type: 'kiosk-port' }, PAGE_ORIGIN, [...event.ports]))
  ipc.on(CHANNELS.ping, () => ipc.send(CHANNELS.pong))
}
