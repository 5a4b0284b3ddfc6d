import type { ReceiptBlock, ReceiptDocument } from '../receipt/document.ts'
import { chinaDateTime } from '../text/china-time.ts'
import type { Language, LocalText } from '../text/local-text.ts'
import { text } from '../text/local-text.ts'
import type { StaffTestStep, StaffTestView } from './view.ts'

const MARKS: Record<StaffTestStep['state'], { readonly mark: string; readonly word: LocalText }> = {
  passed: { mark: '√', word: text('通过', 'passed') },
  failed: { mark: '×', word: text('未通过', 'failed') },
  skipped: { mark: '-', word: text('未做', 'not done') },
  running: { mark: '-', word: text('未做完', 'not finished') },
  waiting: { mark: '-', word: text('未做', 'not done') },
}

/** The result of a self-test on paper: each step with pass or fail, and the verdict. May be printed as often as wanted. */
export function readinessReport(test: StaffTestView, about: { readonly terminalId: string; readonly hall: LocalText; readonly software: string; readonly staff: string }, language: Language): ReceiptDocument {
  const say = (words: LocalText): string => words[language]
  const line = (step: StaffTestStep): ReceiptBlock => {
    const { mark, word } = MARKS[step.state]
    return { kind: 'item', mark, text: `${say(step.name)} ${say(word)}`, ...(step.detail === undefined ? {} : { note: say(step.detail) }) }
  }
  const verdict = test.passed === true ? text('可以对外服务', 'Ready to serve') : text('有项目未通过', 'Not ready: see above')
  return {
    number: `TEST-${chinaDateTime(test.startedAt).replaceAll(/\D/g, '')}`,
    unlimited: true,
    blocks: [
      { kind: 'title', text: say(text('自检报告', 'Readiness report')) },
      { kind: 'pair', label: say(text('终端', 'Terminal')), value: about.terminalId },
      { kind: 'pair', label: say(text('地点', 'Place')), value: say(about.hall) },
      { kind: 'pair', label: say(text('时间', 'Time')), value: chinaDateTime(test.startedAt) },
      { kind: 'pair', label: say(text('工号', 'Staff')), value: about.staff },
      { kind: 'pair', label: say(text('软件', 'Software')), value: about.software },
      { kind: 'rule' },
      ...test.steps.map(line),
      { kind: 'rule' },
      { kind: 'text', text: say(verdict), bold: true, align: 'center' },
      { kind: 'space' },
    ],
  }
}

/** A receipt to look at: characters of every kind, a code and a cut. */
export function testReceipt(nowMs: number, language: Language): ReceiptDocument {
  const say = (words: LocalText): string => words[language]
  return {
    number: `TEST-${chinaDateTime(nowMs).replaceAll(/\D/g, '')}`,
    unlimited: true,
    blocks: [
      { kind: 'title', text: say(text('打印测试', 'Test print')) },
      { kind: 'pair', label: say(text('时间', 'Time')), value: chinaDateTime(nowMs) },
      { kind: 'text', text: '永东国酬爱郁灵鹰 0123456789' },
      { kind: 'text', text: 'ABCDEFGHIJKLM nopqrstuvwxyz', bold: true },
      { kind: 'rule' },
      { kind: 'qr', data: 'TEST', caption: say(text('测试码', 'Test code')) },
      { kind: 'text', text: say(text('请看：字迹完整、黑白分明、切口整齐。', 'Look: is it whole, dark and cut clean?')), align: 'center' },
      { kind: 'space' },
    ],
  }
}
