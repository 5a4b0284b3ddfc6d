import type { z } from 'zod'
import { isRecord, ownValue, toPointer } from '../json/pointer.ts'
import type { LocalText } from '../text/local-text.ts'
import { localTextSchema } from '../text/local-text.ts'
import { packFault } from './pack-fault.ts'
import type { PackFault, Path } from './pack-fault.ts'

/** 八公开: the eight sections that a guide must have, by the names that halls publish them under. */
export const GUIDE_SECTIONS: Readonly<Record<string, { readonly zh: string; readonly en: string }>> = {
  item: { zh: '办理事项', en: 'matter handled' },
  basis: { zh: '设定依据', en: 'legal basis' },
  conditions: { zh: '申办条件', en: 'conditions' },
  materials: { zh: '申报材料', en: 'materials' },
  procedure: { zh: '办理程序', en: 'procedure' },
  timeLimit: { zh: '办理时限', en: 'time limit' },
  feeStandard: { zh: '收费标准', en: 'fees' },
  feeBasis: { zh: '收费依据', en: 'basis of the fees' },
}

const PATTERNS: Readonly<Record<string, { readonly zh: string; readonly en: string }>> = {
  '^[a-z][A-Za-z0-9-]{0,60}$': { zh: '以小写字母开头，只含字母、数字和短横线，最长 61 个字符', en: 'begin with a small letter and hold only letters, digits and hyphens, 61 characters at most' },
  '^M\\d{2,3}$': { zh: '写成 M 加两三位数字，例如 M05', en: 'be M and two or three digits, for example M05' },
  '^\\d+\\.\\d+\\.\\d+$': { zh: '写成三段版本号，例如 1.2.0', en: 'be a version of three parts, for example 1.2.0' },
  '^\\d{6}$': { zh: '是 6 位行政区划代码', en: 'be the six digits of a region' },
  '^[0-9A-Z]{12}$': { zh: '是 12 位基本编码（数字和大写字母）', en: 'be a basic code of 12 digits or capital letters' },
  '^[0-9A-Z]{31}$': { zh: '是 31 位实施编码（数字和大写字母）', en: 'be an implementation code of 31 digits or capital letters' },
  '^[0-9A-Z]{33}$': { zh: '是 33 位业务办理项编码（数字和大写字母）', en: 'be a handling code of 33 digits or capital letters' },
  '^\\/.': { zh: '以“/”开头，它是表单字段的位置', en: 'begin with “/”: it is the place of a form field' },
  '^\\d{4}-\\d{2}-\\d{2}$': { zh: '写成年-月-日，例如 2026-01-31', en: 'be a day such as 2026-01-31' },
}

const KINDS: Readonly<Record<string, { readonly zh: string; readonly en: string }>> = {
  string: { zh: '文字', en: 'a text' }, number: { zh: '数字', en: 'a number' }, int: { zh: '整数', en: 'a whole number' }, boolean: { zh: 'true 或 false', en: 'true or false' },
  array: { zh: '列表', en: 'a list' }, object: { zh: '对象', en: 'an object' }, record: { zh: '对象', en: 'an object' }, undefined: { zh: '空缺', en: 'nothing' }, null: { zh: 'null', en: 'null' },
}

/** zod's issues as faults with sentences that name what is allowed. `root` is the value that was parsed, found at `base`. */
export function schemaFaults(error: z.ZodError, root: unknown, base: Path): readonly PackFault[] {
  return error.issues.flatMap((issue) => faultsOf(issue, root, base))
}

function faultsOf(issue: z.core.$ZodIssue, root: unknown, base: Path): readonly PackFault[] {
  const inner = issue.path as Path
  const path = [...base, ...inner]
  const found = inner.reduce<unknown>(ownValue, root)
  const name = String(inner.at(-1) ?? '')
  const section = inner.at(-2) === 'guide' ? GUIDE_SECTIONS[name] : undefined
  if (section !== undefined && found === undefined) return [packFault(path, `办事指南缺少“${section.zh}”。八公开的八项都要写。`, `The guide lacks the section “${section.zh}” (${section.en}). All eight sections must be there.`)]
  if (section !== undefined && issue.code === 'too_small') return [packFault(path, `办事指南的“${section.zh}”是空的。`, `The section “${section.zh}” (${section.en}) of the guide is empty.`)]
  if (found === undefined && issue.code !== 'unrecognized_keys' && issue.code !== 'custom') return [packFault(path, `缺少“${name}”${allowedZh(issue)}。`, `“${name}” is missing${allowedEn(issue)}.`)]
  switch (issue.code) {
    case 'invalid_type': {
      const expected = KINDS[issue.expected] ?? { zh: issue.expected, en: issue.expected }
      const got = kindOf(found)
      return [packFault(path, `这里应是${expected.zh}，实际是${got.zh}。`, `This must be ${expected.en}, but is ${got.en}.`)]
    }
    case 'invalid_value': return [packFault(path, `不能是 ${brief(found)}${allowedZh(issue)}。`, `This cannot be ${brief(found)}${allowedEn(issue)}.`)]
    case 'unrecognized_keys': return issue.keys.map((key) => packFault([...path, key], `不认识“${key}”这一项，请删去或改正写法。`, `“${key}” is not known here; take it out or correct its spelling.`))
    case 'too_small': return [packFault(path, tooSmallZh(issue), tooSmallEn(issue))]
    case 'too_big': return [packFault(path, `太大或太长：最多 ${String(issue.maximum)}。`, `This is too large or too long: ${String(issue.maximum)} at most.`)]
    case 'invalid_format': {
      const pattern = 'pattern' in issue && typeof issue.pattern === 'string' ? PATTERNS[issue.pattern.replace(/^\//, '').replace(/\/[a-z]*$/, '')] : undefined
      return [packFault(path, `${brief(found)} 写法不对，应${pattern?.zh ?? '符合格式'}。`, `${brief(found)} is not written as it should be: it must ${pattern?.en ?? 'fit its format'}.`)]
    }
    case 'invalid_union': {
      const [first] = issue.errors.map((errors) => errors.length).sort((a, b) => a - b)
      const nearest = issue.errors.find((errors) => errors.length === first)
      const discriminator = 'discriminator' in issue && typeof issue.discriminator === 'string' ? issue.discriminator : undefined
      if (discriminator !== undefined) {
        const options = 'options' in issue && Array.isArray(issue.options) ? issue.options.map((option) => JSON.stringify(option)).join(', ') : ''
        return [packFault(path, `“${discriminator}”不能是 ${brief(found)}${options === '' ? '' : `；可用的值：${options}`}。`, `“${discriminator}” cannot be ${brief(found)}${options === '' ? '' : `; allowed are ${options}`}.`)]
      }
      if (nearest === undefined || nearest.length === 0) return [packFault(path, '这里的写法都不符合。', 'This fits none of the forms that are allowed here.')]
      return nearest.flatMap((one) => faultsOf(one, found, path))
    }
    case 'custom': {
      const sentence = localTextSchema.safeParse(issue.params?.['sentence'])
      const message: LocalText = sentence.success ? sentence.data : { 'zh-CN': issue.message, en: issue.message }
      return [{ path: toPointer(path), message }]
    }
    default: return [packFault(path, `不符合要求：${issue.message}`, `This does not fit: ${issue.message}`)]
  }
}

function allowed(issue: z.core.$ZodIssue): string | undefined {
  return issue.code === 'invalid_value' ? issue.values.map((value) => JSON.stringify(value)).sort().join(', ') : undefined
}

function allowedZh(issue: z.core.$ZodIssue): string {
  const values = allowed(issue)
  return values === undefined ? '' : `；可用的值：${values}`
}

function allowedEn(issue: z.core.$ZodIssue): string {
  const values = allowed(issue)
  return values === undefined ? '' : `; allowed are ${values}`
}

function tooSmallZh(issue: z.core.$ZodIssueTooSmall): string {
  if (issue.origin === 'array') return `至少要有 ${String(issue.minimum)} 项。`
  return issue.origin === 'string' ? '不能是空的。' : `不能小于 ${String(issue.minimum)}。`
}

function tooSmallEn(issue: z.core.$ZodIssueTooSmall): string {
  if (issue.origin === 'array') return `This needs at least ${String(issue.minimum)} ${issue.minimum === 1 ? 'entry' : 'entries'}.`
  return issue.origin === 'string' ? 'This cannot be empty.' : `This cannot be less than ${String(issue.minimum)}.`
}

function kindOf(value: unknown): { readonly zh: string; readonly en: string } {
  const kind = value === null ? 'null' : Array.isArray(value) ? 'array' : isRecord(value) ? 'object' : typeof value
  return KINDS[kind] ?? { zh: kind, en: kind }
}

function brief(value: unknown): string {
  const written = JSON.stringify(value) ?? 'undefined'
  return written.length > 60 ? `${written.slice(0, 57)}…` : written
}
