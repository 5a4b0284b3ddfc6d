import type { RuleFacts } from '../rules/rule.ts'
import type { LocalText } from '../text/local-text.ts'
import { text } from '../text/local-text.ts'
import type { Barrier } from './schema.ts'

export const WAIT_PLACEHOLDER = '{wait}'

/** The barrier with the time until its age line written into its texts; exact from the date of birth, else from the age. */
export function withWait(barrier: Barrier, facts: RuleFacts): Barrier {
  if (barrier.untilAge === undefined) return barrier
  const wait = waitUntilAge(barrier.untilAge, facts)
  return { ...barrier, title: fill(barrier.title, wait), advice: fill(barrier.advice, wait) }
}

function fill(given: LocalText, wait: LocalText): LocalText {
  return text(given['zh-CN'].replaceAll(WAIT_PLACEHOLDER, wait['zh-CN']), given.en.replaceAll(WAIT_PLACEHOLDER, wait.en))
}

/** How long until a person reaches an age, in words: years and months, or days within the last month. */
export function waitUntilAge(line: number, facts: Pick<RuleFacts, 'identity' | 'today'>): LocalText {
  const birth = /^(\d{4})-(\d{2})-(\d{2})$/.exec(facts.identity?.birth ?? '')
  const today = /^(\d{4})-(\d{2})-(\d{2})$/.exec(facts.today)
  if (birth === null || today === null) {
    const years = Math.max(1, line - (facts.identity?.age ?? line - 1))
    return text(`不到 ${years} 年`, `less than ${years} ${years === 1 ? 'year' : 'years'}`)
  }
  const [, birthYear, birthMonth, birthDay] = birth.map(Number) as [number, number, number, number]
  const [, year, month, day] = today.map(Number) as [number, number, number, number]
  const whole = (birthYear + line - year) * 12 + birthMonth - month - (birthDay < day ? 1 : 0)
  if (whole < 1) {
    const days = Math.max(1, Math.round((Date.UTC(birthYear + line, birthMonth - 1, birthDay) - Date.UTC(year, month - 1, day)) / 86_400_000))
    return text(`${days} 天`, days === 1 ? '1 day' : `${days} days`)
  }
  const years = Math.floor(whole / 12)
  const months = whole % 12
  return text(
    [years > 0 ? `${years} 年` : '', months > 0 ? (years > 0 ? ` ${months} 个月` : `${months} 个月`) : ''].join(''),
    [years > 0 ? `${years} ${years === 1 ? 'year' : 'years'}` : '', months > 0 ? `${months} ${months === 1 ? 'month' : 'months'}` : ''].filter((part) => part !== '').join(' and '),
  )
}
