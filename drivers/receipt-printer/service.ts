import { createActor, type StateValue } from 'xstate'
import type { Clock } from '../../core/clock/clock.ts'
import type { ReceiptPrinterConfig } from '../../core/config/kiosk-config.ts'
import type { PrintOutcome, TicketFate } from '../../core/device/operations.ts'
import type { DeviceState, DeviceStatus } from '../../core/device/status.ts'
import type { DeviceId } from '../../core/ids.ts'
import type { PrintJob, ReceiptPrinterService, Ticket } from '../device-host/contract.ts'
import type { DeviceLog } from '../device-host/device-service.ts'
import type { OpenTransport } from '../transport/transport.ts'
import { lazyGlyphBook, printerAssetsFolder, readPrinterProfile } from './assets.ts'
import { compileReceipt, SEGMENT_BYTES, type CompiledReceipt } from './compile.ts'
import type { GlyphBook } from './glyphs.ts'
import { createPrinterMachine, type PrinterContext } from './machine.ts'
import { printerOpener } from './open.ts'
import type { ReceiptPrinterProfile } from './profile.ts'
import { deviceStateOf } from './status.ts'

export interface ReceiptPrinterDeps {
  readonly clock: Clock
  readonly open: OpenTransport
  readonly log: DeviceLog
  readonly glyphs: GlyphBook
  /** Each state of the machine as it is entered, for tests that must know them all. */
  readonly onState?: (state: StateValue) => void
}

/** A print server or converter behind a network port is never slower than this. */
const TCP_BYTES_PER_SECOND = 10_000
/** The printer class over full-speed USB, with a printer that empties its buffer slowly. */
const USB_BYTES_PER_SECOND = 20_000
/** While the rate is being found out, the slowest one is assumed. */
const SLOWEST_BAUD = 9_600
/** Start, one byte, stop; parity is one more. */
const BITS_PER_BYTE = 10
/** Changes into one of these are counted as faults. */
const TROUBLE: readonly DeviceState[] = ['offline', 'no-paper', 'cover-open', 'jam', 'cutter-fault', 'fault']
/** On a slow line a question of the status must not wait behind much. */
const LONGEST_SEGMENT_S = 0.2
/** A model without process id has its paper out this long after length ÷ speed (facts on printing once). */
const PAPER_OUT_MARGIN_MS = 2_000

/**
 * The receipt printer that a terminal's configuration names, with its real door, profile and glyph book. A profile that is
 * missing or wrong makes a printer in state `fault` that prints nothing; the terminal still starts.
 */
export function createReceiptPrinter(config: ReceiptPrinterConfig, tools: { readonly clock: Clock; readonly log: DeviceLog }): ReceiptPrinterService {
  const folder = printerAssetsFolder()
  const profile = readPrinterProfile(folder, config.profile)
  if (!profile.ok) {
    tools.log('receipt-printer.profile-refused', { device: config.id, code: profile.error.kind, detail: profile.error.kind === 'bad-profile' ? profile.error.detail.slice(0, 200) : `known: ${profile.error.known.join(' ')}` })
    return printerWithoutProfile(config, tools.clock, profile.error.kind)
  }
  return receiptPrinterOn(config, profile.value, { ...tools, open: printerOpener(config.address, tools.clock, profile.value), glyphs: lazyGlyphBook(folder) })
}

function printerWithoutProfile(config: ReceiptPrinterConfig, clock: Clock, code: string): ReceiptPrinterService {
  const status: DeviceStatus = { state: 'fault', since: clock.now(), code }
  return {
    id: config.id as DeviceId,
    kind: 'receipt-printer',
    start: () => undefined,
    stop: () => Promise.resolve(),
    status: () => status,
    onStatus: () => () => undefined,
    onTicket: () => () => undefined,
    print: () => Promise.resolve({ kind: 'not-started', why: 'fault' }),
  }
}

/**
 * A receipt printer as the device host offers it. `print` resolves with exactly one outcome and never rejects; how long it
 * may take follows from the receipt's bytes and length, the link and the model.
 */
export function receiptPrinterOn(config: ReceiptPrinterConfig, profile: ReceiptPrinterProfile, deps: ReceiptPrinterDeps): ReceiptPrinterService {
  const { clock, log } = deps
  const ticketListeners = new Set<(ticket: Ticket) => void>()
  const onTicket = (processId: string, fate: TicketFate): void => {
    for (const listener of [...ticketListeners]) listener({ processId, fate })
  }
  const counts = { receipts: 0, cuts: 0, mm: 0, faults: 0 }
  const actor = createActor(createPrinterMachine({ profile, clock, open: deps.open, log, device: config.id, onTicket }), { clock })
  const listeners = new Set<(status: DeviceStatus) => void>()
  let status: DeviceStatus = { state: 'starting', since: clock.now() }
  let printing = false
  /** Nothing of this process has reached the printer yet. */
  let isUntouched = true

  let lastState: unknown
  actor.subscribe((snapshot) => {
    if (deps.onState !== undefined && snapshot.value !== lastState) {
      lastState = snapshot.value
      deps.onState(snapshot.value)
    }
    const next = publicState(snapshot.context, printing)
    if (next.state === status.state && next.code === status.code) return
    // A change of the code alone is a change of detail: the state began when it began.
    if (next.state !== status.state && TROUBLE.includes(next.state)) counts.faults += 1
    status = { ...next, since: next.state === status.state ? status.since : clock.now() }
    for (const listener of [...listeners]) listener(status)
  })
  actor.start()

  /** Paper of a receipt that was stopped, or whose end is not known, counts whole: a roll is rather changed too early. */
  function count(outcome: PrintOutcome, receipt: CompiledReceipt): void {
    if (outcome.kind === 'not-started') return
    if (outcome.kind === 'printed') counts.receipts += 1
    counts.cuts += receipt.cuts
    counts.mm += receipt.lengthMm
  }

  const bytesPerSecond = bytesPerSecondOf(config.address)

  return {
    id: config.id as DeviceId,
    kind: 'receipt-printer',
    start: () => actor.send({ type: 'START' }),
    stop: async () => {
      const { link } = actor.getSnapshot().context
      actor.send({ type: 'STOP' })
      await link?.close()
    },
    status: () => status,
    details: () => ({ ...counts }),
    onStatus(listener) {
      listeners.add(listener)
      return () => {
        listeners.delete(listener)
      }
    },
    onTicket(listener) {
      ticketListeners.add(listener)
      return () => {
        ticketListeners.delete(listener)
      }
    },
    async print(job: PrintJob, onSending: () => void): Promise<PrintOutcome> {
      if (printing) return { kind: 'not-started', why: 'busy' }
      // Later ones follow a process that saw the end of the one before, and cut by itself where that was needed.
      const compiled = compileReceipt({ document: job.document, attempt: job.attempt, processId: job.processId, voidStubFirst: job.voidStubFirst, ...(job.cutFirst === true && isUntouched && { cutFirst: true }) }, profile, deps.glyphs, Math.min(SEGMENT_BYTES, Math.ceil(bytesPerSecond * LONGEST_SEGMENT_S)))
      if (!compiled.ok) {
        log('receipt-printer.not-compiled', { device: config.id, code: compiled.error.kind })
        return { kind: 'not-started', why: compiled.error.kind === 'glyph-missing' ? 'glyph-missing' : 'fault' }
      }
      const receipt = compiled.value
      const movingMs = Math.ceil((receipt.lengthMm / profile.speed.paperMmPerSecond) * 1000)
      const transferMs = Math.ceil((receipt.byteCount / bytesPerSecond) * 1000)
      const paperOutMs = transferMs + movingMs + PAPER_OUT_MARGIN_MS
      printing = true
      try {
        const outcome = await new Promise<PrintOutcome>((resolve) => {
          actor.send({
            type: 'PRINT',
            job: { receipt, processId: job.processId, attempt: job.attempt, onSending, resolve, paperOutMs, proofLimitMs: transferMs + movingMs + profile.speed.marginMs + (profile.proof === 'process-id' ? 0 : PAPER_OUT_MARGIN_MS) },
          })
        })
        // A job that was refused (no paper, say) has cut nothing: the next one has to.
        if (outcome.kind !== 'not-started') isUntouched = false
        count(outcome, receipt)
        return outcome
      } finally {
        printing = false
      }
    },
  }
}

function bytesPerSecondOf(address: ReceiptPrinterConfig['address']): number {
  switch (address.kind) {
    case 'tcp':
      return TCP_BYTES_PER_SECOND
    case 'usb-printer':
      return USB_BYTES_PER_SECOND
    case 'serial':
      return (address.baud === 'probe' ? SLOWEST_BAUD : address.baud) / (address.parity === 'none' ? BITS_PER_BYTE : BITS_PER_BYTE + 1)
  }
}

function publicState(context: PrinterContext, printing: boolean): Omit<DeviceStatus, 'since'> {
  if (context.offlineCode !== undefined) return { state: 'offline', code: context.offlineCode }
  if (context.conditions === undefined) return { state: 'starting' }
  const own = deviceStateOf(context.conditions)
  return printing && context.job !== undefined && (own.state === 'ready' || own.state === 'paper-low') ? { state: 'busy' } : own
}
