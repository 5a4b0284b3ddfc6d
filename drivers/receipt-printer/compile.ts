import { err, ok, unreachable, type Result } from '../../core/result/result.ts'
import type { PrintJob } from '../device-host/contract.ts'
import { bytesOfHex, concatBytes, escpos, holdsRealTimeCommand, rasterCommands } from './escpos.ts'
import { GLYPH_HEIGHT_DOTS, type GlyphBook } from './glyphs.ts'
import { layOutReceipt, layOutVoidStub, type PrintLine } from './layout.ts'
import type { Presenter, ReceiptPrinterProfile } from './profile.ts'
import { QUIET_ZONE_MODULES, qrBitmap, qrSymbol, type QrSymbol } from './qr.ts'
import { blankBitmap, drawGlyph, setDot } from './raster.ts'
import { characterForm, type CharacterForm } from './text.ts'

/** A receipt in a printer's own language, ready to send. */
export interface CompiledReceipt {
  /** Whole commands each: a real-time question may be asked between any two. */
  readonly segments: readonly Uint8Array[]
  readonly byteCount: number
  /** Paper that comes out, margins included. */
  readonly lengthMm: number
  readonly cuts: number
}

export type CompileError =
  /** How many different characters nobody can print. Which ones they are would tell the name: not said. */
  | { readonly kind: 'glyph-missing'; readonly characters: number }
  | { readonly kind: 'qr-too-long' }
  | { readonly kind: 'bad-process-id' }

/** A cell is half a Chinese character of the 24-dot font. */
const CELL_DOTS = 12
/** 89 ms at 115200: few pauses between writes, and a question of the status still gets its answer in time. */
export const SEGMENT_BYTES = 1024
const RULE_DOTS = 2
const RULE_GAP_DOTS = 10

/**
 * Turns a print job into bytes for one model. Nothing is compiled when a single character cannot be printed truly. Lines
 * that hold a character outside the printer's font are drawn whole, at the same height and place as printed text.
 */
export function compileReceipt(job: PrintJob, profile: ReceiptPrinterProfile, glyphs: GlyphBook, segmentBytes = SEGMENT_BYTES): Result<CompiledReceipt, CompileError> {
  if (!/^[\x20-\x7e]{4}$/.test(job.processId)) return err({ kind: 'bad-process-id' })
  const forms = new Map<number, CharacterForm>()
  const missing = new Set<number>()
  const formOf = (codePoint: number): CharacterForm => {
    let form = forms.get(codePoint)
    if (form === undefined) forms.set(codePoint, (form = characterForm(codePoint, profile.text.hanziZone, glyphs)))
    if (form.kind === 'missing') missing.add(codePoint)
    return form
  }
  const cellsOf = (codePoint: number): number => {
    const form = formOf(codePoint)
    return form.kind === 'missing' ? 2 : form.cells
  }
  const { cells } = profile.paper
  const lines: PrintLine[] = [
    ...(job.voidStubFirst ? layOutVoidStub(job.document.number, cells, cellsOf) : []),
    ...layOutReceipt(job.document, job.attempt, cells, cellsOf),
    { kind: 'cut', of: 'receipt' },
  ]
  if (missing.size > 0) return err({ kind: 'glyph-missing', characters: missing.size })

  const writer = new SegmentWriter(profile, formOf, glyphs, segmentBytes)
  writer.begin(job.cutFirst === true)
  for (const line of lines) {
    const written = writer.line(line)
    if (!written.ok) return written
  }
  writer.end(job.processId)
  return ok(writer.compiled())
}

class SegmentWriter {
  readonly #profile: ReceiptPrinterProfile
  readonly #formOf: (codePoint: number) => CharacterForm
  readonly #glyphs: GlyphBook
  readonly #segmentBytes: number
  readonly #segments: Uint8Array[] = []
  #pending: Uint8Array[] = []
  #pendingBytes = 0
  #dots = 0
  #cuts = 0
  #align: 'left' | 'center' = 'left'
  #bold = false
  #size: 1 | 2 = 1
  #spacing = -1

  constructor(profile: ReceiptPrinterProfile, formOf: (codePoint: number) => CharacterForm, glyphs: GlyphBook, segmentBytes: number) {
    this.#segmentBytes = segmentBytes
    this.#profile = profile
    this.#formOf = formOf
    this.#glyphs = glyphs
  }

  begin(isCutFirst: boolean): void {
    const { text, automaticStatus } = this.#profile
    this.#add(escpos.initialise(), escpos.chineseMode())
    if (isCutFirst) this.#add(cutOff(this.#profile))
    if (text.codeSystem !== undefined) this.#add(escpos.codeSystem(Number.parseInt(text.codeSystem, 16)))
    this.#add(escpos.codePageZero(), escpos.noChineseSpacing())
    // ESC @ may have switched it off.
    if (automaticStatus) this.#add(escpos.automaticStatus(true))
  }

  end(processId: string): void {
    // After the cut: the answer then says that the paper has been cut, not only printed.
    this.#add(this.#profile.proof === 'process-id' ? escpos.processId(processId) : escpos.inOrderPaperStatus())
    this.#flush()
  }

  compiled(): CompiledReceipt {
    return {
      segments: this.#segments,
      byteCount: this.#segments.reduce((sum, segment) => sum + segment.length, 0),
      lengthMm: Math.ceil(this.#dots / this.#profile.paper.dotsPerMm),
      cuts: this.#cuts,
    }
  }

  line(line: PrintLine): Result<void, CompileError> {
    const { paper, cut } = this.#profile
    switch (line.kind) {
      case 'text':
        return this.#textLine(line)
      case 'rule': {
        const rule = blankBitmap(paper.cells * CELL_DOTS, RULE_DOTS)
        for (let y = 0; y < RULE_DOTS; y++) for (let x = 0; x < rule.widthDots; x++) setDot(rule, x, y)
        this.#style('left', false, 1)
        this.#feed(RULE_GAP_DOTS - (paper.lineDots - GLYPH_HEIGHT_DOTS))
        this.#add(...rasterCommands(rule))
        this.#dots += RULE_DOTS
        this.#feed(RULE_GAP_DOTS)
        return ok(undefined)
      }
      case 'qr': {
        const symbol = qrSymbol(line.data, paper.printableDots, this.#profile.qr.moduleDots)
        if (!symbol.ok) return err({ kind: 'qr-too-long' })
        this.#qr(line.data, symbol.value)
        return ok(undefined)
      }
      case 'feed':
        this.#feed(line.dots)
        return ok(undefined)
      case 'cut':
        this.#style('left', false, 1)
        this.#cuts += 1
        if (this.#profile.presenter !== null) {
          this.#feed(Math.round(paper.marginMm * paper.dotsPerMm))
          this.#add(line.of === 'stub' ? stubAway(this.#profile.presenter) : presentCommand(this.#profile.presenter))
          return ok(undefined)
        }
        this.#feed(Math.round(paper.marginMm * paper.dotsPerMm) - cut.feedDots)
        if (cut.command === 'none') this.#feed(cut.feedDots)
        else {
          this.#add(escpos.cut(cut.command, cut.feedDots))
          this.#dots += cut.feedDots
        }
        return ok(undefined)
      default:
        return unreachable(line)
    }
  }

  #textLine(line: Extract<PrintLine, { kind: 'text' }>): Result<void, CompileError> {
    const lineDots = this.#profile.paper.lineDots + (line.size === 2 ? GLYPH_HEIGHT_DOTS : 0)
    const parts = line.parts.map((part) => ({ startCell: part.startCell, forms: [...part.text].map((character) => this.#formOf(character.codePointAt(0) ?? 0)) }))
    if (parts.some((part) => part.forms.some((form) => form.kind === 'drawn'))) {
      return this.#drawnLine(line, parts)
    }
    this.#style(line.align, line.bold, line.size)
    if (this.#spacing !== lineDots) this.#add(escpos.lineSpacing(lineDots))
    this.#spacing = lineDots
    for (const part of parts) {
      if (part.startCell > 0) this.#add(escpos.absolutePosition(part.startCell * CELL_DOTS * line.size))
      this.#add(...part.forms.map((form) => (form.kind === 'bytes' ? form.bytes : new Uint8Array())))
    }
    this.#add(escpos.lineFeed())
    this.#dots += lineDots
    return ok(undefined)
  }

  /** The whole line as one picture, so that rare and common characters stand in one face at one height. */
  #drawnLine(line: Extract<PrintLine, { kind: 'text' }>, parts: readonly { readonly startCell: number; readonly forms: readonly CharacterForm[] }[]): Result<void, CompileError> {
    const widthDots = this.#profile.paper.cells * CELL_DOTS
    const bitmap = blankBitmap(widthDots, GLYPH_HEIGHT_DOTS * line.size)
    for (const [index, part] of parts.entries()) {
      const usedCells = part.forms.reduce((sum, form) => sum + (form.kind === 'missing' ? 0 : form.cells), 0)
      let x = part.startCell * CELL_DOTS * line.size
      if (line.align === 'center') x = Math.floor((widthDots - usedCells * CELL_DOTS * line.size) / 2)
      for (const [position, character] of [...(line.parts[index]?.text ?? '')].entries()) {
        const form = part.forms[position]
        if (form === undefined || form.kind === 'missing') continue
        const glyph = form.kind === 'drawn' ? form.glyph : this.#glyphs.find(character.codePointAt(0) ?? 0)
        if (glyph === undefined) return err({ kind: 'glyph-missing', characters: 1 })
        const slotDots = form.cells * CELL_DOTS
        drawGlyph(bitmap, glyph, x + Math.floor((slotDots - glyph.widthDots) / 2) * line.size, 0, line.size, line.bold)
        x += slotDots * line.size
      }
    }
    this.#style('left', false, 1)
    this.#add(...rasterCommands(bitmap))
    this.#dots += bitmap.heightDots
    this.#feed(this.#profile.paper.lineDots - GLYPH_HEIGHT_DOTS)
    return ok(undefined)
  }

  #qr(data: string, symbol: QrSymbol): void {
    const { qr, paper } = this.#profile
    const quietDots = QUIET_ZONE_MODULES * symbol.moduleDots
    const side = symbol.modules * symbol.moduleDots
    const store = escpos.qrStore(new TextEncoder().encode(data))
    this.#feed(quietDots)
    // A length of 1040 bytes would write the bytes 10 04 into the command itself.
    if (qr.method === 'printer' && !holdsRealTimeCommand(store)) {
      this.#style('center', false, 1)
      this.#add(escpos.qrModel2(), escpos.qrModuleDots(symbol.moduleDots), escpos.qrCorrection(symbol.level), store, escpos.qrPrint())
    } else {
      this.#style('left', false, 1)
      this.#add(...rasterCommands(qrBitmap(symbol, paper.cells * CELL_DOTS)))
    }
    this.#dots += side
    this.#feed(quietDots)
  }

  #style(align: 'left' | 'center', bold: boolean, size: 1 | 2): void {
    if (align !== this.#align) this.#add(escpos.align(align))
    if (bold !== this.#bold) this.#add(escpos.bold(bold))
    if (size !== this.#size) this.#add(escpos.size(size))
    this.#align = align
    this.#bold = bold
    this.#size = size
  }

  #feed(dots: number): void {
    if (dots <= 0) return
    this.#add(escpos.feedDots(dots))
    this.#dots += dots
  }

  #add(...commands: readonly Uint8Array[]): void {
    for (const command of commands) {
      this.#pending.push(command)
      this.#pendingBytes += command.length
    }
    if (this.#pendingBytes >= this.#segmentBytes) this.#flush()
  }

  #flush(): void {
    if (this.#pending.length > 0) this.#segments.push(concatBytes(this.#pending))
    this.#pending = []
    this.#pendingBytes = 0
  }
}

/** Cuts and holds the receipt out, by as many steps of this model as make the wanted length. */
function presentCommand({ present }: Presenter): Uint8Array {
  const command = bytesOfHex(present.command)
  return present.stepMm === undefined ? command : concatBytes([command, Uint8Array.of(Math.max(1, Math.round(present.lengthMm / present.stepMm)))])
}

/** A void stub is for no citizen: into the bin where there is one, out of the way otherwise. */
function stubAway(presenter: Presenter): Uint8Array {
  return presenter.retract !== undefined ? bytesOfHex(presenter.retract) : presenter.eject !== undefined ? bytesOfHex(presenter.eject) : presentCommand(presenter)
}

/** Parts what hangs in the printer from what comes next: into the bin, out of the presenter, or by the cutter. */
export function cutOff({ presenter, cut, paper }: ReceiptPrinterProfile): Uint8Array {
  const away = presenter?.retract ?? presenter?.eject
  if (away !== undefined) return bytesOfHex(away)
  const feed = escpos.feedDots(Math.max(0, Math.round(paper.marginMm * paper.dotsPerMm) - cut.feedDots))
  return cut.command === 'none' ? new Uint8Array() : concatBytes([feed, escpos.cut(cut.command, cut.feedDots)])
}
