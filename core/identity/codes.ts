import { text } from '../text/local-text.ts'
import type { LocalText } from '../text/local-text.ts'
import type { CardKind, Sex } from './identity.ts'

const SEX_BY_CODE: Readonly<Record<string, Sex>> = { '0': 'unknown', '1': 'male', '2': 'female', '9': 'not-stated' }

/** GB/T 2261.1 code to sex; undefined for a character that the table does not have. */
export function sexFromCode(code: string): Sex | undefined {
  return SEX_BY_CODE[code]
}

const SEX_LABELS: Readonly<Record<Sex, LocalText>> = {
  male: text('男', 'Male'),
  female: text('女', 'Female'),
  unknown: text('未知的性别', 'Unknown'),
  'not-stated': text('未说明的性别', 'Not stated'),
}

export function sexLabel(sex: Sex): LocalText {
  return SEX_LABELS[sex]
}

/** GB/T 3304, codes 01–56 in order. */
const NATIONS: readonly (readonly [zh: string, en: string])[] = [
  ['汉', 'Han'], ['蒙古', 'Mongol'], ['回', 'Hui'], ['藏', 'Tibetan'], ['维吾尔', 'Uygur'], ['苗', 'Miao'], ['彝', 'Yi'],
  ['壮', 'Zhuang'], ['布依', 'Buyei'], ['朝鲜', 'Korean'], ['满', 'Manchu'], ['侗', 'Dong'], ['瑶', 'Yao'], ['白', 'Bai'],
  ['土家', 'Tujia'], ['哈尼', 'Hani'], ['哈萨克', 'Kazak'], ['傣', 'Dai'], ['黎', 'Li'], ['傈僳', 'Lisu'], ['佤', 'Va'],
  ['畲', 'She'], ['高山', 'Gaoshan'], ['拉祜', 'Lahu'], ['水', 'Sui'], ['东乡', 'Dongxiang'], ['纳西', 'Naxi'],
  ['景颇', 'Jingpo'], ['柯尔克孜', 'Kirgiz'], ['土', 'Tu'], ['达斡尔', 'Daur'], ['仫佬', 'Mulao'], ['羌', 'Qiang'],
  ['布朗', 'Blang'], ['撒拉', 'Salar'], ['毛南', 'Maonan'], ['仡佬', 'Gelao'], ['锡伯', 'Xibe'], ['阿昌', 'Achang'],
  ['普米', 'Pumi'], ['塔吉克', 'Tajik'], ['怒', 'Nu'], ['乌孜别克', 'Uzbek'], ['俄罗斯', 'Russian'], ['鄂温克', 'Ewenki'],
  ['德昂', 'Deang'], ['保安', 'Bonan'], ['裕固', 'Yugur'], ['京', 'Gin'], ['塔塔尔', 'Tatar'], ['独龙', 'Derung'],
  ['鄂伦春', 'Oroqen'], ['赫哲', 'Hezhen'], ['门巴', 'Monba'], ['珞巴', 'Lhoba'], ['基诺', 'Jino'],
]

const NATION_NAMES: ReadonlySet<string> = new Set(NATIONS.map(([name]) => name))

/** Whether this is how a paper names a nation (民族): 汉 on ID cards, 汉族 elsewhere. */
export function isNationName(name: string): boolean {
  return NATION_NAMES.has(name) || (name.endsWith('族') && NATION_NAMES.has(name.slice(0, -1)))
}

/** The one nation whose name stands in this text, as it stands there (with or without 族). Undefined where none or several do. */
export function nationIn(text: string): string | undefined {
  const names = [...NATION_NAMES].filter((name) => text.includes(name))
  // 土家 holds 土.
  const [name, other] = names.filter((candidate) => !names.some((longer) => longer !== candidate && longer.includes(candidate)))
  if (name === undefined || other !== undefined) return undefined
  return text.includes(`${name}族`) ? `${name}族` : name
}

/** The two-digit codes 01–56 of GB/T 3304, in order: for lists to choose from. */
export const NATION_CODES: readonly string[] = NATIONS.map((_, index) => String(index + 1).padStart(2, '0'))

/**
 * Name of a nation (民族) by its GB/T 3304 code. Codes 57–96 and 99 differ between registers, so they are shown with
 * their number and never guessed.
 */
export function nationLabel(code: string): LocalText {
  const nation = /^\d{2}$/.test(code) ? NATIONS[Number(code) - 1] : undefined
  if (nation !== undefined) return text(`${nation[0]}族`, nation[1])
  if (code === '97') return text('其他', 'Other')
  if (code === '98') return text('外国血统中国籍人士', 'Chinese citizen of foreign descent')
  return text(`其他（代码 ${code}）`, `Other (code ${code})`)
}

const CARD_KIND_LABELS: Readonly<Record<CardKind, LocalText>> = {
  resident: text('居民身份证', 'Resident identity card'),
  'hk-mo-tw-resident': text('港澳台居民居住证', 'Residence permit for Hong Kong, Macao and Taiwan residents'),
  'foreigner-2017': text('外国人永久居留身份证（2017版）', 'Foreign permanent resident identity card (2017)'),
  'foreigner-2023': text('外国人永久居留身份证（2023版）', 'Foreign permanent resident identity card (2023)'),
}

export function cardKindLabel(kind: CardKind): LocalText {
  return CARD_KIND_LABELS[kind]
}
