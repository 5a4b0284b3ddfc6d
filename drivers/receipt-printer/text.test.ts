import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import iconv from 'iconv-lite'
import { describe, expect, it } from 'vitest'
import { readGlyphBook } from './glyphs.ts'
import { characterForm, cleanText } from './text.ts'

const glyphs = readGlyphBook(readFileSync(new URL('../../assets/printers/glyphs-24.bin', import.meta.url)))
const form = (character: string, zone: 'gbk' | 'gb2312' = 'gbk') => characterForm(character.codePointAt(0) ?? 0, zone, glyphs)

describe('how one character comes onto the paper', () => {
  it('sends what every Chinese printer font holds as one or two bytes', () => {
    expect(form('A')).toEqual({ kind: 'bytes', bytes: Uint8Array.of(0x41), cells: 1 })
    expect(form('中')).toEqual({ kind: 'bytes', bytes: Uint8Array.of(0xd6, 0xd0), cells: 2 })
    expect(form('é')).toMatchObject({ kind: 'bytes', cells: 2 })
    expect(form('龘')).toMatchObject({ kind: 'bytes', cells: 2 })
  })

  it.each(['𠮷', '䶮', '㙍', '㐂', '鿍', '𬭎', '𪩘', '𫰛', '龴'])('draws %s, which has four bytes or no place in printer fonts', (character) => {
    expect(form(character)).toMatchObject({ kind: 'drawn', cells: 2 })
  })

  it('draws what a GB 2312 font lacks', () => {
    expect(form('囍', 'gb2312').kind).toBe('drawn')
    expect(form('喆', 'gb2312').kind).toBe('drawn')
    expect(form('国', 'gb2312').kind).toBe('bytes')
  })

  it('draws the euro sign, whose GBK code eats its neighbour', () => {
    expect(form('€').kind).toBe('drawn')
  })

  it.each(['😀', '\ue000', '\u{f0000}', '\ud800', '\ufffd', 'ཀ', 'ئ'])('refuses what nobody can print: %j', (character) => {
    expect(characterForm(character.codePointAt(0) ?? 0, 'gbk', glyphs)).toEqual({ kind: 'missing' })
  })

  it('can draw every character that it would otherwise send, and every ideograph of GB 18030-2022', () => {
    const lacking: string[] = []
    for (let codePoint = 0x20; codePoint < 0x10000; codePoint++) {
      if (characterForm(codePoint, 'gbk', glyphs).kind === 'bytes' && glyphs.find(codePoint) === undefined) lacking.push(codePoint.toString(16))
    }
    // ɑ and ɡ of pinyin: sent as text; a line that would have to be drawn with them is refused.
    expect(lacking).toEqual(['251', '261'])
    lacking.length = 0
    const blocks = [[0x3400, 0x4db5], [0x4e00, 0x9fef], [0x20000, 0x2a6d6], [0x2a700, 0x2b734], [0x2b740, 0x2b81d], [0x2b820, 0x2cea1], [0x2ceb0, 0x2ebe0]] as const
    for (const [from, to] of blocks) {
      for (let codePoint = from; codePoint <= to; codePoint++) if (characterForm(codePoint, 'gbk', glyphs).kind === 'missing') lacking.push(codePoint.toString(16))
    }
    expect(lacking).toEqual([])
  })

  it('never sends a byte that a printer could take for a command, whatever the character', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 0x10ffff }), fc.constantFrom('gbk' as const, 'gb2312' as const), (codePoint, zone) => {
        const result = characterForm(codePoint, zone, glyphs)
        if (result.kind !== 'bytes') return
        expect(result.bytes.length).toBe(result.cells)
        expect(Math.min(...result.bytes)).toBeGreaterThanOrEqual(0x20)
        expect(iconv.decode(Buffer.from(result.bytes), 'gb18030')).toBe(String.fromCodePoint(codePoint))
      }),
      { numRuns: 3000 },
    )
  })
})

describe('text before it is encoded', () => {
  it('loses control, zero-width and direction characters, so that a name can carry no command', () => {
    expect(cleanText('张\u001b@\u001d三\u200b\u202e\u0010\u0004四\ufeff\ufe0f')).toBe('张@三四')
  })

  it('is composed, has plain spaces, and a yen sign that printers know', () => {
    expect(cleanText('e\u0301 \u00a0\t¥5')).toBe('é   ￥5')
    expect(cleanText('一\r\n二')).toBe('一\n二')
  })

  it('keeps the ideographic space and every visible character', () => {
    expect(cleanText('姓　名：𠮷')).toBe('姓　名：𠮷')
  })
})
