import { FORM_FORMATS } from '../form/formats.ts'
import { isRecord } from '../json/pointer.ts'
import { packFault, shown } from './pack-fault.ts'
import type { PackFault, Path } from './pack-fault.ts'

type Shape = 'text' | 'types' | 'any' | 'list' | 'texts' | 'flag' | 'count' | 'number' | 'positive' | 'format' | 'pattern' | 'schema' | 'schemas' | 'schema-list'

/**
 * The keywords of JSON Schema 2020-12 that forms may use, and what each holds. The list is closed: what is not on it would be
 * passed over silently by the validator. There are no references, so a form cannot loop.
 */
const KEYWORDS: ReadonlyMap<string, Shape> = new Map<string, Shape>([
  ['$schema', 'text'], ['title', 'text'], ['description', 'text'], ['$comment', 'text'], ['default', 'any'], ['type', 'types'], ['const', 'any'], ['enum', 'list'],
  ['properties', 'schemas'], ['required', 'texts'], ['additionalProperties', 'schema'], ['items', 'schema'], ['minItems', 'count'], ['maxItems', 'count'], ['uniqueItems', 'flag'],
  ['minLength', 'count'], ['maxLength', 'count'], ['pattern', 'pattern'], ['format', 'format'], ['minimum', 'number'], ['maximum', 'number'], ['exclusiveMinimum', 'number'], ['exclusiveMaximum', 'number'], ['multipleOf', 'positive'],
  ['allOf', 'schema-list'], ['anyOf', 'schema-list'], ['oneOf', 'schema-list'], ['not', 'schema'], ['if', 'schema'], ['then', 'schema'], ['else', 'schema'],
])
const TYPES: readonly string[] = ['string', 'number', 'integer', 'boolean', 'object', 'array', 'null']
const MAX_DEPTH = 12

/** Everything in a JSON Schema of a form that the language of forms does not have. */
export function keywordFaults(schema: unknown, at: Path, depth = 0): readonly PackFault[] {
  if (typeof schema === 'boolean') return []
  if (!isRecord(schema)) return [packFault(at, '这里应是一个 JSON Schema（对象、true 或 false）。', 'This must be a JSON Schema: an object, true or false.')]
  if (depth > MAX_DEPTH) return [packFault(at, `嵌套超过 ${MAX_DEPTH} 层。`, `This is nested more than ${MAX_DEPTH} levels deep.`)]
  return Object.entries(schema).flatMap(([keyword, value]): readonly PackFault[] => {
    const path = [...at, keyword]
    const shape = KEYWORDS.get(keyword)
    const must = (holds: boolean, zh: string, en: string): readonly PackFault[] => (holds ? [] : [packFault(path, `“${keyword}”${zh}。`, `“${keyword}” ${en}.`)])
    switch (shape) {
      case undefined: return [packFault(path, `表单的 JSON Schema 不能用“${keyword}”；可用：${[...KEYWORDS.keys()].join(', ')}。`, `The JSON Schema of a form cannot use “${keyword}”; allowed are ${[...KEYWORDS.keys()].join(', ')}.`)]
      case 'any': return []
      case 'text': return must(typeof value === 'string', '应是文字', 'must be a text')
      case 'types': return must((Array.isArray(value) ? value : [value]).every((type: unknown) => typeof type === 'string' && TYPES.includes(type)), `只能是 ${TYPES.join(', ')}`, `can only be ${TYPES.join(', ')}`)
      case 'list': return must(Array.isArray(value) && value.length > 0, '应是不空的列表', 'must be a list that is not empty')
      case 'texts': return must(Array.isArray(value) && value.every((one) => typeof one === 'string'), '应是文字的列表', 'must be a list of texts')
      case 'flag': return must(typeof value === 'boolean', '应是 true 或 false', 'must be true or false')
      case 'count': return must(Number.isInteger(value) && Number(value) >= 0, '应是不小于 0 的整数', 'must be a whole number, 0 or more')
      case 'number': return must(typeof value === 'number', '应是数字', 'must be a number')
      case 'positive': return must(typeof value === 'number' && value > 0, '应是大于 0 的数字', 'must be a number above 0')
      case 'format': return FORM_FORMATS.has(shown(value)) ? [] : [packFault(path, `没有格式“${shown(value)}”；可用：${[...FORM_FORMATS.keys()].join(', ')}。`, `There is no format “${shown(value)}”; allowed are ${[...FORM_FORMATS.keys()].join(', ')}.`)]
      case 'pattern': return patternFaults(value, path)
      case 'schema': return keywordFaults(value, path, depth + 1)
      case 'schemas': return isRecord(value) ? Object.entries(value).flatMap(([key, inner]) => keywordFaults(inner, [...path, key], depth + 1)) : must(false, '应是对象', 'must be an object')
      case 'schema-list': return Array.isArray(value) && value.length > 0 ? value.flatMap((inner: unknown, index) => keywordFaults(inner, [...path, index], depth + 1)) : must(false, '应是不空的列表', 'must be a list that is not empty')
    }
  })
}

/** Longer patterns, and a repetition of a repetition, can take a terminal minutes to decide on a single line of text. */
const MAX_PATTERN_CHARACTERS = 200
function patternFaults(pattern: unknown, at: Path): readonly PackFault[] {
  if (typeof pattern !== 'string') return [packFault(at, '正则表达式应是文字。', 'A pattern must be a text.')]
  if (pattern.length > MAX_PATTERN_CHARACTERS || /[+*}][^()]*\)[+*{]/.test(pattern)) return [packFault(at, '这个正则表达式太复杂：不超过 200 个字符，且不能把重复再重复。', 'This pattern is too complex: 200 characters at most, and no repetition of a repetition.')]
  try {
    new RegExp(pattern, 'u')
    return []
  } catch {
    return [packFault(at, `“${pattern}”不是正则表达式。`, `“${pattern}” is not a regular expression.`)]
  }
}
