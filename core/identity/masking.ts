const STAR = '*'

/**
 * A name for screens that others may see: two characters keep the first, longer names keep the first and the last.
 * Counts characters as a reader does, so that a rare character outside the basic plane is never cut in half.
 */
export function maskName(name: string): string {
  const characters = [...name]
  if (characters.length <= 1) return STAR.repeat(characters.length)
  const first = characters[0] ?? ''
  if (characters.length === 2) return first + STAR
  return first + STAR.repeat(characters.length - 2) + (characters.at(-1) ?? '')
}

/** A number of a paper: the first and the last character stay. */
export function maskNumber(number: string): string {
  const characters = [...number]
  if (characters.length <= 2) return STAR.repeat(characters.length)
  return (characters[0] ?? '') + STAR.repeat(characters.length - 2) + (characters.at(-1) ?? '')
}

/** A telephone number: the first three and the last four digits stay; one too short for that is hidden whole. */
export function maskPhone(phone: string): string {
  if (phone.length < 9) return STAR.repeat(phone.length)
  return phone.slice(0, 3) + STAR.repeat(phone.length - 7) + phone.slice(-4)
}

/** An ID number in the groups in which people read it aloud: region, year, month and day, rest. */
export function groupNumber(number: string): string {
  if (number.length === 18) return `${number.slice(0, 6)} ${number.slice(6, 10)} ${number.slice(10, 14)} ${number.slice(14)}`
  if (number.length === 15) return `${number.slice(0, 3)} ${number.slice(3, 7)} ${number.slice(7, 11)} ${number.slice(11)}`
  return number
}
