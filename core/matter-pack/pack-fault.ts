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
