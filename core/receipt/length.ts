import type { CellsOf } from './cells.ts'
import { wrapByCells } from './cells.ts'
import type { ReceiptBlock, ReceiptDocument } from './document.ts'

/** A usual line of 24 dots and its spacing, at 8 dots a millimetre. */
const LINE_MM = 3.75
/** 80 mm paper. */
const CELLS = 48
/** From the last line past the blade, and what the cut leaves in front of the next receipt. */
const CUT_MM = 20
const QR_MM = 35
const SPACE_MM = 3
/** Heading, number and the word 作废 on a stub. */
const VOID_STUB_MM = 30

const cellsOf: CellsOf = (codePoint) => (codePoint < 0x2000 ? 1 : 2)
const linesOf = (words: string, width = CELLS): number => wrapByCells(words, width, cellsOf).length

/**
 * About how much paper a receipt takes, in metres, for the counter and forecast of a roll. Models differ by a tenth or so;
 * whether a receipt still fits is decided by the printer's driver with the model's own measures, never by this.
 */
export function paperMetres(document: ReceiptDocument, voidStub: boolean): number {
  const millimetres = document.blocks.reduce((sum, block) => sum + heightMm(block), CUT_MM + (voidStub ? VOID_STUB_MM : 0))
  return millimetres / 1000
}

function heightMm(block: ReceiptBlock): number {
  switch (block.kind) {
    case 'title': return linesOf(block.text, CELLS / 2) * LINE_MM * 2
    case 'text': return linesOf(block.text, block.large === true ? CELLS / 2 : CELLS) * LINE_MM * (block.large === true ? 2 : 1)
    case 'pair': return (linesOf(`${block.label} ${block.value}`)) * LINE_MM
    case 'rule': return LINE_MM
    case 'item': return linesOf(`${block.mark} ${block.text}`) * LINE_MM + (block.note === undefined ? 0 : linesOf(block.note) * LINE_MM)
    case 'qr': return QR_MM + (block.caption === undefined ? 0 : linesOf(block.caption) * LINE_MM)
    case 'space': return SPACE_MM
  }
}
