/** JSON pointers (RFC 6901) over plain data, through own properties only. */
export type JsonRecord = Readonly<Record<string, unknown>>

export function isRecord(value: unknown): value is JsonRecord {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** An own property of a plain object or an item of a list; nothing that a prototype holds. */
export function ownValue(container: unknown, key: string | number): unknown {
  if (Array.isArray(container)) return /^(0|[1-9]\d*)$/.test(String(key)) ? (container[Number(key)] as unknown) : undefined
  return isRecord(container) && Object.hasOwn(container, key) ? container[key] : undefined
}

export function toPointer(path: readonly PropertyKey[]): string {
  return path.map((part) => `/${String(part).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('')
}

export function fromPointer(pointer: string): readonly string[] {
  return pointer.split('/').slice(1).map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'))
}

/** The value at a pointer; `undefined` when there is none. */
export function valueAt(data: unknown, pointer: string): unknown {
  return fromPointer(pointer).reduce<unknown>(ownValue, data)
}

/** A copy of `data` with `value` at the pointer; `undefined` takes the property away. Objects on the way are made, lists are not. */
export function withValueAt(data: JsonRecord, pointer: string, value: unknown): Record<string, unknown> {
  const [first, ...rest] = fromPointer(pointer)
  const copy = { ...data }
  if (first === undefined || first === '__proto__') return copy
  const inner = ownValue(data, first)
  const next = rest.length === 0 ? value : withValueAt(isRecord(inner) ? inner : {}, toPointer(rest), value)
  if (next === undefined) delete copy[first]
  else copy[first] = next
  return copy
}
