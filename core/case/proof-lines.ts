import type { Proof } from '../one-window/types.ts'
import type { LocalText } from '../text/local-text.ts'
import { text } from '../text/local-text.ts'
import type { IssuedProof } from './draft.ts'

const INSURANCE: Readonly<Record<Proof['rows'][number]['kind'], LocalText>> = {
  pension: text('基本养老保险', 'Pension insurance'),
  medical: text('基本医疗保险', 'Medical insurance'),
  unemployment: text('失业保险', 'Unemployment insurance'),
  'work-injury': text('工伤保险', 'Work injury insurance'),
  maternity: text('生育保险', 'Maternity insurance'),
}

/** A proof as lines of label and value, for screen and paper: totals by kind first, then each period. */
export function issuedProof(proof: Proof): IssuedProof {
  return {
    verificationCode: proof.verificationCode,
    verifyUrl: proof.verifyUrl,
    lines: [
      ...proof.totals.map(({ kind, months }) => ({ label: INSURANCE[kind], value: text(`${months} 个月`, months === 1 ? '1 month' : `${months} months`) })),
      ...proof.rows.map(({ kind, from, to, employer }) => ({ label: INSURANCE[kind], value: text(`${from} 至 ${to} ${employer}`, `${from} – ${to} ${employer}`) })),
    ],
  }
}
