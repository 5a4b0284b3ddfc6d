/**
 * A receipt as a document: what stands on the paper, free of any printer's language. Lines are laid out in cells by the
 * printer's codec (58 mm = 32 cells, 80 mm = 48 cells; a Chinese character is two cells wide).
 */
export type ReceiptBlock =
  | { readonly kind: 'title'; readonly text: string }
  | { readonly kind: 'text'; readonly text: string; readonly align?: 'left' | 'center'; readonly bold?: boolean; readonly large?: boolean }
  /** Label left, value right (or on the next line, indented, when both do not fit). */
  | { readonly kind: 'pair'; readonly label: string; readonly value: string; readonly bold?: boolean }
  | { readonly kind: 'rule' }
  | { readonly kind: 'item'; readonly mark: string; readonly text: string; readonly note?: string }
  | { readonly kind: 'qr'; readonly data: string; readonly caption?: string }
  | { readonly kind: 'space' }

export interface ReceiptDocument {
  /** Number printed on the receipt: case number, or local number of a kept submission. */
  readonly number: string
  /** A list of what is needed may be printed as often as wanted; everything else is an original and comes out once. */
  readonly unlimited?: true
  /** `第2次打印` and so on is added by the printer service from the attempt; the document itself never changes. */
  readonly blocks: readonly ReceiptBlock[]
}
