import type { LocalText } from '../text/local-text.ts'
import { text } from '../text/local-text.ts'

/**
 * What people are told about devices. The citizen hears what to do now; the staff member hears what is wrong and what to
 * look at. Short and plain, no blame, no exclamation.
 */
export interface TwoSentences {
  readonly citizen: LocalText
  readonly staff: LocalText
}

/** For the state of a device also the one act of staff by itself, as an order: for lists, the self-test and the command line. */
export interface StateSentences extends TwoSentences {
  readonly todo: LocalText
}

export const say = (citizenZh: string, citizenEn: string, staffZh: string, staffEn: string): TwoSentences => ({ citizen: text(citizenZh, citizenEn), staff: text(staffZh, staffEn) })

export const sayState = (citizenZh: string, citizenEn: string, staffZh: string, staffEn: string, todo: LocalText): StateSentences => ({ ...say(citizenZh, citizenEn, staffZh, staffEn), todo })

export function join(first: LocalText, second: LocalText): LocalText {
  return text(first['zh-CN'] + second['zh-CN'], `${first.en} ${second.en}`)
}

/** Codes are for staff: they stand behind the staff sentence, never in the citizen's. */
export function withCode<Sentences extends TwoSentences>(sentences: Sentences, code: string | undefined): Sentences {
  return code === undefined || code === '' ? sentences : { ...sentences, staff: text(`${sentences.staff['zh-CN']}（代码 ${code}）`, `${sentences.staff.en} (Code ${code})`) }
}
