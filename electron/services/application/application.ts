import { createHash, randomUUID } from 'node:crypto'
import type { ApplicationDraft, GivenMaterial } from '../../../core/case/draft.ts'
import { currentAddress } from '../../../core/identity/identity.ts'
import type { Gap } from '../../../core/kiosk-api/snapshot.ts'
import type { Matter, MatterPack } from '../../../core/matter-pack/schema.ts'
import type { Gap as BackendGap, Consent, FileRef, MatterRef, Person, PreCheckRequest, Submission, SubmittedCommitment, SubmittedMaterial, UploadManifest } from '../../../core/one-window/types.ts'
import type { StoredFile } from '../session/page-store.ts'
import { signaturePng } from './signature-picture.ts'

/** A file that goes with a submission, and what the backend is told of it. */
export interface Attachment {
  readonly manifest: UploadManifest
  readonly bytes: Uint8Array
}

export interface ApplicationContext {
  readonly pack: MatterPack
  /** A page or a bound paper of this session. */
  readonly page: (id: string) => StoredFile | undefined
  readonly terminalId: string
  readonly software: string
  readonly cardReader: string | undefined
}

/** The contract's words for a draft. Times become ISO 8601 in UTC. */
export function preCheckOf(draft: ApplicationDraft, context: ApplicationContext): PreCheckRequest {
  return { ...body(draft, context, (page) => fileRef(page.bytes, page.mime)) }
}

/** A whole submission with its files. The bytes of the files are copies: wiping the session does not reach into the outbox. */
export function submissionOf(draft: ApplicationDraft, context: ApplicationContext, now: number): { readonly submission: Omit<Submission, 'localNumber'>; readonly attachments: readonly Attachment[] } {
  const attachments: Attachment[] = []
  const attach = (bytes: Uint8Array, mime: FileRef['mime'], purpose: UploadManifest['purpose']): FileRef => {
    const ref = fileRef(bytes, mime)
    attachments.push({ manifest: { file: ref, purpose }, bytes: bytes.slice() })
    return ref
  }
  const common = body(draft, context, (page) => attach(page.bytes, page.mime, 'material'))
  const signature = draft.signature === undefined ? undefined : attach(signaturePng(draft.signature), 'image/png', 'signature')
  const submission = {
    confirmedAt: iso(now),
    ...common,
    evidence: evidenceOf(draft, context),
    consents: [consentOf(draft)],
    ...(signature && { signature: { file: signature, signedAt: iso(draft.signedAt ?? now) } }),
    channel: { kind: 'terminal', terminalId: context.terminalId, software: context.software },
  } satisfies Omit<Submission, 'localNumber'>
  return { submission, attachments }
}

export function personOf(draft: ApplicationDraft): Person {
  const { applicant, form } = draft
  const phone = form['phone']
  return {
    name: applicant.name === '' ? (applicant.englishName ?? '') : applicant.name,
    kind: applicant.kind,
    number: applicant.number,
    sex: applicant.sex,
    birth: applicant.birth,
    ...(applicant.nationCode !== undefined && { nationCode: applicant.nationCode }),
    ...(applicant.nationality !== undefined && { nationality: applicant.nationality }),
    ...(currentAddress(applicant) !== '' && { address: currentAddress(applicant) }),
    ...(typeof phone === 'string' && { phone }),
  }
}

export function evidenceOf(draft: ApplicationDraft, { cardReader }: ApplicationContext): Submission['evidence'] {
  return { how: 'card-read', readAt: iso(draft.consentAt), ...(cardReader !== undefined && { deviceId: cardReader }) }
}

/** The consent is named by matter and pack version: with them anybody finds the wording that was on screen. */
export function consentOf(draft: ApplicationDraft): Consent {
  return { id: `consent-${draft.matter}`, textVersion: draft.packVersion, agreedAt: iso(draft.consentAt) }
}

export function matterRef(pack: MatterPack, id: string): MatterRef {
  const matter = matterOf(pack, id)
  return { id: matter.id, name: matter.name, catalogCode: matter.catalogCode, taskCode: matter.taskCode, taskHandleItem: matter.taskHandleItem }
}

function body(draft: ApplicationDraft, { pack, page }: ApplicationContext, refer: (page: StoredFile) => FileRef): PreCheckRequest {
  const matter = matterOf(pack, draft.matter)
  const materials = draft.materials.flatMap(({ material, given }) => (given === undefined ? [] : [submitted(matter, material, given, (id) => {
    const image = page(id)
    // A paper that the citizen has scanned must never be left out in silence.
    if (image === undefined) throw new Error('a scanned page is gone')
    return [refer(image)]
  })]))
  const commitments = draft.materials.flatMap(({ material, given }): SubmittedCommitment[] => (given?.way === 'commitment'
    ? [{ id: given.commitment, materialId: material, textVersion: draft.packVersion, agreedAt: iso(given.at) }]
    : []))
  return {
    matter: matterRef(pack, draft.matter),
    pack: { id: pack.id, version: draft.packVersion },
    applicant: personOf(draft),
    answers: { ...draft.answers },
    form: { ...draft.form },
    materials,
    commitments,
    reviewPoints: draft.reviewPoints.map(({ material, check, finding, question }) => ({ materialId: material, code: check, finding, question })),
  }
}

function submitted(matter: Matter, id: string, given: GivenMaterial, refs: (page: string) => readonly FileRef[]): SubmittedMaterial {
  const material = matter.materials.find((candidate) => candidate.id === id)
  const common = { id, name: material?.name ?? { 'zh-CN': id, en: id }, uploads: [] as FileRef[] }
  switch (given.way) {
    case 'card': case 'generated': case 'commitment': return { ...common, how: given.way }
    case 'licence': return { ...common, how: 'licence', licenceRef: given.reference }
    case 'data-check': return { ...common, how: 'data-check', checkRef: given.reference }
    case 'scan': return { ...common, how: 'scan', uploads: (given.bound === undefined ? given.pages : [given.bound]).flatMap(refs), fields: { ...given.fields }, fieldSources: { ...given.sources } }
    case 'later': {
      const limit = material?.tolerance?.limit
      return { ...common, how: 'later', ...(limit && { tolerance: { days: limit.days, unit: limit.unit } }) }
    }
  }
}

/** The backend's findings, with the place on this terminal where each is mended. */
export function gapsOf(gaps: readonly BackendGap[]): readonly Gap[] {
  return gaps.map((gap, index): Gap => {
    const { kind, id } = gap.target
    return {
      id: `server-${index}`,
      about: 'server',
      sentence: gap.sentence,
      remedy: gap.remedy,
      target: kind === 'field' && id !== undefined ? { kind: 'field', pointer: `/${id}` } : kind === 'material' && id !== undefined ? { kind: 'material', material: id } : { kind: 'none' },
    }
  })
}

function fileRef(bytes: Uint8Array, mime: FileRef['mime']): FileRef {
  return { attachmentId: randomUUID(), sha256: createHash('sha256').update(bytes).digest('hex'), bytes: bytes.byteLength, mime }
}

function matterOf(pack: MatterPack, id: string): Matter {
  const matter = pack.matters.find((candidate) => candidate.id === id)
  if (matter === undefined) throw new Error(`the pack has no matter ${id}`)
  return matter
}

function iso(epochMs: number): string {
  return new Date(epochMs).toISOString()
}
