import type { StaffAct } from '../../core/staff/act.ts'
import { useNow } from '../citizen/frame/use-now.ts'
import { useTexts } from '../locales/texts.ts'
import { useKiosk } from '../stores/kiosk.ts'
import { type Words, forecastWords, spanWords } from './words.ts'

/** What every part of the staff page needs: acts to the kiosk, its clock, and moments in words. */
export function useStaff() {
  const texts = useTexts()
  const kiosk = useKiosk()
  const now = useNow()
  const say = ({ key, values }: Words): string => texts.t(key, values)
  return {
    ...texts,
    kiosk,
    now,
    act: (act: StaffAct): void => void kiosk.send({ type: 'staff', act }),
    at: (epochMs: number): string => texts.moment(epochMs, now.value),
    forecast: (runsOutAt: number | undefined): string => say(forecastWords(runsOutAt, now.value)),
    /** "Since 13:20, for 40 minutes"; without the span while it is too short to tell. */
    since(epochMs: number): string {
      const span = spanWords(now.value - epochMs)
      const moment = texts.moment(epochMs, now.value)
      return span.key === 'staff.time.justNow' ? texts.t('staff.time.sinceNow', { moment }) : texts.t('staff.time.since', { moment, span: say(span) })
    },
  }
}
