const DIGITS: Readonly<Record<string, number>> = {
  〇: 0, 零: 0, 一: 1, 二: 2, 三: 3, 四: 4, 五: 5, 六: 6, 七: 7, 八: 8, 九: 9, 两: 2,
  壹: 1, 贰: 2, 叁: 3, 肆: 4, 伍: 5, 陆: 6, 柒: 7, 捌: 8, 玖: 9,
}
const UNITS: Readonly<Record<string, number>> = { 十: 10, 拾: 10, 百: 100, 佰: 100, 千: 1000, 仟: 1000 }

/** Chinese numerals, small or capital (大写), up to 万 and 亿: 贰仟陆佰 → 2600, 二十 → 20. Undefined for anything else. */
export function parseChineseNumber(text: string): number | undefined {
  let total = 0
  let section = 0
  let digit: number | undefined
  for (const character of text) {
    const value = DIGITS[character]
    const unit = UNITS[character]
    if (value !== undefined) {
      if (digit !== undefined && digit !== 0) return undefined
      digit = value
    } else if (unit !== undefined) {
      // 十五: the 一 before 十 is left out.
      section += (digit ?? 1) * unit
      digit = undefined
    } else if (character === '万' || character === '亿') {
      total = (total + section + (digit ?? 0)) * (character === '万' ? 10_000 : 100_000_000)
      section = 0
      digit = undefined
    } else return undefined
  }
  return text === '' ? undefined : total + section + (digit ?? 0)
}

/** A year written digit by digit: 二〇二五 → 2025. */
export function parseChineseYear(text: string): number | undefined {
  const digits = [...text].map((character) => DIGITS[character])
  if (digits.length !== 4 || digits.some((digit) => digit === undefined)) return undefined
  return Number(digits.join(''))
}
