import { mod3736CheckCharacter } from '../../core/one-window/case-number.ts'
import type { DataChecked, InsuranceKind, Licence } from '../../core/one-window/types.ts'
import { text, type LocalText } from '../../core/text/local-text.ts'
import { PEOPLE } from '../devices/people.ts'

/**
 * What the departments' registers hold about the five demonstration people (facts on matters, section 3; region 990101 was
 * never issued). Everything here is invented for the demonstration.
 */
const { number: ZHOU, address: ZHOU_HOME } = PEOPLE['zhou-guilan'].card
const { number: HE, address: HE_HOME } = PEOPLE['he-jianguo'].card
const { number: CHEN, address: CHEN_HOME } = PEOPLE['chen-zhiyuan'].card
const { number: LIN, address: LIN_HOME } = PEOPLE['lin-xiaowen'].card
/** The home that 何建国 owns and 陈志远 rents, as the demonstration papers say. */
const RENTED_HOME = '示范市示范区柳林路18号3幢502室'

const BUREAU = text('示范市示范区行政审批局', 'Administrative Approval Bureau of the demonstration district (demonstration)')
const POLICE = PEOPLE['zhou-guilan'].card.issuer

/** 证照标识: OID, type 21, issuer 18, serial, version 3 and the ISO 7064 MOD 37,36 check over the last four, written together. */
function identifier(serial: string): string {
  const parts = ['11990101990000025B001', '11990101990000025B', serial, '001']
  return `1.2.156.3005.2.${parts.join('.')}.${mod3736CheckCharacter(parts.join('')) ?? ''}`
}

type StoredLicence = Omit<Licence, 'licenceRef' | 'type'> & { readonly types: readonly string[] }

function licence(types: readonly string[], name: LocalText, serial: string, number: string, holder: string, issuer: string, issuedOn: string, validTo: string | undefined, fields: readonly (readonly [string, LocalText, string])[]): StoredLicence {
  return {
    types, name, identifier: identifier(serial), number, holder, issuer, issuedOn, ...(validTo !== undefined && { validTo }),
    fields: fields.map(([id, label, value]) => ({ id, label, value })),
  }
}

const NAME = text('姓名', 'Name')
const ADDRESS = text('住址', 'Address')
const HEAD = text('户主', 'Head of household')
const SPOUSE = text('配偶', 'Spouse')

const ID_CARD = ['id-card', '11100000000013338W001'] as const
const RESIDENCE_PERMIT = ['residence-permit'] as const
const HOUSEHOLD = ['household-register', '11100000000013338W003'] as const
const MARRIAGE = ['marriage-certificate'] as const
const PORTRAIT = ['portrait'] as const

function idCard(serial: string, number: string, holder: string, issuedOn: string, validTo: string | undefined, address: string): StoredLicence {
  return licence(ID_CARD, text('居民身份证', 'Resident identity card'), serial, number, holder, POLICE, issuedOn, validTo, [['name', NAME, holder], ['address', ADDRESS, address]])
}
function portrait(serial: string, number: string, holder: string): StoredLicence {
  return licence(PORTRAIT, text('证件照', 'Portrait for certificates'), serial, number, holder, POLICE, '2022-06-01', undefined, [['name', NAME, holder]])
}

const LICENCES: Readonly<Record<string, readonly StoredLicence[]>> = {
  [ZHOU]: [
    idCard('2024000001', ZHOU, '周桂兰', '2010-05-01', undefined, ZHOU_HOME),
    licence(HOUSEHOLD, text('居民户口簿', 'Household register'), '2024000002', '990101000123', '周桂兰', POLICE, '2019-04-22', undefined, [['head', HEAD, '周桂兰'], ['address', ADDRESS, ZHOU_HOME]]),
    portrait('2024000012', ZHOU, '周桂兰'),
  ],
  [HE]: [
    idCard('2024000003', HE, '何建国', '2009-06-18', undefined, HE_HOME),
    licence(MARRIAGE, text('结婚证', 'Marriage certificate'), '2024000004', 'J990101-1985-000057', '何建国', '示范市示范区民政局', '1985-10-01', undefined, [['spouse', SPOUSE, '周桂兰']]),
  ],
  [CHEN]: [
    idCard('2024000005', CHEN, '陈志远', '2016-09-20', '2036-09-20', CHEN_HOME),
    portrait('2024000006', CHEN, '陈志远'),
  ],
  [LIN]: [
    idCard('2024000007', LIN, '林晓雯', '2019-03-11', '2039-03-11', LIN_HOME),
    licence(HOUSEHOLD, text('居民户口簿', 'Household register'), '2024000008', '990101000456', '林晓雯', POLICE, '2018-07-16', undefined, [['head', HEAD, '林晓雯'], ['address', ADDRESS, LIN_HOME]]),
    licence(MARRIAGE, text('结婚证', 'Marriage certificate'), '2024000009', 'J990101-2014-000047', '林晓雯', '示范市示范区民政局', '2014-05-20', undefined, [['spouse', SPOUSE, '陈志远']]),
    licence(RESIDENCE_PERMIT, text('居住证', 'Residence permit'), '2024000010', LIN, '林晓雯', POLICE, '2023-03-15', '2024-03-14', [['name', NAME, '林晓雯']]),
    portrait('2024000011', LIN, '林晓雯'),
  ],
}

/** A licence of the person, whether it is still good on the given day, or undefined when the library has none. */
export function findLicence(personNumber: string, type: string, today: string): { readonly licence: Omit<Licence, 'licenceRef'>; readonly expired: boolean } | undefined {
  const found = LICENCES[personNumber]?.find((candidate) => candidate.types.includes(type))
  if (found === undefined) return undefined
  const { types: _types, ...rest } = found
  return { licence: { ...rest, type }, expired: found.validTo !== undefined && found.validTo < today }
}

const HOLDING = text('登记地址', 'Registered address')
const UNIT = text('单位', 'Employer')

interface RegisterEntry { readonly label: LocalText; readonly value: string }

/** Which registers know a person; an absent entry means that the register answers "nothing found". */
const CHECKS: Readonly<Record<string, Readonly<Record<string, readonly RegisterEntry[]>>>> = {
  'real-estate-ownership': { [LIN]: [{ label: HOLDING, value: LIN_HOME }], [HE]: [{ label: HOLDING, value: RENTED_HOME }] },
  'lease-registration': { [LIN]: [{ label: HOLDING, value: LIN_HOME }] },
  employment: { [CHEN]: [{ label: UNIT, value: '示范市启明软件有限公司' }], [LIN]: [{ label: UNIT, value: '示范市示范区第二小学' }] },
  enrolment: {},
  'social-insurance': { [CHEN]: [{ label: UNIT, value: '示范市启明软件有限公司' }], [LIN]: [{ label: UNIT, value: '示范市示范区第二小学' }] },
}

/** What a register says about a person; `unknown` for a register that this backend is not connected to. */
export function askRegister(personNumber: string, kind: string): Pick<DataChecked, 'outcome' | 'sentence' | 'findings'> {
  const register = CHECKS[kind]
  if (register === undefined) {
    return { outcome: 'unknown', findings: [], sentence: text('这项数据暂时无法核验，请用其他方式提供。', 'This fact cannot be checked now; please prove it in another way.') }
  }
  const findings = register[personNumber]
  if (findings === undefined) {
    return { outcome: 'failed', findings: [], sentence: text('登记信息中没有查到相符的记录，请提供纸质材料或选择其他方式。', 'The register holds no matching record; please bring the paper or choose another way.') }
  }
  return { outcome: 'passed', findings: [...findings], sentence: text('已核验，不需要再交材料。', 'Confirmed; no paper is needed.') }
}

export interface InsurancePeriod { readonly kind: InsuranceKind; readonly from: string; readonly to: string; readonly employer: string }

const SOFTWARE = '示范市启明软件有限公司'
const SCHOOL = '示范市示范区第二小学'
const FACTORY = '示范市纺织厂'

function fiveKinds(from: string, to: string, employer: string): readonly InsurancePeriod[] {
  return (['pension', 'medical', 'unemployment', 'work-injury', 'maternity'] as const).map((kind) => ({ kind, from, to, employer }))
}

const INSURANCE: Readonly<Record<string, readonly InsurancePeriod[]>> = {
  [ZHOU]: [{ kind: 'pension', from: '1993-01', to: '2008-03', employer: FACTORY }, { kind: 'medical', from: '2001-06', to: '2008-03', employer: FACTORY }],
  [HE]: [{ kind: 'pension', from: '1992-07', to: '2017-04', employer: FACTORY }, { kind: 'medical', from: '2001-06', to: '2017-04', employer: FACTORY }],
  [CHEN]: [...fiveKinds('2015-07', '2019-12', '示范市望岳网络有限公司'), ...fiveKinds('2020-03', '2026-10', SOFTWARE)],
  [LIN]: fiveKinds('2008-09', '2026-10', SCHOOL),
}

export function insuranceOf(personNumber: string): readonly InsurancePeriod[] {
  return INSURANCE[personNumber] ?? []
}

/** People whom an unmended false promise bars from commitments (国办发〔2020〕42号). Nobody in the demonstration but 何建国. */
export function mayCommit(personNumber: string): boolean {
  return personNumber !== HE
}

export interface OfferedMatter {
  readonly id: string
  readonly name: LocalText
  readonly promise: { readonly unit: 'at-once' | 'working-day' | 'calendar-day'; readonly days?: number }
  /** A second case of the same applicant is refused while one is open. */
  readonly onePerPerson: boolean
  /** Youngest age in full years, where the matter has one. */
  readonly fromAge?: number
}

/** The matters that this backend takes; promised times as the facts on matters give them for the demonstration. */
export const MATTERS: readonly OfferedMatter[] = [
  { id: 'M01', name: text('社会保险参保缴费证明（个人）', 'Proof of social-insurance contributions'), promise: { unit: 'at-once' }, onePerPerson: false },
  { id: 'M05', name: text('居住证申领', 'Residence permit'), promise: { unit: 'calendar-day', days: 15 }, onePerPerson: true },
  { id: 'M12', name: text('老年人优待证', 'Elder card'), promise: { unit: 'working-day', days: 5 }, onePerPerson: true, fromAge: 60 },
]

export const CATALOGUE_VERSION = '1.0.0'
export const ISSUER = BUREAU
