import { createHash, randomUUID } from 'node:crypto'
import { chinaDate } from '../../core/identity/dates.ts'
import { birthOf, parseCitizenId, sexOf } from '../../core/identity/citizen-id.ts'
import { beijingDay, makeCaseNumber, parseCaseNumber } from '../../core/one-window/case-number.ts'
import type { components } from '../../core/one-window/openapi.d.ts'
import type {
  CaseReceipt, CaseState, CaseView, CommitmentMaking, DataCheck, Draft, DraftForm, DraftOpening, Evaluation, FileRef, Heartbeat, LicenceFetch,
  PreCheckRequest, Proof, SessionOpening, Submission, TerminalRegistered, TerminalRegistrationRequest, UploadManifest,
} from '../../core/one-window/types.ts'
import { contentDigestHeader } from '../../core/one-window/signature.ts'
import { text } from '../../core/text/local-text.ts'
import { lastDay } from './calendar.ts'
import { sha256Base64 } from './guard.ts'
import type { OperationId } from './contract.ts'
import { issueInsuranceProof } from './insurance-proof.ts'
import { drawProof } from './proof-document.ts'
import { findGaps } from './pre-check.ts'
import { Refusal } from './refusal.ts'
import { askRegister, CATALOGUE_VERSION, findLicence, MATTERS, mayCommit } from './registers.ts'
import { STATE_SENTENCES } from './state-sentences.ts'
import type { Store } from './store.ts'
import { pieceStored, removeUploadFile, sha256OfUpload, UPLOAD_LIFE_MS } from './upload-files.ts'

const REGISTRATION_LIFE_MS = 365 * 86_400_000
const SESSION_LIFE_MS = 30 * 60_000
const HEARTBEAT_SECONDS = 30

/** One checked request. Its digest, signature, nonce, parameters and body have been checked before an operation sees it. */
export interface OperationRequest {
  readonly store: Store
  readonly nowMs: number
  readonly terminalId: string
  readonly path: Readonly<Record<string, string>>
  readonly query: Readonly<Record<string, string>>
  readonly header: (name: string) => string | undefined
  readonly body: unknown
  readonly bytes: Uint8Array
  /** Own address, for links in proofs. */
  readonly publicUrl: string
}

export interface OperationAnswer {
  readonly status: number
  readonly body?: unknown
  readonly headers?: Readonly<Record<string, string>>
  /** Instead of a JSON body: bytes that are drawn after the transaction, with headers of their own. */
  readonly document?: () => Promise<{ readonly mime: string; readonly bytes: Uint8Array; readonly headers: Readonly<Record<string, string>> }>
}

type Operation = (request: OperationRequest) => OperationAnswer

/** What each operation of the contract does, inside the transaction that its caller has opened. All throw `Refusal`. */
export const OPERATIONS: Readonly<Record<OperationId, Operation>> = {
  registerTerminal({ store, nowMs, terminalId, body }) {
    const wanted = body as TerminalRegistrationRequest
    const code = store.one('SELECT terminal_id, public_key FROM enrolment_code WHERE code = ?', wanted.enrolmentCode)
    if (code === undefined) throw new Refusal('enrolment-code-unknown')
    const sameAgain = code['terminal_id'] === terminalId && code['public_key'] === wanted.publicKey
    if (code['terminal_id'] !== null && !sameAgain) throw new Refusal('enrolment-code-used')
    if (Number(store.one('SELECT suspended FROM terminal WHERE id = ?', terminalId)?.['suspended'] ?? 0) === 1) throw new Refusal('terminal-suspended')
    store.run('UPDATE enrolment_code SET terminal_id = ?, public_key = ? WHERE code = ?', terminalId, wanted.publicKey, wanted.enrolmentCode)
    store.run(
      `INSERT INTO terminal(id, public_key, region, name, software, registered_at, expires_at) VALUES (?, ?, ?, ?, ?, ?, ?)
       ON CONFLICT(id) DO UPDATE SET public_key = excluded.public_key, region = excluded.region, name = excluded.name,
         software = excluded.software, registered_at = excluded.registered_at, expires_at = excluded.expires_at`,
      terminalId, wanted.publicKey, wanted.region, JSON.stringify(wanted.name), wanted.software, nowMs, nowMs + REGISTRATION_LIFE_MS,
    )
    return { status: 201, body: registered(terminalId, nowMs) }
  },

  renewTerminal({ store, nowMs, terminalId, path, body }) {
    onlyItself(terminalId, path['terminalId'])
    store.run('UPDATE terminal SET expires_at = ?, software = ? WHERE id = ?', nowMs + REGISTRATION_LIFE_MS, (body as { software: string }).software, terminalId)
    return { status: 201, body: registered(terminalId, nowMs) }
  },

  sendHeartbeat({ store, nowMs, terminalId, path, body }) {
    onlyItself(terminalId, path['terminalId'])
    const heartbeat = body as Heartbeat
    store.run('UPDATE terminal SET heartbeat_at = ?, heartbeat = ?, software = ? WHERE id = ?', nowMs, JSON.stringify(heartbeat), heartbeat.software, terminalId)
    return { status: 200, body: { time: iso(nowMs), catalogueVersion: CATALOGUE_VERSION, nextSeconds: HEARTBEAT_SECONDS } }
  },

  getCatalogueVersion() {
    return { status: 200, body: { version: CATALOGUE_VERSION, matters: MATTERS.map(({ id, name }) => ({ id, name, open: true })) } }
  },

  openSession({ store, nowMs, terminalId, body }) {
    const { person } = body as SessionOpening
    if (person.kind === 'resident') {
      const number = parseCitizenId(person.number)
      if (!number.ok) throw new Refusal('identity-refused', { where: '/person/number' })
      if (person.birth !== undefined && person.birth !== birthOf(number.value)) throw new Refusal('identity-refused', { where: '/person/birth' })
      if ((person.sex === 'male' || person.sex === 'female') && person.sex !== sexOf(number.value)) throw new Refusal('identity-refused', { where: '/person/sex' })
    }
    const sessionId = randomUUID()
    store.run('INSERT INTO session(id, terminal_id, person, person_number, opened_at, expires_at) VALUES (?, ?, ?, ?, ?, ?)',
      sessionId, terminalId, JSON.stringify(person), person.number, nowMs, nowMs + SESSION_LIFE_MS)
    return { status: 201, body: { sessionId, openedAt: iso(nowMs), expiresAt: iso(nowMs + SESSION_LIFE_MS) } }
  },

  endSession({ store, nowMs, terminalId, path }) {
    const sessionId = path['sessionId'] ?? ''
    const session = store.one('SELECT 1 FROM session WHERE id = ? AND terminal_id = ?', sessionId, terminalId)
    if (session === undefined) throw new Refusal('not-found')
    store.run('DELETE FROM draft WHERE session_id = ?', sessionId)
    store.run('UPDATE session SET ended_at = coalesce(ended_at, ?) WHERE id = ?', nowMs, sessionId)
    return { status: 204 }
  },

  createDraft(request) {
    const wanted = request.body as DraftOpening
    openSessionOf(request, wanted.sessionId)
    if (!MATTERS.some(({ id }) => id === wanted.matter.id)) throw new Refusal('matter-not-offered')
    const draftId = randomUUID()
    request.store.run('INSERT INTO draft(id, session_id, matter, pack, answers, form, updated_at) VALUES (?, ?, ?, ?, ?, ?, ?)',
      draftId, wanted.sessionId, JSON.stringify(wanted.matter), JSON.stringify(wanted.pack), '{}', '{}', request.nowMs)
    return { status: 201, body: draftOf(request, draftId) }
  },

  getDraft(request) {
    return { status: 200, body: draftOf(request, request.path['draftId'] ?? '') }
  },

  putForm(request) {
    const draft = draftOf(request, request.path['draftId'] ?? '')
    const { answers, form } = request.body as DraftForm
    request.store.run('UPDATE draft SET answers = ?, form = ?, updated_at = ? WHERE id = ?', JSON.stringify(answers), JSON.stringify(form), request.nowMs, draft.draftId)
    return { status: 200, body: draftOf(request, draft.draftId) }
  },

  createUpload({ store, nowMs, terminalId, body }) {
    const { file, purpose } = body as UploadManifest
    const present = store.one('SELECT id, offset, expires_at FROM upload WHERE terminal_id = ? AND attachment_id = ? AND sha256 = ? AND bytes = ? AND gone = 0 AND (expires_at > ? OR case_number IS NOT NULL)', terminalId, file.attachmentId, file.sha256, file.bytes, nowMs)
    const uploadId = present === undefined ? randomUUID() : String(present['id'])
    if (present === undefined) {
      store.run('INSERT INTO upload(id, terminal_id, attachment_id, sha256, bytes, mime, purpose, offset, complete, gone, expires_at) VALUES (?, ?, ?, ?, ?, ?, ?, 0, 0, 0, ?)',
        uploadId, terminalId, file.attachmentId, file.sha256, file.bytes, file.mime, purpose, nowMs + UPLOAD_LIFE_MS)
    }
    return {
      status: 201,
      headers: { Location: `/v1/uploads/${uploadId}` },
      body: { uploadId, offset: Number(present?.['offset'] ?? 0), bytes: file.bytes, expiresAt: iso(Number(present?.['expires_at'] ?? nowMs + UPLOAD_LIFE_MS)) },
    }
  },

  getUploadOffset(request) {
    const upload = uploadOf(request)
    return { status: 200, headers: { 'Upload-Offset': String(upload.offset), 'Upload-Length': String(upload.bytes) } }
  },

  putUploadPiece(request) {
    const { store, bytes: piece } = request
    const upload = uploadOf(request)
    const offset = Number(request.header('upload-offset'))
    if (offset !== upload.offset) throw new Refusal('offset-mismatch')
    if (offset + piece.length > upload.bytes) throw new Refusal('too-large')
    pieceStored(store, upload.id, offset, piece)
    const end = offset + piece.length
    if (end === upload.bytes && sha256OfUpload(store, upload.id) !== upload.sha256) {
      // The refusal itself must stay: the bytes are wrong, and going on at the end of them would never be right.
      store.run('UPDATE upload SET gone = 1 WHERE id = ?', upload.id)
      removeUploadFile(store, upload.id)
      return { status: 422, body: new Refusal('upload-content-differs').problem() }
    }
    store.run('UPDATE upload SET offset = ?, complete = ? WHERE id = ?', end, end === upload.bytes ? 1 : 0, upload.id)
    return { status: 204, headers: { 'Upload-Offset': String(end) } }
  },

  fetchLicence(request) {
    const { store, nowMs, terminalId } = request
    const wanted = request.body as LicenceFetch
    const session = openSessionOf(request, wanted.sessionId)
    const found = findLicence(session.personNumber, wanted.type, chinaDate(nowMs))
    const good = found !== undefined && !found.expired
    const licenceRef = randomUUID()
    store.run('INSERT INTO licence_fetch(ref, terminal_id, person_number, type, purpose, matter, consent, found, fetched_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)',
      licenceRef, terminalId, session.personNumber, wanted.type, JSON.stringify(wanted.purpose), wanted.matter, JSON.stringify(wanted.consent), good ? 1 : 0, nowMs)
    if (found === undefined) return { status: 200, body: { outcome: 'none', sentence: text('证照库中没有查到这份电子证照，请用其他方式提供。', 'The licence library holds no such licence of yours; please give it in another way.') } }
    if (found.expired) return { status: 200, body: { outcome: 'expired', sentence: text('查到的电子证照已过有效期，请用其他方式提供。', 'The licence that was found has expired; please give it in another way.') } }
    return { status: 200, body: { outcome: 'found', licence: { licenceRef, ...found.licence } } }
  },

  checkData(request) {
    const { store, nowMs, terminalId } = request
    const wanted = request.body as DataCheck
    const session = openSessionOf(request, wanted.sessionId)
    const answer = askRegister(session.personNumber, wanted.check)
    const checkRef = randomUUID()
    store.run('INSERT INTO data_check(ref, terminal_id, person_number, kind, matter, consent, outcome, checked_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?)',
      checkRef, terminalId, session.personNumber, wanted.check, wanted.matter, JSON.stringify(wanted.consent), answer.outcome, nowMs)
    return { status: 200, body: { ...answer, checkRef, checkedAt: iso(nowMs) } }
  },

  makeCommitment(request) {
    const { store, nowMs, terminalId } = request
    const wanted = request.body as CommitmentMaking
    const session = openSessionOf(request, wanted.sessionId)
    if (!mayCommit(session.personNumber)) throw new Refusal('commitment-not-allowed')
    const commitmentRef = randomUUID()
    store.run('INSERT INTO commitment(ref, terminal_id, person_number, matter, material_id, text, recorded_at) VALUES (?, ?, ?, ?, ?, ?, ?)',
      commitmentRef, terminalId, session.personNumber, wanted.matter, wanted.materialId, JSON.stringify(wanted.commitment), nowMs)
    return { status: 201, body: { commitmentRef, recordedAt: iso(nowMs) } }
  },

  preCheck({ store, nowMs, body }) {
    return { status: 200, body: { checkedAt: iso(nowMs), gaps: findGaps(store, body as PreCheckRequest, nowMs) } }
  },

  submitCase({ store, nowMs, terminalId, body, bytes, publicUrl }) {
    const submission = body as Submission
    if (submission.channel.terminalId !== terminalId) throw new Refusal('terminal-mismatch', { where: '/channel/terminalId' })
    const matter = MATTERS.find(({ id }) => id === submission.matter.id)
    if (matter === undefined) throw new Refusal('matter-not-offered')
    const gaps = findGaps(store, submission, nowMs)
    if (gaps.some(({ code }) => code === 'case-open')) throw new Refusal('case-conflict', { gaps })
    if (gaps.length > 0) throw new Refusal('gaps-remain', { gaps })
    const files = filesOf(submission)
    for (const file of files) {
      const upload = store.one('SELECT id FROM upload WHERE terminal_id = ? AND attachment_id = ? AND sha256 = ? AND bytes = ? AND complete = 1 AND gone = 0', terminalId, file.attachmentId, file.sha256, file.bytes)
      if (upload === undefined) throw new Refusal('upload-missing', { where: `/attachments/${file.attachmentId}` })
    }

    const region = String(store.one('SELECT region FROM terminal WHERE id = ?', terminalId)?.['region'])
    const caseNumber = makeCaseNumber(region, nowMs, nextRunningNumber(store, beijingDay(nowMs)))
    const atOnce = matter.promise.unit === 'at-once'
    const state: CaseState = atOnce ? 'done' : 'received'
    const tolerated = submission.materials.flatMap(({ id, how, tolerance }) => (how === 'later' && tolerance !== undefined ? [{ materialId: id, until: lastDay(nowMs, tolerance) }] : []))
    const proof = matter.id === 'M01' ? issueInsuranceProof(submission.applicant, submission.form, nowMs, publicUrl) : undefined
    store.run(
      `INSERT INTO accepted_case(number, terminal_id, matter_id, applicant_number, submission, fingerprint, state, received_at, promise, tolerated, proof, proof_code)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
      caseNumber, terminalId, matter.id, submission.applicant.number, Buffer.from(bytes).toString('utf8'), createHash('sha256').update(bytes).digest('hex'),
      state, nowMs, JSON.stringify(matter.promise), JSON.stringify(tolerated), proof === undefined ? null : JSON.stringify(proof), proof?.verificationCode ?? null,
    )
    for (const passed of atOnce ? (['received', 'accepted', 'done'] as const) : (['received'] as const)) {
      store.run('INSERT INTO timeline(case_number, at, state) VALUES (?, ?, ?)', caseNumber, nowMs, passed)
    }
    for (const file of files) store.run('UPDATE upload SET case_number = ? WHERE terminal_id = ? AND attachment_id = ?', caseNumber, terminalId, file.attachmentId)
    const receipt: CaseReceipt = { caseNumber, receivedAt: iso(nowMs), state, promise: matter.promise, tolerated, ...(proof !== undefined && { proof }) }
    return { status: 201, headers: { Location: `/v1/cases/${caseNumber}` }, body: receipt }
  },

  listCases(request) {
    const session = openSessionOf(request, request.query['sessionId'] ?? '')
    const rows = request.store.all('SELECT number FROM accepted_case WHERE applicant_number = ? ORDER BY received_at DESC, number DESC LIMIT 100', session.personNumber)
    return { status: 200, body: { cases: rows.map((row) => caseView(request.store, String(row['number']))) } }
  },

  getCase({ store, path }) {
    return { status: 200, body: caseView(store, path['caseNumber'] ?? '') }
  },

  getProof(request) {
    const session = openSessionOf(request, request.query['sessionId'] ?? '')
    const row = request.store.one('SELECT proof FROM accepted_case WHERE number = ? AND terminal_id = ? AND applicant_number = ? AND proof IS NOT NULL', request.path['caseNumber'] ?? '', request.terminalId, session.personNumber)
    if (row === undefined) throw new Refusal('not-found')
    return { status: 200, body: JSON.parse(String(row['proof'])) as Proof }
  },

  fetchProofDocument({ store, terminalId, path }) {
    const row = store.one('SELECT proof FROM accepted_case WHERE proof_code = ? AND terminal_id = ?', path['verificationCode'] ?? '', terminalId)
    if (row === undefined) throw new Refusal('not-found')
    const proof = JSON.parse(String(row['proof'])) as Proof
    return {
      status: 200,
      document: async () => {
        const { pdf, pages } = await drawProof(proof)
        return { mime: 'application/pdf', bytes: pdf, headers: { 'X-Document-Pages': String(pages), 'Content-Digest': contentDigestHeader(sha256Base64(pdf)) } }
      },
    }
  },

  evaluate({ store, nowMs, terminalId, body }) {
    const evaluation = body as Evaluation
    if (store.one('SELECT 1 FROM accepted_case WHERE number = ? AND terminal_id = ?', evaluation.caseNumber, terminalId) === undefined) throw new Refusal('not-found')
    const added = store.run('INSERT OR IGNORE INTO evaluation(case_number, grade, details, words, recorded_at) VALUES (?, ?, ?, ?, ?)',
      evaluation.caseNumber, evaluation.grade, JSON.stringify(evaluation.details ?? []), evaluation.words ?? null, nowMs)
    if (added === 0) throw new Refusal('already-evaluated')
    return { status: 201, body: { recordedAt: iso(nowMs) } }
  },
}

/** Every file that a submission names: pages of its materials and the signature. */
export function filesOf(submission: Pick<Submission, 'materials' | 'signature'>): readonly FileRef[] {
  return [...submission.materials.flatMap(({ uploads }) => uploads ?? []), ...(submission.signature === undefined ? [] : [submission.signature.file])]
}

/** State, timeline and materials of a case; nothing of its applicant. */
export function caseView(store: Store, caseNumber: string): CaseView {
  const row = parseCaseNumber(caseNumber) === undefined ? undefined : store.one('SELECT * FROM accepted_case WHERE number = ?', caseNumber)
  if (row === undefined) throw new Refusal('not-found')
  const submission = JSON.parse(String(row['submission'])) as Submission
  const tolerated = JSON.parse(String(row['tolerated'])) as CaseReceipt['tolerated']
  return {
    caseNumber,
    matter: submission.matter,
    packVersion: submission.pack.version,
    state: String(row['state']) as CaseState,
    receivedAt: iso(Number(row['received_at'])),
    promise: JSON.parse(String(row['promise'])) as components['schemas']['Promise'],
    timeline: store.all('SELECT at, state FROM timeline WHERE case_number = ? ORDER BY id', caseNumber).map((entry) => {
      const state = String(entry['state']) as CaseState
      return { at: iso(Number(entry['at'])), state, sentence: STATE_SENTENCES[state] }
    }),
    materials: submission.materials.map(({ id, name, how, uploads }) => {
      const until = tolerated.find(({ materialId }) => materialId === id)?.until
      return { id, name, how, files: uploads?.length ?? 0, ...(until !== undefined && { toleranceUntil: until }) }
    }),
  }
}

function registered(terminalId: string, nowMs: number): TerminalRegistered {
  return { terminalId, registeredAt: iso(nowMs), expiresAt: iso(nowMs + REGISTRATION_LIFE_MS), heartbeatSeconds: HEARTBEAT_SECONDS }
}

function onlyItself(terminalId: string, inPath: string | undefined): void {
  if (inPath !== terminalId) throw new Refusal('terminal-mismatch')
}

function openSessionOf({ store, nowMs, terminalId }: OperationRequest, sessionId: string): { readonly personNumber: string } {
  const row = store.one('SELECT person_number, expires_at, ended_at FROM session WHERE id = ? AND terminal_id = ?', sessionId, terminalId)
  if (row === undefined) throw new Refusal('not-found', { where: '/sessionId' })
  if (row['ended_at'] !== null || Number(row['expires_at']) <= nowMs) throw new Refusal('session-ended')
  return { personNumber: String(row['person_number']) }
}

function draftOf(request: OperationRequest, draftId: string): Draft {
  const row = request.store.one('SELECT * FROM draft WHERE id = ?', draftId)
  if (row === undefined) throw new Refusal('not-found')
  openSessionOf(request, String(row['session_id']))
  return {
    draftId,
    sessionId: String(row['session_id']),
    matter: JSON.parse(String(row['matter'])) as Draft['matter'],
    pack: JSON.parse(String(row['pack'])) as Draft['pack'],
    answers: JSON.parse(String(row['answers'])) as Draft['answers'],
    form: JSON.parse(String(row['form'])) as Draft['form'],
    updatedAt: iso(Number(row['updated_at'])),
  }
}

function uploadOf({ store, terminalId, path, nowMs }: OperationRequest): { readonly id: string; readonly offset: number; readonly bytes: number; readonly sha256: string } {
  const row = store.one('SELECT * FROM upload WHERE id = ? AND terminal_id = ?', path['uploadId'] ?? '', terminalId)
  if (row === undefined) throw new Refusal('not-found')
  if (Number(row['gone']) === 1 || (Number(row['expires_at']) <= nowMs && row['case_number'] === null)) throw new Refusal('upload-gone')
  return { id: String(row['id']), offset: Number(row['offset']), bytes: Number(row['bytes']), sha256: String(row['sha256']) }
}

function nextRunningNumber(store: Store, day: string): number {
  store.run('INSERT INTO running_number(day, last) VALUES (?, 1) ON CONFLICT(day) DO UPDATE SET last = last + 1', day)
  return Number(store.one('SELECT last FROM running_number WHERE day = ?', day)?.['last'])
}

function iso(epochMs: number): string {
  return new Date(epochMs).toISOString()
}
