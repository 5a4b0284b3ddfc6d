import iconv from 'iconv-lite'
import type { SocialCard } from '../../core/device/operations.ts'
import { parseCitizenId } from '../../core/identity/citizen-id.ts'
import { compactDate } from '../../core/identity/dates.ts'
import { err, ok } from '../../core/result/result.ts'
import type { Result } from '../../core/result/result.ts'
import type { CardFile } from './apdu.ts'

/** A record that is read without a PIN. Numbers and tags: the makers' table of files EF05 and EF06. */
export interface RecordPlace {
  readonly file: CardFile
  readonly number: number
  readonly tag: number
  /** Cards without it are good. */
  readonly optional?: true
}

/** In the order in which they are read: by file, so that each file is selected once. */
export const RECORDS = {
  identifier: { file: 'EF05', number: 1, tag: 0x01 },
  version: { file: 'EF05', number: 3, tag: 0x03 },
  issued: { file: 'EF05', number: 5, tag: 0x05 },
  validTo: { file: 'EF05', number: 6, tag: 0x06 },
  cardNumber: { file: 'EF05', number: 7, tag: 0x07 },
  number: { file: 'EF06', number: 1, tag: 0x08 },
  name: { file: 'EF06', number: 2, tag: 0x09 },
  nameRest: { file: 'EF06', number: 3, tag: 0x4e, optional: true },
} as const satisfies Readonly<Record<string, RecordPlace>>

export type RecordName = keyof typeof RECORDS
export const RECORD_NAMES = Object.keys(RECORDS) as readonly RecordName[]

/** The values of the records as the card gave them. A record that may be missing is empty. */
export type RecordValues = Readonly<Record<RecordName, Uint8Array>>

const REGION_BYTES = 3
const NAME_BYTES = 30

/**
 * Tag, length, value: gives the value, or undefined when the answer is not this record. Bytes behind the value are the
 * padding of cards whose records have one size. Points into the answer.
 */
export function recordValue(answer: Uint8Array, tag: number): Uint8Array | undefined {
  const length = answer[1]
  if (answer[0] !== tag || length === undefined || answer.length < 2 + length) return undefined
  return answer.subarray(2, 2 + length)
}

/** The fields of a card. The error names the record, never what it says. */
export function parseSocialCard(values: RecordValues): Result<SocialCard, { readonly code: string }> {
  const region = bcd(values.identifier.subarray(0, REGION_BYTES))
  const version = ascii(values.version)
  const issued = dateOf(values.issued)
  const validTo = dateOf(values.validTo)
  const cardNumber = ascii(values.cardNumber)
  const number = ascii(values.number)
  const name = nameOf(values.name, values.nameRest)
  if (region?.length !== 2 * REGION_BYTES) return err({ code: 'record-identifier' })
  if (version === undefined) return err({ code: 'record-version' })
  if (issued === undefined) return err({ code: 'record-issued' })
  if (validTo === undefined || validTo < issued) return err({ code: 'record-valid-to' })
  if (!cardNumber) return err({ code: 'record-card-number' })
  if (!number || !isPlausibleNumber(number)) return err({ code: 'record-number' })
  if (!name) return err({ code: 'record-name' })
  return ok({ region, version, cardNumber, number, name, issued, validTo })
}

/** Of a citizen it is the number of the ID card, with its check character; foreigners have numbers of other shapes. */
function isPlausibleNumber(number: string): boolean {
  return /^\d{17}[\dX]$/.test(number) ? parseCitizenId(number).ok : /^[0-9A-Z]{6,18}$/.test(number)
}

/** Printable characters, padded on the right with zeros or spaces; undefined when there is anything else. */
function ascii(value: Uint8Array): string | undefined {
  const text = String.fromCharCode(...withoutPadding(value))
  return /^[\x20-\x7e]*$/.test(text) ? text : undefined
}

function bcd(value: Uint8Array): string | undefined {
  const digits = Buffer.from(value).toString('hex')
  return /^\d*$/.test(digits) ? digits : undefined
}

function dateOf(value: Uint8Array): string | undefined {
  const digits = bcd(value)
  return digits === undefined ? undefined : compactDate(digits)
}

/**
 * GBK. A name that fills its record goes on in the next one, and a character may be cut in two between them. A name with
 * anything that does not decode is no name: it is never shown in part.
 */
function nameOf(value: Uint8Array, rest: Uint8Array): string | undefined {
  const whole = value.length === NAME_BYTES ? Buffer.concat([value, rest]) : Buffer.from(value)
  const name = iconv.decode(Buffer.from(withoutPadding(whole)), 'gb18030')
  whole.fill(0)
  // eslint-disable-next-line no-control-regex -- control characters are what is looked for
  return /[\u0000-\u001f\u007f\ufffd]/.test(name) ? undefined : name
}

function withoutPadding(value: Uint8Array): Uint8Array {
  let length = value.length
  while (length > 0 && (value[length - 1] === 0x00 || value[length - 1] === 0x20)) length -= 1
  return value.subarray(0, length)
}
