import { randomUUID } from 'node:crypto'
import { createConfig, lint } from '@redocly/openapi-core'
import { PDFDocument } from 'pdf-lib'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { freezeSubmission, type FrozenSubmission, type OneWindowClient } from '../../core/one-window/client.ts'
import { parseCaseNumber } from '../../core/one-window/case-number.ts'
import type { IdempotencyKey, CaseNumber } from '../../core/ids.ts'
import type { HttpFetch } from '../../core/one-window/platform.ts'
import type { Submission } from '../../core/one-window/types.ts'
import type { Clock } from '../../core/clock/clock.ts'
import { systemClock } from '../../drivers/device-host/system-clock.ts'
import { createRegistration } from '../../electron/services/one-window/registration.ts'
import { nodePlatform } from '../../electron/services/one-window/node-platform.ts'
import { lastDay } from '../../sandbox/backend/calendar.ts'
import { OPERATIONS } from '../../sandbox/backend/operations.ts'
import { loadContract } from '../../sandbox/backend/contract.ts'
import { CHEN, consent, ENROLMENT_CODE, file, LIN, openWorld, registrationOf, submission, TERMINAL, type World } from './one-window-world.ts'

let world: World
let client: OneWindowClient

beforeEach(async () => {
  world = await openWorld()
  await world.enrol()
  client = world.client()
})
afterEach(() => world.close())

const newKey = (): IdempotencyKey => randomUUID() as IdempotencyKey
const frozen = (...args: Parameters<typeof submission>): FrozenSubmission => freezeSubmission({ ...submission(...args), localNumber: 'K260101-TESTAA' })

async function value<T, E>(answer: Promise<{ ok: true; value: T } | { ok: false; error: E }>): Promise<T> {
  const result = await answer
  if (!result.ok) throw new Error(JSON.stringify(result.error))
  return result.value
}

async function session(person = CHEN): Promise<string> {
  return (await value(client.openSession({ person, evidence: { how: 'card-read', readAt: '2026-01-01T01:00:00Z' }, consents: [consent()] }))).sessionId
}

async function upload(bytes: Uint8Array): Promise<ReturnType<typeof file>> {
  const made = file(bytes)
  const { uploadId } = await value(client.createUpload(made.manifest))
  await value(client.putUploadPiece(uploadId, 0, bytes))
  return made
}

describe('the contract', () => {
  it('lints clean', async () => {
    const problems = await lint({ ref: new URL('../../core/one-window/openapi.yaml', import.meta.url).pathname, config: await createConfig({ extends: ['recommended'] }) })
    expect(problems.map(({ ruleId, message }) => `${ruleId}: ${message}`)).toEqual([])
  })

  it('is implemented whole', () => {
    expect(Object.keys(OPERATIONS).toSorted()).toEqual(loadContract().map(({ id }) => id).toSorted())
  })
})

describe('a terminal', () => {
  it('registers once with its code; the same again is fine, another key is not', async () => {
    expect((await client.registerTerminal(registrationOf(world.key))).ok).toBe(true)
    const other = await world.client({ terminalId: 'DEMO-0002' }).registerTerminal(registrationOf(world.key))
    expect(other).toMatchObject({ ok: false, error: { kind: 'unauthorised', code: 'enrolment-code-used' } })
  })

  it('is heard and told the catalogue', async () => {
    const beat = await value(client.sendHeartbeat({ software: '0.1.0', sentAt: new Date().toISOString(), devices: [], offered: ['M01'], outbox: { waiting: 0, held: 0 } }))
    expect(beat.nextSeconds).toBeGreaterThan(0)
    expect((await value(client.getCatalogueVersion())).matters.map(({ id }) => id)).toEqual(['M01', 'M05', 'M12'])
  })

  it('renews a registration that has ended, and enrols again when it was forgotten', async () => {
    const registration = createRegistration({ folder: world.folder, client, clock: systemClock, publicKey: world.key.publicKey, terminalId: TERMINAL, region: '990101', name: { 'zh-CN': '演示', en: 'Demonstration' }, software: '0.1.0', enrolmentCode: ENROLMENT_CODE })
    expect(await registration.ensure()).toMatchObject({ ok: true })
    await world.backend.command({ kind: 'expire-registration', terminalId: TERMINAL })
    expect(await client.getCatalogueVersion()).toMatchObject({ ok: false, error: { kind: 'unauthorised', code: 'registration-expired' } })
    expect(await registration.renew()).toMatchObject({ ok: true })
    expect((await client.getCatalogueVersion()).ok).toBe(true)
    await world.backend.command({ kind: 'forget-terminal', terminalId: TERMINAL })
    expect(await client.getCatalogueVersion()).toMatchObject({ ok: false, error: { code: 'terminal-unknown' } })
    expect(await registration.renew()).toMatchObject({ ok: true })
    expect((await client.getCatalogueVersion()).ok).toBe(true)
  })

  it('is refused while it is suspended', async () => {
    await world.backend.command({ kind: 'suspend-terminal', terminalId: TERMINAL, on: true })
    expect(await client.getCatalogueVersion()).toMatchObject({ ok: false, error: { kind: 'unauthorised', status: 403, code: 'terminal-suspended' } })
  })
})

describe('a request', () => {
  /** Changes the request after it was signed, as somebody in the middle would. */
  const tampering = (change: (request: Request) => Request | Promise<Request>): HttpFetch => async (request, signal) =>
    nodePlatform.fetch(await change(request as unknown as Request), signal)

  it('with another body than was signed is refused', async () => {
    const tampered = world.client({ fetch: tampering(async (request) => new Request(request, { body: (await request.clone().text()).replace('陈志远', '陈志近') })) })
    expect(await tampered.submitCase(frozen('M01', CHEN), newKey())).toMatchObject({ ok: false, error: { kind: 'refused', code: 'digest-mismatch' } })
  })

  it('with another path, key or signature is refused', async () => {
    const sessionId = await session()
    const otherPath = world.client({ fetch: tampering((request) => new Request(request.url.replace(sessionId, randomUUID()), request)) })
    expect(await otherPath.listCases(sessionId)).toMatchObject({ ok: false, error: { kind: 'unauthorised', code: 'signature-invalid' } })
    const otherKey = world.client({ fetch: tampering((request) => {
      request.headers.set('Idempotency-Key', `"${randomUUID()}"`)
      return request
    }) })
    expect(await otherKey.submitCase(frozen('M01', CHEN), newKey())).toMatchObject({ ok: false, error: { code: 'signature-invalid' } })
    const otherSignature = world.client({ sign: () => Buffer.alloc(64, 1).toString('base64') })
    expect(await otherSignature.getCatalogueVersion()).toMatchObject({ ok: false, error: { code: 'signature-invalid' } })
    expect(world.backend.state().cases).toEqual([])
  })

  it('that is played back is refused', async () => {
    let recorded: Request | undefined
    const recording = world.client({ fetch: (request, signal) => {
      recorded = (request as unknown as Request).clone()
      return nodePlatform.fetch(request, signal)
    } })
    await value(recording.submitCase(frozen('M01', CHEN), newKey()))
    const again = await fetch(recorded as Request)
    expect(again.status).toBe(401)
    expect(await again.json()).toMatchObject({ code: 'nonce-replayed' })
    expect(world.backend.state().cases).toHaveLength(1)
  })

  it('from a clock that is 6 minutes off is refused, and 4 minutes off is not', async () => {
    const shifted = (ms: number): Clock => ({ ...systemClock, now: () => Date.now() + ms })
    expect(await world.client({ clock: shifted(-6 * 60_000) }).getCatalogueVersion()).toMatchObject({ ok: false, error: { code: 'request-time-out-of-window' } })
    expect(await world.client({ clock: shifted(6 * 60_000) }).getCatalogueVersion()).toMatchObject({ ok: false, error: { code: 'request-time-out-of-window' } })
    expect((await world.client({ clock: shifted(-4 * 60_000) }).getCatalogueVersion()).ok).toBe(true)
  })

  it('without a key is refused with 400', async () => {
    const keyless = world.client({ fetch: tampering((request) => {
      request.headers.delete('Idempotency-Key')
      return request
    }) })
    expect(await keyless.submitCase(frozen('M01', CHEN), newKey())).toMatchObject({ ok: false, error: { kind: 'refused', status: 400, code: 'idempotency-key-missing' } })
  })

  it('of the wrong form is refused with the place of the fault', async () => {
    const broken = JSON.stringify({ ...submission('M01', CHEN), localNumber: 'K260101-TESTAA', surprise: true }) as FrozenSubmission
    expect(await client.submitCase(broken, newKey())).toMatchObject({ ok: false, error: { kind: 'refused', status: 400, code: 'malformed' } })
  })
})

describe('submitting', () => {
  it('answers with a checked case number and the backend’s own time', async () => {
    const before = Date.now()
    const receipt = await value(client.submitCase(frozen('M05', CHEN), newKey()))
    expect(parseCaseNumber(receipt.caseNumber)).toBe(receipt.caseNumber)
    expect(Date.parse(receipt.receivedAt)).toBeGreaterThanOrEqual(before)
    expect(receipt).toMatchObject({ state: 'received', promise: { unit: 'calendar-day', days: 15 } })
  })

  it('again with the same key and bytes gives the same answer and one case; other bytes give 422', async () => {
    const key = newKey()
    const body = frozen('M05', CHEN)
    const first = await value(client.submitCase(body, key))
    expect(await value(client.submitCase(body, key))).toEqual(first)
    expect(await client.submitCase(frozen('M05', LIN), key)).toMatchObject({ ok: false, error: { kind: 'refused', status: 422, code: 'idempotency-key-reused' } })
    expect(world.backend.state().cases).toHaveLength(1)
  })

  it('again while the first is still being worked on gives 409', async () => {
    await world.backend.command({ kind: 'slow', ms: 2_000 })
    const key = newKey()
    const body = frozen('M05', CHEN)
    const [first, second] = await Promise.all([client.submitCase(body, key), client.submitCase(body, key)])
    expect([first, second].filter(({ ok }) => ok)).toHaveLength(1)
    expect([first, second].find(({ ok }) => !ok)).toMatchObject({ error: { kind: 'conflict', code: 'still-running', retryAfterMs: 1000 } })
    expect(world.backend.state().cases).toHaveLength(1)
  })

  it('names all gaps together in the pre-check, and refuses with the same list', async () => {
    const open = await value(client.submitCase(frozen('M12', { ...CHEN, number: '990101195803120027', name: '周桂兰', sex: 'female', birth: '1958-03-12' }), newKey()))
    const { localNumber: _l, confirmedAt: _c, evidence: _e, consents: _s, channel: _h, ...application } = { ...submission('M12', CHEN), localNumber: '' }
    const young = await value(client.preCheck({
      ...application,
      materials: [
        { id: 'household', name: { 'zh-CN': '户口簿', en: 'Household register' }, how: 'licence', uploads: [], licenceRef: randomUUID() },
        { id: 'photo', name: { 'zh-CN': '相片', en: 'Photo' }, how: 'scan', uploads: [] },
      ],
    }))
    expect(young.gaps.map(({ code }) => code)).toEqual(['age-below', 'licence-unknown', 'pages-missing'])
    const again = await value(client.preCheck({ ...application, applicant: { ...CHEN, number: '990101195803120027' } }))
    expect(again.gaps).toMatchObject([{ code: 'case-open', caseNumber: open.caseNumber }])
    expect(await client.submitCase(frozen('M12', CHEN), newKey())).toMatchObject({ ok: false, error: { kind: 'refused', code: 'gaps-remain', gaps: [{ code: 'age-below' }] } })
    expect(await client.submitCase(frozen('M12', { ...CHEN, number: '990101195803120027' }), newKey())).toMatchObject({ ok: false, error: { kind: 'refused', code: 'case-conflict' } })
  })

  it('without a file that it names is refused; with it, the viewer shows the file', async () => {
    const page = file(Buffer.from('not uploaded'))
    expect(await client.submitCase(frozen('M05', CHEN, [page.manifest]), newKey())).toMatchObject({ ok: false, error: { code: 'upload-missing' } })
    const bytes = Buffer.from('a picture, for all that matters here')
    const sent = await upload(bytes)
    const { caseNumber } = await value(client.submitCase(frozen('M05', CHEN, [sent.manifest]), newKey()))
    const viewer = await (await fetch(`${world.backend.url}/cases/${caseNumber}`)).text()
    expect(viewer).toContain('陈志远')
    expect(viewer).toContain('Demonstration 演示')
    const picture = /src="(\/files\/[^"]+)"/.exec(viewer)?.[1] ?? ''
    expect(Buffer.from(await (await fetch(`${world.backend.url}${picture}`)).arrayBuffer())).toEqual(bytes)
  })

  it('with questions for the clerk is received like any other, and the viewer shows them with where each value came from', async () => {
    const sent = await upload(Buffer.from('a lease'))
    const common = submission('M05', CHEN, [sent.manifest])
    const asked: Omit<Submission, 'localNumber'> = {
      ...common,
      materials: common.materials.map((material) => (material.id === 'lease' ? { ...material, fields: { tenant: '陈志远', endDate: '2028-02-29' }, fieldSources: { tenant: 'typed', endDate: 'read-sure' } } : material)),
      reviewPoints: [{ materialId: 'lease', code: 'tenant-name', finding: 'undecided', question: { 'zh-CN': '承租人是不是<申请人>', en: 'Whether the tenant is the <applicant>' } }],
    }
    const body = freezeSubmission({ ...asked, localNumber: 'K260101-TESTAB' })
    const { caseNumber, state } = await value(client.submitCase(body, newKey()))
    expect(state).toBe('received')
    const viewer = async (language: string): Promise<string> => (await fetch(`${world.backend.url}/cases/${caseNumber}?lang=${language}`)).text()
    expect(await viewer('zh-CN')).toMatch(/请工作人员看.*租赁合同: <b>承租人是不是&lt;申请人&gt;<\/b> <span class="how">终端判断不了<.*陈志远 <span class="how">申请人填写<.*2028-02-29 <span class="how">读出</s)
    expect(await viewer('en')).toMatch(/For the clerk to look at.*Whether the tenant is the &lt;applicant&gt;/s)
  })

  it('of M01 gives a proof at once, which anybody can check', async () => {
    const receipt = await value(client.submitCase(frozen('M01', CHEN, [], { kinds: ['pension'], from: '2020-01', to: '2020-12' }), newKey()))
    expect(receipt).toMatchObject({ state: 'done', promise: { unit: 'at-once' }, proof: { rows: [{ kind: 'pension', from: '2020-03', to: '2020-12', months: 10 }], totals: [{ kind: 'pension', months: 10 }] } })
    const proof = await value(client.getProof(receipt.caseNumber as CaseNumber, await session()))
    expect(proof).toEqual(receipt.proof)
    expect(await (await fetch(proof.verifyUrl)).text()).toContain(proof.verificationCode)
    expect(await client.getProof(receipt.caseNumber as CaseNumber, await session(LIN))).toMatchObject({ ok: false, error: { code: 'not-found' } })
  })

  it('hands out a proof as a sealed document of A4 pages, to the terminal that submitted it, and what was changed on the way is refused', async () => {
    const receipt = await value(client.submitCase(frozen('M01', CHEN), newKey()))
    const code = receipt.proof?.verificationCode ?? ''
    const document = await value(client.fetchProofDocument(code))
    const read = await PDFDocument.load(document.pdf)
    expect(read.getPageCount()).toBe(document.pages)
    expect(read.getPages().map((page) => [Math.round(page.getWidth()), Math.round(page.getHeight())])).toEqual(Array.from({ length: document.pages }, () => [595, 842]))
    expect(await client.fetchProofDocument('0000-0000-0000-0000')).toMatchObject({ ok: false, error: { kind: 'refused', code: 'not-found' } })
    const changed = world.client({ fetch: async (request, signal) => {
      const answer = (await nodePlatform.fetch(request, signal)) as unknown as Response
      const bytes = new Uint8Array(await answer.arrayBuffer())
      bytes[bytes.length - 1] = (bytes.at(-1) ?? 0) ^ 1
      return new Response(bytes, { status: answer.status, headers: answer.headers })
    } })
    expect(await changed.fetchProofDocument(code)).toEqual({ ok: false, error: { kind: 'bad-answer', status: 200, where: 'Content-Digest' } })
  })

  it('keeps its cases across a restart of the backend', async () => {
    const key = newKey()
    const body = frozen('M05', CHEN)
    const first = await value(client.submitCase(body, key))
    await world.backend.stop()
    await world.backend.start()
    client = world.client()
    expect((await value(client.getCase(first.caseNumber as CaseNumber))).state).toBe('received')
    expect(await value(client.submitCase(body, key))).toEqual(first)
  })

  it('tells a material that may follow its last day', async () => {
    const body = submission('M05', CHEN)
    const later = { ...body, localNumber: 'K260101-TESTAA', materials: [...body.materials, { id: 'lease', name: { 'zh-CN': '租赁合同', en: 'Lease' }, how: 'later' as const, uploads: [], tolerance: { days: 5, unit: 'working-day' as const } }] }
    const receipt = await value(client.submitCase(freezeSubmission(later), newKey()))
    expect(receipt.tolerated).toEqual([{ materialId: 'lease', until: lastDay(Date.parse(receipt.receivedAt), { days: 5, unit: 'working-day' }) }])
  })
})

describe('evidence', () => {
  it('is fetched with consent: some have the licence, some have not, some have an expired one', async () => {
    const fetched = async (person: typeof CHEN, type: string): Promise<string> => (await value(client.fetchLicence({ sessionId: await session(person), type, purpose: { 'zh-CN': '居住证申领', en: 'Residence permit' }, matter: 'M05', consent: consent() }))).outcome
    expect(await fetched(CHEN, 'id-card')).toBe('found')
    expect(await fetched(CHEN, 'marriage-certificate')).toBe('none')
    expect(await fetched(LIN, 'residence-permit')).toBe('expired')
  })

  it('is checked in registers: passed, failed, or not known', async () => {
    const checked = async (person: typeof CHEN, check: string): Promise<string> => (await value(client.checkData({ sessionId: await session(person), check, matter: 'M05', facts: { address: '柳林路18号' }, consent: consent() }))).outcome
    expect(await checked(LIN, 'real-estate-ownership')).toBe('passed')
    expect(await checked(CHEN, 'real-estate-ownership')).toBe('failed')
    expect(await checked(CHEN, 'tax-record')).toBe('unknown')
  })

  it('ends with the session', async () => {
    const sessionId = await session()
    await value(client.endSession(sessionId))
    expect(await client.listCases(sessionId)).toMatchObject({ ok: false, error: { kind: 'refused', status: 410, code: 'session-ended' } })
  })

  it('is refused for a person whose number contradicts the birth date', async () => {
    expect(await client.openSession({ person: { ...CHEN, birth: '1990-11-06' }, evidence: { how: 'card-read', readAt: '2026-01-01T01:00:00Z' }, consents: [] })).toMatchObject({ ok: false, error: { code: 'identity-refused' } })
  })
})

describe('drafts, commitments and grades', () => {
  it('go the way of a session', async () => {
    const sessionId = await session()
    const { matter, pack } = submission('M05', CHEN)
    const draft = await value(client.createDraft({ sessionId, matter, pack }))
    await value(client.putForm(draft.draftId, { answers: { basis: 'work' }, form: { phone: '13900002046' } }))
    expect(await value(client.getDraft(draft.draftId))).toMatchObject({ answers: { basis: 'work' }, form: { phone: '13900002046' } })
    const promise = { sessionId, matter: 'M05', materialId: 'employment', commitment: consent() }
    await value(client.makeCommitment(promise))
    const { caseNumber } = await value(client.submitCase(frozen('M05', CHEN), newKey()))
    expect((await value(client.listCases(sessionId))).cases.map((one) => one.caseNumber)).toEqual([caseNumber])
    await value(client.evaluate({ caseNumber, grade: 5, at: new Date().toISOString() }))
    expect(await client.evaluate({ caseNumber, grade: 1, at: new Date().toISOString() })).toMatchObject({ ok: false, error: { code: 'already-evaluated' } })
    await world.backend.command({ kind: 'set-case-state', caseNumber, state: 'accepted' })
    expect((await value(client.getCase(caseNumber as CaseNumber))).timeline.map(({ state }) => state)).toEqual(['received', 'accepted'])
  })
})

describe('uploads', () => {
  it('resume at the stored offset, refuse another, and notice other content', async () => {
    const bytes = Buffer.from('0123456789')
    const { manifest } = file(bytes)
    const { uploadId } = await value(client.createUpload(manifest))
    expect(await value(client.putUploadPiece(uploadId, 0, bytes.subarray(0, 4)))).toBe(4)
    expect(await client.putUploadPiece(uploadId, 0, bytes.subarray(0, 4))).toMatchObject({ ok: false, error: { kind: 'conflict', code: 'offset-mismatch' } })
    expect(await value(client.getUploadOffset(uploadId))).toBe(4)
    expect(await value(client.createUpload(manifest))).toMatchObject({ uploadId, offset: 4 })
    expect(await client.putUploadPiece(uploadId, 4, Buffer.from('xxxxxx'))).toMatchObject({ ok: false, error: { kind: 'refused', code: 'upload-content-differs' } })
    expect(await client.getUploadOffset(uploadId)).toMatchObject({ ok: false, error: { kind: 'refused', code: 'upload-gone' } })
  })

  it('refuse a piece of more than 2 MiB', async () => {
    const bytes = Buffer.alloc(2 * 1024 * 1024 + 1)
    const { uploadId } = await value(client.createUpload(file(bytes).manifest))
    expect(await client.putUploadPiece(uploadId, 0, bytes)).toMatchObject({ ok: false, error: { kind: 'refused', code: 'too-large' } })
  })
})

describe('the client', () => {
  it('tells unreachable, slow, failing and foreign answers apart', async () => {
    await world.backend.command({ kind: 'offline', on: true })
    expect(await client.getCatalogueVersion()).toMatchObject({ ok: false, error: { kind: 'unreachable' } })
    await world.backend.command({ kind: 'offline', on: false })
    await world.backend.command({ kind: 'slow', ms: 5_000 })
    expect(await world.client({ timeoutMs: 150 }).getCatalogueVersion()).toEqual({ ok: false, error: { kind: 'timeout', afterMs: 150 } })
    await world.backend.command({ kind: 'slow', ms: 0 })
    await world.backend.command({ kind: 'fail-5xx', times: 1, retryAfterSeconds: 7 })
    expect(await client.getCatalogueVersion()).toEqual({ ok: false, error: { kind: 'server-error', status: 503, retryAfterMs: 7000 } })
    const answering = (response: Response): OneWindowClient => world.client({ fetch: () => Promise.resolve(response) })
    expect(await answering(new Response('<html>log in</html>', { status: 200 })).getCatalogueVersion()).toMatchObject({ ok: false, error: { kind: 'bad-answer' } })
    expect(await answering(new Response('<html>no</html>', { status: 403 })).getCatalogueVersion()).toMatchObject({ ok: false, error: { kind: 'bad-answer', status: 403 } })
    expect(await answering(Response.json({ version: 1 })).getCatalogueVersion()).toEqual({ ok: false, error: { kind: 'bad-answer', status: 200, where: '/version' } })
  })

  it('gives up when its caller leaves', async () => {
    await world.backend.command({ kind: 'slow', ms: 5_000 })
    const leaving = new AbortController()
    const answer = client.getCatalogueVersion({ signal: leaving.signal })
    leaving.abort()
    expect(await answer).toEqual({ ok: false, error: { kind: 'unreachable', code: 'aborted' } })
  })
})
