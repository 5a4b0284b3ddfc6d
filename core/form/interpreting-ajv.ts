import { compileSchema } from './schema-check.ts'
import type { SchemaError } from './schema-check.ts'

/** The part of Ajv's `ErrorObject` that JSON Forms reads. */
export interface InterpretedError {
  readonly instancePath: string
  readonly schemaPath: string
  readonly keyword: string
  readonly params: Readonly<Record<string, unknown>>
  readonly message: string
  readonly parentSchema: unknown
  readonly schema: unknown
}

export interface InterpretedValidator {
  (data: unknown): boolean
  errors: readonly InterpretedError[] | null
}

/** The part of Ajv that JSON Forms calls. */
export interface InterpretingAjv {
  compile(schema: unknown): InterpretedValidator
  validate(schema: unknown, data: unknown): boolean
  errors: readonly InterpretedError[] | null
}

/** An object of Ajv's shape over the interpreting validator, for JSON Forms' `ajv` property: no code is made from schemas. */
export function createInterpretingAjv(): InterpretingAjv {
  const ajv: InterpretingAjv = {
    errors: null,
    compile(schema) {
      const check = compileSchema(schema)
      const validator: InterpretedValidator = Object.assign((data: unknown) => {
        const errors = check(data).map(toAjvError)
        validator.errors = errors.length > 0 ? errors : null
        return errors.length === 0
      }, { errors: null })
      return validator
    },
    validate(schema, data) {
      const errors = compileSchema(schema)(data).map(toAjvError)
      ajv.errors = errors.length > 0 ? errors : null
      return errors.length === 0
    },
  }
  return ajv
}

function toAjvError(error: SchemaError): InterpretedError {
  const { keyword, expected, parentSchema, pointer, missing } = error
  const common = { keyword, parentSchema, schema: expected, schemaPath: `#${error.schemaPointer}` }
  if (missing !== undefined) {
    const message = `must have required property '${missing}'`
    return { ...common, instancePath: pointer.slice(0, pointer.lastIndexOf('/')), params: { missingProperty: missing }, message }
  }
  return { ...common, instancePath: pointer, params: params(keyword, expected), message: `must fit "${keyword}"` }
}

function params(keyword: string, expected: unknown): Readonly<Record<string, unknown>> {
  switch (keyword) {
    case 'enum': return { allowedValues: expected }
    case 'const': return { allowedValue: expected }
    case 'type': return { type: expected }
    case 'format': return { format: expected }
    case 'pattern': return { pattern: expected }
    default: return { limit: expected }
  }
}
