import { randomUUID } from 'node:crypto'
import type { ApplicationDraft, SubmissionOutcome } from '../../../core/case/draft.ts'
import { issuedProof } from '../../../core/case/proof-lines.ts'
import type { Clock } from '../../../core/clock/clock.ts'
import type { DocumentKind } from '../../../core/document/document-kind.ts'
import { lookStageSentence } from '../../../core/document/page-sentences.ts'
import { documentReadSentence, documentReadStaffSentence } from '../../../core/document/sentences.ts'
import type { Log } from '../../../core/log/events.ts'
import type { DeviceId, IdempotencyKey } from '../../../core/ids.ts'
import { chinaDate } from '../../../core/identity/dates.ts'
import { maskNumber } from '../../../core/identity/masking.ts'
import type { JourneyPorts, Problem } from '../../../core/journey/ports.ts'
import type { OneWindowClient } from '../../../core/one-window/client.ts'
import type { OneWindowError } from '../../../core/one-window/errors.ts'
import { citizenSentence, staffSentence } from '../../../core/one-window/sentences.ts'
import type { CaseReceipt } from '../../../core/one-window/types.ts'
import type { Result } from '../../../core/result/result.ts'
import { err, ok } from '../../../core/result/result.ts'
import { text } from '../../../core/text/local-text.ts'
import type { DeviceHost } from '../../../drivers/device-host/contract.ts'
import { consentOf, evidenceOf, gapsOf, personOf, preCheckOf, submissionOf } from '../application/application.ts'
import type { ApplicationContext } from '../application/application.ts'
import type { DocumentReader } from '../documents.ts'
import { faultCode } from '../fault-code.ts'
import type { Outbox, SubmitOutcome } from '../outbox/outbox.ts'
import { keepErrorSentence, keptSentence } from '../outbox/sentences.ts'
import type { Printing } from '../printing/printing.ts'
import type { PagePrinting } from '../printing-pages/page-printing.ts'
import type { PageStore } from './page-store.ts'
import type { KnownReads } from './read-pages.ts'
import { readPages } from './read-pages.ts'

/** How long a citizen is asked to wait for the backend's receipt before the application counts as kept. */
const SUBMIT_LIMIT_MS = 20_000
/** A card is waited for until the session itself ends; the reader's own limits are far below this. */
const CARD_LIMIT_MS = 10 * 60_000
/** A camera does not know how large the paper is: as if A4 filled its picture. */
const A4_LONG_SIDE_INCHES = 297 / 25.4
/** Papers that are only kept as pictures. */
const ARCHIVE_DPI = 300

export interface PortDependencies {
  readonly clock: Clock
  readonly host: DeviceHost
  /** The card reader and the scanner to use now, where there is one. */
  readonly reader: () => DeviceId | undefined
  readonly scanner: (source: 'platen' | 'feeder') => DeviceId | undefined
  readonly client: OneWindowClient
  readonly outbox: Outbox
  readonly printing: Pick<Printing, 'print' | 'nobodyWaits'>
  /** Left out where the terminal has no page printer. */
  readonly pagePrinting?: Pick<PagePrinting, 'printProof'>
  readonly documents: DocumentReader
  readonly documentKinds: readonly DocumentKind[]
  readonly pages: PageStore
  readonly context: () => ApplicationContext
  /** The backend did not answer a citizen's request: look at the connection now. */
  readonly doubt: () => void
  readonly log: Log
}

/** The journey's ports on a real terminal, and what must be wiped with each citizen. */
export interface SessionPorts {
  readonly ports: JourneyPorts
  /** Ends the backend session, overwrites pictures, replaces the document worker. */
  wipe(): void
}

export function createPorts(deps: PortDependencies): SessionPorts {
  const { clock, host, client, outbox, pages, pagePrinting } = deps
  /** Pages that the camera took: only there a paper lies somewhere on a desk. */
  const photographs = new Set<string>()
  let knownReads: KnownReads = new WeakMap()
  /** One backend session for each application, opened when the first request needs it. */
  let session: { readonly draft: string; readonly opened: Promise<Result<string, OneWindowError>> } | undefined

  function backendSession(draft: ApplicationDraft): Promise<Result<string, OneWindowError>> {
    if (session?.draft !== draft.id) {
      endBackendSession()
      const opened = client.openSession({ person: personOf(draft), evidence: evidenceOf(draft, deps.context()), consents: [consentOf(draft)] })
        .then((answer): Result<string, OneWindowError> => {
          // A failed opening is not remembered: the next request tries anew.
          if (!answer.ok && session?.opened === opened) session = undefined
          return answer.ok ? ok(answer.value.sessionId) : answer
        })
      session = { draft: draft.id, opened }
    }
    return session.opened
  }

  function endBackendSession(): void {
    const ending = session
    session = undefined
    void ending?.opened.then((opened) => (opened.ok ? client.endSession(opened.value) : undefined))
  }

  function problem(error: OneWindowError): Problem {
    if (error.kind !== 'refused') deps.doubt()
    return { sentence: citizenSentence(error), staffSentence: staffSentence(error) }
  }

  function fault(step: string, error: unknown): void {
    deps.log('session.fault', { step, code: faultCode(error) })
  }

  const submissions = new Map<string, Promise<SubmissionOutcome>>()

  async function submit(draft: ApplicationDraft, onStep: (step: 'keeping' | 'sending') => void): Promise<SubmissionOutcome> {
    onStep('keeping')
    let kept: Awaited<ReturnType<Outbox['keep']>>
    try {
      kept = await outbox.keep({ idempotencyKey: draft.id as IdempotencyKey, ...submissionOf(draft, deps.context(), clock.now()) })
    } catch (error) {
      fault('keep', error)
      kept = err({ kind: 'not-stored', code: 'fault' })
    }
    if (!kept.ok) return { kind: 'refused', code: kept.error.kind, sentence: keepErrorSentence(kept.error), localNumber: undefined }
    onStep('sending')
    const { localNumber } = kept.value
    const outcome = await outbox.submitNow(localNumber, SUBMIT_LIMIT_MS).catch((error: unknown): SubmitOutcome => {
      // It is on the disk and will be sent; nothing less may be said.
      fault('send', error)
      return { kind: 'kept', localNumber, why: { kind: 'not-in-time' } }
    })
    switch (outcome.kind) {
      case 'received': return { kind: 'received', caseNumber: outcome.caseNumber, receivedAt: outcome.receivedAt, ...detailsOf(outcome.receipt) }
      case 'kept':
        deps.doubt()
        return { kind: 'kept', localNumber, why: keptSentence(outcome.why) }
      case 'refused': return { kind: 'refused', code: outcome.code, sentence: outcome.sentence, localNumber }
    }
  }

  const ports: JourneyPorts = {
    now: () => clock.now(),
    today: () => chinaDate(clock.now()),
    newId: () => randomUUID(),
    async readCard(onProgress, signal) {
      const began = clock.now()
      const reader = deps.reader()
      const read = reader === undefined
        ? err({ kind: 'reader-gone', code: 'not-configured' } as const)
        : await host.readCard(reader, { timeoutMs: CARD_LIMIT_MS }, onProgress, signal as AbortSignal)
      deps.log('session.card-read', { result: read.ok ? 'read' : read.error.kind, tookMs: clock.now() - began, ...codeOf(read) })
      // A card that was read after everybody had left: nobody is to know it.
      if (signal.aborted && read.ok) {
        read.value.photo?.bytes.fill(0)
        return err({ kind: 'cancelled' })
      }
      return read
    },
    async fetchLicence(draft, _material, licenceType, signal) {
      const opened = await backendSession(draft)
      if (!opened.ok) return err(problem(opened.error))
      const matter = deps.context().pack.matters.find((candidate) => candidate.id === draft.matter)
      const answer = await client.fetchLicence({ sessionId: opened.value, type: licenceType, purpose: matter?.name ?? text(draft.matter, draft.matter), matter: draft.matter, consent: consentOf(draft) }, { signal })
      if (!answer.ok) return err(problem(answer.error))
      if (answer.value.outcome !== 'found') return err({ sentence: answer.value.sentence, staffSentence: answer.value.sentence })
      const { licence } = answer.value
      const number = maskNumber(licence.number)
      return ok({ way: 'licence', licenceType, reference: licence.licenceRef, name: licence.name, detail: text(`已调取${licence.name['zh-CN']} ${number}`, `${licence.name.en} ${number} fetched`) })
    },
    async checkData(draft, _material, check, signal) {
      const opened = await backendSession(draft)
      if (!opened.ok) return err(problem(opened.error))
      const facts = Object.fromEntries(Object.entries(draft.form).filter((entry): entry is [string, string] => typeof entry[1] === 'string'))
      const answer = await client.checkData({ sessionId: opened.value, check, matter: draft.matter, facts, consent: consentOf(draft) }, { signal })
      if (!answer.ok) return err(problem(answer.error))
      const { outcome, sentence, checkRef } = answer.value
      return outcome === 'passed' ? ok({ way: 'data-check', check, reference: checkRef, detail: sentence }) : err({ sentence, staffSentence: sentence })
    },
    async scanPage(source, onProgress, signal) {
      const scanner = deps.scanner(source)
      if (scanner === undefined) return err({ kind: 'scanner-gone', code: 'not-configured' })
      const began = clock.now()
      const scanned = await host.scanPage(scanner, { source }, onProgress, signal as AbortSignal)
      deps.log('session.scan', { result: scanned.ok ? 'scanned' : scanned.error.kind, tookMs: clock.now() - began, ...(scanned.ok ? { bytes: scanned.value.bytes.byteLength } : codeOf(scanned)) })
      if (!scanned.ok) return scanned
      // A picture that arrives after its session has ended belongs to nobody.
      if (signal.aborted) {
        scanned.value.bytes.fill(0)
        return err({ kind: 'cancelled' })
      }
      const id = randomUUID()
      pages.put(id, scanned.value)
      return ok(id)
    },
    async scanFeeder(onProgress, signal) {
      const scanner = deps.scanner('feeder')
      if (scanner === undefined) return { pages: [], error: { kind: 'scanner-gone', code: 'not-configured' } }
      const began = clock.now()
      const came: string[] = []
      let bytes = 0
      const scanned = await host.scanBatch(scanner, (page) => {
        if (signal.aborted) return void page.bytes.fill(0)
        const id = randomUUID()
        pages.put(id, page)
        came.push(id)
        bytes += page.bytes.byteLength
      }, onProgress, signal as AbortSignal)
      deps.log('session.scan', { result: scanned.ok ? 'scanned' : scanned.error.kind, tookMs: clock.now() - began, ...(came.length > 0 ? { bytes } : {}), ...(scanned.ok ? {} : codeOf(scanned)) })
      if (signal.aborted) {
        for (const id of came) pages.drop(id)
        return { pages: [], error: { kind: 'cancelled' } }
      }
      return { pages: came, error: scanned.ok ? undefined : scanned.error }
    },
    async takePhotograph(jpeg, signal) {
      const began = clock.now()
      const checked = await deps.documents.check({ mime: 'image/jpeg', bytes: jpeg }, signal as AbortSignal)
      deps.log('session.scan', { result: checked.ok ? 'photographed' : 'bad-image', tookMs: clock.now() - began, ...(checked.ok ? { bytes: jpeg.byteLength } : { code: checked.error }) })
      if (!checked.ok || signal.aborted) {
        jpeg.fill(0)
        return err(checked.ok || checked.error === 'cancelled' ? { kind: 'cancelled' } : { kind: 'bad-image', code: checked.error })
      }
      const { widthPx, heightPx } = checked.value
      const id = randomUUID()
      photographs.add(id)
      pages.put(id, { mime: 'image/jpeg', bytes: jpeg, widthPx, heightPx, dpi: Math.max(1, Math.round(Math.max(widthPx, heightPx) / A4_LONG_SIDE_INCHES)) })
      return ok(id)
    },
    async lookAtPage(page, documentKind, corners, onProgress, signal) {
      const image = pages.get(page)
      if (image === undefined) return err(pictureGone())
      const kind = deps.documentKinds.find((candidate) => candidate.id === documentKind)
      const source = photographs.has(page) ? 'camera' : 'glass'
      const wish = { paper: kind?.paper ?? 'free', dpi: source === 'camera' ? (kind?.dpi ?? ARCHIVE_DPI) : image.dpi, source, ...(corners && { corners }) } as const
      const seen = await deps.documents.look(image, wish, ({ stage, share }) => onProgress(lookStageSentence(stage), Math.round(share * 100)), signal as AbortSignal)
      if (signal.aborted) {
        if (seen.ok) seen.value.picture?.bytes.fill(0)
        return err(pictureGone())
      }
      if (!seen.ok) {
        if (seen.error.kind === 'picture-unreadable') return err({ sentence: documentReadSentence(seen.error), staffSentence: documentReadStaffSentence(seen.error) })
        // Where the machine fails the picture is used as it came: the citizen sees it, and so does the clerk.
        return ok({ original: page, page, look: { place: { kind: 'whole-picture' }, problems: [] }, source, widthPx: image.widthPx, heightPx: image.heightPx })
      }
      const { look, picture, widthPx, heightPx } = seen.value
      const id = randomUUID()
      if (picture !== undefined) pages.put(id, picture)
      return ok({ original: page, ...(picture === undefined ? {} : { page: id }), look, source, widthPx, heightPx })
    },
    async bindPages(ids, signal) {
      const images = ids.map((id) => pages.get(id)).filter((image) => image !== undefined)
      if (images.length < ids.length) return err(notBound('wiped'))
      const pdf = await deps.documents.bind(images, signal as AbortSignal)
      if (!pdf.ok) {
        if (!signal.aborted) deps.log('session.not-bound', { pages: ids.length, code: pdf.error })
        return err(notBound(pdf.error))
      }
      if (signal.aborted) {
        pdf.value.fill(0)
        return err(notBound('cancelled'))
      }
      const id = randomUUID()
      pages.putBound(id, pdf.value)
      return ok(id)
    },
    readPages: (ids, documentKind, cardName, onProgress, signal) => readPages({ ...deps, knownReads }, ids, documentKind, cardName, onProgress, signal as AbortSignal),
    dropPage: (page) => {
      const image = pages.get(page)
      if (image !== undefined) knownReads.delete(image)
      photographs.delete(page)
      pages.drop(page)
    },
    async preCheck(draft, signal) {
      const answer = await client.preCheck(preCheckOf(draft, deps.context()), { signal })
      return answer.ok ? ok(gapsOf(answer.value.gaps)) : err(problem(answer.error))
    },
    submit(draft, onStep) {
      const running = submissions.get(draft.id) ?? submit(draft, onStep)
      submissions.set(draft.id, running)
      return running
    },
    print: (document) => deps.printing.print(document),
    ...(pagePrinting && {
      printProof: async (proof, signal) => {
        const printed = await pagePrinting.printProof(proof, signal as AbortSignal)
        return printed.ok ? printed : err(problem(printed.error))
      },
    } satisfies Pick<JourneyPorts, 'printProof'>),
    // Nobody waits for it and nothing rests on it; a rating that does not arrive is lost.
    evaluate: (caseNumber, grade, details) => void client
      .evaluate({ caseNumber: caseNumber, grade, details: [...details], at: new Date(clock.now()).toISOString() })
      .catch((error: unknown) => fault('evaluate', error)),
  }
  return {
    ports,
    wipe: () => {
      endBackendSession()
      // A receipt that still waits for paper must not come out for whoever stands here next.
      deps.printing.nobodyWaits()
      submissions.clear()
      pages.wipe()
      photographs.clear()
      knownReads = new WeakMap()
      deps.documents.recycle().catch(() => deps.log('session.wipe-failed', { step: 'document-worker' }))
    },
  }
}

function pictureGone(): Problem {
  return { sentence: text('这张图片已经不在了。请重新扫描。', 'This picture is gone. Please scan again.'), staffSentence: text('图片已清除。', 'The picture was wiped.') }
}

function notBound(code: string): Problem {
  return {
    sentence: text('各页没能合成一个文件，会一页一页地交上去，一页也不会少。您接着办就行，工作人员会核对。', 'The pages could not be put into one file; they are handed in one by one, and none is lost. Just go on, a clerk will check them.'),
    staffSentence: text(`各页未能合成 PDF（${code}），已改为逐页提交，请核对页数和顺序。`, `The pages could not be bound into a PDF (${code}); they go in one by one. Check that all are there, in order.`),
  }
}

/** The code of a failure, where it has one: status words and steps, never what a card or a page says. */
function codeOf(result: Result<unknown, { readonly kind: string; readonly code?: string }>): { readonly code?: string } {
  return result.ok || result.error.code === undefined ? {} : { code: result.error.code }
}

function detailsOf(receipt: CaseReceipt | undefined): Pick<Extract<SubmissionOutcome, { kind: 'received' }>, 'tolerated' | 'proof'> {
  return {
    tolerated: (receipt?.tolerated ?? []).map(({ materialId, until }) => ({ material: materialId, until })),
    proof: receipt?.proof && issuedProof(receipt.proof),
  }
}
