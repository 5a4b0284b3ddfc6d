import type { IpcMainEvent } from 'electron'
import type { Log } from '../../core/log/events.ts'
import { PAGE_ORIGIN } from './channels.ts'
import type { ElectronApi, ShellContents } from './electron-api.ts'

/**
 * Listens to a channel, and hears only the main frame of our own page in the window that is on the screen now. A frame
 * within it, another page, a window that has been replaced, a frame that is gone: refused and logged.
 */
export function onTrustedMessage(ipcMain: ElectronApi['ipcMain'], channel: string, current: () => ShellContents | undefined, log: Log, listener: (event: IpcMainEvent) => void): void {
  ipcMain.on(channel, (event) => {
    if (isTrusted(event, current())) listener(event)
    else log('shell.denied', { what: 'ipc-sender' })
  })
}

function isTrusted(event: IpcMainEvent, contents: ShellContents | undefined): boolean {
  const frame = event.senderFrame
  if (contents === undefined || contents.isDestroyed() || frame === null) return false
  return event.sender.id === contents.id && frame === contents.mainFrame && frame.parent === null && frame.origin === PAGE_ORIGIN
}
