import { RPCHandler } from '@orpc/server/message-port'
import type { MessagePortMain } from 'electron'
import type { Log } from '../../core/log/events.ts'
import type { CallContext, KioskRouter } from '../services/kiosk-api/router.ts'
import { CHANNELS } from './channels.ts'
import type { ElectronApi, ShellContents } from './electron-api.ts'
import { onTrustedMessage } from './trusted-ipc.ts'

export interface PortHandover {
  /** The terminal is up: a page that has asked already gets its port now, later ones when they ask. */
  serve(router: KioskRouter): void
  /** Closes the port of the page that was on the screen, so that its stream ends at once. */
  drop(): void
}

/**
 * Gives each page that loads a port of its own, and serves the kiosk API on the other end. One page at a time: a new port
 * ends the one before.
 */
export function createPortHandover(electron: Pick<ElectronApi, 'ipcMain' | 'createMessageChannel'>, current: () => ShellContents | undefined, log: Log): PortHandover {
  let handler: RPCHandler<CallContext> | undefined
  let waiting: (() => void) | undefined
  let open: MessagePortMain | undefined

  function drop(): void {
    waiting = undefined
    open?.close()
    open = undefined
  }

  onTrustedMessage(electron.ipcMain, CHANNELS.pageReady, current, log, (event) => {
    drop()
    const frame = event.senderFrame
    const give = (): void => {
      // Between the asking and the giving the page may have gone.
      if (handler === undefined || frame === null || frame.isDestroyed()) return
      const { port1, port2 } = electron.createMessageChannel()
      open = port1
      handler.upgrade(port1, { context: { page: port1 } })
      port1.start()
      frame.postMessage(CHANNELS.port, null, [port2])
      log('screen.connected', {})
    }
    if (handler === undefined) waiting = give
    else give()
  })

  return {
    serve: (router) => {
      handler = new RPCHandler(router)
      const give = waiting
      waiting = undefined
      give?.()
    },
    drop,
  }
}
