import iconv from 'iconv-lite'
import QRCode from 'qrcode'
import type { Clock } from '../../../core/clock/clock.ts'
import { Cable } from '../cable.ts'
import { realClock } from '../real-clock.ts'
import { seededRandom } from '../seeded-random.ts'
import { ChangeListeners, type VirtualDevice } from '../virtual-device.ts'
import { printerCommandSchema, type PrintedReceipt, type PrinterCommand, type PrinterState } from './bench-commands.ts'
import { nextCommand, type PrintCommand } from './commands.ts'
import { openDoor, type PrinterDoor, type PrinterDoorAddress } from './doors.ts'
import { automaticAnswer, ejectorAnswer, MODEL_TRAITS, statusAnswer, type PrinterFacts, type PrinterModel } from './models.ts'
import { RealTimeFilter, type RealTimeCommand } from './real-time.ts'
import { Strip } from './strip.ts'

export interface VirtualReceiptPrinterOptions {
  readonly name?: string
  readonly address: PrinterDoorAddress
  readonly paperWidthMm?: 58 | 80
  /** 150 mm/s as a fast kiosk printer; tests take more. */
  readonly speedMmPerSecond?: number
  readonly model?: PrinterModel
  readonly clock?: Clock
  /** For the faults of the cable that come by chance. */
  readonly seed?: number
  /** Told of each paper when it has come off the roll, or its end is known. */
  readonly onPaper?: (receipt: PrintedReceipt) => void
}

const DOTS_PER_MM = 8
const FULL_ROLL_MM = 50_000
const NEAR_END_MM = 600
const KEPT_RECEIPTS = 50
const DEFAULT_LINE_DOTS = 30

interface Style {
  chinese: boolean
  scaleX: number
  scaleY: number
  bold: boolean
  underline: boolean
  align: 0 | 1 | 2
  lineDots: number
  leftMargin: number
  printWidth: number
}

interface Placed {
  readonly character: string
  readonly x: number
  readonly widthDots: number
  readonly heightDots: number
  readonly bold: boolean
  readonly underline: boolean
}

interface KeptReceipt {
  readonly id: number
  readonly strip: Strip
  taken: boolean
  isInBin: boolean
  revision: number
}

/**
 * A thermal receipt printer that exists only as a program: it takes true ESC/POS bytes at a TCP port or a serial port,
 * prints them on paper of a certain length at a certain speed, stops when the paper ends or the cover opens, keeps what it
 * had not printed and prints that by itself when it can, and answers for itself. Written from the command descriptions,
 * without any part of our driver, so that the two can prove each other.
 */
export class VirtualReceiptPrinter implements VirtualDevice<PrinterCommand, PrinterState> {
  readonly name: string
  readonly commandSchema = printerCommandSchema
  readonly #widthDots: number
  readonly #msPerDot: number
  readonly #door: PrinterDoor
  readonly #changes = new ChangeListeners()
  readonly #filter = new RealTimeFilter()
  readonly #answerTimers = new Set<unknown>()
  readonly #clock: Clock
  readonly #cable: Cable
  readonly #onPaper: (receipt: PrintedReceipt) => void
  #model: PrinterModel
  /** At the output, seen by its sensor. */
  #held: KeptReceipt | undefined
  #jammed = false
  #hot = false
  #receipts: KeptReceipt[] = []
  #nextReceipt = 1
  #strip: KeptReceipt | undefined
  #started = false
  #plugged = true

  #buffer: number[] = []
  #engine: unknown
  #style: Style
  #line: Placed[] = []
  #cursor = 0
  #qr = { moduleDots: 3, level: 'L' as 'L' | 'M' | 'Q' | 'H', data: new Uint8Array() }
  #automaticMask = 0
  #lastAutomatic = ''

  #remainingDots = FULL_ROLL_MM * DOTS_PER_MM
  #linesUntilPaperOut: number | undefined
  #nearEndForced = false
  #coverOpen = false
  #owedCut: (() => number) | undefined
  #cutter: 'ok' | 'will-jam' | 'jammed' = 'ok'
  #silent = false
  #frozen = false
  #delayMs = 0
  #wrongProcessId = false
  #unknownCommands = 0

  constructor(options: VirtualReceiptPrinterOptions) {
    this.name = options.name ?? 'receipt-printer'
    this.#widthDots = (options.paperWidthMm ?? 80) === 80 ? 576 : 384
    this.#msPerDot = 1000 / ((options.speedMmPerSecond ?? 150) * DOTS_PER_MM)
    this.#style = this.#initialStyle()
    this.#clock = options.clock ?? realClock
    this.#model = options.model ?? 'standard'
    this.#onPaper = options.onPaper ?? (() => undefined)
    this.#door = openDoor(options.address, {
      onBytes: (bytes) => this.#receive(this.#cable.inward(bytes)),
      onConnect: () => {
        this.#automaticMask = 0
        this.#filter.reset()
      },
    })
    this.#cable = new Cable({ clock: this.#clock, random: seededRandom(options.seed ?? 1), door: this.#door, onChange: () => this.#changed() })
  }

  /** The TCP port in use, once started. */
  get port(): number | undefined {
    return this.#door.port
  }

  async start(): Promise<void> {
    if (this.#started) return
    if (this.#plugged) await this.#cable.plug()
    this.#started = true
    this.#run()
  }

  async stop(): Promise<void> {
    this.#started = false
    this.#haltEngine()
    for (const timer of this.#answerTimers) this.#clock.clearTimeout(timer)
    this.#answerTimers.clear()
    await this.#cable.stop()
  }

  onChange(listener: () => void): () => void {
    return this.#changes.add(listener)
  }

  state(): PrinterState {
    return {
      model: this.#model,
      ticketAtOutput: this.#held !== undefined,
      jammed: this.#jammed,
      hot: this.#hot,
      cable: this.#cable.state(),
      plugged: this.#plugged,
      paper: this.#paperOut ? 'out' : this.#nearEnd ? 'near-end' : 'present',
      remainingMm: Math.floor(this.#remainingDots / DOTS_PER_MM),
      linesUntilPaperOut: this.#linesUntilPaperOut ?? null,
      cover: this.#coverOpen ? 'open' : 'closed',
      cutter: this.#cutter,
      silent: this.#silent,
      answersWrongProcessId: this.#wrongProcessId,
      answerDelayMs: this.#delayMs,
      bufferedBytes: this.#buffer.length,
      printing: this.#engine !== undefined,
      unknownCommands: this.#unknownCommands,
      receipts: this.#receipts.filter((kept) => !kept.strip.isBlank).map((kept) => this.#describe(kept)),
    }
  }

  /** A PNG of one receipt by its `pngId`. Rejects when there is no such receipt. */
  picture(pngId: string): Promise<Buffer> {
    const kept = this.#receipts.find((receipt) => String(receipt.id) === pngId.split('-')[0])
    return kept === undefined ? Promise.reject(new Error(`no receipt ${pngId}`)) : Promise.resolve(kept.strip.png())
  }

  async command(command: PrinterCommand): Promise<void> {
    switch (command.kind) {
      case 'model':
        this.#model = command.model
        this.#held = undefined
        break
      case 'take-ticket':
        if (this.#held !== undefined) this.#held.taken = true
        this.#held = undefined
        break
      case 'jam':
        this.#jammed = command.on
        break
      case 'hot-head':
        this.#hot = command.on
        break
      case 'cable':
        await this.#cable.command(command)
        break
      case 'tear-off':
        this.#held = undefined
        if (this.#strip !== undefined && !this.#strip.strip.isBlank) this.#endStrip('torn')
        for (const receipt of this.#receipts) receipt.taken = true
        break
      case 'load-paper':
        this.#remainingDots = (command.lengthMm ?? FULL_ROLL_MM) * DOTS_PER_MM
        this.#linesUntilPaperOut = undefined
        this.#nearEndForced = false
        break
      case 'paper-out':
        this.#runOutOfPaper()
        break
      case 'paper-out-after':
        this.#linesUntilPaperOut = command.lines
        if (command.lines === 0) this.#runOutOfPaper()
        break
      case 'near-end':
        this.#nearEndForced = command.on
        break
      case 'open-cover':
        this.#coverOpen = true
        break
      case 'close-cover':
        this.#coverOpen = false
        break
      case 'cutter-jam':
        this.#cutter = !command.on ? 'ok' : this.#cutter === 'jammed' ? 'jammed' : 'will-jam'
        break
      case 'silence':
        this.#silent = command.on
        this.#frozen = command.on && command.printing === 'stops'
        break
      case 'unplug':
        this.#plugged = false
        // The power goes too: nothing that was not on paper survives.
        this.#haltEngine()
        this.#dropBuffers()
        await this.#cable.unplug()
        break
      case 'plug':
        if (this.#started) await this.#cable.plug()
        this.#plugged = true
        break
      case 'delay':
        this.#delayMs = command.ms
        break
      case 'wrong-process-id':
        this.#wrongProcessId = command.on
        break
    }
    this.#statusChanged()
    this.#run()
  }

  get #isCutterStuck(): boolean {
    return this.#cutter === 'jammed'
  }

  get #paperOut(): boolean {
    return this.#remainingDots <= 0
  }

  get #nearEnd(): boolean {
    return this.#nearEndForced || this.#remainingDots < NEAR_END_MM * DOTS_PER_MM
  }

  get #stopped(): boolean {
    return this.#paperOut || this.#coverOpen || this.#cutter === 'jammed' || this.#jammed || this.#hot
  }

  #receive(bytes: Uint8Array): void {
    this.#filter.push(
      bytes,
      (command) => this.#obeyNow(command),
      (byte) => this.#buffer.push(byte),
    )
    this.#run()
  }

  #obeyNow(command: RealTimeCommand): void {
    switch (command.kind) {
      case 'status':
        this.#answer(statusAnswer(this.#model, command.n, this.#facts()))
        return
      case 'recover': {
        // Accepted in a cutter error only, as most models do; some take it at paper end as well.
        const traits = MODEL_TRAITS[this.#model]
        if (this.#cutter !== 'jammed' && !(this.#paperOut && traits.clearsAtPaperEnd && command.n === 2)) return
        this.#cutter = 'ok'
        if (command.n === 2) {
          this.#haltEngine()
          this.#dropBuffers()
          this.#style = this.#initialStyle()
        }
        this.#statusChanged()
        return
      }
      case 'clear-buffers':
        if (!MODEL_TRAITS[this.#model].clearsAndSays) return
        this.#haltEngine()
        this.#dropBuffers()
        this.#style = this.#initialStyle()
        this.#answer(Uint8Array.of(0x37, 0x25, 0x00))
        this.#changed()
    }
  }

  #facts(): PrinterFacts {
    return {
      stopped: this.#stopped, coverOpen: this.#coverOpen, paperOut: this.#paperOut, nearEnd: this.#nearEnd, cutterJammed: this.#cutter === 'jammed',
      jammed: this.#jammed, hot: this.#hot, ticketAtOutput: this.#held !== undefined, motorOn: this.#engine !== undefined,
    }
  }

  #automaticStatus(): Uint8Array {
    return automaticAnswer(this.#facts())
  }

  #answer(bytes: Uint8Array): void {
    if (this.#silent || !this.#plugged || bytes.length === 0) return
    if (this.#delayMs === 0) {
      this.#cable.outward(bytes)
      return
    }
    const timer = this.#clock.setTimeout(() => {
      this.#answerTimers.delete(timer)
      if (!this.#silent) this.#cable.outward(bytes)
    }, this.#delayMs)
    this.#answerTimers.add(timer)
  }

  /** Tells the host, when it wants to know, and the bench. */
  #statusChanged(): void {
    const bytes = this.#automaticStatus()
    const now = bytes.join()
    if (this.#automaticMask !== 0 && now !== this.#lastAutomatic) this.#answer(bytes)
    this.#lastAutomatic = now
    this.#changed()
  }

  #changed(): void {
    this.#changes.notify()
  }

  #dropBuffers(): void {
    if ((this.#buffer.length > 0 || this.#line.length > 0) && this.#strip !== undefined && !this.#strip.strip.isBlank) this.#strip.strip.interrupted = true
    this.#buffer = []
    this.#filter.reset()
    this.#line = []
    this.#cursor = 0
    this.#owedCut = undefined
  }

  #haltEngine(): void {
    if (this.#engine !== undefined) this.#clock.clearTimeout(this.#engine)
    this.#engine = undefined
  }

  /** Obeys what is in the buffer, one command after the other, as fast as the paper moves. */
  #run(): void {
    while (this.#started && this.#plugged && this.#engine === undefined && !this.#stopped && !this.#frozen) {
      const owed = this.#owedCut
      this.#owedCut = undefined
      const next = owed === undefined ? nextCommand(this.#buffer, this.#style.chinese) : undefined
      if (owed === undefined && next === undefined) return
      if (next !== undefined) this.#buffer.splice(0, next.length)
      const movedDots = owed !== undefined ? owed() : next === undefined ? 0 : this.#obey(next.command)
      if (movedDots === 0) continue
      this.#changed()
      this.#engine = this.#clock.setTimeout(() => {
        this.#engine = undefined
        this.#run()
        if (this.#engine === undefined) this.#changed()
      }, movedDots * this.#msPerDot)
    }
  }

  /** Returns how far the paper moved. */
  #obey(command: PrintCommand): number {
    switch (command.kind) {
      case 'characters':
        this.#place(command.bytes)
        return 0
      case 'line-feed':
        return this.#printLine(this.#style.lineDots)
      case 'raster':
        return this.#printRaster(command)
      case 'function':
        return this.#obeyFunction(command.group, command.parameters)
      case 'escape':
        return this.#obeyEscape(command.name, command.parameters)
      case 'unknown':
        this.#unknownCommands += 1
        return 0
    }
  }

  #obeyEscape(name: string, parameters: readonly number[]): number {
    const [first = 0, second = 0] = parameters
    const word = first + 256 * second
    switch (name) {
      case '1b40':
        this.#style = this.#initialStyle()
        this.#line = []
        this.#cursor = 0
        return 0
      case '1c26':
        this.#style.chinese = true
        return 0
      case '1c2e':
        this.#style.chinese = false
        return 0
      case '1d21':
        this.#style.scaleX = ((first >> 4) & 7) + 1
        this.#style.scaleY = (first & 7) + 1
        return 0
      case '1c21':
        this.#style.scaleX = (first & 0x04) === 0 ? 1 : 2
        this.#style.scaleY = (first & 0x08) === 0 ? 1 : 2
        this.#style.underline = (first & 0x80) !== 0
        return 0
      case '1c57':
        this.#style.scaleX = this.#style.scaleY = (first & 1) === 0 ? 1 : 2
        return 0
      case '1b45':
      case '1b47':
        this.#style.bold = (first & 1) !== 0
        return 0
      case '1b2d':
      case '1c2d':
        this.#style.underline = (first & 3) !== 0
        return 0
      case '1b61':
        // Only at the start of a line.
        if (this.#line.length === 0) this.#style.align = (first & 3) === 1 ? 1 : (first & 3) === 2 ? 2 : 0
        return 0
      case '1b33':
        this.#style.lineDots = first
        return 0
      case '1b32':
        this.#style.lineDots = DEFAULT_LINE_DOTS
        return 0
      case '1b24':
        this.#cursor = word
        return 0
      case '1b5c':
        this.#cursor += word >= 0x8000 ? word - 0x10000 : word
        return 0
      case '1d4c':
        this.#style.leftMargin = word
        return 0
      case '1d57':
        this.#style.printWidth = word
        return 0
      case '1b64':
        return this.#printLine(this.#style.lineDots * first)
      case '1b4a':
        return this.#printLine(first)
      case '1d56':
        return first >= 0x41 ? this.#printLine(second) + this.#cut() : this.#cut()
      case '1b69':
      case '1b6d':
        return this.#cut()
      case '1d65':
        return this.#presenter(first)
      case '1d61':
        this.#automaticMask = first
        if (first !== 0) this.#answer(this.#automaticStatus())
        this.#lastAutomatic = this.#automaticStatus().join()
        return 0
      case '1d72':
        this.#answer(Uint8Array.of(this.#nearEnd ? 0x03 : 0x00))
        return 0
      case '1d49':
        this.#answer(Uint8Array.of(0x02))
        return 0
      default:
        return 0
    }
  }

  #obeyFunction(group: 'k' | 'H' | 'other', parameters: Uint8Array): number {
    if (group === 'H' && parameters[0] === 0x30 && parameters.length === 6) {
      if (!MODEL_TRAITS[this.#model].answersProcessId) return 0
      const id = this.#wrongProcessId ? new TextEncoder().encode('1234') : parameters.subarray(2, 6)
      this.#answer(Uint8Array.of(0x37, 0x22, ...id, 0x00))
      return 0
    }
    if (group !== 'k' || parameters[0] !== 0x31) return 0
    switch (parameters[1]) {
      case 0x43:
        this.#qr.moduleDots = Math.min(16, Math.max(1, parameters[2] ?? 3))
        return 0
      case 0x45:
        this.#qr.level = (['L', 'M', 'Q', 'H'] as const)[(parameters[2] ?? 0x30) - 0x30] ?? 'L'
        return 0
      case 0x50:
        this.#qr.data = parameters.slice(3)
        return 0
      case 0x51:
        return this.#printQr()
      default:
        return 0
    }
  }

  #place(bytes: readonly number[]): void {
    const { scaleX, scaleY, bold, underline, chinese } = this.#style
    for (let at = 0; at < bytes.length; at++) {
      const byte = bytes[at] ?? 0
      const trail = bytes[at + 1]
      const isPair = chinese && byte >= 0x81 && trail !== undefined
      const character = isPair ? pairCharacter(byte, trail) : byte < 0x80 ? String.fromCharCode(byte) : '?'
      if (isPair) at += 1
      const widthDots = (isPair ? 24 : 12) * scaleX
      if (this.#cursor + widthDots > this.#style.printWidth) this.#printLine(this.#style.lineDots)
      this.#line.push({ character, x: this.#cursor, widthDots, heightDots: 24 * scaleY, bold, underline })
      this.#cursor += widthDots
    }
  }

  #printLine(feedDots: number): number {
    const line = this.#line
    this.#line = []
    const right = line.reduce((end, placed) => Math.max(end, placed.x + placed.widthDots), 0)
    this.#cursor = 0
    if (line.length > 0) {
      const strip = this.#paper()
      const left = this.#alignedLeft(right)
      const height = Math.max(...line.map((placed) => placed.heightDots))
      for (const placed of line) strip.add({ kind: 'character', ...placed, x: left + placed.x, y: strip.heightDots + height - placed.heightDots })
      strip.lines.push(lineText(line))
    }
    return this.#feed(line.length > 0 ? Math.max(feedDots, ...line.map((placed) => placed.heightDots)) : feedDots, line.length > 0)
  }

  #printRaster({ mode, rowBytes, rows, data }: Extract<PrintCommand, { kind: 'raster' }>): number {
    const strip = this.#paper()
    const scaleX = (mode & 1) === 0 ? 1 : 2
    const scaleY = (mode & 2) === 0 ? 1 : 2
    strip.add({ kind: 'picture', x: this.#alignedLeft(rowBytes * 8 * scaleX), y: strip.heightDots, rowBytes, rows, scaleX, scaleY, data })
    strip.lines.push(rows <= 3 ? '[rule]' : '[picture]')
    return this.#feed(rows * scaleY, true)
  }

  #printQr(): number {
    const text = new TextDecoder().decode(this.#qr.data)
    const { size, data } = QRCode.create(text, { errorCorrectionLevel: this.#qr.level }).modules
    const strip = this.#paper()
    const side = size * this.#qr.moduleDots
    strip.add({ kind: 'squares', x: this.#alignedLeft(side), y: strip.heightDots, moduleDots: this.#qr.moduleDots, side: size, isDark: (row, column) => (data[row * size + column] ?? 0) !== 0 })
    strip.lines.push(`[QR ${text}]`)
    return this.#feed(side, true)
  }

  #alignedLeft(widthDots: number): number {
    const free = Math.max(0, this.#style.printWidth - widthDots)
    return this.#style.leftMargin + (this.#style.align === 1 ? Math.floor(free / 2) : this.#style.align === 2 ? free : 0)
  }

  #feed(dots: number, isPrinted: boolean): number {
    if (dots <= 0) return 0
    this.#paper().heightDots += dots
    this.#remainingDots -= dots
    if (isPrinted && this.#linesUntilPaperOut !== undefined) {
      this.#linesUntilPaperOut -= 1
      if (this.#linesUntilPaperOut <= 0) this.#remainingDots = 0
    }
    if (this.#remainingDots <= 0) this.#runOutOfPaper()
    return dots
  }

  #runOutOfPaper(): void {
    this.#remainingDots = 0
    this.#linesUntilPaperOut = undefined
    if (this.#strip !== undefined && !this.#strip.strip.isBlank) {
      this.#strip.strip.interrupted = true
      this.#endStrip('paper-end')
    }
    this.#statusChanged()
  }

  /** `again`: what is done first when a stuck cutter is free again. */
  #cut(again: () => number = () => this.#cut()): number {
    if (this.#cutter === 'will-jam') {
      this.#cutter = 'jammed'
      this.#owedCut = again
      this.#statusChanged()
      return 0
    }
    const cut = this.#strip
    this.#endStrip('cut')
    if (MODEL_TRAITS[this.#model].holdsAfterCut && cut !== undefined && !cut.strip.isBlank) this.#hold(cut)
    // The blade goes forth and back in about the time of 20 mm of paper.
    return 20 * DOTS_PER_MM
  }

  /** GS e. Whatever is still uncut is cut first. */
  #presenter(n: number): number {
    const { presenter, bin } = MODEL_TRAITS[this.#model]
    if (!presenter) return 0
    if (n === 6) {
      this.#answer(ejectorAnswer(this.#facts()))
      return 0
    }
    const uncut = this.#strip
    const moved = uncut === undefined ? 0 : this.#cut(() => this.#presenter(n))
    if (this.#isCutterStuck) return 0
    const fresh = uncut === undefined || uncut.strip.isBlank ? undefined : uncut
    const ticket = fresh ?? this.#held
    if (ticket === undefined) return moved
    switch (n) {
      case 2:
        if (!bin) return moved
        ticket.isInBin = true
        this.#held = undefined
        break
      case 5:
        this.#held = undefined
        break
      default:
        this.#hold(ticket)
    }
    ticket.revision += 1
    this.#changed()
    return moved + 10 * DOTS_PER_MM
  }

  /** Two tickets cannot be held: the one before falls out. */
  #hold(ticket: KeptReceipt): void {
    this.#held = ticket
  }

  #describe({ id, strip, taken, isInBin, revision }: KeptReceipt): PrintedReceipt {
    const where = isInBin ? 'bin' : this.#held?.id === id ? 'output' : this.#strip?.id === id ? 'printer' : 'out'
    return { id, lines: [...strip.lines], complete: strip.end === 'cut' && !strip.interrupted, cut: strip.end === 'cut', end: strip.end ?? 'hanging', taken, where, pngId: `${id}-${revision}` }
  }

  #endStrip(end: 'cut' | 'torn' | 'paper-end'): void {
    const kept = this.#strip
    this.#strip = undefined
    if (kept === undefined) return
    if (kept.strip.isBlank) this.#receipts = this.#receipts.filter((other) => other !== kept)
    kept.strip.end = end
    kept.revision += 1
    if (!kept.strip.isBlank) this.#onPaper(this.#describe(kept))
    this.#changed()
  }

  #paper(): Strip {
    if (this.#strip === undefined) {
      this.#strip = { id: this.#nextReceipt++, strip: new Strip(this.#widthDots), taken: false, isInBin: false, revision: 0 }
      this.#receipts = [...this.#receipts, this.#strip].slice(-KEPT_RECEIPTS)
    }
    this.#strip.revision += 1
    return this.#strip.strip
  }

  /** After power-up and ESC @ this model is in Latin mode, so a driver that forgets to switch is found out. */
  #initialStyle(): Style {
    return { chinese: false, scaleX: 1, scaleY: 1, bold: false, underline: false, align: 0, lineDots: DEFAULT_LINE_DOTS, leftMargin: 0, printWidth: this.#widthDots }
  }
}

/** The printer's font has the two-byte zone without its user-defined areas; anything else is an empty box. */
function pairCharacter(lead: number, trail: number): string {
  const character = iconv.decode(Buffer.of(lead, trail), 'gb18030')
  const codePoint = character.codePointAt(0) ?? 0xfffd
  const isEmpty = trail < 0x40 || [...character].length !== 1 || codePoint === 0xfffd || (codePoint >= 0xe000 && codePoint <= 0xf8ff)
  return isEmpty ? '□' : character
}

/** Columns as spaces, as a person would read the line. */
function lineText(line: readonly Placed[]): string {
  let text = ''
  let at = 0
  for (const placed of line) {
    const cell = placed.widthDots >= 24 && placed.character.charCodeAt(0) > 0x7f ? placed.widthDots / 2 : placed.widthDots
    text += ' '.repeat(Math.max(0, Math.round((placed.x - at) / cell))) + placed.character
    at = placed.x + placed.widthDots
  }
  return text
}
