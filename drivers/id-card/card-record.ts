import { birthOf, parseCitizenId, sexOf } from '../../core/identity/citizen-id.ts'
import { sexFromCode } from '../../core/identity/codes.ts'
import { compactDate } from '../../core/identity/dates.ts'
import type { CardKind, CardPhoto, Identity, IsoDate, PersonNumber, Sex } from '../../core/identity/identity.ts'
import type { CitizenId, PermanentResidentNumber } from '../../core/ids.ts'
import { err, ok } from '../../core/result/result.ts'
import type { Result } from '../../core/result/result.ts'

/** The card's text: 256 bytes of UTF-16LE in fixed fields, padded on the right with spaces. */
export const CARD_TEXT_BYTES = 256
const KIND_OFFSET = 248

/** Why a text is not taken. `code` names the field or rule and never what the card says. */
export type CardRecordError =
  /** A needed field is empty: the reading failed although the SAM said that it was done. Try again. */
  | { readonly kind: 'incomplete'; readonly code: string }
  /** The letter of the kind is none of ours. Never parsed as a resident's card. */
  | { readonly kind: 'unknown-kind'; readonly code: string }
  /** The text contradicts itself. Nothing is repaired; staff look at the card. */
  | { readonly kind: 'inconsistent'; readonly code: string }

type Field = readonly [offset: number, bytes: number]

/** Text of a card to identity, with every cross-check. The bytes of the photo are copied; the caller may overwrite its own. */
export function parseCardRecord(bytes: Uint8Array, photoBytes?: Uint8Array): Result<Identity, CardRecordError> {
  if (bytes.length !== CARD_TEXT_BYTES) return err({ kind: 'incomplete', code: 'text-length' })
  const photo: { photo?: CardPhoto } = photoBytes === undefined || photoBytes.length === 0 ? {} : { photo: { format: 'wlt', bytes: new Uint8Array(photoBytes) } }
  const letter = rawText(bytes, [KIND_OFFSET, 2])
  switch (letter) {
    case ' ':
    case '\0':
      return parseResident(bytes, 'resident', photo)
    case 'J':
      return parseResident(bytes, 'hk-mo-tw-resident', photo)
    case 'I':
      return parseForeigner2017(bytes, photo)
    case 'Y':
      return parseForeigner2023(bytes, photo)
    default:
      return err({ kind: 'unknown-kind', code: `kind-u${letter.charCodeAt(0).toString(16).padStart(4, '0')}` })
  }
}

function parseResident(bytes: Uint8Array, kind: 'resident' | 'hk-mo-tw-resident', photo: { photo?: CardPhoto }): Result<Identity, CardRecordError> {
  const name = cardField(bytes, [0, 30])
  if (name === '') return err({ kind: 'incomplete', code: 'name' })
  const person = readPerson(bytes, { sex: [30, 2], birth: [36, 16], number: [122, 36], validFrom: [188, 16], validTo: [204, 16] })
  if (!person.ok) return person
  const number = citizenNumber(person.value, kind)
  if (!number.ok) return number
  const { sex, birth, validFrom, validTo } = person.value
  const common = { kind, name, sex, birth, address: cardField(bytes, [52, 70]), number: number.value, issuer: cardField(bytes, [158, 30]), validFrom, validTo, ...photo }
  if (kind === 'hk-mo-tw-resident') {
    return ok({ ...common, ...present('travelPermit', cardField(bytes, [220, 18])), ...present('timesIssued', cardField(bytes, [238, 4])) })
  }
  const nationCode = cardField(bytes, [32, 4])
  if (nationCode !== '' && !/^\d{2}$/.test(nationCode)) return err({ kind: 'inconsistent', code: 'nation' })
  return ok({ ...common, ...present('nationCode', nationCode) })
}

function parseForeigner2017(bytes: Uint8Array, photo: { photo?: CardPhoto }): Result<Identity, CardRecordError> {
  const englishName = cardField(bytes, [0, 120])
  if (englishName === '') return err({ kind: 'incomplete', code: 'name' })
  const person = readPerson(bytes, { sex: [120, 2], birth: [220, 16], number: [122, 30], validFrom: [188, 16], validTo: [204, 16] })
  if (!person.ok) return person
  const { sex, birth, number, validFrom, validTo } = person.value
  if (!/^[A-Z]{3}\d{12}$/.test(number)) return err({ kind: 'inconsistent', code: 'number-shape' })
  const nationality = nationalityOf(bytes, [152, 6])
  if (!nationality.ok) return nationality
  return ok({
    kind: 'foreigner-2017',
    name: cardField(bytes, [158, 30]),
    englishName,
    sex,
    ...nationality.value,
    birth,
    address: '',
    number: number as PermanentResidentNumber,
    issuer: '',
    ...present('authorityCode', cardField(bytes, [240, 8])),
    validFrom,
    validTo,
    ...photo,
  })
}

function parseForeigner2023(bytes: Uint8Array, photo: { photo?: CardPhoto }): Result<Identity, CardRecordError> {
  const name = cardField(bytes, [0, 30])
  // The name goes on in a second field; the first part may end in a space that means something.
  const englishName = trimmed(rawText(bytes, [52, 70]) + rawText(bytes, [220, 22]))
  if (name === '' && englishName === '') return err({ kind: 'incomplete', code: 'name' })
  const person = readPerson(bytes, { sex: [30, 2], birth: [36, 16], number: [122, 36], validFrom: [188, 16], validTo: [204, 16] })
  if (!person.ok) return person
  const number = citizenNumber(person.value, 'foreigner-2023')
  if (!number.ok) return number
  const nationality = nationalityOf(bytes, [242, 6])
  if (!nationality.ok) return nationality
  const { sex, birth, validFrom, validTo } = person.value
  return ok({
    kind: 'foreigner-2023',
    name,
    ...present('englishName', englishName),
    sex,
    ...nationality.value,
    birth,
    address: '',
    number: number.value,
    issuer: '',
    ...present('timesIssued', cardField(bytes, [32, 4])),
    validFrom,
    validTo,
    ...photo,
  })
}

interface PersonFields {
  readonly sex: Sex
  readonly birth: IsoDate
  readonly number: string
  readonly validFrom: IsoDate
  readonly validTo: IsoDate | 'long-term'
}

/** The fields that every kind of card has, at its own places. */
function readPerson(bytes: Uint8Array, places: Readonly<Record<keyof PersonFields, Field>>): Result<PersonFields, CardRecordError> {
  const number = cardField(bytes, places.number)
  if (number === '') return err({ kind: 'incomplete', code: 'number' })
  const birth = dateField(bytes, places.birth, 'birth')
  if (!birth.ok) return birth
  const validFrom = dateField(bytes, places.validFrom, 'valid-from')
  if (!validFrom.ok) return validFrom
  const validTo: Result<IsoDate | 'long-term', CardRecordError> = cardField(bytes, places.validTo) === '长期' ? ok('long-term') : dateField(bytes, places.validTo, 'valid-to')
  if (!validTo.ok) return validTo
  if (validTo.value !== 'long-term' && validTo.value < validFrom.value) return err({ kind: 'inconsistent', code: 'validity-order' })
  const sex = sexFromCode(cardField(bytes, places.sex))
  if (sex === undefined) return err({ kind: 'inconsistent', code: 'sex-code' })
  return ok({ sex, birth: birth.value, number, validFrom: validFrom.value, validTo: validTo.value })
}

/** GB 11643, and the number against the fields beside it. Only residents' numbers are proved to tell the sex. */
function citizenNumber({ number, birth, sex }: PersonFields, kind: CardKind): Result<PersonNumber & CitizenId, CardRecordError> {
  const parsed = parseCitizenId(number)
  // The parser forgives spellings that hands make; a card must not need forgiveness.
  if (!parsed.ok || parsed.value !== number) return err({ kind: 'inconsistent', code: parsed.ok ? 'number-spelling' : `number-${parsed.error.kind}` })
  if (birthOf(parsed.value) !== birth) return err({ kind: 'inconsistent', code: 'birth-number' })
  if (kind === 'resident' && (sex === 'male' || sex === 'female') && sexOf(parsed.value) !== sex) return err({ kind: 'inconsistent', code: 'sex-number' })
  return ok(parsed.value)
}

function nationalityOf(bytes: Uint8Array, place: Field): Result<{ nationality?: string }, CardRecordError> {
  const nationality = cardField(bytes, place)
  if (nationality !== '' && !/^[A-Z]{3}$/.test(nationality)) return err({ kind: 'inconsistent', code: 'nationality' })
  return ok(present('nationality', nationality))
}

function dateField(bytes: Uint8Array, place: Field, code: string): Result<IsoDate, CardRecordError> {
  const raw = cardField(bytes, place)
  if (raw === '' || /^0+$/.test(raw)) return err({ kind: 'incomplete', code })
  const date = compactDate(raw)
  return date === undefined ? err({ kind: 'inconsistent', code }) : ok(date)
}

/** A text field of a card, without its padding. */
export function cardField(bytes: Uint8Array, place: Field): string {
  return trimmed(rawText(bytes, place))
}

/** Spaces and NULs are padding on the right only; inside a name they are data. */
function trimmed(value: string): string {
  return value.replace(/[ \0]+$/, '')
}

/** UTF-16LE that keeps lone surrogates and private-use characters: rare names use them, and nothing may replace them. */
function rawText(bytes: Uint8Array, [offset, length]: Field): string {
  let value = ''
  for (let index = offset; index < offset + length; index += 2) value += String.fromCharCode((bytes[index] ?? 0) | ((bytes[index + 1] ?? 0) << 8))
  return value
}

function present<K extends string>(key: K, value: string): { [P in K]?: string } {
  return value === '' ? {} : ({ [key]: value } as { [P in K]?: string })
}
