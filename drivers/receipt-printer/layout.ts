import { cellsOfText, wrapByCells } from '../../core/receipt/cells.ts'
import type { ReceiptBlock, ReceiptDocument } from '../../core/receipt/document.ts'
import { unreachable } from '../../core/result/result.ts'
import { cleanText } from './text.ts'

/** A piece of text that begins at a cell of its line. Cells count in the size of the line (double size: half as many). */
export interface LinePart {
  readonly startCell: number
  readonly text: string
}

/** What the printer is told, from top to bottom, before it becomes bytes. */
export type PrintLine =
  | { readonly kind: 'text'; readonly parts: readonly LinePart[]; readonly align: 'left' | 'center'; readonly bold: boolean; readonly size: 1 | 2 }
  | { readonly kind: 'rule' }
  | { readonly kind: 'qr'; readonly data: string }
  | { readonly kind: 'feed'; readonly dots: number }
  | { readonly kind: 'cut'; readonly of: 'receipt' | 'stub' }

const INDENT_CELLS = 2
/** Free cells between a label and its value on one line. */
const PAIR_GAP_CELLS = 2

/** Ticks that people put in lists but that no printer font holds. */
const MARKS: Readonly<Record<string, string>> = { '✓': '√', '✔': '√', '✗': '×', '✘': '×', '•': '·', '☐': '□', '☑': '√' }

/**
 * Lays a receipt out in lines for a paper `cells` wide. From the second attempt on `第n次打印` stands under the title, so
 * that a second paper can never pass for a first one.
 */
export function layOutReceipt(document: ReceiptDocument, attempt: number, cells: number, cellsOf: (codePoint: number) => number): PrintLine[] {
  const attemptLine = attempt > 1 ? textLines(`（第${attempt}次打印）`, { width: cells, align: 'center', bold: true, size: 1 }, cellsOf) : []
  const titleAt = document.blocks.findIndex((block) => block.kind === 'title')
  const lines: PrintLine[] = titleAt < 0 ? [...attemptLine] : []
  document.blocks.forEach((block, index) => {
    lines.push(...layOutBlock(block, cells, cellsOf))
    if (index === titleAt) lines.push(...attemptLine)
  })
  return lines
}

/** The stub that goes before a reprint when an earlier attempt was stopped in the middle (facts on printing once). */
export function layOutVoidStub(number: string, cells: number, cellsOf: (codePoint: number) => number): PrintLine[] {
  const center = { width: cells, align: 'center', bold: false, size: 1 } as const
  return [
    { kind: 'rule' },
    ...textLines('作　废', { width: cells, align: 'center', bold: true, size: 2 }, cellsOf),
    ...textLines(`编号 ${number}`, center, cellsOf),
    ...textLines('此前未打完的纸条作废，请以下一张为准。', center, cellsOf),
    { kind: 'rule' },
    { kind: 'cut', of: 'stub' },
  ]
}

function layOutBlock(block: ReceiptBlock, cells: number, cellsOf: (codePoint: number) => number): PrintLine[] {
  switch (block.kind) {
    case 'title':
      return [...textLines(block.text, { width: cells, align: 'center', bold: true, size: 2 }, cellsOf), { kind: 'feed', dots: 8 }]
    case 'text':
      return textLines(block.text, { width: cells, align: block.align ?? 'left', bold: block.bold ?? false, size: block.large === true ? 2 : 1 }, cellsOf)
    case 'pair':
      return pairLines(cleanText(block.label), cleanText(block.value), block.bold ?? false, cells, cellsOf)
    case 'rule':
      return [{ kind: 'rule' }]
    case 'item':
      return itemLines(block, cells, cellsOf)
    case 'qr':
      return [
        { kind: 'qr', data: block.data.replace(/\p{Cc}/gu, '') },
        ...(block.caption === undefined ? [] : textLines(block.caption, { width: cells, align: 'center', bold: false, size: 1 }, cellsOf)),
      ]
    case 'space':
      return [{ kind: 'feed', dots: 24 }]
    default:
      return unreachable(block)
  }
}

interface TextStyle {
  readonly width: number
  readonly align: 'left' | 'center'
  readonly bold: boolean
  readonly size: 1 | 2
}

function textLines(text: string, style: TextStyle, cellsOf: (codePoint: number) => number): PrintLine[] {
  const width = Math.floor(style.width / style.size)
  return paragraphs(text).flatMap((paragraph) =>
    wrapByCells(paragraph, width, cellsOf).map((line): PrintLine => ({ kind: 'text', parts: [{ startCell: 0, text: line }], align: style.align, bold: style.bold, size: style.size })),
  )
}

function pairLines(label: string, value: string, bold: boolean, cells: number, cellsOf: (codePoint: number) => number): PrintLine[] {
  const labelCells = cellsOfText(label, cellsOf)
  const valueCells = cellsOfText(value, cellsOf)
  const line = (parts: readonly LinePart[]): PrintLine => ({ kind: 'text', parts, align: 'left', bold, size: 1 })
  if (!value.includes('\n') && !label.includes('\n') && labelCells + PAIR_GAP_CELLS + valueCells <= cells) {
    return [line([{ startCell: 0, text: label }, { startCell: cells - valueCells, text: value }])]
  }
  return [
    ...paragraphs(label).flatMap((paragraph) => wrapByCells(paragraph, cells, cellsOf).map((part) => line([{ startCell: 0, text: part }]))),
    ...paragraphs(value).flatMap((paragraph) => wrapByCells(paragraph, cells - INDENT_CELLS, cellsOf).map((part) => line([{ startCell: INDENT_CELLS, text: part }]))),
  ]
}

function itemLines(block: Extract<ReceiptBlock, { kind: 'item' }>, cells: number, cellsOf: (codePoint: number) => number): PrintLine[] {
  const mark = [...cleanText(block.mark)].map((character) => MARKS[character] ?? character).join('')
  const indent = cellsOfText(mark, cellsOf) + 1
  const line = (parts: readonly LinePart[]): PrintLine => ({ kind: 'text', parts, align: 'left', bold: false, size: 1 })
  const body = paragraphs(block.text).flatMap((paragraph) => wrapByCells(paragraph, cells - indent, cellsOf))
  const note = block.note === undefined ? [] : paragraphs(block.note).flatMap((paragraph) => wrapByCells(paragraph, cells - indent, cellsOf))
  return [
    ...body.map((text, index) => line(index === 0 ? [{ startCell: 0, text: mark }, { startCell: indent, text }] : [{ startCell: indent, text }])),
    ...note.map((text) => line([{ startCell: indent, text }])),
  ]
}

/** Line ends in a text are layout; an empty text is one empty line. */
function paragraphs(text: string): string[] {
  return cleanText(text).split('\n')
}
