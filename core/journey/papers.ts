import { maskName, maskNumber } from '../identity/masking.ts'
import type { ReceiptBlock, ReceiptDocument } from '../receipt/document.ts'
import { chinaDateTime } from '../text/china-time.ts'
import type { LocalText } from '../text/local-text.ts'
import { text } from '../text/local-text.ts'
import { dayLimitText, yuanText } from '../text/phrases.ts'
import { givenOf } from './given.ts'
import type { JourneyContext } from './context.ts'
import { matterOf, situationOf } from './context.ts'
import { checklistQr } from './checklist.ts'

/**
 * The papers of a session. They carry what a citizen needs at the counter or on the phone, and no more of the person
 * than a masked name and number. Sources: 行政许可法 32 (receiving time, all gaps at once), hall practice for 收件回执.
 */
type Say = (words: LocalText) => string

function saying(context: JourneyContext): Say {
  return (words) => words[context.display.language]
}

function head(context: JourneyContext, title: LocalText): readonly ReceiptBlock[] {
  const say = saying(context)
  const demonstration: readonly ReceiptBlock[] = context.terminal.demonstration ? [{ kind: 'text', text: say(text('（演示，不具法律效力）', '(Demonstration, of no legal effect)')), align: 'center' }] : []
  return [{ kind: 'text', text: say(context.terminal.hall), align: 'center' }, { kind: 'title', text: say(title) }, ...demonstration, { kind: 'rule' }]
}

function foot(context: JourneyContext, now: number): readonly ReceiptBlock[] {
  const say = saying(context)
  return [
    { kind: 'rule' },
    { kind: 'pair', label: say(text('终端', 'Terminal')), value: context.terminal.id },
    { kind: 'pair', label: say(text('打印时间', 'Printed')), value: chinaDateTime(now) },
    { kind: 'pair', label: say(text('咨询电话', 'Telephone')), value: matterPhone(context) },
  ]
}

function matterPhone(context: JourneyContext): string {
  const department = context.pack.departments.find((candidate) => candidate.id === matterOf(context).department)
  return department?.phone ?? context.terminal.phone
}

function person(context: JourneyContext): readonly ReceiptBlock[] {
  const say = saying(context)
  const { identity } = context
  if (identity === undefined) return []
  return [
    { kind: 'pair', label: say(text('申请人', 'Applicant')), value: maskName(identity.name === '' ? (identity.englishName ?? '') : identity.name) },
    { kind: 'pair', label: say(text('证件号码', 'ID number')), value: maskNumber(identity.number) },
  ]
}

/** 一次性告知单: the exact list of this citizen, before anybody knows who they are. */
export function checklistPaper(context: JourneyContext, now: number): ReceiptDocument {
  const say = saying(context)
  const matter = matterOf(context)
  const situation = situationOf(context)
  const fees = situation.fees.reduce((sum, fee) => sum + fee.amountFen, 0)
  return {
    number: matter.id,
    unlimited: true,
    blocks: [
      ...head(context, text('一次性告知单', 'All that is needed')),
      { kind: 'text', text: say(matter.name), bold: true },
      { kind: 'space' },
      ...situation.materials.flatMap((material): readonly ReceiptBlock[] => [
        { kind: 'item', mark: '□', text: say(material.name), note: say(material.requirement) },
        ...(material.documents.length > 1 ? [{ kind: 'text' as const, text: `${say(text('任选其一：', 'Any one of: '))}${material.documents.map((document) => say(document.name)).join(say(text('、', ', ')))}` }] : []),
        ...(material.tolerance ? [{ kind: 'text' as const, text: `${say(text('可以后补交，期限 ', 'May follow within '))}${say(dayLimitText(material.tolerance.limit))}` }] : []),
      ]),
      { kind: 'rule' },
      { kind: 'pair', label: say(text('费用', 'Fees')), value: say(yuanText(fees)) },
      { kind: 'pair', label: say(text('办结时限', 'Time limit')), value: say(dayLimitText(situation.promised)) },
      { kind: 'pair', label: say(text('办理地点', 'Where')), value: say(matter.place.accept) },
      { kind: 'qr', data: checklistQr(context), caption: say(text('扫码带走这份清单', 'Scan to take this list with you')) },
      ...foot(context, now),
    ],
  }
}

/** The paper that ends a submission: proof, receipt, or the slip of a kept application. */
export function outcomePaper(context: JourneyContext, now: number): ReceiptDocument {
  const { outcome } = context
  if (outcome === undefined || outcome.kind === 'refused') throw new Error('a refused submission has no paper')
  const say = saying(context)
  const matter = matterOf(context)
  const common: readonly ReceiptBlock[] = [{ kind: 'pair', label: say(text('事项', 'Matter')), value: say(matter.name) }, ...person(context)]
  if (outcome.kind === 'kept') {
    return {
      number: outcome.localNumber,
      blocks: [
        ...head(context, text('暂存单', 'Kept at this terminal')),
        { kind: 'text', text: say(text('尚未送达受理机关', 'NOT YET RECEIVED')), align: 'center', bold: true, large: true },
        { kind: 'space' },
        { kind: 'pair', label: say(text('暂存编号', 'Local number')), value: outcome.localNumber, bold: true },
        { kind: 'pair', label: say(text('暂存时间', 'Kept at')), value: chinaDateTime(now) },
        ...common,
        { kind: 'rule' },
        { kind: 'text', text: say(text('您的申请已安全保存在本机，网络恢复后自动送出，只送一次。收件时间以受理机关为准。', 'Your application is kept safely at this terminal and will be sent once, by itself, when the network is back. The time of receipt is the one that the office gives.')) },
        { kind: 'text', text: say(text('三日内没有收到短信，请凭此单拨打咨询电话。', 'If you hear nothing within three days, call the number below with this slip.')) },
        ...foot(context, now),
      ],
    }
  }
  if (outcome.proof !== undefined) {
    return {
      number: outcome.caseNumber,
      blocks: [
        ...head(context, matter.result.name),
        ...person(context),
        ...outcome.proof.lines.map((line): ReceiptBlock => ({ kind: 'pair', label: say(line.label), value: say(line.value) })),
        { kind: 'rule' },
        { kind: 'pair', label: say(text('办件编号', 'Case number')), value: outcome.caseNumber },
        { kind: 'pair', label: say(text('出具时间', 'Issued')), value: chinaDateTime(outcome.receivedAt) },
        { kind: 'pair', label: say(text('验证码', 'Verification code')), value: outcome.proof.verificationCode, bold: true },
        { kind: 'qr', data: outcome.proof.verifyUrl, caption: say(text('扫码核验真伪', 'Scan to verify')) },
        ...foot(context, now),
      ],
    }
  }
  const situation = situationOf(context)
  return {
    number: outcome.caseNumber,
    blocks: [
      ...head(context, text('收件回执', 'Receipt')),
      { kind: 'text', text: outcome.caseNumber, align: 'center', bold: true },
      { kind: 'pair', label: say(text('收件时间', 'Received')), value: chinaDateTime(outcome.receivedAt), bold: true },
      ...common,
      { kind: 'pair', label: say(text('承诺时限', 'Promised within')), value: say(dayLimitText(situation.promised)) },
      { kind: 'rule' },
      { kind: 'text', text: say(text('收到的材料', 'Materials received')), bold: true },
      ...situation.materials.map((material): ReceiptBlock => materialLine(context, material.id, say(material.name))),
      ...outcome.tolerated.map((later): ReceiptBlock => {
        const material = situation.materials.find((candidate) => candidate.id === later.material)
        return { kind: 'text', text: `${say(text('请于 ', 'Hand in by '))}${later.until}${say(text(' 前补交：', ': '))}${material ? say(material.name) : later.material}`, bold: true }
      }),
      { kind: 'qr', data: outcome.caseNumber, caption: say(text('凭编号或二维码查询进度', 'Use the number or code to ask how it stands')) },
      ...foot(context, now),
    ],
  }
}

function materialLine(context: JourneyContext, material: string, name: string): ReceiptBlock {
  const say = saying(context)
  const given = givenOf(context, material)
  switch (given?.way) {
    case undefined: case 'later': return { kind: 'item', mark: '□', text: name, note: say(text('以后补交', 'to follow')) }
    case 'card': return { kind: 'item', mark: '■', text: name, note: say(text('读卡', 'read from card')) }
    case 'generated': return { kind: 'item', mark: '■', text: name, note: say(text('本机生成', 'made here')) }
    case 'licence': return { kind: 'item', mark: '■', text: name, note: say(text('电子证照', 'electronic licence')) }
    case 'data-check': return { kind: 'item', mark: '■', text: name, note: say(text('数据核验', 'data check')) }
    case 'commitment': return { kind: 'item', mark: '■', text: name, note: say(text('告知承诺', 'commitment')) }
    case 'scan': return { kind: 'item', mark: '■', text: name, note: say(text(`扫描 ${given.pages.length} 页`, `scanned, ${given.pages.length} p.`)) }
  }
}

