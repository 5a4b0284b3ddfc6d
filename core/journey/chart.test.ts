import { createActor } from 'xstate'
import { beforeEach, describe, expect, it } from 'vitest'
import type { ApplicationDraft, SubmissionOutcome } from '../case/draft.ts'
import { SimulatedClock } from '../clock/simulated-clock.ts'
import type { CardReading, CardReadError, PagePrintOutcome, PrintOutcome, ScanError } from '../device/operations.ts'
import type { PageProblem, Quad } from '../document/page-look.ts'
import { pageProblemSentence } from '../document/page-sentences.ts'
import { scanErrorSentences } from '../device/sentences.ts'
import type { CitizenId } from '../ids.ts'
import type { Command } from '../kiosk-api/command.ts'
import type { Gap, ScanView, ScreenView } from '../kiosk-api/snapshot.ts'
import type { ReceiptDocument } from '../receipt/document.ts'
import type { Result } from '../result/result.ts'
import { err, ok } from '../result/result.ts'
import { text } from '../text/local-text.ts'
import { createJourney } from './chart.ts'
import type { JourneyEvent } from './events.ts'
import type { JourneyPorts, LookedPage, Problem, ReadPaper, ScannedPages } from './ports.ts'
import { foundWith, lookedPage, somewhere, unsure } from './testing/looked-page.ts'
import { judgingPack, smallPack } from './testing/small-pack.ts'
import { reviewPointsOf } from './paper-checks.ts'
import { positionOf, screenOf } from './view.ts'

const chen: CardReading = {
  kind: 'resident', name: '陈志远', sex: 'male', nationCode: '01', birth: '1990-11-05', address: '示范市示范区1号', number: '990101199011050014' as CitizenId,
  issuer: '示范市公安局', validFrom: '2020-01-01', validTo: '2040-01-01',
}
const zhou: CardReading = { ...chen, name: '周桂兰', sex: 'female', birth: '1958-03-12', number: '990101195803120027' as CitizenId }
const words = text('句子', 'sentence')
const problem: Problem = { sentence: words, staffSentence: words }
const ink = { width: 800, height: 300, strokes: [[{ x: 1, y: 1, t: 0 }, { x: 300, y: 200, t: 400 }]] }
const received: SubmissionOutcome = { kind: 'received', caseNumber: '99010120250108000123H', receivedAt: 1_767_225_700_000, tolerated: [], proof: undefined }

/** A terminal whose every answer a test chooses; operations end when the test says so. */
function terminal(pack = smallPack, hasPagePrinter = false) {
  const clock = new SimulatedClock()
  const asked: string[] = []
  const printed: ReceiptDocument[] = []
  const submitted: ApplicationDraft[] = []
  const dropped: string[] = []
  const evaluated: number[] = []
  const answers = {
    card: [] as ((result: Result<CardReading, CardReadError>) => void)[],
    scan: ok('page-1') as Result<string, ScanError>,
    batch: { pages: ['page-1', 'page-2', 'page-3'], error: undefined } as ScannedPages,
    look: ((page: string) => ok(lookedPage(page))) as (page: string, corners: Quad | undefined) => Result<LookedPage, Problem> | Promise<Result<LookedPage, Problem>>,
    /** Percents that are told of each look. */
    progress: [] as number[],
    read: { fields: [{ id: 'address', label: words, value: '幸福路8号', state: 'sure', why: undefined, keyboard: 'pinyin' }], notices: [], paper: 'wanted' } as ReadPaper | Promise<ReadPaper>,
    bind: ok('bound-1') as Result<string, Problem>,
    check: err(problem) as Awaited<ReturnType<JourneyPorts['checkData']>>,
    preCheck: ok([]) as Result<readonly Gap[], Problem>,
    submit: received,
    print: { kind: 'printed', proof: 'process-id' } as PrintOutcome,
    /** `undefined`: the terminal has no page printer. */
    proof: undefined as Result<PagePrintOutcome, Problem> | Promise<Result<PagePrintOutcome, Problem>> | undefined,
  }
  const proofs: string[] = []
  let aborted = 0
  const ports: JourneyPorts = {
    now: () => clock.now(),
    today: () => '2026-01-01',
    newId: () => '00000000-0000-4000-8000-000000000001',
    readCard: (onProgress, signal) => new Promise((resolve) => {
      asked.push('card')
      signal.addEventListener('abort', () => void aborted++)
      onProgress({ kind: 'waiting' })
      answers.card.push(resolve)
    }),
    fetchLicence: () => Promise.resolve(ok({ way: 'licence', licenceType: 'L1', reference: 'r', name: words, detail: words })),
    checkData: () => Promise.resolve(answers.check),
    scanPage: () => Promise.resolve(answers.scan),
    scanFeeder: () => Promise.resolve(answers.batch),
    takePhotograph: (jpeg) => {
      asked.push(`photograph ${jpeg.length}`)
      return Promise.resolve(answers.scan)
    },
    lookAtPage: (page, _kind, corners, onProgress) => {
      for (const percent of answers.progress) onProgress(words, percent)
      return Promise.resolve(answers.look(page, corners))
    },
    bindPages: (pages) => {
      asked.push(`bind ${pages.join(' ')}`)
      return Promise.resolve(answers.bind)
    },
    readPages: (pages, _kind, cardName, onProgress, signal) => {
      asked.push(`read ${pages.join(' ')} for ${cardName}`)
      signal.addEventListener('abort', () => void aborted++)
      for (const page of pages.slice(-1)) onProgress(page, words, 60)
      return Promise.resolve(answers.read)
    },
    dropPage: (page) => void dropped.push(page),
    preCheck: () => Promise.resolve(answers.preCheck),
    submit: (draft) => {
      submitted.push(draft)
      return Promise.resolve(answers.submit)
    },
    print: (document) => {
      printed.push(document)
      return Promise.resolve(answers.print)
    },
    ...(hasPagePrinter && {
      printProof: async ({ verificationCode }) => {
        proofs.push(verificationCode)
        return answers.proof ?? err(problem)
      },
    }),
    evaluate: (_number, grade) => void evaluated.push(grade),
  }
  const actor = createActor(createJourney(ports), {
    clock,
    input: {
      pack,
      terminal: { id: 'T-1', name: words, hall: words, demonstration: true, phone: '12345' },
      display: { language: 'zh-CN', textSize: 'standard', theme: 'standard', care: false, lowReach: false },
      today: '2026-01-01', startedAt: clock.now(),
    },
  }).start()
  const world = { canPrint: true, canScan: true, scanSources: ['platen', 'feeder', 'camera'] as const, online: true, matters: [], availability: () => ({ state: 'available' as const }) }
  return {
    clock, asked, printed, proofs, submitted, dropped, evaluated, answers, actor,
    aborted: () => aborted,
    async send(...events: (Command | JourneyEvent)[]): Promise<void> {
      for (const event of events) {
        actor.send(event)
        actor.send({ type: 'touch' })
        await clock.advance(0)
      }
    },
    async layCard(reading: CardReading | CardReadError): Promise<void> {
      const resolve = answers.card.pop()
      if (resolve === undefined) throw new Error('nobody waits for a card')
      resolve('name' in reading ? ok(reading) : err(reading))
      await clock.advance(0)
    },
    screen(): ScreenView | 'ended' {
      const { value, context } = actor.getSnapshot()
      const position = positionOf(value)
      return position === undefined ? 'ended' : screenOf(context, position, world)
    },
    kind(): string {
      const screen = this.screen()
      return screen === 'ended' ? 'ended' : screen.kind
    },
    end: () => actor.getSnapshot().value,
  }
}

const M05: readonly Command[] = [{ type: 'choose-matter', matter: 'M05' }, { type: 'continue' }, { type: 'answer', question: 'basis', value: 'home' }, { type: 'answer', question: 'half', value: 'yes' }]

describe('the journey', () => {
  let kiosk: ReturnType<typeof terminal>
  beforeEach(() => {
    kiosk = terminal()
  })

  async function toForm(): Promise<void> {
    await kiosk.send(...M05, { type: 'continue' })
    await kiosk.layCard(chen)
    await kiosk.send({ type: 'accept-consent' })
  }

  async function toMaterials(): Promise<void> {
    await toForm()
    await kiosk.send({ type: 'save-form', data: { name: '陈志远', address: '幸福路8号', phone: '10000000001' }, next: true })
  }

  it('asks only what the situation needs, and forgets nothing on the way back', async () => {
    await kiosk.send({ type: 'choose-matter', matter: 'M05' }, { type: 'continue' }, { type: 'answer', question: 'basis', value: 'work' })
    expect(kiosk.screen()).toMatchObject({ kind: 'checklist', items: [{ id: 'id-card' }] })
    await kiosk.send({ type: 'back' })
    expect(kiosk.screen()).toMatchObject({ kind: 'question', question: { id: 'basis' }, answer: 'work' })
    await kiosk.send({ type: 'answer', question: 'basis', value: 'home' })
    expect(kiosk.screen()).toMatchObject({ kind: 'question', question: { id: 'half' } })
    await kiosk.send({ type: 'answer', question: 'half', value: 'yes' })
    expect(kiosk.screen()).toMatchObject({ kind: 'checklist', items: [{ id: 'id-card' }, { id: 'lease' }] })
  })

  it('stops kindly at a barrier, and goes on when the answer was a slip', async () => {
    await kiosk.send(...M05.slice(0, 3), { type: 'answer', question: 'half', value: 'no' })
    expect(kiosk.screen()).toMatchObject({ kind: 'barrier', barrier: { id: 'too-short' } })
    await kiosk.send({ type: 'back' }, { type: 'answer', question: 'half', value: 'yes' })
    expect(kiosk.kind()).toBe('checklist')
  })

  it('judges the person only once the card is laid', async () => {
    await kiosk.send(...M05, { type: 'continue' })
    await kiosk.layCard({ ...chen, birth: '2015-01-01' })
    expect(kiosk.screen()).toMatchObject({ kind: 'barrier', barrier: { id: 'too-young' } })
  })

  it('takes no expired card', async () => {
    await kiosk.send(...M05, { type: 'continue' })
    await kiosk.layCard({ ...chen, validTo: '2025-12-31' })
    expect(kiosk.screen()).toMatchObject({ kind: 'identify', problem: { canRetry: true } })
    expect(kiosk.actor.getSnapshot().context.identity).toBeUndefined()
    await kiosk.send({ type: 'retry' })
    await kiosk.layCard(chen)
    expect(kiosk.kind()).toBe('consent')
  })

  it('shows only a masked name before consent, and another way to those who do not agree', async () => {
    await kiosk.send(...M05, { type: 'continue' })
    await kiosk.layCard(chen)
    expect(JSON.stringify(kiosk.screen())).not.toContain('陈志远')
    expect(JSON.stringify(kiosk.screen())).not.toContain(chen.number)
    await kiosk.send({ type: 'decline-consent' })
    expect(kiosk.screen()).toMatchObject({ kind: 'barrier', barrier: { id: 'consent-declined' } })
  })

  it('does not go on with an unfinished form, and says all that is wrong with it', async () => {
    await toForm()
    await kiosk.send({ type: 'save-form', data: { name: '别人' }, next: true })
    const screen = kiosk.screen()
    expect(screen).toMatchObject({ kind: 'form', data: { name: '陈志远' } })
    expect(screen !== 'ended' && screen.kind === 'form' && screen.gaps.map((gap) => gap.pointer)).toEqual(['/phone'])
  })

  it('asks nobody to type what a paper can fill, and tells it with all other gaps when no paper came', async () => {
    await toForm()
    expect(kiosk.screen()).toMatchObject({ kind: 'form', fromPapers: { '/address': { 'zh-CN': 'lease' } } })
    await kiosk.send({ type: 'save-form', data: { phone: '10000000001' }, next: true })
    expect(kiosk.kind()).toBe('materials')
    await kiosk.send({ type: 'choose-way', material: 'lease', way: { kind: 'scan', document: 'lease' } }, { type: 'scan-page', source: 'platen' }, { type: 'keep-page' }, { type: 'confirm-fields', fields: { address: '幸福路9号' } })
    expect(kiosk.actor.getSnapshot().context.form).toMatchObject({ data: { address: '幸福路9号' }, sources: { '/address': 'scan' } })
    await kiosk.send({ type: 'clear-material', material: 'lease' }, { type: 'back' }, { type: 'save-form', data: { phone: '10000000001' }, next: true }, { type: 'choose-way', material: 'lease', way: { kind: 'later' } }, { type: 'continue' })
    expect(kiosk.screen()).toMatchObject({ kind: 'gaps', gaps: [{ target: { kind: 'field', pointer: '/address' } }] })
  })

  it('tells every gap at once, and each leads to its place', async () => {
    await toMaterials()
    kiosk.answers.preCheck = ok([{ id: 'server-1', about: 'server', sentence: words, remedy: words, target: { kind: 'none' } }])
    await kiosk.send({ type: 'continue' })
    const screen = kiosk.screen()
    expect(screen !== 'ended' && screen.kind === 'gaps' && screen.gaps.map((gap) => gap.id)).toEqual(['material-lease', 'server-1'])
    await kiosk.send({ type: 'go-to-gap', gap: 'material-lease' })
    expect(kiosk.screen()).toMatchObject({ kind: 'materials', focus: 'lease' })
  })

  it('fills the form from a scanned paper only after the citizen has confirmed it', async () => {
    await toForm()
    await kiosk.send({ type: 'save-form', data: { phone: '10000000001', address: '写错了' }, next: true }, { type: 'choose-way', material: 'lease', way: { kind: 'scan', document: 'lease' } }, { type: 'scan-page', source: 'platen' })
    expect(kiosk.screen()).toMatchObject({ kind: 'scan', stage: { kind: 'look', page: 'page-1' } })
    await kiosk.send({ type: 'keep-page' })
    expect(kiosk.screen()).toMatchObject({ kind: 'scan', stage: { kind: 'confirm', fields: [{ id: 'address' }] } })
    await kiosk.send({ type: 'confirm-fields', fields: { address: '幸福路9号' } })
    expect(kiosk.screen()).toMatchObject({ kind: 'materials', items: [{ id: 'id-card', status: { state: 'given' } }, { id: 'lease', status: { state: 'given', way: 'scan' } }] })
    // What the citizen had typed stays; the paper never overwrites it silently.
    expect(kiosk.actor.getSnapshot().context.form?.data['address']).toBe('写错了')
  })

  const toScan = async (document: 'lease' | 'letter' | 'filed-lease'): Promise<void> => {
    await toMaterials()
    await kiosk.send({ type: 'choose-way', material: 'lease', way: { kind: 'scan', document } })
  }

  it('keeps every sheet of the feeder as one paper, in order, and reads them all', async () => {
    await toScan('lease')
    await kiosk.send({ type: 'scan-page', source: 'feeder' })
    expect(kiosk.screen()).toMatchObject({ kind: 'scan', sources: ['platen', 'feeder', 'camera'], stage: { kind: 'look', page: 'page-1', pages: ['page-1', 'page-2', 'page-3'], problem: undefined } })
    await kiosk.send({ type: 'keep-page' })
    expect(kiosk.asked).toContain('read page-1 page-2 page-3 for 陈志远')
    await kiosk.send({ type: 'confirm-fields', fields: {} })
    expect(kiosk.actor.getSnapshot().context.given['lease']).toMatchObject({ way: 'scan', pages: ['page-1', 'page-2', 'page-3'] })
    await kiosk.send({ type: 'clear-material', material: 'lease' })
    expect(kiosk.dropped).toEqual(['page-1', 'page-2', 'page-3'])
  })

  it('shows what came before the feeder jammed, with the jam', async () => {
    kiosk.answers.batch = { pages: ['page-1', 'page-2'], error: { kind: 'jam' } }
    await toScan('letter')
    await kiosk.send({ type: 'scan-page', source: 'feeder' })
    expect(kiosk.screen()).toMatchObject({ stage: { kind: 'look', pages: ['page-1', 'page-2'], problem: scanErrorSentences({ kind: 'jam' }).citizen } })
    await kiosk.send({ type: 'scan-again' })
    expect(kiosk.dropped).toEqual(['page-1', 'page-2'])
    kiosk.answers.batch = { pages: [], error: { kind: 'feeder-empty' } }
    await kiosk.send({ type: 'scan-page', source: 'feeder' })
    expect(kiosk.screen()).toMatchObject({ stage: { kind: 'lay-page', problem: scanErrorSentences({ kind: 'feeder-empty' }).citizen } })
  })

  it('takes a photograph as a page, and only while it waits for one', async () => {
    await toMaterials()
    expect(kiosk.actor.getSnapshot().can(photograph)).toBe(false)
    await kiosk.send({ type: 'choose-way', material: 'lease', way: { kind: 'scan', document: 'letter' } })
    kiosk.actor.send(photograph)
    expect(kiosk.screen()).toMatchObject({ stage: { kind: 'scanning' } })
    await kiosk.clock.advance(0)
    expect(kiosk.screen()).toMatchObject({ stage: { kind: 'look', pages: ['page-1'] } })
    expect(kiosk.asked).toContain('photograph 7')
    expect(kiosk.actor.getSnapshot().can(photograph)).toBe(false)
    await kiosk.send({ type: 'keep-page' })
    expect(kiosk.actor.getSnapshot().context.given['lease']).toMatchObject({ way: 'scan', pages: ['page-1'] })
  })

  it('drops the picture of a page that is scanned again or given up', async () => {
    await toMaterials()
    await kiosk.send({ type: 'choose-way', material: 'lease', way: { kind: 'scan', document: 'letter' } }, { type: 'scan-page', source: 'platen' }, { type: 'back' })
    expect(kiosk.dropped).toEqual(['page-1'])
    expect(kiosk.kind()).toBe('materials')
  })

  const photograph = { type: 'photograph', jpeg: new Uint8Array(7) } as const

  it('gives the straightened page, keeps the untouched one until the step is accepted, and then wipes it', async () => {
    kiosk.answers.look = (page) => ok(lookedPage(page, foundWith('too-small'), 'straight-1'))
    await toScan('lease')
    await kiosk.send(photograph)
    expect(kiosk.screen()).toMatchObject({ stage: { kind: 'look', page: 'straight-1', use: 'yes', adjustable: ['straight-1'], findings: [{ problem: 'too-small', weight: 'soft', sentence: pageProblemSentence('too-small', 'camera') }] } })
    await kiosk.send({ type: 'keep-page' })
    expect(kiosk.dropped).toEqual([])
    await kiosk.send({ type: 'confirm-fields', fields: {} })
    expect(kiosk.dropped).toEqual(['page-1'])
    const given = kiosk.actor.getSnapshot().context.given['lease']
    expect(given).toMatchObject({ way: 'scan', pages: ['straight-1'] })
    expect(given).not.toHaveProperty('doubts')
  })

  it('stops a bad picture with everything that is wrong, and after two lets the citizen use it while a clerk looks', async () => {
    kiosk.answers.look = (page) => ok(lookedPage(page, foundWith('covered', 'blurred'), 'straight-1'))
    await toScan('letter')
    await kiosk.send(photograph)
    expect(kiosk.screen()).toMatchObject({ stage: { kind: 'look', use: 'no', findings: [{ problem: 'covered' }, { problem: 'blurred' }] } })
    await kiosk.send({ type: 'keep-page' })
    expect(kiosk.screen()).toMatchObject({ stage: { kind: 'look' } })
    await kiosk.send({ type: 'scan-again' })
    expect(kiosk.dropped).toEqual(['straight-1', 'page-1'])
    await kiosk.send(photograph)
    expect(kiosk.screen()).toMatchObject({ stage: { kind: 'look', use: 'all-the-same' } })
    await kiosk.send({ type: 'keep-page' }, { type: 'continue' })
    expect(kiosk.actor.getSnapshot().context.given['lease']).toMatchObject({ doubts: ['covered', 'blurred'] })
    expect(kiosk.screen()).toMatchObject({ kind: 'review' })
    const review = kiosk.screen()
    expect(review !== 'ended' && review.kind === 'review' && review.forClerk.length).toBeGreaterThanOrEqual(2)
  })

  it('never lets a picture without a page through, however often it is tried', async () => {
    kiosk.answers.look = (page) => ok(lookedPage(page, unsure(0, 'no-page')))
    await toScan('letter')
    for (let tries = 0; tries < 4; tries++) {
      await kiosk.send(photograph)
      expect(kiosk.screen()).toMatchObject({ stage: { kind: 'look', use: 'no', adjustable: ['page-1'] } })
      await kiosk.send({ type: 'keep-page' }, { type: 'scan-again' })
    }
    expect(kiosk.screen()).toMatchObject({ kind: 'scan', stage: { kind: 'lay-page' } })
  })

  it('lets the citizen set the corners where the edges are not sure, and looks again with those', async () => {
    const asked: (Quad | undefined)[] = []
    kiosk.answers.look = (page, corners) => {
      asked.push(corners)
      return ok(corners === undefined ? lookedPage(page, unsure(0.4, 'no-page')) : lookedPage(page, foundWith(), `straight-${asked.length - 1}`))
    }
    await toScan('letter')
    await kiosk.send(photograph)
    expect(kiosk.screen()).toMatchObject({ stage: { kind: 'corners', page: 'page-1', widthPx: 1000, heightPx: 800, corners: somewhere, isGuess: true } })
    const set = (...corners: [Quad[0], Quad[0], Quad[0], Quad[0]]): JourneyEvent => ({ type: 'set-corners', corners })
    const [a, b, c, d] = somewhere
    expect(kiosk.actor.getSnapshot().can(set(a, c, b, d)), 'crossed').toBe(false)
    expect(kiosk.actor.getSnapshot().can(set(a, { x: 1001, y: 0 }, c, d)), 'outside').toBe(false)
    expect(kiosk.actor.getSnapshot().can(set(a, { x: 110, y: 100 }, { x: 110, y: 110 }, { x: 100, y: 110 })), 'a speck').toBe(false)
    await kiosk.send(set(a, b, c, d))
    expect(asked).toEqual([undefined, somewhere])
    expect(kiosk.screen()).toMatchObject({ stage: { kind: 'look', page: 'straight-1', use: 'yes' } })
    // Once more from the picture as it was; going back leaves it as it stood.
    await kiosk.send({ type: 'adjust-edges', page: 'straight-1' })
    expect(kiosk.screen()).toMatchObject({ stage: { kind: 'corners', isGuess: false } })
    await kiosk.send({ type: 'back' })
    expect(kiosk.screen()).toMatchObject({ stage: { kind: 'look', page: 'straight-1' } })
    await kiosk.send({ type: 'adjust-edges', page: 'straight-1' }, set(a, b, c, { x: 80, y: 700 }))
    expect(kiosk.dropped).toEqual(['straight-1'])
    await kiosk.send({ type: 'back' })
    expect(kiosk.kind()).toBe('materials')
    expect(new Set(kiosk.dropped)).toEqual(new Set(['straight-1', 'straight-2', 'page-1']))
  })

  it('binds the pages of a paper that is handed in as one PDF, and lets go of all together', async () => {
    await toScan('letter')
    await kiosk.send({ type: 'scan-page', source: 'feeder' }, { type: 'keep-page' })
    expect(kiosk.asked).toContain('bind page-1 page-2 page-3')
    expect(kiosk.actor.getSnapshot().context.given['lease']).toMatchObject({ pages: ['page-1', 'page-2', 'page-3'], bound: 'bound-1' })
    expect(kiosk.dropped).toEqual([])
    await kiosk.send({ type: 'clear-material', material: 'lease' })
    expect(kiosk.dropped).toEqual(['page-1', 'page-2', 'page-3', 'bound-1'])
  })

  describe('a paper of several pages', () => {
    const stageOf = (): ScanView['stage'] => {
      const screen = kiosk.screen()
      if (screen === 'ended' || screen.kind !== 'scan') throw new Error('no scan')
      return screen.stage
    }
    /** One page more, under the camera; `answer` is what the look finds. */
    const shoot = async (page: string, ...problems: readonly PageProblem[]): Promise<void> => {
      kiosk.answers.scan = ok(page)
      kiosk.answers.look = (original) => ok(lookedPage(original, foundWith(...problems), `straight-${original}`))
      await kiosk.send(photograph)
    }
    const shootTwo = async (document: 'lease' | 'letter' | 'filed-lease'): Promise<void> => {
      await toScan(document)
      await shoot('a')
      await kiosk.send({ type: 'add-page' })
      await shoot('b')
    }

    it('lays one page after the other, keeps all of them, and reads each', async () => {
      await toScan('lease')
      expect(stageOf()).toMatchObject({ kind: 'lay-page', number: 1 })
      await shoot('a')
      await kiosk.send({ type: 'add-page' })
      expect(stageOf()).toMatchObject({ kind: 'lay-page', number: 2 })
      expect(kiosk.dropped).toEqual([])
      await shoot('b')
      expect(stageOf()).toMatchObject({ kind: 'look', page: 'straight-b', pages: ['straight-a', 'straight-b'], adjustable: ['straight-a', 'straight-b'], use: 'yes' })
      await kiosk.send({ type: 'keep-page' })
      expect(kiosk.asked).toContain('read straight-a straight-b for 陈志远')
      expect(stageOf()).toMatchObject({ kind: 'confirm', pages: ['straight-a', 'straight-b'], redo: 'pages' })
      await kiosk.send({ type: 'confirm-fields', fields: {} })
      expect(kiosk.actor.getSnapshot().context.given['lease']).toMatchObject({ pages: ['straight-a', 'straight-b'] })
      expect(new Set(kiosk.dropped)).toEqual(new Set(['a', 'b']))
    })

    it('names the page that is being read, and going back stops the reading without losing a page', async () => {
      await shootTwo('lease')
      kiosk.answers.read = new Promise(() => undefined)
      await kiosk.send({ type: 'keep-page' })
      expect(stageOf()).toMatchObject({ kind: 'reading', page: 'straight-b', position: { number: 2, count: 2 }, percent: 60 })
      const before = kiosk.aborted()
      await kiosk.send({ type: 'show-pages' })
      expect(kiosk.aborted()).toBe(before + 1)
      expect(stageOf()).toMatchObject({ kind: 'look', pages: ['straight-a', 'straight-b'] })
      expect(kiosk.dropped).toEqual([])
    })

    it('a page that is taken out goes at once, with what was read of it and the PDF that it was in', async () => {
      await shootTwo('filed-lease')
      await kiosk.send({ type: 'keep-page' })
      expect(stageOf()).toMatchObject({ kind: 'confirm', fields: [{ value: '幸福路8号' }] })
      await kiosk.send({ type: 'show-pages' })
      expect(kiosk.dropped).toEqual(['bound-1'])
      await kiosk.send({ type: 'drop-page', page: 'straight-a' })
      expect(new Set(kiosk.dropped)).toEqual(new Set(['bound-1', 'a', 'straight-a']))
      expect(stageOf()).toMatchObject({ kind: 'look', pages: ['straight-b'] })
      kiosk.answers.read = { fields: [{ id: 'address', label: words, value: '', state: 'missing', why: undefined, keyboard: 'pinyin' }], notices: [], paper: 'wanted' }
      await kiosk.send({ type: 'keep-page' })
      expect(kiosk.asked.at(-1)).toBe('read straight-b for 陈志远')
      expect(stageOf()).toMatchObject({ kind: 'confirm', fields: [{ value: '' }] })
      await kiosk.send({ type: 'confirm-fields', fields: {} })
      expect(kiosk.actor.getSnapshot().context.given['lease']).toMatchObject({ pages: ['straight-b'], fields: {} })
    })

    it('the last page that is taken out leaves an empty desk', async () => {
      await toScan('lease')
      await shoot('a')
      await kiosk.send({ type: 'drop-page', page: 'straight-a' })
      expect(stageOf()).toMatchObject({ kind: 'lay-page', number: 1 })
      expect(new Set(kiosk.dropped)).toEqual(new Set(['a', 'straight-a']))
    })

    it('a page that is taken again comes in its own place, and the old one stays until then', async () => {
      await shootTwo('lease')
      await kiosk.send({ type: 'retake-page', page: 'straight-a' })
      expect(stageOf()).toMatchObject({ kind: 'lay-page', number: 1 })
      expect(kiosk.dropped).toEqual([])
      // Thought better of it.
      await kiosk.send({ type: 'back' })
      expect(stageOf()).toMatchObject({ kind: 'look', pages: ['straight-a', 'straight-b'] })
      await kiosk.send({ type: 'retake-page', page: 'straight-a' })
      kiosk.answers.scan = err({ kind: 'jam' })
      await kiosk.send(photograph)
      expect(stageOf()).toMatchObject({ kind: 'lay-page', number: 1, problem: scanErrorSentences({ kind: 'jam' }).citizen })
      expect(kiosk.dropped).toEqual([])
      await shoot('c')
      expect(stageOf()).toMatchObject({ kind: 'look', page: 'straight-c', pages: ['straight-c', 'straight-b'] })
      expect(new Set(kiosk.dropped)).toEqual(new Set(['a', 'straight-a']))
      await kiosk.send({ type: 'back' })
      expect(new Set(kiosk.dropped)).toEqual(new Set(['a', 'straight-a', 'b', 'straight-b', 'c', 'straight-c']))
    })

    it('tells at every stage how many pages going back takes away', async () => {
      const lost = (): number => {
        const screen = kiosk.screen()
        if (screen === 'ended' || screen.kind !== 'scan') throw new Error('no scan')
        return screen.lostByBack
      }
      await toScan('lease')
      expect(lost()).toBe(0)
      await shoot('a')
      expect(lost()).toBe(1)
      await kiosk.send({ type: 'add-page' })
      expect([stageOf().kind, lost()]).toEqual(['lay-page', 0])
      await shoot('b')
      expect([stageOf().kind, lost()]).toEqual(['look', 2])
      await kiosk.send({ type: 'adjust-edges', page: 'straight-a' })
      expect([stageOf().kind, lost()]).toEqual(['corners', 0])
      await kiosk.send({ type: 'back' }, { type: 'add-page' })
      kiosk.answers.scan = ok('c')
      kiosk.actor.send(photograph)
      expect([stageOf().kind, lost()]).toEqual(['scanning', 2])
      await kiosk.clock.advance(0)
      expect([stageOf().kind, lost()]).toEqual(['look', 3])
      await kiosk.send({ type: 'keep-page' })
      expect([stageOf().kind, lost()]).toEqual(['confirm', 3])
      expect(kiosk.dropped).toEqual([])
      await kiosk.send({ type: 'back' })
      expect(kiosk.kind()).toBe('materials')
      expect(new Set(kiosk.dropped)).toEqual(new Set(['a', 'straight-a', 'b', 'straight-b', 'c', 'straight-c']))
    })

    it('says of which page a fault is told, and shows that one', async () => {
      await toScan('lease')
      await shoot('a', 'too-small')
      await kiosk.send({ type: 'add-page' })
      await shoot('b', 'blurred', 'too-small')
      expect(stageOf()).toMatchObject({ kind: 'look', page: 'straight-b', use: 'no', findings: [{ problem: 'blurred', pages: [2] }, { problem: 'too-small', pages: [1, 2] }] })
      await kiosk.send({ type: 'retake-page', page: 'straight-b' })
      await shoot('c')
      expect(stageOf()).toMatchObject({ use: 'yes', findings: [{ problem: 'too-small', pages: [1] }] })
    })

    it('sets the corners of one page and leaves the others as they are', async () => {
      await shootTwo('lease')
      const asked: (readonly [string, Quad | undefined])[] = []
      kiosk.answers.look = (page, set) => {
        asked.push([page, set])
        return ok(lookedPage(page, foundWith(), 'anew'))
      }
      await kiosk.send({ type: 'adjust-edges', page: 'straight-a' })
      expect(stageOf()).toMatchObject({ kind: 'corners', page: 'a', number: 1 })
      await kiosk.send({ type: 'set-corners', corners: [...somewhere] })
      expect(asked).toEqual([['a', somewhere]])
      expect(stageOf()).toMatchObject({ kind: 'look', pages: ['anew', 'straight-b'] })
      expect(kiosk.dropped).toEqual(['straight-a'])
    })

    it('a further picture that cannot be opened, or is not waited for, leaves the pages before it', async () => {
      await toScan('lease')
      await shoot('a')
      kiosk.answers.look = () => err(problem)
      kiosk.answers.scan = ok('b')
      await kiosk.send({ type: 'add-page' }, photograph)
      expect(stageOf()).toMatchObject({ kind: 'lay-page', number: 2, problem: words })
      expect(kiosk.dropped).toEqual(['b'])
      await kiosk.send({ type: 'back' })
      expect(stageOf()).toMatchObject({ kind: 'look', pages: ['straight-a'] })
    })

    describe('taken again', () => {
      type Look = Result<LookedPage, Problem> | Promise<Result<LookedPage, Problem>>
      const never: Look = new Promise(() => undefined)
      /** Under way to take page `a` of three again: `look` is what becomes of the new picture `x`. */
      const retakeFirst = async (look: () => Look): Promise<void> => {
        await shootTwo('lease')
        await kiosk.send({ type: 'add-page' })
        await shoot('c')
        await kiosk.send({ type: 'retake-page', page: 'straight-a' })
        kiosk.answers.scan = ok('x')
        kiosk.answers.look = look
        await kiosk.send(photograph)
      }
      const all = ['straight-a', 'straight-b', 'straight-c']
      const keepsPlace = async (): Promise<void> => {
        expect(stageOf()).toMatchObject({ kind: 'lay-page', number: 1 })
        expect(kiosk.dropped).toEqual(['x'])
        await shoot('a2')
        expect(stageOf()).toMatchObject({ kind: 'look', pages: ['straight-a2', 'straight-b', 'straight-c'] })
        expect(new Set(kiosk.dropped)).toEqual(new Set(['x', 'a', 'straight-a']))
      }
      const keepsPage = async (): Promise<void> => {
        await kiosk.send({ type: 'back' })
        expect(stageOf()).toMatchObject({ kind: 'look', pages: all, use: 'yes' })
        expect(kiosk.dropped).toEqual(['x'])
      }

      it.each([['keeps its place', keepsPlace], ['can stay as it was', keepsPage]])('a page whose new picture cannot be opened %s', async (_, then) => {
        await retakeFirst(() => err(problem))
        expect(stageOf()).toMatchObject({ problem: words })
        await then()
      })

      it.each([['keeps its place', keepsPlace], ['can stay as it was', keepsPage]])('a page whose new picture is not waited for %s', async (_, then) => {
        await retakeFirst(() => never)
        expect(stageOf()).toMatchObject({ kind: 'looking', page: 'x', position: { number: 1, count: 3 } })
        expect(kiosk.dropped).toEqual([])
        await kiosk.send({ type: 'scan-again' })
        await then()
      })

      it('a page whose new picture has edges that nobody is sure of stays until they are set', async () => {
        await retakeFirst(() => ok(lookedPage('x', unsure(0.3, 'no-page'))))
        expect([stageOf().kind, kiosk.dropped]).toEqual(['corners', []])
        await kiosk.send({ type: 'scan-again' })
        await keepsPlace()
        await kiosk.send({ type: 'retake-page', page: 'straight-a2' })
        kiosk.answers.scan = ok('y')
        kiosk.answers.look = () => ok(lookedPage('y', unsure(0.3, 'no-page')))
        await kiosk.send(photograph, { type: 'back' })
        expect(stageOf()).toMatchObject({ kind: 'look', pages: ['straight-a2', 'straight-b', 'straight-c'], use: 'yes' })
      })

      it('a fine page keeps its edges and its place where new ones are not waited for', async () => {
        await shootTwo('lease')
        await kiosk.send({ type: 'adjust-edges', page: 'straight-a' })
        kiosk.answers.look = () => never
        await kiosk.send({ type: 'set-corners', corners: [...somewhere] }, { type: 'scan-again' })
        expect(stageOf()).toMatchObject({ kind: 'lay-page', number: 1 })
        await kiosk.send({ type: 'back' })
        expect(stageOf()).toMatchObject({ kind: 'look', pages: ['straight-a', 'straight-b'], use: 'yes' })
        expect(kiosk.dropped).toEqual([])
        await kiosk.send({ type: 'adjust-edges', page: 'straight-a' }, { type: 'scan-again' })
        await shoot('c')
        expect(stageOf()).toMatchObject({ kind: 'look', pages: ['straight-c', 'straight-b'] })
      })
    })

    it('back from the corner editor leads to the pages as they were, also of a page without sure edges', async () => {
      await shootTwo('lease')
      await kiosk.send({ type: 'add-page' })
      kiosk.answers.scan = ok('c')
      kiosk.answers.look = (original) => ok(lookedPage(original, unsure(0.1, 'no-page')))
      await kiosk.send(photograph)
      const looked = { kind: 'look', page: 'c', pages: ['straight-a', 'straight-b', 'c'] }
      expect(stageOf()).toMatchObject(looked)
      await kiosk.send({ type: 'adjust-edges', page: 'c' })
      expect(kiosk.screen()).toMatchObject({ lostByBack: 0, stage: { kind: 'corners' } })
      await kiosk.send({ type: 'back' })
      expect(stageOf()).toMatchObject(looked)
      expect(kiosk.dropped).toEqual([])
      // Where the editor came by itself, the new picture goes, and that is told.
      await kiosk.send({ type: 'drop-page', page: 'c' }, { type: 'add-page' })
      kiosk.answers.look = (original) => ok(lookedPage(original, unsure(0.3, 'no-page')))
      kiosk.answers.scan = ok('d')
      await kiosk.send(photograph)
      expect(kiosk.screen()).toMatchObject({ lostByBack: 1, stage: { kind: 'corners' } })
      await kiosk.send({ type: 'back' })
      expect(stageOf()).toMatchObject({ kind: 'look', pages: ['straight-a', 'straight-b'] })
      expect(kiosk.dropped).toEqual(['c', 'd'])
    })

    it('a blank page that was laid by hand is told, also among others and beside a batch', async () => {
      await toScan('lease')
      await shoot('a')
      await kiosk.send({ type: 'add-page' })
      await shoot('b', 'blank')
      expect(stageOf()).toMatchObject({ kind: 'look', page: 'straight-b', use: 'no', findings: [{ problem: 'blank', weight: 'hard', pages: [2] }] })
      await kiosk.send({ type: 'drop-page', page: 'straight-b' }, { type: 'add-page' })
      kiosk.answers.look = (original) => ok(lookedPage(original, { place: { kind: 'whole-picture' }, problems: ['blank'] }))
      await kiosk.send({ type: 'scan-page', source: 'feeder' })
      // A whole batch without a word lies the wrong side up.
      expect(stageOf()).toMatchObject({ findings: [{ problem: 'blank', pages: [2, 3, 4] }] })
    })

    it('a fault of a page that was known before is no further try', async () => {
      await toScan('lease')
      await shoot('a')
      await kiosk.send({ type: 'add-page' })
      await shoot('b', 'blurred')
      expect(stageOf()).toMatchObject({ use: 'no' })
      kiosk.answers.look = (page) => ok(lookedPage(page, foundWith(), 'anew'))
      await kiosk.send({ type: 'adjust-edges', page: 'straight-a' }, { type: 'set-corners', corners: [...somewhere] })
      expect(stageOf()).toMatchObject({ pages: ['anew', 'straight-b'], use: 'no' })
      await kiosk.send({ type: 'retake-page', page: 'straight-b' })
      await shoot('c', 'blurred')
      expect(stageOf()).toMatchObject({ use: 'all-the-same' })
    })

    it('another paper among the pages is told; whoever goes on all the same has a clerk look', async () => {
      await shootTwo('lease')
      kiosk.answers.read = { fields: [{ id: 'address', label: words, value: '幸福路8号', state: 'sure', why: undefined, keyboard: 'pinyin' }], notices: [problem], paper: 'mixed' }
      await kiosk.send({ type: 'keep-page' })
      expect(stageOf()).toMatchObject({ kind: 'confirm', notices: [problem], fields: [{ value: '幸福路8号' }] })
      await kiosk.send({ type: 'confirm-fields', fields: {} })
      expect(reviewPointsOf(kiosk.actor.getSnapshot().context).map(({ check }) => check)).toEqual(['picture-other-paper'])
    })

    it('pages that cannot be bound are handed in one by one: said to the citizen and to staff, asked of a clerk, and nothing is lost', async () => {
      await shootTwo('letter')
      kiosk.answers.bind = err(problem)
      await kiosk.send({ type: 'keep-page' })
      expect(stageOf()).toMatchObject({ kind: 'confirm', pages: ['straight-a', 'straight-b'], fields: [], notices: [problem], paper: 'wanted', redo: 'pages' })
      await kiosk.send({ type: 'confirm-fields', fields: {} })
      expect(kiosk.kind()).toBe('materials')
      const { context } = kiosk.actor.getSnapshot()
      expect(context.given['lease']).toMatchObject({ pages: ['straight-a', 'straight-b'], binding: 'failed' })
      expect(context.given['lease']).not.toHaveProperty('bound')
      expect(reviewPointsOf(context).map(({ check }) => check)).toEqual(['pages-not-bound'])
      expect(new Set(kiosk.dropped)).toEqual(new Set(['a', 'b']))
    })

    it('pages that could be bound at the second try leave nothing to ask', async () => {
      await shootTwo('letter')
      kiosk.answers.bind = err(problem)
      await kiosk.send({ type: 'keep-page' }, { type: 'show-pages' })
      kiosk.answers.bind = ok('bound-2')
      await kiosk.send({ type: 'keep-page' })
      const { context } = kiosk.actor.getSnapshot()
      expect(context.given['lease']).toMatchObject({ bound: 'bound-2' })
      expect(reviewPointsOf(context)).toEqual([])
    })
  })

  it('looks at every sheet of the feeder; an empty back among them is no fault', async () => {
    kiosk.answers.look = (page) => ok(lookedPage(page, { place: { kind: 'whole-picture' }, problems: page === 'page-2' ? ['blank'] : [] }))
    await toScan('letter')
    await kiosk.send({ type: 'scan-page', source: 'feeder' })
    expect(kiosk.screen()).toMatchObject({ stage: { kind: 'look', pages: ['page-1', 'page-2', 'page-3'], findings: [], use: 'yes', adjustable: [] } })
    expect(kiosk.actor.getSnapshot().can({ type: 'adjust-edges', page: 'page-1' })).toBe(false)
  })

  it('a batch that is not waited for, or of which one sheet cannot be opened, begins anew as a whole, and says so', async () => {
    const gone = { 'zh-CN': '这一次放进去的 5 页都没有留下。请把它们按顺序全部放好，再扫描一次。', en: 'None of the 5 pages of this batch were kept. Lay all of them again, in order, and scan once more.' }
    kiosk.answers.batch = { pages: ['f1', 'f2', 'f3', 'f4', 'f5'], error: undefined }
    await toScan('lease')
    await kiosk.send({ type: 'scan-page', source: 'platen' }, { type: 'add-page' })
    kiosk.answers.look = (page) => (page === 'f3' ? new Promise(() => undefined) : ok(lookedPage(page)))
    await kiosk.send({ type: 'scan-page', source: 'feeder' })
    expect(kiosk.screen()).toMatchObject({ stage: { kind: 'looking', page: 'f3', position: { number: 4, count: 6 } } })
    await kiosk.send({ type: 'scan-again' })
    expect(kiosk.screen()).toMatchObject({ stage: { kind: 'lay-page', number: 2, problem: gone } })
    expect(kiosk.dropped).toEqual(['f1', 'f2', 'f3', 'f4', 'f5'])
    kiosk.answers.look = (page) => (page === 'f3' ? err(problem) : ok(lookedPage(page)))
    await kiosk.send({ type: 'scan-page', source: 'feeder' })
    expect(kiosk.screen()).toMatchObject({ stage: { kind: 'lay-page', number: 2, problem: { en: `${words.en} ${gone.en}` } } })
    await kiosk.send({ type: 'back' })
    expect(kiosk.screen()).toMatchObject({ stage: { kind: 'look', pages: ['page-1'] } })
  })

  it('the progress of looking never falls from one picture to the next, and begins anew with what comes later', async () => {
    const percents: number[] = []
    await toScan('lease')
    kiosk.actor.subscribe(({ context }) => {
      if (context.scan?.stage.kind === 'looking') percents.push(context.scan.stage.percent)
    })
    kiosk.answers.progress = [0, 50, 100]
    await kiosk.send({ type: 'scan-page', source: 'feeder' })
    expect([...new Set(percents)]).toEqual([0, 17, 33, 50, 67, 83, 100])
    expect(percents).toEqual(percents.toSorted((one, other) => one - other))
    percents.length = 0
    kiosk.answers.scan = ok('page-4')
    await kiosk.send({ type: 'add-page' }, { type: 'scan-page', source: 'platen' })
    expect([...new Set(percents)]).toEqual([0, 50, 100])
  })

  it('a picture that cannot be opened asks for another, and nothing of it stays', async () => {
    kiosk.answers.look = () => err(problem)
    await toScan('letter')
    await kiosk.send(photograph)
    expect(kiosk.screen()).toMatchObject({ stage: { kind: 'lay-page', problem: words } })
    expect(kiosk.dropped).toEqual(['page-1'])
  })

  it('offers what the matter offers and nothing else', async () => {
    await toMaterials()
    expect(kiosk.actor.getSnapshot().can({ type: 'choose-way', material: 'lease', way: { kind: 'licence', licenceType: 'L2' } })).toBe(false)
    expect(kiosk.actor.getSnapshot().can({ type: 'choose-way', material: 'id-card', way: { kind: 'later' } })).toBe(false)
    expect(kiosk.actor.getSnapshot().can({ type: 'choose-way', material: 'lease', way: { kind: 'later' } })).toBe(true)
  })

  it('takes a failed data check as an answer and leaves the other ways open', async () => {
    await toMaterials()
    await kiosk.send({ type: 'choose-way', material: 'lease', way: { kind: 'data-check', check: 'house' } })
    expect(kiosk.screen()).toMatchObject({ kind: 'materials', items: [{}, { id: 'lease', status: { state: 'failed' } }] })
    await kiosk.send({ type: 'choose-way', material: 'lease', way: { kind: 'commitment', commitment: 'promise' } }, { type: 'accept-commitment' })
    expect(kiosk.screen()).toMatchObject({ items: [{}, { id: 'lease', status: { state: 'given', way: 'commitment' } }] })
  })

  async function toOutcome(): Promise<void> {
    await toMaterials()
    await kiosk.send({ type: 'choose-way', material: 'lease', way: { kind: 'later' } }, { type: 'continue' }, { type: 'continue' }, { type: 'sign', signature: ink })
  }

  it('submits what was reviewed and signed, prints once, and ends with take your card and paper', async () => {
    await toOutcome()
    expect(kiosk.submitted).toHaveLength(1)
    expect(kiosk.submitted[0]).toMatchObject({ matter: 'M05', answers: { basis: 'home', half: 'yes' }, signature: ink })
    expect(kiosk.submitted[0]?.applicant).not.toHaveProperty('photo')
    expect(kiosk.screen()).toMatchObject({ kind: 'outcome', outcome: { kind: 'received' }, printing: { state: 'printed' } })
    expect(kiosk.printed).toHaveLength(1)
    expect(JSON.stringify(kiosk.printed)).not.toContain('陈志远')
    await kiosk.send({ type: 'continue' }, { type: 'evaluate', grade: 5, details: ['quick'] })
    expect(kiosk.evaluated).toEqual([5])
    expect(kiosk.screen()).toMatchObject({ kind: 'farewell', takeCard: true, takePaper: true })
    await kiosk.clock.advance(20_000)
    expect(kiosk.end()).toEqual({ ended: 'finished' })
    expect(kiosk.clock.pending).toBe(0)
  })

  it('changes nothing after review without a new signature', async () => {
    await toMaterials()
    await kiosk.send({ type: 'choose-way', material: 'lease', way: { kind: 'later' } }, { type: 'continue' }, { type: 'continue' }, { type: 'back' }, { type: 'change-line', target: { kind: 'field', pointer: '/phone' } })
    expect(kiosk.screen()).toMatchObject({ kind: 'form', focus: '/phone' })
    expect(kiosk.actor.getSnapshot().context.signature).toBeUndefined()
  })

  it('says "not yet received" of a kept application, and asks for no rating', async () => {
    kiosk.answers.submit = { kind: 'kept', localNumber: 'T1-000001', why: words }
    await toOutcome()
    expect(kiosk.screen()).toMatchObject({ kind: 'outcome', outcome: { kind: 'kept', localNumber: 'T1-000001' } })
    expect(JSON.stringify(kiosk.printed[0])).toContain('尚未送达受理机关')
    await kiosk.send({ type: 'continue' })
    expect(kiosk.kind()).toBe('farewell')
  })

  it('never prints a second original when nobody knows whether the first came out', async () => {
    kiosk.answers.print = { kind: 'unknown', why: 'silent' }
    await toOutcome()
    expect(kiosk.screen()).toMatchObject({ printing: { state: 'unknown' } })
    expect(kiosk.actor.getSnapshot().can({ type: 'print-again' })).toBe(false)
    await kiosk.send({ type: 'paper-came', came: false })
    expect(kiosk.screen()).toMatchObject({ printing: { state: 'failed', canRetry: false } })
    expect(kiosk.actor.getSnapshot().can({ type: 'print-again' })).toBe(false)
    expect(kiosk.printed).toHaveLength(1)
  })

  it('prints again when nothing had been sent to the printer', async () => {
    kiosk.answers.print = { kind: 'not-started', why: 'no-paper' }
    await toOutcome()
    expect(kiosk.screen()).toMatchObject({ printing: { state: 'failed', canRetry: true } })
    kiosk.answers.print = { kind: 'printed', proof: 'process-id' }
    await kiosk.send({ type: 'print-again' })
    expect(kiosk.screen()).toMatchObject({ printing: { state: 'printed' } })
  })

  describe('a proof', () => {
    const proved: SubmissionOutcome = { ...received, proof: { verificationCode: 'AAAA-BBBB-CCCC-DDDD', verifyUrl: 'http://verify', lines: [] } }
    async function toProof(hasPagePrinter: boolean, answer?: typeof kiosk.answers.proof): Promise<void> {
      kiosk = terminal(smallPack, hasPagePrinter)
      kiosk.answers.submit = proved
      kiosk.answers.proof = answer
      await kiosk.send({ type: 'choose-matter', matter: 'M01' }, { type: 'continue' }, { type: 'continue' })
      await kiosk.layCard(chen)
      await kiosk.send({ type: 'accept-consent' }, { type: 'save-form', data: {}, next: true }, { type: 'continue' })
    }

    it('is printed on A4 once, by itself, after the receipt, and the pages are to be taken', async () => {
      await toProof(true, ok({ kind: 'printed', pages: 1 }))
      expect(kiosk.proofs).toEqual(['AAAA-BBBB-CCCC-DDDD'])
      expect(kiosk.screen()).toMatchObject({ kind: 'outcome', printing: { state: 'printed' }, proofPrinting: { state: 'printed' } })
      expect(kiosk.actor.getSnapshot().can({ type: 'print-proof-again' })).toBe(false)
      await kiosk.send({ type: 'continue' }, { type: 'skip-evaluation' })
      expect(kiosk.screen()).toMatchObject({ kind: 'farewell', takePaper: true })
    })

    it('is not spoken of where there is no page printer', async () => {
      await toProof(false)
      expect(kiosk.screen()).toMatchObject({ printing: { state: 'printed' }, proofPrinting: { state: 'none' } })
    })

    it.each([
      ['not-started', ok({ kind: 'not-started', why: 'no-paper' } as const), { state: 'failed', canRetry: true }],
      ['stopped', ok({ kind: 'stopped', why: 'jam', pages: 1 } as const), { state: 'failed', canRetry: false }],
      ['unknown', ok({ kind: 'unknown', why: 'silent' } as const), { state: 'unknown' }],
      ['could not be had', err(problem), { state: 'failed', canRetry: true }],
    ] as const)('that is %s never blocks the end: the electronic proof with its code stays', async (_, answer, view) => {
      await toProof(true, answer)
      expect(kiosk.screen()).toMatchObject({ outcome: { proof: { verificationCode: 'AAAA-BBBB-CCCC-DDDD' } }, proofPrinting: view })
      expect(kiosk.actor.getSnapshot().can({ type: 'print-proof-again' })).toBe('canRetry' in view && view.canRetry)
      await kiosk.send({ type: 'continue' })
      expect(kiosk.kind()).toBe('evaluation')
    })

    it('is tried again from the screen when nothing of it can be on paper', async () => {
      await toProof(true, err(problem))
      kiosk.answers.proof = ok({ kind: 'printed', pages: 1 })
      await kiosk.send({ type: 'print-proof-again' })
      expect(kiosk.screen()).toMatchObject({ proofPrinting: { state: 'printed' } })
    })

    it('holds nobody to their time while its pages are coming', async () => {
      let finish: (result: Result<PagePrintOutcome, Problem>) => void = () => undefined
      await toProof(true, new Promise((resolve) => (finish = resolve)))
      expect(kiosk.screen()).toMatchObject({ proofPrinting: { state: 'printing' } })
      await kiosk.clock.advance(100_000)
      expect(positionOf(kiosk.actor.getSnapshot().value)?.warning).toBe(false)
      finish(ok({ kind: 'printed', pages: 1 }))
      await kiosk.clock.advance(0)
      expect(kiosk.screen()).toMatchObject({ proofPrinting: { state: 'printed' } })
    })
  })

  it('warns after 60 seconds without a touch and wipes 30 seconds later', async () => {
    await toForm()
    await kiosk.clock.advance(59_999)
    expect(positionOf(kiosk.actor.getSnapshot().value)?.warning).toBe(false)
    await kiosk.clock.advance(1)
    expect(positionOf(kiosk.actor.getSnapshot().value)?.warning).toBe(true)
    await kiosk.clock.advance(29_999)
    expect(kiosk.kind()).toBe('form')
    await kiosk.clock.advance(1)
    expect(kiosk.end()).toEqual({ ended: 'timedOut' })
  })

  it('gives a person in care mode three minutes and one more', async () => {
    await kiosk.send({ type: 'display', care: true })
    await kiosk.clock.advance(179_000)
    expect(positionOf(kiosk.actor.getSnapshot().value)?.warning).toBe(false)
    await kiosk.clock.advance(60_999)
    expect(kiosk.kind()).toBe('matters')
    await kiosk.clock.advance(1)
    expect(kiosk.kind()).toBe('ended')
  })

  it('starts counting anew with each touch', async () => {
    await kiosk.clock.advance(80_000)
    await kiosk.send({ type: 'activity' })
    await kiosk.clock.advance(59_000)
    expect(positionOf(kiosk.actor.getSnapshot().value)?.warning).toBe(false)
  })

  it('does not end a session because the backend is slow', async () => {
    await toMaterials()
    let answer: (outcome: SubmissionOutcome) => void = () => undefined
    const slow = new Promise<SubmissionOutcome>((resolve) => (answer = resolve))
    kiosk.answers.submit = slow as unknown as SubmissionOutcome
    await kiosk.send({ type: 'choose-way', material: 'lease', way: { kind: 'later' } }, { type: 'continue' }, { type: 'continue' }, { type: 'sign', signature: ink })
    await kiosk.clock.advance(200_000)
    expect(kiosk.kind()).toBe('submitting')
    // Nobody leaves before the number is known under which it was kept or received.
    await kiosk.send({ type: 'leave' })
    expect(kiosk.kind()).toBe('submitting')
    answer(received)
    await kiosk.clock.advance(0)
    expect(kiosk.kind()).toBe('outcome')
  })

  describe('when the page is lost in mid-session', () => {
    it('ends at once when nobody had been identified', async () => {
      await kiosk.send(...M05)
      await kiosk.send({ type: 'page-lost' })
      expect(kiosk.end()).toEqual({ ended: 'pageLost' })
    })

    it('goes on only after the same card, and shows nothing until then', async () => {
      await toForm()
      await kiosk.send({ type: 'page-lost' })
      expect(kiosk.kind()).toBe('resume')
      expect(JSON.stringify(kiosk.screen())).not.toContain('陈')
      await kiosk.layCard(zhou)
      expect(kiosk.kind()).toBe('resume')
      await kiosk.layCard(chen)
      expect(kiosk.kind()).toBe('form')
    })

    it('is wiped after a minute, whatever other cards are laid', async () => {
      await toForm()
      await kiosk.send({ type: 'page-lost' })
      await kiosk.clock.advance(40_000)
      await kiosk.layCard(zhou)
      await kiosk.clock.advance(19_999)
      expect(kiosk.kind()).toBe('resume')
      await kiosk.clock.advance(1)
      expect(kiosk.end()).toEqual({ ended: 'pageLost' })
    })
  })

  it('stops reading the card when the citizen leaves', async () => {
    await kiosk.send(...M05, { type: 'continue' }, { type: 'leave' })
    expect(kiosk.aborted()).toBe(1)
    expect(kiosk.kind()).toBe('ended')
  })

  it('goes from form to proof without materials and without ink for a proof matter', async () => {
    kiosk.answers.submit = { ...received, proof: { verificationCode: 'ABCD', verifyUrl: 'http://127.0.0.1/verify', lines: [] } }
    await kiosk.send({ type: 'choose-matter', matter: 'M01' }, { type: 'continue' }, { type: 'continue' })
    await kiosk.layCard(chen)
    await kiosk.send({ type: 'accept-consent' }, { type: 'save-form', data: {}, next: true }, { type: 'continue' })
    expect(kiosk.screen()).toMatchObject({ kind: 'outcome', outcome: { kind: 'received', proof: { verificationCode: 'ABCD' } } })
  })

  describe('what it must not be led into', () => {
    const later: readonly Command[] = [{ type: 'choose-way', material: 'lease', way: { kind: 'later' } }, { type: 'continue' }]

    it('lets the form follow answers that were changed, and keeps what the citizen wrote', async () => {
      kiosk = terminal(judgingPack)
      await toMaterials()
      await kiosk.send({ type: 'back' }, { type: 'back' }, { type: 'change-answers' }, { type: 'answer', question: 'basis', value: 'work' }, { type: 'continue' })
      expect(kiosk.screen()).toMatchObject({ kind: 'form', data: { basis: 'work', name: '陈志远', phone: '10000000001' }, locked: ['/name', '/basis'], sources: { '/basis': 'answer', '/phone': 'typed' } })
      await kiosk.send({ type: 'save-form', data: { address: '幸福路8号', phone: '10000000001' }, next: true }, { type: 'continue' }, { type: 'continue' }, { type: 'sign', signature: ink })
      expect(kiosk.submitted[0]).toMatchObject({ answers: { basis: 'work' }, form: { basis: 'work' } })
    })

    it('judges a person by the barriers of each matter that they choose, also without questions', async () => {
      kiosk = terminal(judgingPack)
      await toForm()
      await kiosk.send({ type: 'back' }, { type: 'back' }, { type: 'back' }, { type: 'back' }, { type: 'back' })
      expect(kiosk.kind()).toBe('matters')
      await kiosk.send({ type: 'choose-matter', matter: 'M12' }, { type: 'continue' })
      expect(kiosk.screen()).toMatchObject({ kind: 'barrier', barrier: { id: 'too-young' } })
      await kiosk.send({ type: 'back' }, { type: 'continue' })
      expect(kiosk.kind()).toBe('barrier')
    })

    it('takes no dot and no ink beside the paper for a signature', async () => {
      await toMaterials()
      await kiosk.send(...later, { type: 'continue' }, { type: 'sign', signature: { ...ink, strokes: [[{ x: 5, y: 5, t: 0 }]] } })
      expect(kiosk.kind()).toBe('sign')
      await kiosk.send({ type: 'sign', signature: { ...ink, strokes: [[{ x: 900, y: 5, t: 0 }, { x: 1900, y: 5, t: 9 }]] } })
      expect(kiosk.submitted).toEqual([])
    })

    it('submits once, however often the button is touched', async () => {
      await toMaterials()
      await kiosk.send(...later, { type: 'continue' })
      for (let touch = 0; touch < 3; touch++) kiosk.actor.send({ type: 'sign', signature: ink })
      await kiosk.send({ type: 'sign', signature: ink }, { type: 'continue' }, { type: 'back' })
      expect(kiosk.submitted).toHaveLength(1)
      expect(kiosk.printed).toHaveLength(1)
    })

    it('does not go on while the receipt is coming or its fate unknown, so the session still ends by itself', async () => {
      let finish: (outcome: PrintOutcome) => void = () => undefined
      kiosk.answers.print = new Promise<PrintOutcome>((resolve) => (finish = resolve)) as unknown as PrintOutcome
      await toOutcome()
      await kiosk.send({ type: 'continue' })
      expect(kiosk.screen()).toMatchObject({ kind: 'outcome', printing: { state: 'printing' } })
      finish({ kind: 'unknown', why: 'silent' })
      await kiosk.clock.advance(0)
      await kiosk.send({ type: 'continue' })
      expect(kiosk.kind()).toBe('outcome')
      await kiosk.clock.advance(150_000)
      expect(kiosk.end()).toEqual({ ended: 'timedOut' })
    })

    it('forgets a list that is still being printed when the citizen goes on, but not that paper comes', async () => {
      kiosk.answers.print = new Promise<PrintOutcome>(() => undefined) as unknown as PrintOutcome
      await kiosk.send(...M05, { type: 'print-checklist' })
      expect(kiosk.screen()).toMatchObject({ kind: 'checklist', printing: { state: 'printing' } })
      await kiosk.send({ type: 'continue' }, { type: 'back' })
      expect(kiosk.screen()).toMatchObject({ kind: 'checklist', printing: { state: 'none' } })
      expect(kiosk.actor.getSnapshot().context.paperTaken).toBe(true)
    })

    it('does not read a refused card again and again', async () => {
      await kiosk.send(...M05, { type: 'continue' })
      await kiosk.layCard({ kind: 'card-refused', code: '33' })
      await kiosk.send({ type: 'retry' }, { type: 'continue' })
      expect(kiosk.asked).toEqual(['card'])
      expect(kiosk.screen()).toMatchObject({ kind: 'identify', problem: { canRetry: false } })
    })

    it('drops the picture of a page that another way takes the place of', async () => {
      await toMaterials()
      await kiosk.send({ type: 'choose-way', material: 'lease', way: { kind: 'scan', document: 'letter' } }, { type: 'scan-page', source: 'platen' }, { type: 'keep-page' }, { type: 'choose-way', material: 'lease', way: { kind: 'later' } })
      expect(kiosk.dropped).toEqual(['page-1', 'bound-1'])
    })

    it('leads nowhere that the review does not show, and a proof never to materials', async () => {
      kiosk.answers.preCheck = ok([{ id: 'server-0', about: 'server', sentence: words, remedy: words, target: { kind: 'material', material: 'id-card' } }])
      await kiosk.send({ type: 'choose-matter', matter: 'M01' }, { type: 'continue' }, { type: 'continue' })
      await kiosk.layCard(chen)
      await kiosk.send({ type: 'accept-consent' }, { type: 'save-form', data: {}, next: true }, { type: 'go-to-gap', gap: 'server-0' })
      expect(kiosk.kind()).toBe('gaps')
      kiosk.answers.preCheck = ok([])
      await kiosk.send({ type: 'retry' }, { type: 'change-line', target: { kind: 'material', material: 'id-card' } }, { type: 'change-line', target: { kind: 'field', pointer: '/nowhere' } }, { type: 'change-line', target: { kind: 'questions' } })
      expect(kiosk.kind()).toBe('review')
    })

    it('takes only the confirmed fields that were read', async () => {
      await toMaterials()
      await kiosk.send({ type: 'choose-way', material: 'lease', way: { kind: 'scan', document: 'lease' } }, { type: 'scan-page', source: 'platen' }, { type: 'keep-page' }, { type: 'confirm-fields', fields: { address: 'A', owner: 'B' } })
      expect(kiosk.actor.getSnapshot().context.given['lease']).toMatchObject({ fields: { address: 'A' } })
      expect(JSON.stringify(kiosk.actor.getSnapshot().context.given)).not.toContain('owner')
    })
  })
})
