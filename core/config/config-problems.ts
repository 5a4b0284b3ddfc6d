import { z } from 'zod'
import type { Result } from '../result/result.ts'
import { err, ok } from '../result/result.ts'
import type { LocalText } from '../text/local-text.ts'
import { localTextSchema, text } from '../text/local-text.ts'
import { CONFIG_HINTS } from './config-hints.ts'
import { unknownProfiles } from './device-mistakes.ts'
import type { KioskConfig } from './kiosk-config.ts'
import { deviceConfigSchema, kioskConfigSchema } from './kiosk-config.ts'

/** One mistake in a configuration: where, what stands there, what may stand there. */
export interface ConfigProblem {
  /** As in JavaScript: `devices[0].address.port`; empty for the whole file. */
  readonly path: string
  /** What was found, as JSON and cut to a readable length; undefined when nothing stands there. */
  readonly found?: string
  readonly allowed: LocalText
  readonly sentence: LocalText
}

/** Judges a whole configuration and names every mistake in it, in the order of the file's schema. */
export function checkConfig(value: unknown): Result<KioskConfig, readonly ConfigProblem[]> {
  const parsed = kioskConfigSchema.safeParse(value)
  if (parsed.success) return ok(parsed.data)
  const problems = parsed.error.issues.flatMap((issue) => problemsOf(issue, [], value))
  // With another kind of address the settings beside it are another's too; the kind is the mistake.
  const wrongKinds = problems.filter(({ path }) => /^devices\[\d+\]\.address\.kind$/.test(path)).map(({ path }) => path)
  return err(problems.filter(({ path }) => wrongKinds.every((kind) => path === kind || !path.startsWith(kind.slice(0, -'kind'.length)))))
}

type Issue = z.core.$ZodIssue
type Path = readonly PropertyKey[]

function problemsOf(issue: Issue, prefix: Path, whole: unknown): ConfigProblem[] {
  const path = [...prefix, ...issue.path]
  if (issue.code === 'unrecognized_keys') {
    const known = text('只能使用说明文件中列出的名称', 'only the names that the published schema lists')
    return issue.keys.map((key) => problem([...path, key], whole, known, text('这里没有名为它的设置，请检查拼写', 'there is no setting of this name here; check the spelling')))
  }
  if (issue.code === 'invalid_union') {
    const branch = branchMeant(issue)
    if (branch !== undefined) return branch.flatMap((inner) => problemsOf(inner, path, whole))
  }
  const mistake = mistakeIn(issue)
  if (mistake !== undefined) return [problem(path, whole, mistake.allowed, mistake.remark)]
  return [problem(path, whole, allowedBy(issue, path), wrongAddress(issue, path, whole))]
}

const mistakeSchema = z.object({ remark: localTextSchema, allowed: localTextSchema })

/** The words that a check across several devices put into its issue. */
function mistakeIn(issue: Issue): z.infer<typeof mistakeSchema> | undefined {
  return issue.code === 'custom' ? mistakeSchema.safeParse(issue.params).data : undefined
}

/** A kind of address that exists, but not for this class of device. */
function wrongAddress(issue: Issue, path: Path, whole: unknown): LocalText | undefined {
  if (issue.code !== 'invalid_union' && issue.code !== 'invalid_value') return undefined
  if (path[0] !== 'devices' || path[2] !== 'address' || path[3] !== 'kind') return undefined
  const found = valueAtPath(whole, path)
  const className = valueAtPath(whole, ['devices', path[1] ?? 0, 'class'])
  if (typeof found !== 'string' || typeof className !== 'string' || !ADDRESS_KINDS.has(found)) return undefined
  return text(`“${className}”这类设备不能这样连接`, `a device of class "${className}" is not reached in this way`)
}

/** Every kind of address that any class of device has. */
const ADDRESS_KINDS: ReadonlySet<string> = new Set(
  deviceConfigSchema.options.flatMap((device) => {
    const address: z.ZodType = device.shape.address
    const branches = address instanceof z.ZodDiscriminatedUnion ? address.options : [address]
    return branches.flatMap((branch) => {
      const kind: unknown = branch instanceof z.ZodObject ? branch.shape['kind'] : undefined
      return kind instanceof z.ZodLiteral ? [...kind.values].map(String) : []
    })
  }),
)

/** Checks that need to know what this program holds: the printer profiles that exist. Run after {@link checkConfig}. */
export function checkProfiles(config: KioskConfig, profiles: readonly string[]): Result<KioskConfig, readonly ConfigProblem[]> {
  const mistakes = unknownProfiles(config.devices, profiles)
  if (mistakes.length === 0) return ok(config)
  return err(mistakes.map(({ path, remark, allowed }) => problem(['devices', ...path], config, allowed, remark)))
}

/**
 * Which alternative of a union the writer had in mind: the only one that fits in kind and fails further inside. `{"open": …}`
 * means the hours with a fault in them, not "24h".
 */
function branchMeant(issue: Extract<Issue, { code: 'invalid_union' }>): readonly Issue[] | undefined {
  const fitting = issue.errors.filter((branch) => branch.every((inner) => inner.path.length > 0 || !['invalid_type', 'invalid_value'].includes(inner.code)))
  return fitting.length === 1 ? fitting[0] : undefined
}

function problem(path: Path, whole: unknown, allowed: LocalText, remark?: LocalText): ConfigProblem {
  const where = pathText(path)
  const found = foundText(valueAtPath(whole, path))
  const place = where === '' ? text('整个文件', 'the whole file') : text(where, where)
  const foundWords = found === undefined ? text('这里没有填写', 'nothing stands here') : text(`现在是 ${found}`, `found ${found}`)
  const remarkWords = remark === undefined ? text('', '') : text(`，${remark['zh-CN']}`, ` (${remark.en})`)
  return {
    path: where,
    ...(found === undefined ? {} : { found }),
    allowed,
    sentence: text(`${place['zh-CN']}：${foundWords['zh-CN']}${remarkWords['zh-CN']}；允许：${allowed['zh-CN']}。`, `${place.en}: ${foundWords.en}${remarkWords.en}; allowed: ${allowed.en}.`),
  }
}

function allowedBy(issue: Issue, path: Path): LocalText {
  const hint = CONFIG_HINTS[pathText(path).replace(/\[\d+\]/g, '[]')]
  if (hint !== undefined && issue.code !== 'unrecognized_keys') return hint
  switch (issue.code) {
    case 'invalid_type':
      return kindOfValue(issue.expected)
    case 'invalid_value':
      return oneOf(issue.values)
    case 'too_small':
    case 'too_big':
      return bounds(issue)
    case 'invalid_union': {
      if (issue.discriminator !== undefined && 'options' in issue && Array.isArray(issue.options)) return oneOf(issue.options)
      const branches = issue.errors.flatMap((branch) => branch.slice(0, 1).map((inner) => allowedBy(inner, path)))
      return text(distinct(branches.map((branch) => branch['zh-CN'])).join(' 或 '), distinct(branches.map((branch) => branch.en)).join(' or '))
    }
    case 'not_multiple_of':
      return text(`${issue.divisor} 的倍数`, `a multiple of ${issue.divisor}`)
    case 'invalid_format':
    case 'unrecognized_keys':
    case 'invalid_key':
    case 'invalid_element':
    case 'custom':
      return text('符合说明文件的值', 'a value that the published schema permits')
  }
}

function kindOfValue(expected: string): LocalText {
  switch (expected) {
    case 'string':
      return text('用双引号括起来的文字', 'a text in double quotation marks')
    case 'int':
      return text('整数', 'a whole number')
    case 'number':
      return text('数字', 'a number')
    case 'boolean':
      return text('true 或 false', 'true or false')
    case 'array':
      return text('一个列表 [ … ]', 'a list [ … ]')
    case 'object':
      return text('一组设置 { … }', 'a group of settings { … }')
    default:
      return text(expected, expected)
  }
}

function bounds(issue: Extract<Issue, { code: 'too_small' | 'too_big' }>): LocalText {
  const small = issue.code === 'too_small'
  const limit = String(small ? issue.minimum : issue.maximum)
  const [zhSide, enSide] = small ? ['至少', 'at least'] : ['至多', 'at most']
  if (issue.origin === 'string') return limit === '1' && small ? text('不为空的文字', 'a text that is not empty') : text(`${zhSide} ${limit} 个字`, `${enSide} ${limit} characters`)
  if (issue.origin === 'array') return text(`${zhSide} ${limit} 项`, `${enSide} ${limit} ${limit === '1' ? 'entry' : 'entries'}`)
  if (issue.inclusive === false) return small ? text(`大于 ${limit} 的数`, `a number above ${limit}`) : text(`小于 ${limit} 的数`, `a number below ${limit}`)
  return text(`${zhSide} ${limit}`, `${enSide} ${limit}`)
}

function oneOf(values: readonly unknown[]): LocalText {
  const written = values.map((value) => JSON.stringify(value))
  return text(written.join('、'), written.join(', '))
}

function distinct(values: readonly string[]): string[] {
  return [...new Set(values)]
}

function pathText(path: Path): string {
  return path.map((part, index) => (typeof part === 'number' ? `[${part}]` : `${index === 0 ? '' : '.'}${String(part)}`)).join('')
}

function valueAtPath(whole: unknown, path: Path): unknown {
  return path.reduce<unknown>((value, part) => (typeof value === 'object' && value !== null && Object.hasOwn(value, part) ? (value as Record<PropertyKey, unknown>)[part] : undefined), whole)
}

/** Longest excerpt of a wrong value in a sentence. */
const FOUND_LENGTH = 60

function foundText(value: unknown): string | undefined {
  if (value === undefined) return undefined
  const written = JSON.stringify(value)
  return written.length > FOUND_LENGTH ? `${written.slice(0, FOUND_LENGTH)}…` : written
}
