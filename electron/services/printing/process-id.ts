/** Characters that every printer's process id allows (20–7E) and that read well in a log. */
const DIGITS = '0123456789ABCDEFGHJKLMNPQRSTUVWXYZ'
const LENGTH = 4

/** How many ids there are before they come round again: far more than any printer's buffer holds. */
export const PROCESS_ID_COUNT = DIGITS.length ** LENGTH

/** The process id of the n-th printing of this terminal; `n` comes from a counter on disk. */
export function processIdOf(n: number): string {
  let rest = n % PROCESS_ID_COUNT
  let id = ''
  for (let i = 0; i < LENGTH; i++) {
    id = (DIGITS[rest % DIGITS.length] ?? '0') + id
    rest = Math.floor(rest / DIGITS.length)
  }
  return id
}
