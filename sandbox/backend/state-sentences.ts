import type { CaseState } from '../../core/one-window/types.ts'
import { text, type LocalText } from '../../core/text/local-text.ts'

/** What each state means to the citizen. */
export const STATE_SENTENCES: Readonly<Record<CaseState, LocalText>> = {
  received: text('已收件，等待受理审查', 'Received; waiting to be looked at'),
  accepted: text('已受理', 'Accepted'),
  'correction-needed': text('需要补正材料', 'Something must be supplied or corrected'),
  'in-progress': text('正在办理', 'In progress'),
  'special-procedure': text('特别程序（期间不计时）', 'Special procedure; its time does not count'),
  done: text('已办结', 'Done'),
  refused: text('不予受理或不予办理', 'Refused'),
  withdrawn: text('已撤回', 'Withdrawn'),
}
