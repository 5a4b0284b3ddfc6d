/**
 * The demonstration people: invented, in region 990101, which does not exist, so that nobody real is ever met. The card
 * reader lays their cards; the sandbox backend knows the same people.
 */

/** What a card holds, as text in the order of its own fields. Dates are `YYYYMMDD`. */
export type DemonstrationCard =
  | {
      readonly kind: 'resident'
      readonly name: string
      /** GB/T 2261.1. */
      readonly sex: '1' | '2'
      /** GB/T 3304. */
      readonly nation: string
      readonly birth: string
      readonly address: string
      readonly number: string
      readonly issuer: string
      readonly validFrom: string
      readonly validTo: string
      /** Written into the chip after the card was made, oldest first. */
      readonly newAddresses?: readonly string[]
    }
  | {
      /** 港澳台居民居住证. */
      readonly kind: 'hk-mo-tw-resident'
      readonly name: string
      readonly sex: '1' | '2'
      readonly birth: string
      readonly address: string
      readonly number: string
      readonly issuer: string
      readonly validFrom: string
      readonly validTo: string
      readonly travelPermit: string
      readonly timesIssued: string
    }
  | {
      readonly kind: 'foreigner-2017'
      readonly name: string
      readonly englishName: string
      readonly sex: '1' | '2'
      readonly birth: string
      readonly nationality: string
      /** Three letters and twelve digits. */
      readonly number: string
      readonly version: string
      readonly authorityCode: string
      readonly validFrom: string
      readonly validTo: string
    }
  | {
      readonly kind: 'foreigner-2023'
      readonly name: string
      readonly englishName: string
      readonly sex: '1' | '2'
      readonly timesRenewed: string
      readonly birth: string
      /** GB/T 2659; XXA is reserved for users and means no country. */
      readonly nationality: string
      readonly number: string
      readonly validFrom: string
      readonly validTo: string
    }

export interface DemonstrationPerson {
  readonly label: { readonly 'zh-CN': string; readonly en: string }
  readonly card: DemonstrationCard
}

const ISSUER = '示范市公安局示范分局'

/** Everyone who has a card, by the key that commands use. The baby 林小满 (see below) has none. */
export const PEOPLE = {
  'zhou-guilan': {
    label: { 'zh-CN': '周桂兰，退休职工', en: 'Zhou Guilan, retired' },
    card: { kind: 'resident', name: '周桂兰', sex: '2', nation: '01', birth: '19580312', address: '示范市示范区长宁路8号3幢202室', number: '990101195803120027', issuer: ISSUER, validFrom: '20100501', validTo: '长期' },
  },
  'he-jianguo': {
    label: { 'zh-CN': '何建国，退休职工', en: 'He Jianguo, retired' },
    card: { kind: 'resident', name: '何建国', sex: '1', nation: '01', birth: '19570430', address: '示范市示范区长宁路8号3幢202室', number: '990101195704300057', issuer: ISSUER, validFrom: '20090618', validTo: '长期' },
  },
  'chen-zhiyuan': {
    label: { 'zh-CN': '陈志远，外来务工', en: 'Chen Zhiyuan, moved here for work' },
    card: { kind: 'resident', name: '陈志远', sex: '1', nation: '15', birth: '19901105', address: '示范市示范区青年路26号', number: '990101199011050014', issuer: ISSUER, validFrom: '20160920', validTo: '20360920' },
  },
  'lin-xiaowen': {
    label: { 'zh-CN': '林晓雯，母亲', en: 'Lin Xiaowen, mother' },
    card: { kind: 'resident', name: '林晓雯', sex: '2', nation: '22', birth: '19851220', address: '示范市示范区滨河街道育才路112号1幢', number: '990101198512200047', issuer: ISSUER, validFrom: '20190311', validTo: '20390311' },
  },
  'chen-zhiyuan-expired': {
    label: { 'zh-CN': '陈志远的旧证（已过期）', en: 'An old card of Chen Zhiyuan (expired)' },
    card: { kind: 'resident', name: '陈志远', sex: '1', nation: '15', birth: '19901105', address: '示范市示范区旧城路5号', number: '990101199011050014', issuer: ISSUER, validFrom: '20060910', validTo: '20160910' },
  },
  contradictory: {
    label: { 'zh-CN': '记录自相矛盾的证件', en: 'A card whose record contradicts itself' },
    // The day of birth is not the one inside the number.
    card: { kind: 'resident', name: '何建国', sex: '1', nation: '01', birth: '19570403', address: '示范市示范区长宁路8号', number: '990101195704300057', issuer: ISSUER, validFrom: '20090618', validTo: '长期' },
  },
  'zhou-guilan-moved': {
    label: { 'zh-CN': '周桂兰，证上是旧址，芯片里有新址', en: 'Zhou Guilan, with a newer address in the chip than on the card' },
    card: { kind: 'resident', name: '周桂兰', sex: '2', nation: '01', birth: '19580312', address: '示范市示范区旧城路5号', number: '990101195803120027', issuer: ISSUER, validFrom: '20100501', validTo: '长期', newAddresses: ['示范市示范区青年路26号', '示范市示范区长宁路8号3幢202室'] },
  },
  'example-hong-kong': {
    label: { 'zh-CN': '示例甲，港澳台居民居住证', en: 'Shili Jia, residence permit of Hong Kong, Macao and Taiwan residents' },
    // 810000 is Hong Kong; the name and the permit are invented.
    card: { kind: 'hk-mo-tw-resident', name: '示例甲', sex: '1', birth: '19910228', address: '示范市示范区滨河街道育才路112号', number: '810000199102280018', issuer: ISSUER, validFrom: '20210801', validTo: '20260731', travelPermit: 'H00000000', timesIssued: '01' },
  },
  'bob-sample-2017': {
    label: { 'zh-CN': '鲍勃，外国人永久居留（2017版）', en: 'Bob Sample, foreign permanent resident (2017 card)' },
    card: { kind: 'foreigner-2017', name: '鲍勃', englishName: 'SAMPLE, BOB', sex: '1', birth: '19790815', nationality: 'XXA', number: 'XXA990179081501', version: '01', authorityCode: '9901', validFrom: '20190315', validTo: '20290314' },
  },
  'anna-sample': {
    label: { 'zh-CN': '安娜，外国人永久居留（2023版）', en: 'Anna Sample, foreign permanent resident (2023 card)' },
    card: { kind: 'foreigner-2023', name: '安娜', englishName: 'SAMPLE, ANNA MARIA ELISABETH CLARA JANE', sex: '2', timesRenewed: '01', birth: '19851220', nationality: 'XXA', number: '999999198512200028', validFrom: '20240105', validTo: '20340104' },
  },
} as const satisfies Readonly<Record<string, DemonstrationPerson>>

export type PersonKey = keyof typeof PEOPLE
export const PERSON_KEYS = Object.keys(PEOPLE) as [PersonKey, ...PersonKey[]]

/** A child of 林晓雯 without a card of its own: known to the backend only. */
export const CARDLESS_CHILD = { name: '林小满', sex: '1', birth: '20240618', number: '990101202406180037', mother: 'lin-xiaowen' } as const
