import { Validator } from '@cfworker/json-schema'
import type { OutputUnit, Schema } from '@cfworker/json-schema'
import { fromPointer, isRecord, ownValue, toPointer, valueAt } from '../json/pointer.ts'
import './formats.ts'

/** One value that does not fit its schema. Errors that only say "something inside is wrong" are left out. */
export interface SchemaError {
  /** JSON pointer of the value; for `required` of the missing value itself. */
  readonly pointer: string
  readonly keyword: string
  /** The schema object that holds the keyword, and what the keyword says there. */
  readonly parentSchema: unknown
  readonly expected: unknown
  readonly schemaPointer: string
  readonly missing?: string
}

/** Keywords of the validator that only pass on what is wrong further inside. */
const ENVELOPES: ReadonlySet<string> = new Set(['properties', 'patternProperties', 'items', 'prefixItems', 'allOf', 'if', '$ref', 'additionalProperties', 'unevaluatedProperties', 'dependentSchemas', '$recursiveRef'])

const compiled = new WeakMap<object, (data: unknown) => readonly SchemaError[]>()

/**
 * A validator for a JSON Schema (draft 2020-12) that interprets the schema and never makes code from it, so that it works
 * under a CSP without `unsafe-eval`. The same on both sides of the kiosk. Finds all errors, not only the first.
 */
export function compileSchema(schema: unknown): (data: unknown) => readonly SchemaError[] {
  if (!isRecord(schema)) return schema === false ? () => [{ pointer: '', keyword: 'false', parentSchema: false, expected: undefined, schemaPointer: '' }] : () => []
  const known = compiled.get(schema)
  if (known) return known
  // The validator writes notes into the schema it is given, so it gets a copy of its own.
  const copy = JSON.parse(JSON.stringify(schema)) as Schema
  const validator = new Validator(copy, '2020-12', false)
  const check = (data: unknown): readonly SchemaError[] => collect(validator.validate(withoutUndefined(data)).errors, copy, data)
  compiled.set(schema, check)
  return check
}

/** Properties that are `undefined` are absent, as they are once the data has travelled as JSON. */
function withoutUndefined(data: unknown): unknown {
  if (data === undefined) return null
  return JSON.parse(JSON.stringify(data)) as unknown
}

function collect(units: readonly OutputUnit[], root: Schema, data: unknown): readonly SchemaError[] {
  const errors = new Map<string, SchemaError>()
  for (const unit of units) {
    if (ENVELOPES.has(unit.keyword)) continue
    const pointer = decodeFragment(unit.instanceLocation)
    const schemaPath = fromPointer(decodeFragment(unit.keywordLocation))
    const parentSchema = unit.keyword === 'false' ? false : schemaAt(root, schemaPath.slice(0, -1))
    const expected = ownValue(parentSchema, unit.keyword)
    const schemaPointer = toPointer(schemaPath)
    const error = { pointer, keyword: unit.keyword === 'false' ? 'additionalProperties' : unit.keyword, parentSchema, expected, schemaPointer }
    if (unit.keyword === 'required' && Array.isArray(expected)) {
      const object = valueAt(data, pointer)
      for (const missing of expected.filter((key): key is string => typeof key === 'string' && ownValue(object, key) === undefined)) {
        const at = `${pointer}${toPointer([missing])}`
        errors.set(`${at} ${schemaPointer}`, { ...error, pointer: at, missing })
      }
    } else errors.set(`${pointer} ${schemaPointer}`, error)
  }
  return [...errors.values()]
}

function decodeFragment(location: string): string {
  return decodeURIComponent(location.replace(/^#/, ''))
}

function schemaAt(root: Schema, path: readonly string[]): unknown {
  return path.reduce<unknown>((schema, key) => {
    if (key !== '$ref') return ownValue(schema, key)
    const reference = ownValue(schema, '$ref')
    return typeof reference === 'string' && reference.startsWith('#') ? valueAt(root, decodeFragment(reference)) : undefined
  }, root)
}
