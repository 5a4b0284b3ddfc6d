/**
 * What main process and preload say to each other; nothing else goes over Electron's IPC. Everything that the page asks of
 * the kiosk goes over the port that `port` carries, where each input is parsed with its schema.
 */
export const CHANNELS = {
  /** Preload to main: the page has loaded and waits for its port. */
  pageReady: 'kiosk:page-ready',
  /** Main to preload: the port. */
  port: 'kiosk:port',
  /** Main to preload, and back: does the page's process still turn? */
  ping: 'kiosk:ping',
  pong: 'kiosk:pong',
} as const

/** Scheme of the page; standard and secure, so that it has an origin of its own and CSP's `'self'` means it. */
export const PAGE_SCHEME = 'kiosk'
export const PAGE_ORIGIN = 'kiosk://app'
export const PAGE_URL = `${PAGE_ORIGIN}/`
