/**
 * A device host whose one card reader does what its worst driver could do, as soon as a card is asked for. The name of the
 * device says what. The host around it is the real one.
 */
import type { DeviceStatus } from '../../core/device/status.ts'
import type { DeviceId } from '../../core/ids.ts'
import type { IdCardReaderService } from '../../drivers/device-host/contract.ts'
import { startHost } from '../../drivers/device-host/host.ts'
import type { ServiceTools } from '../../drivers/device-host/host.ts'
import { openParentPort } from '../../drivers/device-host/parent-port.ts'
import { systemClock } from '../../drivers/device-host/system-clock.ts'

export const NASTINESS = ['abort', 'segfault', 'busy-loop', 'throw-later', 'flood-log', 'flood-reports', 'flood-messages', 'flood-nonsense'] as const
export type Nastiness = (typeof NASTINESS)[number]

const opened = openParentPort()
if (opened === undefined) throw new Error('started by hand')
const port = opened

function reader(config: { readonly id: string }, { log, clock }: ServiceTools): IdCardReaderService {
  let status: DeviceStatus = { state: 'ready', since: clock.now() }
  const listeners = new Set<(status: DeviceStatus) => void>()
  const flood = (one: (index: number) => void): void => {
    let index = 0
    const burst = (): void => {
      for (let i = 0; i < 500; i++) one(index++)
      setImmediate(burst)
    }
    burst()
  }
  return {
    id: config.id as DeviceId,
    kind: 'id-card',
    start: () => undefined,
    stop: () => Promise.resolve(),
    status: () => status,
    onStatus: (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    read: () => {
      switch (config.id as Nastiness) {
        case 'abort':
          return process.abort()
        case 'segfault':
          // A binding that reads where nothing is.
          void import('koffi').then(({ default: koffi }) => void koffi.decode(8n, 'int'))
          break
        case 'busy-loop':
          for (;;) Math.sqrt(2)
        case 'throw-later':
          setTimeout(() => {
            throw new RangeError('no room for 周桂兰')
          }, 1)
          break
        case 'flood-log':
          flood((index) => log('reader.noise', { bytes: index }))
          break
        case 'flood-reports':
          flood((index) => {
            status = { state: index % 2 === 0 ? 'offline' : 'ready', since: clock.now() }
            for (const listener of listeners) listener(status)
          })
          break
        case 'flood-messages':
          flood((index) => process.send?.({ type: 'log', event: 'reader.noise', fields: { bytes: index } }))
          break
        case 'flood-nonsense':
          flood(() => process.send?.({ type: '周桂兰' }))
          break
      }
      return new Promise(() => undefined)
    },
  }
}

const none = (): never => {
  throw new Error('not configured')
}
const host = startHost({
  clock: systemClock,
  factories: { idCard: reader, codeScanner: none, socialCard: none, receiptPrinter: none, pagePrinter: none, documentScanner: none },
  post: (message) => port.post(message),
  exit: (code) => process.exit(code),
})
port.onMessage((raw) => host.receive(raw))
port.onClose(() => process.exit(0))
