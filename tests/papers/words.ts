/** Dates and amounts as papers print them. Dates come in as `YYYY-MM-DD`. */

const parts = (date: string): { readonly year: string; readonly month: number; readonly day: number } => {
  const [year = '', month = '', day = ''] = date.split('-')
  return { year, month: Number(month), day: Number(day) }
}

/** 2025年3月1日 */
export function dateInDigits(date: string): string {
  const { year, month, day } = parts(date)
  return `${year}年${month}月${day}日`
}

/** 2025年03月01日 */
export function dateInPaddedDigits(date: string): string {
  const [year, month, day] = date.split('-')
  return `${year}年${month}月${day}日`
}

/** 2025.03.01 */
export const dateWithDots = (date: string): string => date.replaceAll('-', '.')

/** 二〇二五年三月一日 */
export function dateInWords(date: string): string {
  const { year, month, day } = parts(date)
  return `${[...year].map((digit) => '〇一二三四五六七八九'.charAt(Number(digit))).join('')}年${smallNumber(month)}月${smallNumber(day)}日`
}

function smallNumber(value: number): string {
  const digits = '零一二三四五六七八九'
  const tens = Math.floor(value / 10)
  const ones = value % 10
  return `${tens > 1 ? digits.charAt(tens) : ''}${tens > 0 ? '十' : ''}${ones > 0 || tens === 0 ? digits.charAt(ones) : ''}`
}

/** 贰仟陆佰元整: whole yuan below a hundred million in capital numerals, as contracts and licences write them. */
export function amountInCapitals(yuan: number): string {
  return `${capitals(yuan)}元整`
}

function capitals(value: number): string {
  if (value >= 10_000) {
    const rest = value % 10_000
    return `${capitals(Math.floor(value / 10_000))}万${rest === 0 ? '' : `${rest < 1000 ? '零' : ''}${capitals(rest)}`}`
  }
  let words = ''
  let skipped = false
  for (const [unit, name] of [[1000, '仟'], [100, '佰'], [10, '拾'], [1, '']] as const) {
    const digit = Math.floor(value / unit) % 10
    if (digit === 0) skipped = words !== ''
    else {
      words += `${skipped ? '零' : ''}${'零壹贰叁肆伍陆柒捌玖'.charAt(digit)}${name}`
      skipped = false
    }
  }
  return words
}

/** 2600.00, the form in which the product holds amounts. */
export const amountValue = (yuan: number): string => yuan.toFixed(2)
