import type { App, Clipboard, CrashReporter, IpcMain, Menu, PowerSaveBlocker, Protocol, Session } from 'electron'
import type { BrowserWindow, BrowserWindowConstructorOptions, MessageChannelMain, utilityProcess, WebContents } from 'electron'

/**
 * The part of Electron that the shell uses, in Electron's own types, and nothing more. `main.ts` hands in the real thing,
 * tests hand in a double; whatever the shell does not list here it cannot touch.
 */
export interface ElectronApi {
  readonly app: Pick<App, 'commandLine' | 'enableSandbox' | 'exit' | 'isPackaged' | 'on' | 'quit' | 'relaunch' | 'requestSingleInstanceLock' | 'setPath' | 'whenReady'>
  readonly protocol: Pick<Protocol, 'registerSchemesAsPrivileged'>
  readonly session: { fromPartition(partition: string, options: { readonly cache: boolean }): ShellSession }
  readonly createWindow: (options: BrowserWindowConstructorOptions) => ShellWindow
  readonly createMessageChannel: () => Pick<MessageChannelMain, 'port1' | 'port2'>
  readonly ipcMain: Pick<IpcMain, 'on'>
  readonly menu: Pick<typeof Menu, 'setApplicationMenu'>
  readonly crashReporter: Pick<CrashReporter, 'start'>
  readonly clipboard: Pick<Clipboard, 'clear' | 'selection'>
  readonly powerSaveBlocker: Pick<PowerSaveBlocker, 'start'>
  readonly utilityProcess: Pick<typeof utilityProcess, 'fork'>
}

export type ShellSession = Pick<
  Session,
  'on' | 'protocol' | 'setBluetoothPairingHandler' | 'setDevicePermissionHandler' | 'setDisplayMediaRequestHandler' | 'setPermissionCheckHandler' | 'setPermissionRequestHandler' | 'setSpellCheckerEnabled' | 'setUSBProtectedClassesHandler' | 'webRequest'
>

export type ShellWindow = Pick<BrowserWindow, 'destroy' | 'focus' | 'isDestroyed' | 'isMinimized' | 'loadURL' | 'on' | 'removeMenu' | 'restore'> & { readonly webContents: ShellContents }

export type ShellContents = Pick<
  WebContents,
  'forcefullyCrashRenderer' | 'id' | 'isDestroyed' | 'mainFrame' | 'on' | 'reload' | 'send' | 'setVisualZoomLevelLimits' | 'setWindowOpenHandler' | 'setZoomLevel'
>
