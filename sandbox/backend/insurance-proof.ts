import { randomInt } from 'node:crypto'
import { maskNumber } from '../../core/identity/masking.ts'
import type { InsuranceKind, Person, Proof } from '../../core/one-window/types.ts'
import { text } from '../../core/text/local-text.ts'
import { insuranceOf, ISSUER, type InsurancePeriod } from './registers.ts'

const KINDS: readonly InsuranceKind[] = ['pension', 'medical', 'unemployment', 'work-injury', 'maternity']

/** Letters and digits that a person does not mix up when reading a code aloud (no I, no O). */
const CODE_ALPHABET = '0123456789ABCDEFGHJKLMNPQRSTUVWXYZ'

/**
 * The person's contributions within what the form of M01 asks for: `kinds`, and `from` and `to` as `YYYY-MM`; what is left out
 * does not limit.
 */
export function insurancePeriods(personNumber: string, form: Readonly<Record<string, unknown>>): readonly InsurancePeriod[] {
  const kinds = wantedKinds(form)
  const from = month(form['from']) ?? '0000-00'
  const to = month(form['to']) ?? '9999-99'
  return insuranceOf(personNumber)
    .filter((period) => kinds.includes(period.kind) && period.from <= to && period.to >= from)
    .map((period) => ({ ...period, from: period.from < from ? from : period.from, to: period.to > to ? to : period.to }))
}

/** 社会保险参保缴费证明, issued at once; the verification code is what makes it checkable (facts on matters, M01). */
export function issueInsuranceProof(person: Person, form: Readonly<Record<string, unknown>>, nowMs: number, verifyBase: string): Proof {
  const rows = insurancePeriods(person.number, form).map((period) => ({ ...period, months: monthsBetween(period.from, period.to) }))
  const verificationCode = newCode()
  return {
    kind: 'social-insurance-contributions',
    title: text('社会保险参保缴费证明（演示）', 'Proof of social-insurance contributions (demonstration)'),
    verificationCode,
    verifyUrl: `${verifyBase}/verify?code=${verificationCode}`,
    issuer: ISSUER,
    issuedAt: new Date(nowMs).toISOString(),
    holder: { name: person.name, numberMasked: maskNumber(person.number) },
    rows,
    totals: KINDS.filter((kind) => rows.some((row) => row.kind === kind)).map((kind) => ({
      kind, months: rows.filter((row) => row.kind === kind).reduce((sum, row) => sum + row.months, 0),
    })),
  }
}

function wantedKinds(form: Readonly<Record<string, unknown>>): readonly InsuranceKind[] {
  const wanted = form['kinds']
  const named = Array.isArray(wanted) ? KINDS.filter((kind) => wanted.includes(kind)) : []
  return named.length > 0 ? named : KINDS
}

function month(value: unknown): string | undefined {
  return typeof value === 'string' && /^\d{4}-(0[1-9]|1[0-2])/.test(value) ? value.slice(0, 7) : undefined
}

function monthsBetween(from: string, to: string): number {
  const index = (value: string): number => Number(value.slice(0, 4)) * 12 + Number(value.slice(5, 7))
  return index(to) - index(from) + 1
}

function newCode(): string {
  const group = (): string => Array.from({ length: 4 }, () => CODE_ALPHABET[randomInt(CODE_ALPHABET.length)]).join('')
  return [group(), group(), group(), group()].join('-')
}
