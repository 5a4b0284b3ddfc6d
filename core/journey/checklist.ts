import { text } from '../text/local-text.ts'
import { dayLimitText, yuanText } from '../text/phrases.ts'
import type { JourneyContext } from './context.ts'
import { matterOf, situationOf } from './context.ts'

/** Version 25 of a QR code at level M still reads well from a screen; longer lists are cut with a note. */
const MAX_QR_CHARACTERS = 320

/**
 * The list as plain text for a QR code: readable with any telephone, no network needed, and nothing about a person in it.
 */
export function checklistQr(context: JourneyContext): string {
  const language = context.display.language
  const matter = matterOf(context)
  const situation = situationOf(context)
  const fees = situation.fees.reduce((sum, fee) => sum + fee.amountFen, 0)
  const lines = [
    matter.name[language],
    ...situation.materials.map((material, index) => `${index + 1}. ${material.name[language]}`),
    `${text('费用', 'Fees')[language]}: ${yuanText(fees)[language]}`,
    `${text('时限', 'Time limit')[language]}: ${dayLimitText(situation.promised)[language]}`,
    `${text('地点', 'Where')[language]}: ${matter.place.accept[language]}`,
  ]
  const whole = lines.join('\n')
  return whole.length <= MAX_QR_CHARACTERS ? whole : `${whole.slice(0, MAX_QR_CHARACTERS - 1)}…`
}
