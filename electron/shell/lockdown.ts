import type { Log } from '../../core/log/events.ts'
import { PAGE_ORIGIN, PAGE_URL } from './channels.ts'
import type { ElectronApi, ShellContents, ShellSession } from './electron-api.ts'
import { isKeyAllowed } from './keys.ts'

/**
 * Switches that would open what the shell closes. Fuses shut out Node's own; these are Chromium's, which no fuse knows.
 * `no-sandbox` is Chromium's own sandbox, without which the page's process could do whatever this user can.
 */
const FORBIDDEN_SWITCHES = [
  'no-sandbox', 'disable-gpu-sandbox', 'disable-setuid-sandbox', 'single-process', 'in-process-gpu', 'remote-debugging-port', 'remote-debugging-pipe', 'remote-debugging-address', 'remote-allow-origins',
  'disable-web-security', 'allow-running-insecure-content', 'ignore-certificate-errors', 'disable-site-isolation-trials', 'load-extension', 'js-flags',
  'renderer-cmd-prefix', 'utility-cmd-prefix', 'gpu-launcher', 'host-rules', 'host-resolver-rules', 'proxy-server', 'proxy-pac-url', 'auth-server-allowlist',
] as const

/** The first switch of the command line with which a terminal in a hall must not run. */
export function forbiddenSwitch(commandLine: { hasSwitch(name: string): boolean }): string | undefined {
  return FORBIDDEN_SWITCHES.find((name) => commandLine.hasSwitch(name))
}

/** Rules for the whole program, to be set before it is ready: every session and every page that is ever made gets locked. */
export function lockApp({ app, menu }: Pick<ElectronApi, 'app' | 'menu'>, log: Log): void {
  app.enableSandbox()
  menu.setApplicationMenu(null)
  // A swipe must not go back, and two fingers must not zoom: the page has its own ways for both.
  app.commandLine.appendSwitch('overscroll-history-navigation', '0')
  app.commandLine.appendSwitch('disable-pinch')
  app.on('session-created', (session) => lockSession(session, log))
  app.on('web-contents-created', (_event, contents) => lockContents(contents, log))
  app.on('certificate-error', (event, _contents, _url, _error, _certificate, callback) => {
    event.preventDefault()
    log('shell.denied', { what: 'certificate' })
    callback(false)
  })
  app.on('select-client-certificate', (event, _contents, _url, _list, callback) => {
    event.preventDefault()
    log('shell.denied', { what: 'client-certificate' })
    callback()
  })
  app.on('login', (event, _contents, _details, _info, callback) => {
    event.preventDefault()
    log('shell.denied', { what: 'login' })
    callback()
  })
}

/** What has its rules already: a session may be seen when it is made and when it is used. */
const locked = new WeakSet<object>()

/** Denies every permission but the document camera's and every device, lets nothing be fetched but our own page, cancels downloads. */
export function lockSession(session: ShellSession, log: Log): void {
  if (locked.has(session)) return
  locked.add(session)
  const deny = (what: string): false => {
    log('shell.denied', { what })
    return false
  }
  session.setPermissionRequestHandler((_contents, permission, callback, details) => callback(isOwnCamera(permission, details.isMainFrame, details.requestingUrl, mediaTypesOf(details)) || deny(`permission-${permission}`)))
  // Asked many times by Chromium itself, so it is not logged.
  session.setPermissionCheckHandler((_contents, permission, requestingOrigin, details) => isOwnCamera(permission, details.isMainFrame, requestingOrigin, details.mediaType === undefined ? [] : [details.mediaType]))
  session.setDevicePermissionHandler(({ deviceType }) => deny(`device-${deviceType}`))
  session.setUSBProtectedClassesHandler(({ protectedClasses }) => protectedClasses)
  session.setBluetoothPairingHandler((_details, callback) => {
    deny('bluetooth')
    callback({ confirmed: false })
  })
  session.setDisplayMediaRequestHandler((_request, callback) => {
    deny('screen-capture')
    callback(null)
  })
  session.on('will-download', (event) => {
    event.preventDefault()
    deny('download')
  })
  session.setSpellCheckerEnabled(false)
  session.webRequest.onBeforeRequest((details, callback) => {
    const own = isOwnAddress(details.url)
    if (!own) deny('request')
    callback({ cancel: !own })
  })
}

/** Our own page may see through the document camera. Nothing else may, and nothing may listen. */
function isOwnCamera(permission: string, isMainFrame: boolean, asker: string, mediaTypes: readonly string[]): boolean {
  const own = asker === PAGE_ORIGIN || asker.startsWith(PAGE_URL)
  return permission === 'media' && isMainFrame && own && mediaTypes.length > 0 && mediaTypes.every((type) => type === 'video')
}

function mediaTypesOf(details: object): readonly string[] {
  return 'mediaTypes' in details && Array.isArray(details.mediaTypes) ? details.mediaTypes.map(String) : []
}

/** Denies a page to go anywhere, to open anything, to zoom, and to see keys that mean something to a browser. */
export function lockContents(contents: ShellContents, log: Log): void {
  if (locked.has(contents)) return
  locked.add(contents)
  const deny = (what: string) => (event: { preventDefault(): void }): void => {
    event.preventDefault()
    log('shell.denied', { what })
  }
  const denyElsewhere = (what: string) => (event: { preventDefault(): void; readonly url: string; readonly isMainFrame: boolean }): void => {
    // The page loads itself anew when it has lost the kiosk; that is the one way it may go.
    if (!(event.isMainFrame && event.url === PAGE_URL)) deny(what)(event)
  }
  // Also what dropping a link or a file on the page would do. `will-frame-navigate` comes for frames within a page as well.
  contents.on('will-navigate', denyElsewhere('navigation'))
  contents.on('will-frame-navigate', denyElsewhere('frame-navigation'))
  contents.on('will-redirect', deny('redirect'))
  contents.on('will-attach-webview', deny('webview'))
  contents.setWindowOpenHandler(() => {
    log('shell.denied', { what: 'window' })
    return { action: 'deny' }
  })
  contents.on('select-client-certificate', deny('client-certificate'))
  contents.on('select-bluetooth-device', (event, _devices, callback) => {
    deny('bluetooth')(event)
    callback('')
  })
  contents.on('context-menu', (event) => event.preventDefault())
  // A page that asks "really leave?" must not keep the shell from loading it anew.
  contents.on('will-prevent-unload', (event) => event.preventDefault())
  contents.on('before-input-event', (event, input) => {
    if (isKeyAllowed(input)) return
    event.preventDefault()
    if (input.type === 'keyDown' && !MODIFIERS.has(input.key)) log('shell.denied', { what: 'shortcut' })
  })
  contents.on('zoom-changed', () => contents.setZoomLevel(0))
  contents.on('did-finish-load', () => {
    contents.setZoomLevel(0)
    void contents.setVisualZoomLevelLimits(1, 1).catch(() => undefined)
  })
}

const MODIFIERS: ReadonlySet<string> = new Set(['Control', 'Alt', 'Meta', 'Shift', 'AltGraph'])

function isOwnAddress(url: string): boolean {
  return url.startsWith(PAGE_URL) || url.startsWith('data:') || url.startsWith(`blob:${PAGE_URL}`)
}
