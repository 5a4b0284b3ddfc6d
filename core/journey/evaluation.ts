import type { EvaluationView } from '../kiosk-api/snapshot.ts'
import { text } from '../text/local-text.ts'

/** 好差评: grades run from 5 非常满意 to 1 非常不满意; details are offered for the grades that they explain. */
export const EVALUATION_DETAILS: EvaluationView['details'] = [
  { id: 'clear', text: text('步骤清楚', 'Clear steps'), grades: [5, 4, 3] },
  { id: 'quick', text: text('办得快', 'Quick'), grades: [5, 4, 3] },
  { id: 'few-papers', text: text('材料少', 'Few papers'), grades: [5, 4, 3] },
  { id: 'easy-to-read', text: text('字看得清', 'Easy to read'), grades: [5, 4, 3] },
  { id: 'unclear', text: text('看不明白', 'Hard to understand'), grades: [2, 1] },
  { id: 'slow', text: text('等得太久', 'Too slow'), grades: [2, 1] },
  { id: 'many-papers', text: text('材料太多', 'Too many papers'), grades: [2, 1] },
  { id: 'device-trouble', text: text('设备出问题', 'A device failed'), grades: [2, 1] },
  { id: 'no-help', text: text('找不到人帮忙', 'Nobody to help'), grades: [2, 1] },
]

/** The details that the screen offers for this grade, of those that were given. */
export function offeredDetails(grade: number, details: readonly string[]): readonly string[] {
  return EVALUATION_DETAILS.filter(({ id, grades }) => details.includes(id) && grades.some((offered) => offered === grade)).map(({ id }) => id)
}
