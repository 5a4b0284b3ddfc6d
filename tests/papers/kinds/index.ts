import type { PaperPlan } from '../paper.ts'
import { applicationForm } from './application-form.ts'
import { bankCard } from './bank-card.ts'
import { businessLicence } from './business-licence.ts'
import { disabilityCertificate } from './disability-certificate.ts'
import { householdRegisterFirst, householdRegisterPage } from './household-register.ts'
import { idCardBack, idCardFront } from './id-card.ts'
import { marriageCertificate } from './marriage-certificate.ts'
import { propertyCertificate } from './property-certificate.ts'
import { residenceLease } from './residence-lease.ts'

/** Every kind of paper that can be made, by its id in `assets/ocr/document-kinds.json`. */
export const PAPER_PLANS = {
  'id-card-front': idCardFront,
  'id-card-back': idCardBack,
  'household-register-first': householdRegisterFirst,
  'household-register-page': householdRegisterPage,
  'marriage-certificate': marriageCertificate,
  'business-licence': businessLicence,
  'residence-lease': residenceLease,
  'property-certificate': propertyCertificate,
  'disability-certificate': disabilityCertificate,
  'bank-card': bankCard,
  'application-form': applicationForm,
} as const satisfies Readonly<Record<string, PaperPlan>>

export type PaperKind = keyof typeof PAPER_PLANS
export const PAPER_KINDS = Object.keys(PAPER_PLANS) as readonly PaperKind[]

/** The size of a bank card; scanned finer than sheets. */
export const isCard = (kind: string): boolean => kind.startsWith('id-card') || kind === 'bank-card'
