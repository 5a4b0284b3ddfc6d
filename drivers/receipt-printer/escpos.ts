import { closeRealTimeTrap, isRealTimePair, type Bitmap } from './raster.ts'

/**
 * ESC/POS commands, one function each, as printed in the makers' manuals. Pure: each returns the bytes of one whole command,
 * so that a sender may stop or ask for the status between any two of them.
 */
export const escpos = {
  /** Also falls back to the model's default character mode, so `chineseMode` must follow. */
  initialise: () => Uint8Array.of(0x1b, 0x40),
  chineseMode: () => Uint8Array.of(0x1c, 0x26),
  /** Only where the maker asks for it (Japanese models and some clones). */
  codeSystem: (code: number) => Uint8Array.of(0x1c, 0x43, code),
  codePageZero: () => Uint8Array.of(0x1b, 0x74, 0x00),
  noChineseSpacing: () => Uint8Array.of(0x1c, 0x53, 0x00, 0x00),
  /** Latin and Chinese together. */
  size: (scale: 1 | 2) => Uint8Array.of(0x1d, 0x21, scale === 2 ? 0x11 : 0x00),
  bold: (on: boolean) => Uint8Array.of(0x1b, 0x45, on ? 1 : 0),
  align: (align: 'left' | 'center') => Uint8Array.of(0x1b, 0x61, align === 'center' ? 1 : 0),
  absolutePosition: (dots: number) => Uint8Array.of(0x1b, 0x24, dots & 0xff, dots >> 8),
  /** Prints the line and moves on by exactly this many dots. */
  lineSpacing: (dots: number) => Uint8Array.of(0x1b, 0x33, dots),
  lineFeed: () => Uint8Array.of(0x0a),
  feedDots: (dots: number) => concatBytes(Array.from({ length: Math.ceil(dots / 255) }, (_, index) => Uint8Array.of(0x1b, 0x4a, Math.min(255, dots - index * 255)))),
  /** `dots` are fed before the cut where the command can. */
  cut: (command: 'full' | 'partial' | 'legacy-full' | 'legacy-partial', dots: number): Uint8Array => {
    if (command === 'full') return Uint8Array.of(0x1d, 0x56, 0x41, Math.min(255, dots))
    if (command === 'partial') return Uint8Array.of(0x1d, 0x56, 0x42, Math.min(255, dots))
    return concatBytes([escpos.feedDots(dots), Uint8Array.of(0x1b, command === 'legacy-full' ? 0x69 : 0x6d)])
  },
  qrModel2: () => Uint8Array.of(0x1d, 0x28, 0x6b, 0x04, 0x00, 0x31, 0x41, 0x32, 0x00),
  qrModuleDots: (dots: number) => Uint8Array.of(0x1d, 0x28, 0x6b, 0x03, 0x00, 0x31, 0x43, dots),
  qrCorrection: (level: 'L' | 'M') => Uint8Array.of(0x1d, 0x28, 0x6b, 0x03, 0x00, 0x31, 0x45, level === 'L' ? 0x30 : 0x31),
  qrStore: (data: Uint8Array) => concatBytes([Uint8Array.of(0x1d, 0x28, 0x6b, (data.length + 3) & 0xff, (data.length + 3) >> 8, 0x31, 0x50, 0x30), data]),
  qrPrint: () => Uint8Array.of(0x1d, 0x28, 0x6b, 0x03, 0x00, 0x31, 0x51, 0x30),
  /** Answered with `37 22 d1 d2 d3 d4 00` when everything before it has been printed. Four characters 20–7E. */
  processId: (id: string) => concatBytes([Uint8Array.of(0x1d, 0x28, 0x48, 0x06, 0x00, 0x30, 0x30), Uint8Array.from(id, (character) => character.charCodeAt(0))]),
  /** Answered in order with one byte when everything before it has been taken from the receive buffer. */
  inOrderPaperStatus: () => Uint8Array.of(0x1d, 0x72, 0x01),
  automaticStatus: (on: boolean) => Uint8Array.of(0x1d, 0x61, on ? 0x0f : 0x00),
  /** Answered at once, also in the middle of a receipt. 1 printer, 2 cause of offline, 3 error, 4 paper. */
  realTimeStatus: (n: 1 | 2 | 3 | 4) => Uint8Array.of(0x10, 0x04, n),
  /** Clears the buffers and goes on after an error; not answered, and accepted only in the states that the maker names. */
  recoverAndClear: () => Uint8Array.of(0x10, 0x05, 0x02),
  /** Answered with `37 25 00` when receive and print buffers are empty. */
  clearBuffers: () => Uint8Array.of(0x10, 0x14, 0x08, 0x01, 0x03, 0x14, 0x01, 0x06, 0x02, 0x08),
} as const

/** Rows of one band: small enough that the height stays in one byte and a printer with a small buffer can follow. */
const BAND_ROWS = 240

/** A picture as raster commands, in bands, with no real-time command hidden in the dots. */
export function rasterCommands(bitmap: Bitmap): Uint8Array[] {
  const commands: Uint8Array[] = []
  for (let top = 0; top < bitmap.heightDots; top += BAND_ROWS) {
    const rows = Math.min(BAND_ROWS, bitmap.heightDots - top)
    const data = bitmap.data.subarray(top * bitmap.rowBytes, (top + rows) * bitmap.rowBytes)
    const header = Uint8Array.of(0x1d, 0x76, 0x30, 0x00, bitmap.rowBytes & 0xff, bitmap.rowBytes >> 8, rows, 0x00)
    commands.push(concatBytes([header, closeRealTimeTrap(data)]))
  }
  return commands
}

/** Bytes of a command that stands in a profile. */
export function bytesOfHex(hex: string): Uint8Array {
  return Uint8Array.from(hex.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16))
}

export function concatBytes(parts: readonly Uint8Array[]): Uint8Array {
  const joined = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0))
  let at = 0
  for (const part of parts) {
    joined.set(part, at)
    at += part.length
  }
  return joined
}

/** Whether bytes that are meant as data would be obeyed as a real-time command on their way. */
export function holdsRealTimeCommand(bytes: Uint8Array): boolean {
  return bytes.some((byte, index) => isRealTimePair(byte, bytes[index + 1]))
}
