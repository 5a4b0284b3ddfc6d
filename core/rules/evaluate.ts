import { isRecord, ownValue } from '../json/pointer.ts'

/**
 * Interpreter of the closed rule language. It follows json-logic-js (a test compares the two), with three differences that a
 * pack from outside makes necessary: it reads own properties only, so no rule reaches a prototype; what cannot be compared or
 * counted is `null`, never an exception; and a rule that passed `findRuleFault` needs a bounded number of steps.
 */
type Scalar = string | number | boolean | null

export function evaluate(rule: unknown, facts: unknown): unknown {
  if (Array.isArray(rule)) return rule.map((part) => evaluate(part, facts))
  if (!isRecord(rule)) return rule
  const [step] = Object.entries(rule)
  if (step === undefined) return null
  const [operator, given] = step
  const operands: readonly unknown[] = Array.isArray(given) ? given : [given]
  const lazy = LAZY.get(operator)
  if (lazy !== undefined) return lazy(operands, facts)
  return applyOperator(operator, operands.map((operand) => evaluate(operand, facts)), facts)
}

/** An operator that needs all its operands, on their values. Unknown operators give `null`; `findRuleFault` refuses them. */
export function applyOperator(operator: string, operands: readonly unknown[], facts: unknown): unknown {
  return EAGER.get(operator)?.(operands, facts) ?? null
}

/** JsonLogic's truth: as in JavaScript, but an empty list is false. */
export function truthy(value: unknown): boolean {
  return Array.isArray(value) ? value.length > 0 : Boolean(value)
}

/** Operators that decide themselves which of their operands are worked out. */
const LAZY: ReadonlyMap<string, (operands: readonly unknown[], facts: unknown) => unknown> = new Map(Object.entries({
  if: (operands: readonly unknown[], facts: unknown): unknown => {
    for (let index = 0; index + 1 < operands.length; index += 2) {
      if (truthy(evaluate(operands[index], facts))) return evaluate(operands[index + 1], facts)
    }
    return operands.length % 2 === 1 ? evaluate(operands.at(-1), facts) : null
  },
  and: (operands: readonly unknown[], facts: unknown): unknown => {
    let last: unknown = null
    for (const operand of operands) {
      last = evaluate(operand, facts)
      if (!truthy(last)) return last
    }
    return last
  },
  or: (operands: readonly unknown[], facts: unknown): unknown => {
    let last: unknown = null
    for (const operand of operands) {
      last = evaluate(operand, facts)
      if (truthy(last)) return last
    }
    return last
  },
  some: (operands: readonly unknown[], facts: unknown): boolean => listOf(operands, facts).some((item) => truthy(evaluate(operands[1], item))),
  all: (operands: readonly unknown[], facts: unknown): boolean => {
    const list = listOf(operands, facts)
    return list.length > 0 && list.every((item) => truthy(evaluate(operands[1], item)))
  },
  none: (operands: readonly unknown[], facts: unknown): boolean => !listOf(operands, facts).some((item) => truthy(evaluate(operands[1], item))),
}))

function listOf(operands: readonly unknown[], facts: unknown): readonly unknown[] {
  const list = evaluate(operands[0], facts)
  return Array.isArray(list) ? list : []
}

const EAGER: ReadonlyMap<string, (operands: readonly unknown[], facts: unknown) => unknown> = new Map(Object.entries({
  var: ([name, otherwise]: readonly unknown[], facts: unknown): unknown => {
    const value = readVariable(name, facts)
    return value === undefined ? (otherwise ?? null) : value
  },
  missing: (names: readonly unknown[], facts: unknown): unknown[] => {
    const [first] = names
    return (Array.isArray(first) ? first : names).filter((name) => {
      const value = readVariable(name, facts)
      return value === undefined || value === null || value === ''
    })
  },
  '==': ([a, b]: readonly unknown[]): boolean => looselyEqual(scalar(a), scalar(b)),
  '!=': ([a, b]: readonly unknown[]): boolean => !looselyEqual(scalar(a), scalar(b)),
  '===': ([a, b]: readonly unknown[]): boolean => isScalar(a) && a === b,
  '!==': ([a, b]: readonly unknown[]): boolean => !(isScalar(a) && a === b),
  '!': ([a]: readonly unknown[]): boolean => !truthy(a),
  '!!': ([a]: readonly unknown[]): boolean => truthy(a),
  '>': ([a, b]: readonly unknown[]): boolean => ordered(b, a, false),
  '>=': ([a, b]: readonly unknown[]): boolean => ordered(b, a, true),
  '<': ([a, b, c]: readonly unknown[]): boolean => ordered(a, b, false) && (c === undefined || ordered(b, c, false)),
  '<=': ([a, b, c]: readonly unknown[]): boolean => ordered(a, b, true) && (c === undefined || ordered(b, c, true)),
  '+': (terms: readonly unknown[]): number | null => finite(terms.reduce((sum: number, term) => sum + number(term), 0)),
  '*': (terms: readonly unknown[]): number | null => (terms.length === 0 ? null : finite(terms.reduce((product: number, term) => product * number(term), 1))),
  '-': ([a, b]: readonly unknown[]): number | null => finite(b === undefined ? -number(a) : number(a) - number(b)),
  '/': ([a, b]: readonly unknown[]): number | null => finite(number(a) / number(b)),
  '%': ([a, b]: readonly unknown[]): number | null => finite(number(a) % number(b)),
  min: (terms: readonly unknown[]): number | null => finite(Math.min(...terms.map(number))),
  max: (terms: readonly unknown[]): number | null => finite(Math.max(...terms.map(number))),
  in: ([needle, hay]: readonly unknown[]): boolean => {
    if (Array.isArray(hay)) return isScalar(needle) && hay.includes(needle)
    return typeof hay === 'string' && typeof needle === 'string' && hay.includes(needle)
  },
  'months-before': ([date, months]: readonly unknown[]): string | null => monthsBefore(date, number(months)),
  'same-text': ([a, b]: readonly unknown[]): boolean => essence(a) !== '' && essence(a) === essence(b),
  'contains-text': ([whole, part]: readonly unknown[]): boolean => essence(part) !== '' && essence(whole).includes(essence(part)),
}))

/**
 * What two writings of the same words have in common: letters and digits in one width and case (NFKC). Spaces, the dots of
 * minority names (·•・) and punctuation do not make a name or an address another one.
 */
function essence(value: unknown): string {
  const written = typeof value === 'string' ? value : typeof value === 'number' ? String(value) : ''
  return written.normalize('NFKC').replaceAll(/[^\p{L}\p{M}\p{N}]/gu, '').toUpperCase()
}

/** `a.b.0` read through own properties of plain objects and lists; the empty name is the facts themselves. */
export function readVariable(name: unknown, facts: unknown): unknown {
  if (typeof name !== 'string' && typeof name !== 'number') return undefined
  if (name === '') return facts
  let value: unknown = facts
  for (const part of String(name).split('.')) {
    value = ownValue(value, part)
    if (value === undefined) return undefined
  }
  return value
}

export function isScalar(value: unknown): value is Scalar {
  return value === null || ['string', 'number', 'boolean'].includes(typeof value)
}

function scalar(value: unknown): Scalar {
  return isScalar(value) ? value : null
}

function looselyEqual(a: Scalar, b: Scalar): boolean {
  if (typeof a === typeof b || a === null || b === null) return a === b
  return Number(a) === Number(b)
}

/** Two texts compare as texts (dates as `YYYY-MM-DD` are in order that way), anything else as numbers; unknown is never in order. */
function ordered(a: unknown, b: unknown, orEqual: boolean): boolean {
  if (!isScalar(a) || !isScalar(b) || a === null || b === null) return false
  if (typeof a === 'string' && typeof b === 'string') return orEqual ? a <= b : a < b
  const [left, right] = [Number(a), Number(b)]
  return orEqual ? left <= right : left < right
}

function number(value: unknown): number {
  return typeof value === 'number' ? value : typeof value === 'string' ? Number.parseFloat(value) : Number.NaN
}

function finite(value: number): number | null {
  return Number.isFinite(value) ? value : null
}

/** The same day of the month, `months` earlier, or the last day of that month where it is shorter. */
function monthsBefore(date: unknown, months: number): string | null {
  const match = typeof date === 'string' ? /^(\d{4})-(\d{2})-(\d{2})$/.exec(date) : null
  if (match === null || !Number.isInteger(months)) return null
  const count = Number(match[1]) * 12 + Number(match[2]) - 1 - months
  const year = Math.floor(count / 12)
  const month = count - year * 12
  if (year < 1 || year > 9999) return null
  const lastDay = new Date(Date.UTC(year, month + 1, 0)).getUTCDate()
  const day = Math.min(Number(match[3]), lastDay)
  return `${String(year).padStart(4, '0')}-${String(month + 1).padStart(2, '0')}-${String(day).padStart(2, '0')}`
}
