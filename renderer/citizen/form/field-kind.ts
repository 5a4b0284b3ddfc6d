import { type JsonRecord, isRecord } from '../../../core/json/pointer.ts'

/** How a field is filled in, chosen by its JSON Schema first and by the options of the UI schema second. */
export type FieldKind =
  | { readonly kind: 'text'; readonly keyboard: string; readonly hint: string; readonly long: boolean; readonly maxLength: number | undefined; readonly format: string | undefined }
  | { readonly kind: 'choice'; readonly values: readonly string[] }
  | { readonly kind: 'choices'; readonly values: readonly string[] }
  | { readonly kind: 'boolean' }
  | { readonly kind: 'number'; readonly minimum: number; readonly maximum: number; readonly step: number }
  | { readonly kind: 'date'; readonly from: string | undefined; readonly to: string | undefined }
  | { readonly kind: 'month'; readonly from: string | undefined; readonly to: string | undefined }

const KEYBOARD_OF_FORMAT: Readonly<Record<string, string>> = { 'citizen-id': 'id-number', phone: 'phone', 'credit-code': 'latin' }
/** From here on a text gets a field of several lines. */
const LONG_TEXT_FROM = 120

function texts(value: unknown): readonly string[] | undefined {
  return Array.isArray(value) ? value.map(String) : undefined
}
function optional(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined
}

export function fieldKind(schema: JsonRecord, options: JsonRecord): FieldKind {
  const values = texts(schema['enum'])
  if (values !== undefined) return { kind: 'choice', values }
  const items = schema['items']
  if (schema['type'] === 'array' && isRecord(items)) return { kind: 'choices', values: texts(items['enum']) ?? [] }
  if (schema['type'] === 'boolean') return { kind: 'boolean' }
  if (schema['type'] === 'integer' || schema['type'] === 'number') {
    return { kind: 'number', minimum: Number(schema['minimum'] ?? 0), maximum: Number(schema['maximum'] ?? 999_999), step: Number(schema['multipleOf'] ?? 1) }
  }
  const format = optional(schema['format'])
  const range = { from: optional(options['from']), to: optional(options['to']) }
  if (format === 'date') return { kind: 'date', ...range }
  if (format === 'year-month') return { kind: 'month', ...range }
  const maxLength = typeof schema['maxLength'] === 'number' ? schema['maxLength'] : undefined
  return {
    kind: 'text',
    keyboard: optional(options['keyboard']) ?? (format === undefined ? undefined : KEYBOARD_OF_FORMAT[format]) ?? 'pinyin',
    hint: optional(options['hint']) ?? 'general',
    long: options['multi'] === true || (maxLength ?? 0) > LONG_TEXT_FROM,
    maxLength,
    format,
  }
}
