import type { BrowserWindowConstructorOptions, Session } from 'electron'
import type { KioskConfig } from '../../core/config/kiosk-config.ts'
import type { ShellSession } from './electron-api.ts'

/** The page's own background, so that a new window does not flash white. */
const BACKGROUND = '#f3f6fa'

export type WindowKind = 'kiosk' | 'fullscreen' | 'window'

/** In a hall the window is the screen; on a desk it is a window, unless the configuration says otherwise. */
export function windowKind(config: KioskConfig, production: boolean): WindowKind {
  return config.shell?.window ?? (production ? 'kiosk' : 'window')
}

export interface WindowPlan {
  readonly kind: WindowKind
  readonly screen: KioskConfig['screen']
  readonly production: boolean
  readonly preload: string
  readonly session: ShellSession
}

/** The window that shows the page. Every setting that Electron has as a default is written down all the same. */
export function windowOptions({ kind, screen, production, preload, session }: WindowPlan): BrowserWindowConstructorOptions {
  const desk = kind === 'window'
  return {
    width: screen.widthPx,
    height: screen.heightPx,
    useContentSize: desk,
    backgroundColor: BACKGROUND,
    kiosk: kind === 'kiosk',
    fullscreen: !desk,
    frame: desk,
    resizable: desk,
    movable: desk,
    minimizable: desk,
    maximizable: desk,
    autoHideMenuBar: true,
    title: '一窗通办 · One Window',
    webPreferences: {
      preload,
      session: session as Session,
      sandbox: true,
      contextIsolation: true,
      nodeIntegration: false,
      nodeIntegrationInWorker: false,
      nodeIntegrationInSubFrames: false,
      webviewTag: false,
      webSecurity: true,
      allowRunningInsecureContent: false,
      experimentalFeatures: false,
      plugins: false,
      navigateOnDragDrop: false,
      // Dialogs of a page (alert, print) would stand outside of every rule of the screen.
      disableDialogs: true,
      spellcheck: false,
      devTools: !production,
      // Time limits on screen run on also where a compositor thinks that nobody looks.
      backgroundThrottling: false,
    },
  }
}
