import { beforeEach, describe, expect, it } from 'vitest'
import type { Log } from '../../core/log/events.ts'
import { isKeyAllowed } from './keys.ts'
import { forbiddenSwitch, lockApp, lockContents, lockSession } from './lockdown.ts'
import { DoubleContents, doubleEvent, DoubleSession, ElectronDouble } from './testing/electron-double.ts'
import type { ShellContents, ShellSession } from './electron-api.ts'

const denied: string[] = []
const log: Log = (event, fields) => {
  if (event === 'shell.denied') denied.push((fields as unknown as { what: string }).what)
}
beforeEach(() => void (denied.length = 0))

const lockedSession = (): DoubleSession => {
  const session = new DoubleSession()
  lockSession(session as unknown as ShellSession, log)
  return session
}
const lockedContents = (): DoubleContents => {
  const contents = new DoubleContents()
  lockContents(contents as unknown as ShellContents, log)
  return contents
}

describe('a session', () => {
  it.each(['media', 'geolocation', 'notifications', 'clipboard-read', 'clipboard-sanitized-write', 'fullscreen', 'openExternal', 'hid', 'serial', 'usb', 'unknown'])('is denied the permission %s when it asks and when it checks', (permission) => {
    const session = lockedSession()
    const answers: boolean[] = []
    session.call('permission-request', null, permission, (granted: boolean) => answers.push(granted), { isMainFrame: true, requestingUrl: 'kiosk://app/' })
    expect(answers).toEqual([false])
    expect(session.call('permission-check', null, permission, 'kiosk://app', { isMainFrame: true })).toBe(false)
    expect(denied).toEqual([`permission-${permission}`])
  })

  it.each([
    ['the camera for our own page', 'kiosk://app/', true, ['video'], true],
    ['the microphone', 'kiosk://app/', true, ['audio'], false],
    ['camera and microphone together', 'kiosk://app/', true, ['video', 'audio'], false],
    ['nothing in particular', 'kiosk://app/', true, [], false],
    ['the camera for a frame', 'kiosk://app/', false, ['video'], false],
    ['the camera for another page', 'https://example.invalid/', true, ['video'], false],
    ['the camera for a page that only begins like ours', 'kiosk://app.example/', true, ['video'], false],
  ] as const)('asked for %s by %s: %#', (_what, requestingUrl, isMainFrame, mediaTypes, granted) => {
    const session = lockedSession()
    const answers: boolean[] = []
    session.call('permission-request', null, 'media', (answer: boolean) => answers.push(answer), { isMainFrame, requestingUrl, mediaTypes })
    expect(answers).toEqual([granted])
    expect(denied).toEqual(granted ? [] : ['permission-media'])
    if (mediaTypes.length === 1) expect(session.call('permission-check', null, 'media', requestingUrl, { isMainFrame, mediaType: mediaTypes[0] })).toBe(granted)
  })

  it.each(['hid', 'serial', 'usb'])('is denied every %s device', (deviceType) => {
    expect(lockedSession().call('device-permission', { deviceType, origin: 'kiosk://app', device: {} })).toBe(false)
  })

  it('keeps every protected class of USB protected, pairs with nothing and is given no screen', () => {
    const session = lockedSession()
    expect(session.call('usb-classes', { protectedClasses: ['hid', 'mass-storage'] })).toEqual(['hid', 'mass-storage'])
    const answers: unknown[] = []
    session.call('bluetooth', {}, (answer: unknown) => answers.push(answer))
    session.call('display-media', {}, (answer: unknown) => answers.push(answer))
    expect(answers).toEqual([{ confirmed: false }, null])
  })

  it('downloads nothing and checks no spelling', () => {
    const session = lockedSession()
    const event = doubleEvent()
    session.emit('will-download', event)
    expect(event.prevented).toBe(true)
    expect(session.spellChecker).toBe(false)
    expect(denied).toEqual(['download'])
  })

  it.each([
    ['kiosk://app/', false], ['kiosk://app/assets/index.js', false], ['data:image/png;base64,AA==', false], ['blob:kiosk://app/0b6e', false],
    ['https://example.org/', true], ['http://127.0.0.1:47110/', true], ['file:///etc/passwd', true], ['ws://127.0.0.1:1/', true], ['kiosk://other/', true], ['kiosk://app.example.org/', true], ['blob:https://example.org/0b6e', true], ['chrome://gpu/', true],
  ])('may fetch %s: cancelled %s', (url, cancel) => {
    const session = lockedSession()
    const answers: unknown[] = []
    session.beforeRequest?.({ url }, (answer) => answers.push(answer))
    expect(answers).toEqual([{ cancel }])
  })
})

describe('a page', () => {
  const goes = (event: string, url: string, isMainFrame = true): boolean => {
    const details = doubleEvent({ url, isMainFrame })
    lockedContents().emit(event, details)
    return !details.prevented
  }
  it.each(['https://example.org/', 'file:///etc/passwd', 'kiosk://app/other.html', 'kiosk://other/', 'about:blank', 'data:text/html,x', 'javascript:0', 'chrome://version'])('may not go to %s', (url) => {
    expect(goes('will-navigate', url)).toBe(false)
    expect(goes('will-frame-navigate', url)).toBe(false)
    expect(goes('will-redirect', url)).toBe(false)
    expect(denied).toEqual(['navigation', 'frame-navigation', 'redirect'])
  })

  it('may load itself anew, in the main frame only, and never by a redirect', () => {
    expect(goes('will-navigate', 'kiosk://app/')).toBe(true)
    expect(goes('will-frame-navigate', 'kiosk://app/')).toBe(true)
    expect(goes('will-frame-navigate', 'kiosk://app/', false)).toBe(false)
    expect(goes('will-redirect', 'kiosk://app/')).toBe(false)
  })

  it('opens no window, attaches no webview, picks no certificate and no device', () => {
    const contents = lockedContents()
    expect(contents.openHandler?.()).toEqual({ action: 'deny' })
    const [webview, certificate, bluetooth] = [doubleEvent(), doubleEvent(), doubleEvent()]
    const picked: string[] = []
    contents.emit('will-attach-webview', webview, {}, {})
    contents.emit('select-client-certificate', certificate, 'https://example.org', [], () => undefined)
    contents.emit('select-bluetooth-device', bluetooth, [{ deviceId: 'a' }], (id: string) => picked.push(id))
    expect([webview, certificate, bluetooth].map(({ prevented }) => prevented)).toEqual([true, true, true])
    expect(picked).toEqual([''])
    expect(denied).toEqual(['window', 'webview', 'client-certificate', 'bluetooth'])
  })

  it('has no context menu and cannot hold back its own reload', () => {
    const contents = lockedContents()
    const [menu, unload] = [doubleEvent(), doubleEvent()]
    contents.emit('context-menu', menu, {})
    contents.emit('will-prevent-unload', unload)
    expect([menu.prevented, unload.prevented]).toEqual([true, true])
  })

  it('cannot be zoomed, by wheel or by two fingers', () => {
    const contents = lockedContents()
    contents.emit('did-finish-load')
    expect([contents.zoomLevel, contents.zoomLimits]).toEqual([0, [1, 1]])
    contents.zoomLevel = 2
    contents.emit('zoom-changed', doubleEvent(), 'in')
    expect(contents.zoomLevel).toBe(0)
  })

  it('does not see a shortcut, and sees what a person types', () => {
    const contents = lockedContents()
    const press = (input: Partial<Electron.Input>): boolean => {
      const event = doubleEvent()
      contents.emit('before-input-event', event, { type: 'keyDown', ...plain, ...input })
      return event.prevented
    }
    expect(press({ key: 'r', code: 'KeyR', control: true })).toBe(true)
    expect(press({ key: 'Control', code: 'ControlLeft', control: true })).toBe(true)
    expect(press({ key: '王', code: 'KeyW' })).toBe(false)
    expect(denied).toEqual(['shortcut'])
  })

  it('gets its rules once, however often it is seen', () => {
    const contents = new DoubleContents()
    lockContents(contents as unknown as ShellContents, log)
    lockContents(contents as unknown as ShellContents, log)
    expect(contents.listenerCount('will-navigate')).toBe(1)
  })
})

const plain = { key: 'a', code: 'KeyA', control: false, alt: false, meta: false, shift: false, isComposing: false }

describe('keys', () => {
  it.each([
    ['F5', {}], ['F11', {}], ['F12', {}], ['F1', {}], ['ContextMenu', {}], ['PrintScreen', {}], ['BrowserBack', {}], ['BrowserRefresh', {}], ['LaunchMail', {}], ['Insert', { shift: true }], ['Delete', { shift: true }],
    ['r', { control: true }], ['w', { control: true }], ['F4', { alt: true }], ['I', { control: true, shift: true }], ['J', { control: true, shift: true }], ['+', { control: true }], ['-', { control: true }], ['0', { control: true }],
    ['ArrowLeft', { alt: true }], ['ArrowRight', { alt: true }], ['p', { control: true }], ['c', { control: true }], ['v', { control: true }], ['f', { control: true }], ['Tab', { control: true }], ['l', { meta: true }], ['Escape', { control: true, shift: true }],
  ])('%s with %o is refused', (key, modifiers) => {
    expect(isKeyAllowed({ ...plain, key, code: key, ...modifiers })).toBe(false)
  })

  it.each(['a', 'Z', '7', '中', 'Enter', 'Backspace', 'Delete', 'Tab', 'Escape', 'ArrowLeft', 'Home', 'End', 'PageDown', ' ', 'Shift', 'Process', 'Dead', 'CapsLock'])('%s is let through', (key) => {
    expect(isKeyAllowed({ ...plain, key, code: '' })).toBe(true)
  })
})

describe('the program', () => {
  it('enables the sandbox, has no menu, and locks every session and page that is ever made', () => {
    const electron = new ElectronDouble()
    lockApp(electron.api(), log)
    expect(electron.app.sandboxEnabled).toBe(true)
    expect(electron.menu).toBeNull()
    const [session, contents] = [new DoubleSession(), new DoubleContents()]
    electron.app.emit('session-created', session)
    electron.app.emit('web-contents-created', doubleEvent(), contents)
    expect(session.handlers.size).toBe(6)
    expect(contents.openHandler?.()).toEqual({ action: 'deny' })
  })

  it('trusts no bad certificate, offers none of its own, and answers no login', () => {
    const electron = new ElectronDouble()
    lockApp(electron.api(), log)
    const answers: unknown[][] = []
    const events = ['certificate-error', 'select-client-certificate', 'login'].map((name) => {
      const event = doubleEvent()
      const callback = (...args: unknown[]): void => void answers.push(args)
      if (name === 'certificate-error') electron.app.emit(name, event, {}, 'https://example.org', 'ERR', {}, callback)
      else electron.app.emit(name, event, {}, {}, {}, callback)
      return event.prevented
    })
    expect(events).toEqual([true, true, true])
    expect(answers).toEqual([[false], [], []])
  })

  it.each(['no-sandbox', 'remote-debugging-port', 'disable-web-security', 'renderer-cmd-prefix', 'js-flags'])('is told of the switch %s', (name) => {
    expect(forbiddenSwitch({ hasSwitch: (asked) => asked === name })).toBe(name)
    expect(forbiddenSwitch({ hasSwitch: () => false })).toBeUndefined()
  })
})
