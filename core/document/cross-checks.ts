import type { CitizenId } from '../ids.ts'
import { birthOf, parseCitizenId, sexOf } from '../identity/citizen-id.ts'
import { unreachable } from '../result/result.ts'
import type { CrossCheck } from './document-kind.ts'
import { LONG_TERM } from './printed-dates.ts'
import type { FieldDoubt, FieldReading } from './reading.ts'

/** What a check of values against each other found: nothing to say, that they support each other, or that they do not fit. */
type Finding = 'undecided' | 'agree' | FieldDoubt

/**
 * Values of one paper against each other. Where they do not fit, all of them are unsure, however clear the print: one was
 * misread, or the paper is wrong. A birth date or sex that agrees with a number whose check character fits is proved by it
 * and becomes sure; where it was not read at all, the number proposes it. `today` is `YYYY-MM-DD`; without it nothing is said about the future.
 */
export function crossChecked(readings: readonly FieldReading[], checks: readonly CrossCheck[], today: string | undefined): FieldReading[] {
  const before = byField(readings)
  const findings = checks.map((check) => ({ check, ids: fieldsOf(check), finding: findingIn(check, before, today) }))
  const contradicted = findings.reduce<readonly FieldReading[]>((result, { ids, finding }) => (finding === 'undecided' || finding === 'agree'
    ? result
    : result.map((reading) => (ids.includes(reading.field) && reading.state === 'sure' ? { ...reading, state: 'unsure', why: finding } : reading))), readings)
  // Only what nothing speaks against proves anything: a number that is at odds with the birth date says nothing of the sex.
  const after = byField(contradicted)
  return contradicted.map((reading) => {
    const told = NOT_READ.includes(reading.why) ? toldByNumber(reading.field, checks, after) : undefined
    if (told !== undefined) return { ...reading, value: told, state: 'unsure', why: 'told-by-number' }
    const isProved = findings.some(({ check, ids, finding }) => finding === 'agree' && isProvedBy(check, reading) && ids.every((id) => id === reading.field || after.get(id)?.state === 'sure'))
    return isProved ? sure(reading) : reading
  })
}

/** The fields that a check compares. */
export function fieldsOf({ kind: _, ...named }: CrossCheck): readonly string[] {
  return Object.values(named)
}

/** What a check has against these readings, which may stand on different pages; undefined where it has nothing. */
export function doubtBy(check: CrossCheck, readings: readonly FieldReading[], today: string | undefined): FieldDoubt | undefined {
  const finding = findingIn(check, byField(readings), today)
  return finding === 'undecided' || finding === 'agree' ? undefined : finding
}

function findingIn(check: CrossCheck, before: ReadonlyMap<string, FieldReading>, today: string | undefined): Finding {
  return isReadTwice(check, before) ? 'values-disagree' : findingOf(check, (id) => valueOf(before.get(id)), today)
}

/** Doubts that leave a whole value. */
const READ_WHOLE: readonly (FieldDoubt | undefined)[] = ['low-confidence', 'guessed-place', 'name-length']
/** Doubts that leave nothing to go by. */
const NOT_READ: readonly (FieldDoubt | undefined)[] = ['not-found', 'not-a-date', 'not-a-choice']

/** What a sure number of the paper says of its holder's birth date or sex, which are part of it (GB 11643). */
function toldByNumber(field: string, checks: readonly CrossCheck[], readings: ReadonlyMap<string, FieldReading>): string | undefined {
  for (const check of checks) {
    const told = check.kind === 'birth-in-number' ? check.birth : check.kind === 'sex-in-number' ? check.sex : undefined
    if (told !== field || (check.kind !== 'birth-in-number' && check.kind !== 'sex-in-number')) continue
    const number = readings.get(check.number)
    const person = number?.state === 'sure' ? personOf(number.value) : undefined
    if (person !== undefined) return check.kind === 'birth-in-number' ? birthOf(person) : sexOf(person) === 'male' ? '男' : '女'
  }
  return undefined
}

/** The person in an ID number, also where more stands behind it (disability certificates). */
function personOf(number: string): CitizenId | undefined {
  const person = parseCitizenId(number.slice(0, 18))
  return person.ok ? person.value : undefined
}

/** An end that is the day of a beginning which could not be read: one half of a period, taken for the other. */
function isReadTwice(check: CrossCheck, before: ReadonlyMap<string, FieldReading>): boolean {
  if (check.kind !== 'in-order') return false
  const [earlier, later] = [before.get(check.earlier), before.get(check.later)]
  return earlier?.why === 'not-a-date' && later?.state === 'sure' && earlier.value === later.value
}

function byField(readings: readonly FieldReading[]): ReadonlyMap<string, FieldReading> {
  return new Map(readings.map((reading) => [reading.field, reading]))
}

/** Only doubts about the print are lifted; a repaired or contradicted value stays one to confirm. */
function isProvedBy(check: CrossCheck, reading: FieldReading): boolean {
  const proved = check.kind === 'birth-in-number' ? check.birth : check.kind === 'sex-in-number' ? check.sex : undefined
  return reading.field === proved && reading.state === 'unsure' && (reading.why === 'low-confidence' || reading.why === 'guessed-place')
}

function sure({ why: _, ...reading }: FieldReading): FieldReading {
  return { ...reading, state: 'sure' }
}

/** A value that has the form of its rule; a doubted form says nothing about another value. */
function valueOf(reading: FieldReading | undefined): string | undefined {
  if (reading === undefined || reading.state === 'missing') return undefined
  return reading.state === 'sure' || READ_WHOLE.includes(reading.why) ? reading.value : undefined
}

function findingOf(check: CrossCheck, value: (field: string) => string | undefined, today: string | undefined): Finding {
  switch (check.kind) {
    case 'birth-in-number': {
      const [number, birth] = [value(check.number), value(check.birth)]
      const person = number === undefined ? undefined : personOf(number)
      if (person === undefined || birth === undefined) return 'undecided'
      return birthOf(person) === birth ? 'agree' : 'values-disagree'
    }
    case 'sex-in-number': {
      const [number, sex] = [value(check.number), value(check.sex)]
      const person = number === undefined ? undefined : personOf(number)
      if (person === undefined || (sex !== '男' && sex !== '女')) return 'undecided'
      return (sexOf(person) === 'male') === (sex === '男') ? 'agree' : 'values-disagree'
    }
    case 'in-order': {
      const [earlier, later] = [value(check.earlier), value(check.later)]
      if (earlier === undefined || later === undefined || later === LONG_TERM) return 'undecided'
      return earlier <= later ? 'agree' : 'values-disagree'
    }
    case 'not-in-future': {
      const date = value(check.date)
      if (date === undefined || today === undefined) return 'undecided'
      return date <= today ? 'agree' : 'date-in-future'
    }
    case 'differ': {
      const [one, other] = [value(check.one), value(check.other)]
      if (one === undefined || other === undefined) return 'undecided'
      return one === other ? 'values-disagree' : 'agree'
    }
    default:
      return unreachable(check)
  }
}
