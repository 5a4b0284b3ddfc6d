import type { Result } from '../../core/result/result.ts'
import { err, ok } from '../../core/result/result.ts'

/**
 * The Internet Printing Protocol as bytes (RFC 8010): a request written, an answer read. Whatever the bytes are, reading ends
 * as a value, takes time in proportion to their number and keeps no more than they hold.
 */

/** Value tags that we write (RFC 8010, section 3.5.2). */
const VALUE_TAGS = { integer: 0x21, boolean: 0x22, enum: 0x23, name: 0x42, keyword: 0x44, uri: 0x45, charset: 0x47, language: 0x48, mime: 0x49 } as const
const RANGE_TAG = 0x33
const RESOLUTION_TAG = 0x32
const DATE_TAG = 0x31
const OCTETS_TAG = 0x30
const TEXT_WITH_LANGUAGE_TAG = 0x35
const NAME_WITH_LANGUAGE_TAG = 0x36
const BEGIN_COLLECTION_TAG = 0x34
const END_COLLECTION_TAG = 0x37
const MEMBER_NAME_TAG = 0x4a
const END_OF_ATTRIBUTES_TAG = 0x03
/** Below this a tag begins a group; from 10 to 1F it says that there is no value. */
const FIRST_VALUE_TAG = 0x10
const FIRST_TAG_WITH_VALUE = 0x20
/** Collections inside collections: real printers go two deep. */
const DEEPEST_COLLECTION = 8
const HEAD_BYTES = 8

export const OPERATIONS = { printJob: 0x0002, cancelJob: 0x0008, getJobAttributes: 0x0009, getJobs: 0x000a, getPrinterAttributes: 0x000b } as const
export type Operation = keyof typeof OPERATIONS

export const GROUPS = { operation: 0x01, job: 0x02, printer: 0x04, unsupported: 0x05 } as const

/** Status codes of RFC 8011 that mean something of their own to us. */
export const STATUS = {
  notFound: 0x0406, gone: 0x0407, formatNotSupported: 0x040a, attributesNotSupported: 0x040b, formatError: 0x0411,
  operationNotSupported: 0x0501, serviceUnavailable: 0x0502, versionNotSupported: 0x0503, notAccepting: 0x0506, busy: 0x0507,
} as const

export interface IppAttribute {
  readonly tag: keyof typeof VALUE_TAGS
  readonly name: string
  readonly value: string | number | boolean | readonly string[]
}

export interface IppRequest {
  readonly operation: Operation
  readonly requestId: number
  readonly operationAttributes: readonly IppAttribute[]
  readonly jobAttributes?: readonly IppAttribute[]
  /** The document, when the operation carries one. */
  readonly data?: Uint8Array
}

/** One value as we use it. Octets, dates and resolutions are kept as bytes; a collection as its members. */
export type IppValue = number | boolean | string | Uint8Array | IppRange | IppMembers
export interface IppRange {
  readonly low: number
  readonly high: number
}
/** Names to values; an attribute without a value (`no-value`, `unknown`) has an empty list. */
export type IppMembers = ReadonlyMap<string, readonly IppValue[]>

export interface IppGroup {
  readonly tag: number
  readonly attributes: IppMembers
}

export interface IppAnswer {
  readonly status: number
  readonly requestId: number
  readonly groups: readonly IppGroup[]
}

/** RFC 8011: 0000–00FF are the successful ones. */
export function isSuccess(status: number): boolean {
  return status <= 0x00ff
}

/** Writes a request as version 1.1, which every printer understands (RFC 8011, section 4.1.8). */
export function encodeRequest({ operation, requestId, operationAttributes, jobAttributes = [], data }: IppRequest): Uint8Array {
  const parts: Uint8Array[] = []
  const head = new DataView(new ArrayBuffer(HEAD_BYTES))
  head.setUint8(0, 1)
  head.setUint8(1, 1)
  head.setUint16(2, OPERATIONS[operation])
  head.setInt32(4, requestId)
  parts.push(new Uint8Array(head.buffer))
  const group = (tag: number, attributes: readonly IppAttribute[]): void => {
    parts.push(Uint8Array.of(tag))
    for (const attribute of attributes) parts.push(...attributeBytes(attribute))
  }
  group(GROUPS.operation, operationAttributes)
  if (jobAttributes.length > 0) group(GROUPS.job, jobAttributes)
  parts.push(Uint8Array.of(END_OF_ATTRIBUTES_TAG))
  if (data !== undefined) parts.push(data)
  return joined(parts)
}

function attributeBytes({ tag, name, value }: IppAttribute): Uint8Array[] {
  const values: readonly (string | number | boolean)[] = typeof value === 'object' ? value : [value]
  // The name stands at the first value only; further ones of the same attribute have an empty name.
  return values.flatMap((one, index) => [Uint8Array.of(VALUE_TAGS[tag]), counted(index === 0 ? textBytes(name) : new Uint8Array()), counted(valueBytes(one))])
}

function valueBytes(value: string | number | boolean): Uint8Array {
  if (typeof value === 'string') return textBytes(value)
  if (typeof value === 'boolean') return Uint8Array.of(value ? 1 : 0)
  const view = new DataView(new ArrayBuffer(4))
  view.setInt32(0, value)
  return new Uint8Array(view.buffer)
}

function textBytes(text: string): Uint8Array {
  return new TextEncoder().encode(text)
}

function counted(bytes: Uint8Array): Uint8Array {
  const whole = new Uint8Array(2 + bytes.length)
  new DataView(whole.buffer).setUint16(0, bytes.length)
  whole.set(bytes, 2)
  return whole
}

function joined(parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0))
  let at = 0
  for (const part of parts) {
    whole.set(part, at)
    at += part.length
  }
  return whole
}

/** Thrown and caught inside this file only. */
class NotIpp extends Error {}

/** Reads an answer. Bytes that are not one, or that end before their end, are refused as a whole. */
export function decodeAnswer(bytes: Uint8Array): Result<IppAnswer, 'not-ipp'> {
  try {
    return ok(new Reader(bytes).answer())
  } catch (error) {
    if (error instanceof NotIpp) return err('not-ipp')
    throw error
  }
}

class Reader {
  readonly #bytes: Uint8Array
  readonly #view: DataView
  readonly #text = new TextDecoder('utf-8')
  #at = 0

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  }

  answer(): IppAnswer {
    const major = this.#byte()
    this.#byte()
    if (major !== 1 && major !== 2) throw new NotIpp()
    const status = this.#short()
    const requestId = this.#view.getInt32(this.#take(4))
    const groups: IppGroup[] = []
    let attributes: Map<string, IppValue[]> | undefined
    let values: IppValue[] | undefined
    for (;;) {
      const tag = this.#byte()
      if (tag === END_OF_ATTRIBUTES_TAG) return { status, requestId, groups }
      if (tag < FIRST_VALUE_TAG) {
        attributes = new Map()
        values = undefined
        groups.push({ tag, attributes })
        continue
      }
      if (attributes === undefined) throw new NotIpp()
      const name = this.#string()
      if (name !== '') {
        // Named twice against the rules, as some printers do: all of it counts.
        values = attributes.get(name) ?? []
        attributes.set(name, values)
      }
      if (values === undefined) throw new NotIpp()
      this.#value(tag, values, 0)
    }
  }

  /** One value, appended; the length before it is believed only as far as the bytes go. */
  #value(tag: number, values: IppValue[], depth: number): void {
    const bytes = this.#counted()
    if (tag === BEGIN_COLLECTION_TAG) {
      values.push(this.#collection(depth + 1))
      return
    }
    if (tag < FIRST_TAG_WITH_VALUE) return
    values.push(this.#scalar(tag, bytes))
  }

  #scalar(tag: number, bytes: Uint8Array): IppValue {
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    const long = (length: number): DataView => {
      if (bytes.length !== length) throw new NotIpp()
      return view
    }
    switch (tag) {
      case VALUE_TAGS.integer: case VALUE_TAGS.enum: return long(4).getInt32(0)
      case VALUE_TAGS.boolean: return long(1).getUint8(0) !== 0
      case RANGE_TAG: return { low: long(8).getInt32(0), high: view.getInt32(4) }
      case OCTETS_TAG: case DATE_TAG: case RESOLUTION_TAG: return bytes
      case TEXT_WITH_LANGUAGE_TAG: case NAME_WITH_LANGUAGE_TAG: return withoutLanguage(bytes, this.#text)
      default: return this.#text.decode(bytes)
    }
  }

  #collection(depth: number): IppMembers {
    if (depth > DEEPEST_COLLECTION) throw new NotIpp()
    const members = new Map<string, IppValue[]>()
    let values: IppValue[] | undefined
    for (;;) {
      const tag = this.#byte()
      if (tag < FIRST_VALUE_TAG || this.#string() !== '') throw new NotIpp()
      if (tag === END_COLLECTION_TAG) {
        this.#counted()
        return members
      }
      if (tag === MEMBER_NAME_TAG) {
        values = []
        members.set(this.#text.decode(this.#counted()), values)
        continue
      }
      if (values === undefined) throw new NotIpp()
      this.#value(tag, values, depth)
    }
  }

  /** Moves on by `length` and answers where that piece began. */
  #take(length: number): number {
    const start = this.#at
    if (start + length > this.#bytes.length) throw new NotIpp()
    this.#at += length
    return start
  }

  #byte(): number {
    return this.#view.getUint8(this.#take(1))
  }

  #short(): number {
    return this.#view.getUint16(this.#take(2))
  }

  #counted(): Uint8Array {
    const length = this.#short()
    const start = this.#take(length)
    return this.#bytes.subarray(start, start + length)
  }

  #string(): string {
    return this.#text.decode(this.#counted())
  }
}

/** Language length, language, text length, text. */
function withoutLanguage(bytes: Uint8Array, decoder: TextDecoder): string {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  if (bytes.length < 4) throw new NotIpp()
  const textAt = 2 + view.getUint16(0)
  if (textAt + 2 > bytes.length || textAt + 2 + view.getUint16(textAt) !== bytes.length) throw new NotIpp()
  return decoder.decode(bytes.subarray(textAt + 2))
}

/** The attributes of the first group of a kind; none when the answer has none. */
export function groupOf(answer: IppAnswer, tag: number): IppMembers {
  return answer.groups.find((group) => group.tag === tag)?.attributes ?? new Map()
}

/** Every text value of an attribute; a single value counts as a list of one, as some printers send it. */
export function words(attributes: IppMembers, name: string): readonly string[] {
  return (attributes.get(name) ?? []).filter((value) => typeof value === 'string')
}

export function word(attributes: IppMembers, name: string): string | undefined {
  return words(attributes, name)[0]
}

export function whole(attributes: IppMembers, name: string): number | undefined {
  return (attributes.get(name) ?? []).find((value) => typeof value === 'number')
}

export function flag(attributes: IppMembers, name: string): boolean | undefined {
  return (attributes.get(name) ?? []).find((value) => typeof value === 'boolean')
}
