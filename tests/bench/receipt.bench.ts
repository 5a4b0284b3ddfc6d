import type { Clock } from '../../core/clock/clock.ts'
import type { ReceiptDocument } from '../../core/receipt/document.ts'
import { err, ok } from '../../core/result/result.ts'
import { lazyGlyphBook, printerAssetsFolder, readPrinterProfile } from '../../drivers/receipt-printer/assets.ts'
import { receiptPrinterOn } from '../../drivers/receipt-printer/service.ts'
import { TransportListeners } from '../../drivers/transport/listeners.ts'
import type { OpenTransport } from '../../drivers/transport/transport.ts'
import { MemoryLine } from '../../sandbox/devices/receipt-printer/doors.ts'
import { VirtualReceiptPrinter } from '../../sandbox/devices/receipt-printer/printer.ts'
import { median, type BenchResult } from './bench.ts'

const BYTES_PER_SECOND = 11_520
const ROUNDS = 7
const AIM = 1.1
const PROCESS_ID_QUESTION = Buffer.from('1d284806003030', 'hex')
const clock: Clock = { now: () => performance.now(), setTimeout: (fn, ms) => setTimeout(fn, ms), clearTimeout: (handle) => clearTimeout(handle as NodeJS.Timeout) }

/** A long receipt of the product, with a name that is drawn and a code. */
const receipt = (round: number): ReceiptDocument => ({
  number: `990101-2026-00012${round}`,
  blocks: [
    { kind: 'title', text: '居住证申领回执' },
    { kind: 'pair', label: '受理编号', value: `990101-2026-00012${round}`, bold: true },
    { kind: 'pair', label: '申请人', value: '欧阳𠮷䶮' },
    { kind: 'rule' },
    ...Array.from({ length: 24 }, (_, index) => ({ kind: 'item', mark: '√', text: `第 ${index + 1} 份材料，已由申请人确认识别内容`, note: '扫描件，共 3 页' }) as const),
    { kind: 'rule' },
    { kind: 'qr', data: 'https://demo.invalid/case/990101-2026-000123?check=7F3A', caption: '扫码查询办理进度' },
    { kind: 'text', text: '请妥善保管本回执，并取走身份证。咨询电话 12345', align: 'center' },
  ],
})

/** Bytes of a line of a known speed: a write is taken when its last bit would have left. Counts all that is written, also questions. */
class Wire {
  readonly #line: MemoryLine
  #freeAt = 0
  bytes = 0
  /** When the last byte of a receipt had left, and how many bytes had by then. */
  receiptEnd = { at: 0, bytes: 0 }

  constructor(line: MemoryLine) {
    this.#line = line
  }

  readonly open: OpenTransport = () => {
    const listeners = new TransportListeners()
    const connection = this.#line.connect({ onBytes: (bytes) => listeners.data(bytes), onEnd: () => listeners.end({ kind: 'disconnected', detail: 'pulled' }) })
    if (connection === undefined) return Promise.resolve(err({ kind: 'not-found', detail: 'unplugged' }))
    return Promise.resolve(ok({
      write: async (bytes: Uint8Array) => {
        const leaves = Math.max(this.#freeAt, performance.now()) + (bytes.length * 1000) / BYTES_PER_SECOND
        this.#freeAt = leaves
        const wait = leaves - performance.now()
        // Timers are whole milliseconds; what is waited too long is made good by the next write, as in a port's own buffer.
        if (wait > 1) await new Promise((resolve) => setTimeout(resolve, Math.floor(wait)))
        this.bytes += bytes.length
        connection.write(bytes)
        // A receipt ends with the question for its process id.
        if (Buffer.from(bytes).subarray(-11, -4).equals(PROCESS_ID_QUESTION)) this.receiptEnd = { at: Math.max(performance.now(), leaves), bytes: this.bytes }
        return ok(undefined)
      },
      discardInput: () => Promise.resolve(),
      onData: (listener: (chunk: Uint8Array) => void) => listeners.onData(listener),
      onEnd: (listener: Parameters<TransportListeners['onEnd']>[0]) => listeners.onEnd(listener),
      close: async () => {
        listeners.silence()
        connection.close()
      },
    }))
  }
}

/** From the receipt as a document to its last byte on the line: layout, encoding, drawing, preflight and watching included. */
export async function run(): Promise<BenchResult> {
  const assets = printerAssetsFolder()
  const profile = readPrinterProfile(assets, 'escpos-80')
  if (!profile.ok) throw new Error(profile.error.kind)
  const line = new MemoryLine()
  const printer = new VirtualReceiptPrinter({ address: { kind: 'memory', line }, speedMmPerSecond: 4_000 })
  await printer.start()
  const wire = new Wire(line)
  const service = receiptPrinterOn({ id: 'receipt', class: 'receipt-printer', address: { kind: 'serial', path: 'memory', baud: 115200, flow: 'none', parity: 'none' }, profile: 'escpos-80' }, profile.value, { clock, open: wire.open, log: () => undefined, glyphs: lazyGlyphBook(assets) })
  const ready = new Promise<void>((resolve) => service.onStatus((status) => void (status.state === 'ready' && resolve())))
  service.start()
  await ready
  const ours: number[] = []
  const theirs: number[] = []
  // The first round loads what is loaded once and is not counted.
  for (let round = 0; round <= ROUNDS; round++) {
    const before = wire.bytes
    const from = performance.now()
    const outcome = await service.print({ document: receipt(round % 10), attempt: 1, processId: `000${round}`, voidStubFirst: false }, () => undefined)
    if (outcome.kind !== 'printed') throw new Error(`the printer said ${outcome.kind}`)
    if (round === 0) continue
    ours.push(wire.receiptEnd.at - from)
    theirs.push(((wire.receiptEnd.bytes - before) * 1000) / BYTES_PER_SECOND)
  }
  await service.stop()
  await printer.stop()
  const mine = median(ours)
  const line115200 = median(theirs)
  const ratio = mine / line115200
  return {
    name: 'receipt',
    what: 'receipt document → last byte sent, against the time that the line itself needs at 115200 baud',
    ours: mine,
    theirs: line115200,
    unit: 'ms',
    ratio,
    aim: `≤ ${AIM.toFixed(2)}`,
    passed: ratio <= AIM,
    notes: `median of ${ROUNDS}; about ${Math.round((line115200 * BYTES_PER_SECOND) / 1000)} bytes with a drawn name and a code; questions of the status count as bytes of the line`,
  }
}
