import { z } from 'zod'

export interface AllowedSetting {
  readonly name: string
  /** What may stand there. */
  readonly value: string
  readonly optional: boolean
  /** Whether what was typed is meant as it stands, also where it looks like a number. */
  readonly takesWord: (typed: string) => boolean
}

/** One command that a thing understands, in words for a command line. */
export interface Allowed {
  readonly command: string
  /** Name of the field that says which command it is. */
  readonly discriminator: string
  readonly settings: readonly AllowedSetting[]
}

interface JsonSchema {
  readonly anyOf?: readonly JsonSchema[]
  readonly oneOf?: readonly JsonSchema[]
  readonly properties?: Readonly<Record<string, JsonSchema>>
  readonly required?: readonly string[]
  readonly const?: unknown
  readonly enum?: readonly unknown[]
  readonly type?: string
  readonly items?: JsonSchema
  readonly minimum?: number
  readonly maximum?: number
}

/** What the schema of a thing's commands allows: read off the schema itself, so that it cannot tell anything else. */
export function allowedBy(schema: z.ZodType): readonly Allowed[] {
  const json = z.toJSONSchema(schema, { io: 'input' }) as JsonSchema
  return (json.oneOf ?? json.anyOf ?? [json]).flatMap(({ properties = {}, required = [] }) => {
    const discriminator = Object.keys(properties).find((name) => properties[name]?.const !== undefined && required.includes(name))
    if (discriminator === undefined) return []
    const settings = Object.entries(properties).filter(([name]) => name !== discriminator).map(([name, value]) => ({ name, value: valueText(value), optional: !required.includes(name), takesWord: (typed: string) => takesWord(value, typed) }))
    return [{ command: String(properties[discriminator]?.const), discriminator, settings }]
  })
}

function takesWord({ anyOf, oneOf, type, enum: words }: JsonSchema, typed: string): boolean {
  const choices = anyOf ?? oneOf
  if (choices !== undefined) return choices.some((choice) => takesWord(choice, typed))
  return words === undefined ? type === 'string' : words.includes(typed)
}

function valueText(schema: JsonSchema): string {
  const { anyOf, oneOf, enum: words, type, minimum, maximum, properties, required = [], items } = schema
  const choices = anyOf ?? oneOf
  if (choices !== undefined) return choices.map(valueText).join('|')
  if (schema.const !== undefined) return typeof schema.const === 'string' ? schema.const : JSON.stringify(schema.const)
  if (words !== undefined) return words.map(String).join('|')
  if (properties !== undefined) return `{${Object.entries(properties).map(([name, value]) => `"${name}"${required.includes(name) ? '' : '?'}:${valueText(value)}`).join(',')}}`
  if (items !== undefined) return `[${valueText(items)},…]`
  if (type === 'integer' || type === 'number') return `${minimum ?? ''}..${maximum ?? ''}`
  if (type === 'boolean') return 'true|false'
  return type === 'null' ? 'null' : '…'
}
