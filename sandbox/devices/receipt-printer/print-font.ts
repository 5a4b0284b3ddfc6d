import { readdirSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { GlobalFonts } from '@napi-rs/canvas'

/** The name under which the printer's own characters are drawn. */
export const PRINT_FONT = 'Virtual Receipt Printer'

let registered = false

/** Registers the bundled Chinese web font slice by slice, so that pictures look the same on a machine without fonts. */
export function registerPrintFont(): void {
  if (registered) return
  registered = true
  const folder = join(dirname(createRequire(import.meta.url).resolve('@fontsource-variable/noto-sans-sc/package.json')), 'files')
  for (const file of readdirSync(folder)) if (file.endsWith('-wght-normal.woff2')) GlobalFonts.registerFromPath(join(folder, file), PRINT_FONT)
}
