import type { FieldKind, LogEventId } from './events.ts'
import { LOG_EVENTS } from './events.ts'

/** A scalar that has passed the scrubber. */
export type ScrubbedFields = Readonly<Record<string, string | number | boolean>>

export interface Scrubbed {
  readonly fields: ScrubbedFields
  /** How many fields were withheld. */
  readonly withheld: number
}

/** Longest code; a longer one is a sentence, and sentences do not belong into a log. */
const CODE_LENGTH = 120

/**
 * The second wall behind the types: keeps of an event only the declared fields, only with the declared kind of value, and
 * nothing that could be a citizen's number, name or phone. A field in doubt is withheld and counted; the event itself stays.
 */
export function scrubFields(event: LogEventId, fields: Readonly<Record<string, unknown>>): Scrubbed {
  const declared: Readonly<Record<string, FieldKind>> = LOG_EVENTS[event].fields
  const kept: Record<string, string | number | boolean> = {}
  let withheld = 0
  for (const [name, value] of Object.entries(fields)) {
    if (value === undefined) continue
    const kind = Object.hasOwn(declared, name) ? declared[name] : undefined
    if (kind !== undefined && isHarmless(kind, value)) kept[name] = value
    else withheld += 1
  }
  return { fields: kept, withheld }
}

function isHarmless(kind: FieldKind, value: unknown): value is string | number | boolean {
  switch (kind) {
    case 'boolean':
      return typeof value === 'boolean'
    case 'number':
      // From eleven digits on a number may be a phone or an ID; no count, size or duration of ours gets there.
      return typeof value === 'number' && Number.isFinite(value) && Math.abs(value) < 1e10
    case 'time':
      return typeof value === 'number' && value >= YEAR_2020_MS && value < YEAR_2100_MS
    case 'code':
      return typeof value === 'string' && value.length <= CODE_LENGTH && /^[\x20-\x7e]*$/.test(value) && !looksPersonal(value)
  }
}

const YEAR_2020_MS = 1_577_836_800_000
const YEAR_2100_MS = 4_102_444_800_000

/**
 * Whether a text holds something that looks like an ID number (18 or 15 digits), a run of Chinese characters, a mobile or
 * land-line number, or an e-mail address. Full-width digits and digits set apart by blanks or hyphens do not hide them.
 */
export function looksPersonal(candidate: string): boolean {
  const plain = candidate.normalize('NFKC')
  if (/\p{Script=Han}{2}/u.test(plain) || /[\w.+-]@[\w-]+\.\w/.test(plain)) return true
  const joined = plain.replace(/(?<=\d)[ -](?=[\dXx])/g, '')
  // 15 digits: the numbers given out before 1999. Land line: 0 + area code + 7 or 8 digits.
  return /(?<!\d)\d{17}[\dXx]/.test(joined) || /(?<!\d)\d{15}(?!\d)/.test(joined) || /(?<!\d)(?:86)?1[3-9]\d{9}(?!\d)/.test(joined) || /(?<!\d)0[1-9]\d{8,10}(?!\d)/.test(joined)
}
