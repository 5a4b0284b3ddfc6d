import type { LocalText } from '../text/local-text.ts'
import { text } from '../text/local-text.ts'
import { toPointer } from '../json/pointer.ts'

/** One thing that is wrong with a matter pack, and where. */
export interface PackFault {
  /** JSON pointer into the pack; the empty pointer is the pack itself. */
  readonly path: string
  readonly message: LocalText
}

export type Path = readonly (string | number)[]

export function packFault(path: Path, zh: string, en: string): PackFault {
  return { path: toPointer(path), message: text(zh, en) }
}

/** A value as it stands in a sentence: short, and safe for any JSON. */
export function shown(value: unknown): string {
  const written = typeof value === 'string' ? value : (JSON.stringify(value) ?? 'undefined')
  return written.length > 60 ? `${written.slice(0, 57)}…` : written
}
