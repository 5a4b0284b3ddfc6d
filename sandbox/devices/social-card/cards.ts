import { PEOPLE } from '../people.ts'
import type { SocialCardContent } from './card-application.ts'

type Holder = 'zhou-guilan' | 'he-jianguo' | 'chen-zhiyuan' | 'lin-xiaowen'

/** The card of a demonstration person; numbers of cards are invented. */
function cardOf(holder: Holder, cardNumber: string, issued: string): SocialCardContent {
  const { name, number, sex, nation, birth } = PEOPLE[holder].card
  return { region: '990101', version: '2.00', issued, validTo: `${Number(issued.slice(0, 4)) + 10}${issued.slice(4)}`, cardNumber, number, name, sex, nation, birth }
}

/** What can be put into the slot. `bank-card` has a chip and no social-security application. */
export const SOCIAL_CARDS = {
  'zhou-guilan': { label: PEOPLE['zhou-guilan'].label, content: cardOf('zhou-guilan', 'D00000017', '20180315') },
  'he-jianguo': { label: PEOPLE['he-jianguo'].label, content: cardOf('he-jianguo', 'D00000025', '20190620') },
  'chen-zhiyuan': { label: PEOPLE['chen-zhiyuan'].label, content: cardOf('chen-zhiyuan', 'D00000033', '20210901') },
  'lin-xiaowen': { label: PEOPLE['lin-xiaowen'].label, content: cardOf('lin-xiaowen', 'D00000041', '20200512') },
  'anna-sample': {
    label: PEOPLE['anna-sample'].label,
    // A name that does not fit into one record.
    content: { ...cardOf('lin-xiaowen', 'D00000050', '20240105'), number: PEOPLE['anna-sample'].card.number, name: PEOPLE['anna-sample'].card.englishName, nation: '97' },
  },
  'bank-card': { label: { 'zh-CN': '一张银行卡', en: 'A bank card' }, content: undefined },
} as const satisfies Readonly<Record<string, { readonly label: { readonly 'zh-CN': string; readonly en: string }; readonly content: SocialCardContent | undefined }>>

export type SocialCardKey = keyof typeof SOCIAL_CARDS
export const SOCIAL_CARD_KEYS = Object.keys(SOCIAL_CARDS) as [SocialCardKey, ...SocialCardKey[]]
