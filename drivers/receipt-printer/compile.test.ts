import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { ReceiptBlock } from '../../core/receipt/document.ts'
import type { PrintJob } from '../device-host/contract.ts'
import { lazyGlyphBook, printerAssetsFolder, printerProfileNames, readPrinterProfile } from './assets.ts'
import { compileReceipt } from './compile.ts'
import { concatBytes, escpos, holdsRealTimeCommand, rasterCommands } from './escpos.ts'
import type { ReceiptPrinterProfile } from './profile.ts'
import { blankBitmap } from './raster.ts'

const folder = printerAssetsFolder()
const glyphs = lazyGlyphBook(folder)
function profileNamed(name: string): ReceiptPrinterProfile {
  const profile = readPrinterProfile(folder, name)
  if (!profile.ok) throw new Error(JSON.stringify(profile.error))
  return profile.value
}
const job = (blocks: readonly ReceiptBlock[], more: Partial<PrintJob> = {}): PrintJob => ({ document: { number: 'A-1', blocks }, attempt: 1, processId: 'AAAA', voidStubFirst: false, ...more })
const hexOf = (print: PrintJob, profile = profileNamed('escpos-80')): string => {
  const compiled = compileReceipt(print, profile, glyphs)
  return compiled.ok ? Buffer.from(concatBytes(compiled.value.segments)).toString('hex') : `refused: ${compiled.error.kind}`
}

describe('a receipt as bytes', () => {
  it('sets the Chinese mode after every initialisation', () => {
    expect(hexOf(job([]))).toMatch(/^1b401c261b74001c5300001d610f/)
  })

  it('places the value of a pair in dots, right-aligned by cells', () => {
    // 48 cells − 4 cells of value = cell 44 = dot 528 = 0210.
    expect(hexOf(job([{ kind: 'pair', label: '名', value: '中文' }]))).toContain('c3fb' + '1b241002' + 'd6d0cec4' + '0a')
  })

  it('a name cannot carry a command', () => {
    const hex = hexOf(job([{ kind: 'text', text: '\u001b@\u001d\u0056\u0000张\u0010\u0004\u0001' }]))
    expect(hex).toContain('4056d5c5' + '0a')
  })

  it('asks for the process id after the last cut, and once', () => {
    const hex = hexOf(job([{ kind: 'title', text: '回执' }], { attempt: 2, voidStubFirst: true }))
    expect(hex.match(/1d5642/g)).toHaveLength(2)
    expect(hex.match(/1d284806003030/g)).toHaveLength(1)
    expect(hex.endsWith('1d5642181d28480600303041414141')).toBe(true)
  })

  it('refuses a process id that would break the command', () => {
    expect(hexOf(job([], { processId: 'ab\u00001' }))).toBe('refused: bad-process-id')
    expect(hexOf(job([], { processId: 'abc' }))).toBe('refused: bad-process-id')
  })

  it('prints a QR code by the printer or as a picture, as the profile says, and refuses one that no reader could read', () => {
    expect(hexOf(job([{ kind: 'qr', data: 'https://demo.invalid/1' }]))).toContain('1d286b19003150306874747073')
    const basic = hexOf(job([{ kind: 'qr', data: 'https://demo.invalid/1' }]), profileNamed('escpos-80-basic'))
    expect(basic).not.toContain('1d286b')
    expect(basic).toContain('1d763000')
    expect(hexOf(job([{ kind: 'qr', data: 'x'.repeat(3000) }]), profileNamed('escpos-58'))).toBe('refused: qr-too-long')
  })

  it('a QR text whose length would itself be a real-time command goes out as a picture', () => {
    const hex = hexOf(job([{ kind: 'qr', data: 'a'.repeat(0x0410 - 3) }]))
    expect(hex).not.toContain('1d286b1004')
    expect(hex).toContain('1d763000')
  })

  it('holds no real-time command anywhere, whatever people are called', () => {
    const text = fc.string({ unit: 'binary', maxLength: 60 })
    const rare = fc.array(fc.integer({ min: 0x20000, max: 0x2a6d6 }), { minLength: 1, maxLength: 40 }).map((points) => String.fromCodePoint(...points))
    const block = fc.oneof(
      fc.record({ kind: fc.constant('text' as const), text: fc.oneof(text, rare), large: fc.boolean(), bold: fc.boolean() }),
      fc.record({ kind: fc.constant('pair' as const), label: text, value: fc.oneof(text, rare) }),
      fc.record({ kind: fc.constant('item' as const), mark: fc.constant('√'), text: fc.oneof(text, rare) }),
      fc.record({ kind: fc.constant('qr' as const), data: fc.string({ minLength: 1, maxLength: 200 }) }),
    )
    fc.assert(
      fc.property(fc.array(block, { maxLength: 4 }), fc.constantFrom(...printerProfileNames(folder)), (blocks, name) => {
        const compiled = compileReceipt(job(blocks), profileNamed(name), glyphs)
        if (compiled.ok) expect(holdsRealTimeCommand(concatBytes(compiled.value.segments))).toBe(false)
      }),
      { numRuns: 150 },
    )
  })

  it('closes the trap in any picture by at most one dot beside another', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom(0x10, 0x04, 0x05, 0x14, 0xff), { minLength: 72, maxLength: 72 }), (bytes) => {
        const bitmap = blankBitmap(72, 8)
        bitmap.data.set(bytes)
        const [command] = rasterCommands(bitmap)
        const data = command?.subarray(8) ?? new Uint8Array()
        expect(holdsRealTimeCommand(command ?? new Uint8Array())).toBe(false)
        data.forEach((byte, index) => expect([bytes[index], bytes[index] === 0x10 ? 0x18 : bytes[index]]).toContain(byte))
      }),
    )
  })

  it('closes it in any raster at all, its own header included', () => {
    const picture = fc.record({ widthDots: fc.integer({ min: 8, max: 576 }), heightDots: fc.integer({ min: 1, max: 60 }), seed: fc.uint8Array({ minLength: 1, maxLength: 64 }) })
    fc.assert(
      fc.property(picture, ({ widthDots, heightDots, seed }) => {
        const bitmap = blankBitmap(widthDots, heightDots)
        bitmap.data.forEach((_, index) => (bitmap.data[index] = ((seed[index % seed.length] ?? 0) + index * 7 * (seed[0] ?? 0)) & 0xff))
        expect(holdsRealTimeCommand(concatBytes(rasterCommands(bitmap)))).toBe(false)
      }),
      { numRuns: 300 },
    )
  })

  it('tells the length of the paper and cuts pictures into bands of one-byte height', () => {
    const compiled = compileReceipt(job([{ kind: 'text', text: '一行' }]), profileNamed('escpos-80'), glyphs)
    // One line of 32 dots, 6 mm margin with the feed of the cut in it.
    expect(compiled).toMatchObject({ ok: true, value: { lengthMm: 10 } })
    expect(rasterCommands(blankBitmap(576, 500)).map((command) => command[6])).toEqual([240, 240, 20])
    expect(escpos.feedDots(600)).toEqual(Uint8Array.of(0x1b, 0x4a, 255, 0x1b, 0x4a, 255, 0x1b, 0x4a, 90))
  })
})
