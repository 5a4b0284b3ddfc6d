/** Signs that print, seals and engines confuse. Each is tried in the place of the other. */
const LOOK_ALIKE = ['0O', '0D', '0Q', '08', '09', '06', '86', '89', '83', '38', '35', '56', '1I', '1L', '17', '1T', '2Z', '27', '5S', '8B', '6G', '4A', 'VY', 'UV', 'XK', 'XY', 'MN', 'CG', 'EF', 'PR'] as const

const PARTNERS: ReadonlyMap<string, readonly string[]> = (() => {
  const partners = new Map<string, string[]>()
  for (const [a = '', b = ''] of LOOK_ALIKE.map((pair) => [...pair])) {
    partners.set(a, [...(partners.get(a) ?? []), b])
    partners.set(b, [...(partners.get(b) ?? []), a])
  }
  return partners
})()

/**
 * The one number that passes its check and differs from what was read by a single look-alike sign, at a place where the
 * engine was in doubt. Undefined when none or several do: a check character fits one chance number in eleven, so several
 * would be guessing, and a wrong number in clear print is the paper's own mistake. A repaired number is a proposal to
 * confirm, never sure.
 */
export function repairNumber(read: string, isDoubtful: (at: number) => boolean, passes: (candidate: string) => boolean): string | undefined {
  const found = new Set<string>()
  for (let at = 0; at < read.length; at++) {
    if (!isDoubtful(at)) continue
    for (const partner of PARTNERS.get(read.charAt(at)) ?? []) {
      const candidate = `${read.slice(0, at)}${partner}${read.slice(at + 1)}`
      if (passes(candidate)) found.add(candidate)
    }
  }
  return found.size === 1 ? [...found][0] : undefined
}

/** What the rule of a table and the edge of a frame are read as. */
const STROKES = ['1', 'L', 'I', 'T', 'J']

/**
 * A number one sign too long, without the stroke at one of its ends, where only that passes the check. A proposal to confirm
 * too. Undefined when neither does, or both.
 */
export function withoutStroke(read: string, passes: (candidate: string) => boolean): string | undefined {
  const isStroke = (sign: string): boolean => STROKES.includes(sign)
  const candidates = [...(isStroke(read.charAt(0)) ? [read.slice(1)] : []), ...(isStroke(read.slice(-1)) ? [read.slice(0, -1)] : [])]
  const found = new Set(candidates.filter(passes))
  return found.size === 1 ? [...found][0] : undefined
}

/** ISO/IEC 7812-1: the check digit of bank card numbers (Luhn). */
export function passesLuhn(digits: string): boolean {
  let sum = 0
  for (let index = 0; index < digits.length; index++) {
    const digit = Number(digits.charAt(digits.length - 1 - index))
    const doubled = index % 2 === 0 ? digit : digit * 2
    sum += doubled > 9 ? doubled - 9 : doubled
  }
  return digits.length > 0 && sum % 10 === 0
}
