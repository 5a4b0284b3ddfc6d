import QRCode from 'qrcode'
import { err, ok, type Result } from '../../core/result/result.ts'
import { blankBitmap, setDot, type Bitmap } from './raster.ts'

/** A QR code as it will stand on the paper: `modules` a side, each `moduleDots` wide; quiet zone not counted. */
export interface QrSymbol {
  readonly modules: number
  readonly moduleDots: number
  readonly level: 'L' | 'M'
  readonly isDark: (row: number, column: number) => boolean
}

/** White modules that a reader needs around the code. */
export const QUIET_ZONE_MODULES = 4
/** Phone cameras read thermal paper at 203 dpi safely from four dots per module on. */
const SMALLEST_MODULE_DOTS = 4

/**
 * Chooses size and error correction for a text: the wanted module size when the paper is wide enough, smaller down to four
 * dots, then less error correction. A text that fits in no such code is refused.
 */
export function qrSymbol(data: string, printableDots: number, wantedModuleDots: number): Result<QrSymbol, 'qr-too-long'> {
  for (const level of ['M', 'L'] as const) {
    let code: QRCode.QRCode
    try {
      code = QRCode.create(data, { errorCorrectionLevel: level })
    } catch {
      continue
    }
    const { size: modules, data: dark } = code.modules
    const moduleDots = Math.min(wantedModuleDots, Math.floor(printableDots / (modules + 2 * QUIET_ZONE_MODULES)))
    if (moduleDots >= SMALLEST_MODULE_DOTS) return ok({ modules, moduleDots, level, isDark: (row, column) => (dark[row * modules + column] ?? 0) !== 0 })
  }
  return err('qr-too-long')
}

/** The code as a picture in the middle of the paper, for printers that garble their own QR command. */
export function qrBitmap(symbol: QrSymbol, printableDots: number): Bitmap {
  const side = symbol.modules * symbol.moduleDots
  const bitmap = blankBitmap(printableDots, side)
  const left = Math.floor((printableDots - side) / 2)
  for (let y = 0; y < side; y++) {
    for (let x = 0; x < side; x++) if (symbol.isDark(Math.floor(y / symbol.moduleDots), Math.floor(x / symbol.moduleDots))) setDot(bitmap, left + x, y)
  }
  return bitmap
}
