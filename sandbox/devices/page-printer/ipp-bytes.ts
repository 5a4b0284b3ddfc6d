/**
 * The printer's side of IPP, written from RFC 8010: requests read, answers written. On purpose not the code that the driver
 * uses, so that both cannot be wrong in the same way.
 */
const END = 3
const NAMES_OF_KINDS = { integer: 0x21, boolean: 0x22, enum: 0x23, octets: 0x30, range: 0x33, collection: 0x34, text: 0x41, name: 0x42, keyword: 0x44, uri: 0x45, charset: 0x47, language: 0x48, mime: 0x49, none: 0x13 } as const
export type AttributeKind = keyof typeof NAMES_OF_KINDS

export interface Attribute {
  readonly kind: AttributeKind
  readonly name: string
  readonly values: readonly (string | number | boolean | readonly Attribute[] | readonly [number, number])[]
}

export interface AnswerGroup {
  readonly group: 'operation' | 'job' | 'printer' | 'unsupported'
  readonly attributes: readonly Attribute[]
}
const GROUP_BYTES = { operation: 1, job: 2, printer: 4, unsupported: 5 } as const

/** One attribute of one kind; several values make a set. */
export function attribute(kind: AttributeKind, name: string, ...values: Attribute['values']): Attribute {
  return { kind, name, values }
}

export interface ReadRequest {
  readonly version: number
  readonly operation: number
  readonly id: number
  /** Plain texts and numbers by name, as sent: what a printer of this kind looks at. */
  readonly attributes: ReadonlyMap<string, readonly (string | number | boolean)[]>
  readonly document: Buffer
}

/** `undefined` for bytes that are no request. */
export function readRequest(bytes: Buffer): ReadRequest | undefined {
  if (bytes.length < 9) return undefined
  const attributes = new Map<string, (string | number | boolean)[]>()
  let at = 8
  let current: (string | number | boolean)[] | undefined
  while (at < bytes.length) {
    const tag = bytes[at++] ?? END
    if (tag === END) return { version: bytes.readUInt16BE(0), operation: bytes.readUInt16BE(2), id: bytes.readInt32BE(4), attributes, document: bytes.subarray(at) }
    if (tag < 0x10) continue
    if (at + 2 > bytes.length) return undefined
    const nameLength = bytes.readUInt16BE(at)
    const name = bytes.toString('utf8', at + 2, at + 2 + nameLength)
    at += 2 + nameLength
    if (at + 2 > bytes.length) return undefined
    const length = bytes.readUInt16BE(at)
    const value = bytes.subarray(at + 2, at + 2 + length)
    at += 2 + length
    if (name !== '') attributes.set(name, (current = []))
    if (tag === NAMES_OF_KINDS.integer || tag === NAMES_OF_KINDS.enum) {
      if (value.length === 4) current?.push(value.readInt32BE(0))
    } else if (tag === NAMES_OF_KINDS.boolean) current?.push(value[0] === 1)
    else current?.push(value.toString('utf8'))
  }
  return undefined
}

export function writeAnswer(status: number, id: number, groups: readonly AnswerGroup[]): Buffer {
  const head = Buffer.alloc(8)
  head[0] = 2
  head.writeUInt16BE(status, 2)
  head.writeInt32BE(id, 4)
  return Buffer.concat([head, ...groups.flatMap(({ group, attributes }) => [Buffer.of(GROUP_BYTES[group]), ...attributes.map(attributeBytes)]), Buffer.of(END)])
}

function attributeBytes({ kind, name, values }: Attribute): Buffer {
  if (values.length === 0) return field(NAMES_OF_KINDS.none, name, Buffer.alloc(0))
  return Buffer.concat(values.map((value, index) => {
    const label = index === 0 ? name : ''
    if (kind !== 'collection') return field(NAMES_OF_KINDS[kind], label, plainBytes(value))
    const members = (value as readonly Attribute[]).flatMap((member) => [field(0x4a, '', Buffer.from(member.name)), attributeBytes({ ...member, name: '' })])
    return Buffer.concat([field(NAMES_OF_KINDS.collection, label, Buffer.alloc(0)), ...members, field(0x37, '', Buffer.alloc(0))])
  }))
}

function plainBytes(value: Attribute['values'][number]): Buffer {
  if (typeof value === 'string') return Buffer.from(value)
  if (typeof value === 'boolean') return Buffer.of(value ? 1 : 0)
  const numbers = typeof value === 'number' ? [value] : (value as readonly [number, number])
  const bytes = Buffer.alloc(4 * numbers.length)
  numbers.forEach((number, index) => bytes.writeInt32BE(number, 4 * index))
  return bytes
}

function field(tag: number, name: string, value: Buffer): Buffer {
  const lengths = Buffer.alloc(4)
  lengths.writeUInt16BE(Buffer.byteLength(name), 0)
  lengths.writeUInt16BE(value.length, 2)
  return Buffer.concat([Buffer.of(tag), lengths.subarray(0, 2), Buffer.from(name), lengths.subarray(2), value])
}
