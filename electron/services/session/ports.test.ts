import { beforeEach, describe, expect, it } from 'vitest'
import { SimulatedClock } from '../../../core/clock/simulated-clock.ts'
import type { ApplicationDraft } from '../../../core/case/draft.ts'
import type { CardReading, CardReadError, PageImage, ScanError } from '../../../core/device/operations.ts'
import type { DocumentKind } from '../../../core/document/document-kind.ts'
import type { CitizenId, DeviceId, LocalNumber } from '../../../core/ids.ts'
import { smallPack } from '../../../core/journey/testing/small-pack.ts'
import type { OneWindowClient } from '../../../core/one-window/client.ts'
import type { OneWindowError } from '../../../core/one-window/errors.ts'
import type { Result } from '../../../core/result/result.ts'
import { err, ok } from '../../../core/result/result.ts'
import { text } from '../../../core/text/local-text.ts'
import type { DeviceHost } from '../../../drivers/device-host/contract.ts'
import { somewhere } from '../../../core/journey/testing/looked-page.ts'
import type { DocumentReader } from '../documents.ts'
import type { Kept, Outbox, SubmitOutcome } from '../outbox/outbox.ts'
import type { KeepError, KeptWhy } from '../outbox/sentences.ts'
import type { PagePrinting } from '../printing-pages/page-printing.ts'
import { createPageStore } from './page-store.ts'
import { createPorts } from './ports.ts'

const words = text('后端的话', 'words of the backend')
const chen: CardReading = {
  kind: 'resident', name: '陈志远', sex: 'male', nationCode: '15', birth: '1990-11-05', address: '示范市示范区青年路26号', number: '990101199011050014' as CitizenId,
  issuer: '示范市公安局', validFrom: '2020-01-01', validTo: '2040-01-01',
}
const draft: ApplicationDraft = {
  id: '00000000-0000-4000-8000-000000000001', matter: 'M05', matterVersion: '1.0.0', packVersion: '1.0.0', language: 'zh-CN', applicant: chen, answers: {}, form: { phone: '10000000001' }, sources: {},
  materials: [{ material: 'id-card', given: { way: 'card' } }], reviewPoints: [], consentAt: 1, startedAt: 1, signature: undefined, signedAt: undefined,
}
const lease = { id: 'lease', name: words, paper: 'a4', dpi: 200, titles: ['租约'], fields: [{ id: 'tenant', name: words, labels: ['承租方'], rule: 'name' }] } as unknown as DocumentKind
const picture = (): PageImage => ({ mime: 'image/jpeg', bytes: Uint8Array.of(1, 2, 3), widthPx: 1, heightPx: 1, dpi: 200 })

/** Every kind of failure that a request can end with; a new kind does not compile until it is here. */
const FAILURES: { readonly [K in OneWindowError['kind']]: Extract<OneWindowError, { kind: K }> } = {
  unreachable: { kind: 'unreachable', code: 'ECONNREFUSED' },
  timeout: { kind: 'timeout', afterMs: 10_000 },
  'server-error': { kind: 'server-error', status: 503 },
  refused: { kind: 'refused', status: 422, code: 'gaps-found' as never, sentence: words },
  unauthorised: { kind: 'unauthorised', status: 401, code: 'terminal-unknown', sentence: words },
  conflict: { kind: 'conflict', code: 'in-progress' as never, sentence: words },
  'bad-answer': { kind: 'bad-answer', status: 200, where: '/body' },
}
const KEEP_FAILURES: { readonly [K in KeepError['kind']]: Extract<KeepError, { kind: K }> } = { 'disk-full': { kind: 'disk-full' }, backlog: { kind: 'backlog' }, 'not-stored': { kind: 'not-stored', code: 'EIO' } }
const KEPT_WHYS: readonly KeptWhy[] = [
  ...Object.values(FAILURES).filter((failure): failure is Exclude<OneWindowError, { kind: 'refused' }> => failure.kind !== 'refused'), { kind: 'not-in-time' }, { kind: 'paused', code: 'x' }, { kind: 'held', code: 'x' },
]

function parts(pagePrinting?: Pick<PagePrinting, 'printProof'>) {
  const clock = new SimulatedClock()
  const pages = createPageStore()
  const logged: [string, Readonly<Record<string, unknown>>][] = []
  const calls: string[] = []
  const give = {
    failure: undefined as OneWindowError | undefined,
    card: Promise.resolve(ok(chen)) as Promise<Result<CardReading, CardReadError>>,
    scan: Promise.resolve(ok(picture())) as Promise<Result<PageImage, ScanError>>,
    batch: (_onPage: (page: PageImage) => void): ReturnType<DeviceHost['scanBatch']> => Promise.resolve(err({ kind: 'feeder-empty' })),
    check: Promise.resolve(ok({ widthPx: 4000, heightPx: 3000 })) as ReturnType<DocumentReader['check']>,
    look: (_page: PageImage, _wish: unknown): ReturnType<DocumentReader['look']> => Promise.resolve(err({ kind: 'too-slow' })),
    bind: (_pages: readonly PageImage[]): ReturnType<DocumentReader['bind']> => Promise.resolve(err('busy')),
    keep: Promise.resolve(ok({ localNumber: 'T1-1' as LocalNumber } as Kept)) as ReturnType<Outbox['keep']>,
    send: Promise.resolve({ kind: 'received', caseNumber: '99010120250108000123H', receivedAt: 5, receipt: undefined } as SubmitOutcome),
    evaluate: Promise.resolve(err(FAILURES.timeout)) as Promise<unknown>,
    recycle: Promise.resolve(),
  }
  let doubts = 0
  const call = <T>(name: string, value: T) => () => {
    calls.push(name)
    return Promise.resolve(give.failure === undefined ? ok(value) : err(give.failure))
  }
  const client = {
    openSession: call('open', { sessionId: 'S-1' }), endSession: (id: string) => call(`end ${id}`, undefined)(),
    fetchLicence: call('licence', { outcome: 'found', licence: { licenceRef: 'L', name: words, number: '990101000123' } }),
    checkData: call('check', { outcome: 'failed', sentence: words, checkRef: 'C' }), preCheck: call('pre-check', { gaps: [] }), evaluate: () => give.evaluate,
  } as unknown as OneWindowClient
  const made = createPorts({
    clock, client, pages, reader: () => 'card-reader' as DeviceId, scanner: () => 'scanner' as DeviceId, documentKinds: [lease],
    host: { readCard: () => give.card, scanPage: () => give.scan, scanBatch: (_device: DeviceId, onPage: (page: PageImage) => void) => give.batch(onPage) } as unknown as DeviceHost,
    outbox: { keep: (application: { readonly idempotencyKey: string }) => (calls.push(`keep ${application.idempotencyKey}`), give.keep), submitNow: () => give.send } as unknown as Outbox,
    printing: { print: () => Promise.resolve({ kind: 'printed', proof: 'process-id' }), nobodyWaits: () => undefined },
    ...(pagePrinting && { pagePrinting }),
    documents: { bind: (pages: readonly PageImage[]) => give.bind(pages), look: (page: PageImage, wish: unknown) => give.look(page, wish), check: () => give.check, recycle: () => (calls.push('recycle'), give.recycle) } as unknown as DocumentReader,
    context: () => ({ pack: smallPack, page: (id) => pages.file(id), terminalId: 'T-1', software: '0', cardReader: 'card-reader' }),
    doubt: () => void doubts++,
    log: (event, fields) => void logged.push([event, fields]),
  })
  return { clock, pages, logged, calls, give, ports: made.ports, wipe: () => made.wipe(), doubts: () => doubts }
}

describe('the ports of a session', () => {
  let one: ReturnType<typeof parts>
  const still = new AbortController().signal
  beforeEach(() => {
    one = parts()
  })

  describe.each(Object.values(FAILURES))('when the backend’s answer is $kind', (failure) => {
    beforeEach(() => {
      one.give.failure = failure
    })
    it('has a sentence for the citizen and one for staff, in both languages, from every request', async () => {
      for (const asked of [one.ports.fetchLicence(draft, 'lease', 'L1', still), one.ports.checkData(draft, 'lease', 'house', still), one.ports.preCheck(draft, still)]) {
        const answer = await asked
        expect(answer.ok).toBe(false)
        if (answer.ok) continue
        for (const sentence of [answer.error.sentence, answer.error.staffSentence]) {
          expect(sentence['zh-CN']).toMatch(/[\u4E00-\u9FFF]/)
          expect(sentence.en.length).toBeGreaterThan(10)
        }
      }
      // A refusal is an answer: the backend is there.
      expect(one.doubts()).toBe(failure.kind === 'refused' ? 0 : 3)
    })
    it('opens the session anew with the next request', async () => {
      await one.ports.fetchLicence(draft, 'lease', 'L1', still)
      one.give.failure = undefined
      expect((await one.ports.fetchLicence(draft, 'lease', 'L1', still)).ok).toBe(true)
      await one.ports.checkData(draft, 'lease', 'house', still)
      expect(one.calls).toEqual(['open', 'open', 'licence', 'check'])
    })
  })

  it.each(Object.values(KEEP_FAILURES))('says that nothing was kept when the outbox answers $kind', async (failure) => {
    one.give.keep = Promise.resolve(err(failure))
    const outcome = await one.ports.submit(draft, () => undefined, still)
    expect(outcome).toMatchObject({ kind: 'refused', code: failure.kind, localNumber: undefined })
    expect(outcome.kind === 'refused' && outcome.sentence['zh-CN']).toMatch(/没有保存/)
  })

  it.each(KEPT_WHYS)('says "kept, not yet received" when sending ends as $kind', async (why) => {
    one.give.send = Promise.resolve({ kind: 'kept', localNumber: 'T1-1' as LocalNumber, why })
    const outcome = await one.ports.submit(draft, () => undefined, still)
    expect(outcome).toMatchObject({ kind: 'kept', localNumber: 'T1-1' })
    expect(outcome.kind === 'kept' && outcome.why['zh-CN']).toMatch(/已安全保存在本机，尚未送达/)
  })

  it('keeps and sends one application once, however often it is asked', async () => {
    const steps: string[] = []
    const both = await Promise.all([one.ports.submit(draft, (step) => steps.push(step), still), one.ports.submit(draft, (step) => steps.push(step), still)])
    expect(both[0]).toBe(both[1])
    expect(one.calls).toEqual([`keep ${draft.id}`])
    expect(steps).toEqual(['keeping', 'sending'])
  })

  it('tells the truth when the outbox itself breaks: before the commit nothing is kept, after it everything', async () => {
    one.give.send = Promise.reject(new Error('陈志远'))
    expect(await one.ports.submit(draft, () => undefined, still)).toMatchObject({ kind: 'kept', localNumber: 'T1-1' })
    one.wipe()
    one.give.keep = Promise.reject(new Error('陈志远'))
    expect(await one.ports.submit(draft, () => undefined, still)).toMatchObject({ kind: 'refused', code: 'not-stored' })
    expect(one.logged).toEqual([['session.fault', { step: 'send', code: 'Error' }], ['session.fault', { step: 'keep', code: 'Error' }]])
  })

  it('overwrites a page that arrives after its citizen has left', async () => {
    const late = picture()
    let arrive: (page: Result<PageImage, ScanError>) => void = () => undefined
    one.give.scan = new Promise((resolve) => (arrive = resolve))
    const leaving = new AbortController()
    const scanned = one.ports.scanPage('platen', () => undefined, leaving.signal)
    leaving.abort()
    one.wipe()
    arrive(ok(late))
    expect(await scanned).toEqual(err({ kind: 'cancelled' }))
    expect([...late.bytes]).toEqual([0, 0, 0])
  })

  it('forgets a card that was read after its citizen has left', async () => {
    const photo = { bytes: Uint8Array.of(9, 9) }
    const leaving = new AbortController()
    one.give.card = Promise.resolve(ok({ ...chen, photo: photo as unknown as NonNullable<CardReading['photo']> }))
    const read = one.ports.readCard(() => undefined, leaving.signal)
    leaving.abort()
    expect(await read).toEqual(err({ kind: 'cancelled' }))
    expect([...photo.bytes]).toEqual([0, 0])
  })

  it('wipes pictures, ends the backend session and replaces the document worker, and knows nothing afterwards', async () => {
    const scanned = await one.ports.scanPage('platen', () => undefined, still)
    const id = scanned.ok ? scanned.value : ''
    const bytes = one.pages.get(id)?.bytes
    await one.ports.checkData(draft, 'lease', 'house', still)
    one.wipe()
    await one.clock.advance(0)
    expect([...(bytes ?? [])]).toEqual([0, 0, 0])
    expect(one.pages.get(id)).toBeUndefined()
    expect(one.calls).toEqual(['open', 'check', 'recycle', 'end S-1'])
    await one.ports.checkData({ ...draft, id: '00000000-0000-4000-8000-000000000002' }, 'lease', 'house', still)
    expect(one.calls.slice(4)).toEqual(['open', 'check'])
  })

  it('loses a rating rather than a session', async () => {
    one.ports.evaluate('99010120250108000123H', 5, [])
    one.give.evaluate = Promise.reject(new Error('x'))
    one.ports.evaluate('99010120250108000123H', 5, [])
    await one.clock.advance(0)
    expect(one.logged).toEqual([['session.fault', { step: 'evaluate', code: 'Error' }]])
  })

  it('keeps the pages of a feeder in order, also those that came before it jammed', async () => {
    one.give.batch = (onPage) => {
      onPage(picture())
      onPage(picture())
      return Promise.resolve(err({ kind: 'jam' }))
    }
    const { pages, error } = await one.ports.scanFeeder(() => undefined, still)
    expect(error).toEqual({ kind: 'jam' })
    expect(pages.map((id) => one.pages.get(id)?.bytes.length)).toEqual([3, 3])
  })

  it('keeps no page of a feeder for a session that has ended, wherever the end came', async () => {
    const leaving = new AbortController()
    const came = [picture(), picture()]
    one.give.batch = (onPage) => {
      came.forEach((page, index) => {
        if (index === 1) leaving.abort()
        onPage(page)
      })
      return Promise.resolve(ok({ pages: 2 }))
    }
    expect(await one.ports.scanFeeder(() => undefined, leaving.signal)).toEqual({ pages: [], error: { kind: 'cancelled' } })
    expect(came.map((page) => [...page.bytes])).toEqual([[0, 0, 0], [0, 0, 0]])
  })

  it('takes a photograph as a page only when it decodes whole', async () => {
    const jpeg = new Uint8Array([1, 2, 3])
    const taken = await one.ports.takePhotograph(jpeg, still)
    // As if A4 filled the picture.
    expect(one.pages.get(taken.ok ? taken.value : '')).toEqual({ mime: 'image/jpeg', bytes: jpeg, widthPx: 4000, heightPx: 3000, dpi: 342 })
    one.give.check = Promise.resolve(err('jpeg-cut-off'))
    const bad = new Uint8Array([1, 2, 3])
    expect(await one.ports.takePhotograph(bad, still)).toEqual(err({ kind: 'bad-image', code: 'jpeg-cut-off' }))
    expect([...bad]).toEqual([0, 0, 0])
  })

  describe('looking at a page', () => {
    const look = { place: { kind: 'found', quad: somewhere, confidence: 0.9 }, problems: ['too-small'] } as const
    const found = (bytes: Uint8Array): ReturnType<DocumentReader['look']> => Promise.resolve(ok({ look, picture: { mime: 'image/jpeg', bytes, widthPx: 10, heightPx: 20, dpi: 300 }, widthPx: 4000, heightPx: 3000 }))
    const scanned = async (): Promise<string> => {
      const page = await one.ports.scanPage('platen', () => undefined, still)
      return page.ok ? page.value : ''
    }

    it('knows what took the picture and what paper is wanted, and keeps the straightened page beside the untouched one', async () => {
      const wishes: unknown[] = []
      one.give.look = (_page, wish) => {
        wishes.push(wish)
        return found(new Uint8Array([7]))
      }
      const photograph = await one.ports.takePhotograph(new Uint8Array([1, 2, 3]), still)
      const seen = await one.ports.lookAtPage(photograph.ok ? photograph.value : '', 'lease', somewhere, () => undefined, still)
      await one.ports.lookAtPage(await scanned(), undefined, undefined, () => undefined, still)
      expect(wishes).toEqual([{ paper: 'a4', dpi: 200, source: 'camera', corners: somewhere }, { paper: 'free', dpi: 200, source: 'glass' }])
      if (!seen.ok) throw new Error('not seen')
      expect(seen.value).toMatchObject({ look, source: 'camera', widthPx: 4000, heightPx: 3000 })
      expect(one.pages.get(seen.value.page ?? '')?.bytes).toEqual(new Uint8Array([7]))
      expect(one.pages.get(seen.value.original)?.bytes).toEqual(new Uint8Array([1, 2, 3]))
    })

    it('uses the page as it came where the machine fails, and refuses one that cannot be opened', async () => {
      const page = await scanned()
      expect(await one.ports.lookAtPage(page, 'lease', undefined, () => undefined, still)).toMatchObject({ ok: true, value: { page, original: page, look: { place: { kind: 'whole-picture' }, problems: [] } } })
      one.give.look = () => Promise.resolve(err({ kind: 'picture-unreadable', code: 'jpeg' }))
      const bad = await one.ports.lookAtPage(page, 'lease', undefined, () => undefined, still)
      expect(bad.ok ? '' : bad.error.staffSentence.en).toContain('jpeg')
      expect((await one.ports.lookAtPage('gone', 'lease', undefined, () => undefined, still)).ok).toBe(false)
    })

    it('binds pages into one file that is handed in in their place, and that goes with the rest', async () => {
      const pdf = new Uint8Array([9, 9])
      const asked: (readonly PageImage[])[] = []
      one.give.bind = (pages) => {
        asked.push(pages)
        return Promise.resolve(ok(pdf))
      }
      const page = await scanned()
      const bound = await one.ports.bindPages([page], still)
      expect(asked).toEqual([[one.pages.get(page)]])
      const id = bound.ok ? bound.value : ''
      expect(one.pages.file(id)).toEqual({ mime: 'application/pdf', bytes: pdf })
      expect(one.pages.get(id)).toBeUndefined()
      expect((await one.ports.bindPages([page, 'gone'], still)).ok).toBe(false)
      one.wipe()
      expect([...pdf]).toEqual([0, 0])
    })

    it.each(['pdf-too-large', 'too-slow', 'exit-1'])('where binding ends with %s the pages stay as they are, and citizen, staff and log are told', async (code) => {
      one.give.bind = () => Promise.resolve(err(code))
      const page = await scanned()
      one.logged.length = 0
      const bound = await one.ports.bindPages([page], still)
      if (bound.ok) throw new Error('bound')
      expect(bound.error.sentence['zh-CN']).toMatch(/一页一页地交上去.*接着办/)
      expect(bound.error.sentence.en).toMatch(/none is lost.*go on/)
      for (const sentence of Object.values(bound.error.staffSentence)) expect(sentence).toContain(code)
      expect(one.logged).toEqual([['session.not-bound', { pages: 1, code }]])
      expect([...(one.pages.get(page)?.bytes ?? [])]).toEqual([1, 2, 3])
    })

    it('overwrites a PDF that comes after its citizen has left, and tells nobody of a binding that was cancelled', async () => {
      const late = new Uint8Array([9, 9])
      const leaving = new AbortController()
      one.give.bind = () => {
        leaving.abort()
        return Promise.resolve(ok(late))
      }
      const page = await scanned()
      one.logged.length = 0
      expect((await one.ports.bindPages([page], leaving.signal)).ok).toBe(false)
      expect([...late]).toEqual([0, 0])
      one.give.bind = () => Promise.resolve(err('cancelled'))
      expect((await one.ports.bindPages([page], leaving.signal)).ok).toBe(false)
      expect(one.logged).toEqual([])
    })

    it('keeps nothing of a session that ended meanwhile', async () => {
      const page = await scanned()
      const leaving = new AbortController()
      const late = new Uint8Array([7, 7])
      one.give.look = () => {
        leaving.abort()
        return found(late)
      }
      expect((await one.ports.lookAtPage(page, 'lease', undefined, () => undefined, leaving.signal)).ok).toBe(false)
      expect([...late]).toEqual([0, 0])
    })
  })

  it('writes how readings and scans ended, and nothing of what they held', async () => {
    await one.ports.readCard(() => undefined, still)
    one.give.card = Promise.resolve(err({ kind: 'card-refused', code: '000033' }))
    await one.ports.readCard(() => undefined, still)
    await one.ports.scanPage('feeder', () => undefined, still)
    one.give.scan = Promise.resolve(err({ kind: 'jam' }))
    await one.ports.scanPage('feeder', () => undefined, still)
    expect(one.logged).toEqual([
      ['session.card-read', { result: 'read', tookMs: 0 }], ['session.card-read', { result: 'card-refused', code: '000033', tookMs: 0 }],
      ['session.scan', { result: 'scanned', bytes: 3, tookMs: 0 }], ['session.scan', { result: 'jam', tookMs: 0 }],
    ])
  })

  it('writes it down when the document worker could not be replaced', async () => {
    one.give.recycle = Promise.reject(new Error('EAGAIN'))
    one.wipe()
    await one.clock.advance(0)
    expect(one.logged).toEqual([['session.wipe-failed', { step: 'document-worker' }]])
  })
})

describe('a proof on A4', () => {
  const proof = { caseNumber: '99010120250108000123H', verificationCode: 'AAAA-BBBB-CCCC-DDDD' }
  const still = new AbortController().signal

  it('is no port of a terminal without a page printer', () => {
    expect('printProof' in parts().ports).toBe(false)
  })

  it('passes on how the print ended, and says in words why the document could not be had', async () => {
    const printed = parts({ printProof: () => Promise.resolve(ok({ kind: 'printed', pages: 1 })) })
    expect(await printed.ports.printProof?.(proof, still)).toEqual(ok({ kind: 'printed', pages: 1 }))
    const failed = parts({ printProof: () => Promise.resolve(err(FAILURES.timeout)) })
    const answer = await failed.ports.printProof?.(proof, still)
    expect(answer).toMatchObject({ ok: false, error: { sentence: { 'zh-CN': expect.any(String) as string }, staffSentence: { en: expect.any(String) as string } } })
    expect(failed.doubts()).toBe(1)
  })
})
