import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { err, ok, type Result } from '../../core/result/result.ts'
import { readGlyphBook, type GlyphBook } from './glyphs.ts'
import { receiptPrinterProfileSchema, type ReceiptPrinterProfile } from './profile.ts'

export type ProfileError =
  | { readonly kind: 'no-such-profile'; readonly name: string; readonly known: readonly string[] }
  | { readonly kind: 'bad-profile'; readonly name: string; readonly detail: string }

/** `assets/printers` of this program, from the sources as from a built file: the nearest one above this module. */
export function printerAssetsFolder(): string {
  for (let folder = import.meta.dirname; ; folder = dirname(folder)) {
    const candidate = join(folder, 'assets', 'printers')
    if (existsSync(join(candidate, 'glyphs-24.bin'))) return candidate
    if (dirname(folder) === folder) throw new Error('assets/printers is missing from this installation')
  }
}

/** Reads the profile of one model from a folder like `assets/printers`. */
export function readPrinterProfile(folder: string, name: string): Result<ReceiptPrinterProfile, ProfileError> {
  const known = printerProfileNames(folder)
  // Only names that the folder lists: a name from the configuration never becomes a path of its own.
  if (!known.includes(name)) return err({ kind: 'no-such-profile', name, known })
  let raw: unknown
  try {
    raw = JSON.parse(readFileSync(join(folder, `${name}.json`), 'utf8'))
  } catch (error) {
    return err({ kind: 'bad-profile', name, detail: error instanceof Error ? error.message : 'unreadable' })
  }
  const parsed = receiptPrinterProfileSchema.safeParse(raw)
  if (parsed.success) return ok(parsed.data)
  return err({ kind: 'bad-profile', name, detail: parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`).join('; ') })
}

export function printerProfileNames(folder: string): string[] {
  return readdirSync(folder)
    .filter((file) => file.endsWith('.json'))
    .map((file) => file.slice(0, -'.json'.length))
    .sort()
}

/** The glyph book of a folder, unpacked (6.6 MB) when the first rare character asks for it. */
export function lazyGlyphBook(folder: string): GlyphBook {
  let book: GlyphBook | undefined
  return { find: (codePoint) => (book ??= readGlyphBook(readFileSync(join(folder, 'glyphs-24.bin')))).find(codePoint) }
}
