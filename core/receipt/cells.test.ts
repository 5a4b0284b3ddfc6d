import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { cellsOfText, wrapByCells } from './cells.ts'

const cellsOf = (codePoint: number): number => (codePoint < 0x80 ? 1 : 2)
const wrap = (text: string, width: number): string[] => wrapByCells(text, width, cellsOf)

describe('breaking text into lines of cells', () => {
  it('breaks between characters', () => {
    expect(wrap('一二三四五', 4)).toEqual(['一二', '三四', '五'])
    expect(wrap('一二三四五', 5)).toEqual(['一二', '三四', '五'])
  })

  it('begins no line with closing punctuation and ends none with opening', () => {
    expect(wrap('一二，三四', 4)).toEqual(['一', '二，', '三四'])
    expect(wrap('一（二三', 4)).toEqual(['一', '（二', '三'])
    expect(wrap('请补交（容缺）。', 8)).toEqual(['请补交', '（容', '缺）。'])
  })

  it('keeps numbers and addresses whole where a line can hold them', () => {
    expect(wrap('编号 2026-000123', 12)).toEqual(['编号', '2026-000123'])
    expect(wrap('金额10,000.50元', 9)).toEqual(['金额', '10,000.50', '元'])
    expect(wrap('ABCDEFGHIJ', 4)).toEqual(['ABCD', 'EFGH', 'IJ'])
  })

  it('never splits a character beyond the first plane', () => {
    expect(wrap('𠮷𠮷𠮷', 4)).toEqual(['𠮷𠮷', '𠮷'])
  })

  it('an empty paragraph is one empty line', () => {
    expect(wrap('', 10)).toEqual([''])
  })

  it('fits every line and loses nothing but the spaces at its breaks', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom('一', '龘', '𠮷', 'a', 'B', '7', ' ', '，', '。', '（', '）', '-', '.', ','), maxLength: 80 }), fc.integer({ min: 2, max: 30 }), (text, width) => {
        const lines = wrap(text, width)
        for (const line of lines) expect(cellsOfText(line, cellsOf)).toBeLessThanOrEqual(width)
        expect(lines.join('').replaceAll(' ', '')).toBe(text.replaceAll(' ', ''))
      }),
    )
  })
})
