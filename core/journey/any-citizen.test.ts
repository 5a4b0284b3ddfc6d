import fc from 'fast-check'
import { createActor } from 'xstate'
import { describe, expect, it } from 'vitest'
import type { ApplicationDraft, GivenMaterial, SubmissionOutcome } from '../case/draft.ts'
import type { AbortSignalLike } from '../clock/clock.ts'
import { SimulatedClock } from '../clock/simulated-clock.ts'
import type { CardReading, CardReadError, PagePrintOutcome, PrintOutcome, ScanError } from '../device/operations.ts'
import { valueAt } from '../json/pointer.ts'
import { validateForm } from '../form/validate.ts'
import type { CitizenId } from '../ids.ts'
import { ageAt } from '../identity/dates.ts'
import type { Command } from '../kiosk-api/command.ts'
import type { Gap, ScanView, ScreenView } from '../kiosk-api/snapshot.ts'
import { resolveSituation } from '../matter-pack/situation.ts'
import type { Matter } from '../matter-pack/schema.ts'
import type { Result } from '../result/result.ts'
import { err, ok } from '../result/result.ts'
import { text } from '../text/local-text.ts'
import { createJourney } from './chart.ts'
import type { JourneyPorts, LookedPage, Problem, ReadPaper, ScannedPages } from './ports.ts'
import { picturesOf } from './scan.ts'
import { foundWith, lookedPage, somewhere, unsure } from './testing/looked-page.ts'
import { judgingPack as pack } from './testing/small-pack.ts'
import { positionOf, screenOf, sessionOf } from './view.ts'

const TODAY = '2026-01-01'
const words = text('句子', 'sentence')
const problem: Problem = { sentence: words, staffSentence: words }
const chen: CardReading = {
  kind: 'resident', name: '陈志远', sex: 'male', nationCode: '01', birth: '1990-11-05', address: '示范市示范区1号', number: '990101199011050014' as CitizenId,
  issuer: '示范市公安局', validFrom: '2020-01-01', validTo: '2040-01-01',
}
const zhou: CardReading = { ...chen, name: '周桂兰', sex: 'female', birth: '1958-03-12', number: '990101195803120027' as CitizenId }
const ink = { width: 800, height: 300, strokes: [[{ x: 1, y: 1, t: 0 }, { x: 300, y: 200, t: 400 }]] }
const dot = { width: 800, height: 300, strokes: [[{ x: 1, y: 1, t: 0 }]] }

type Pick = (count: number) => number

/** A terminal whose operations end when and how chance wants it. */
class Terminal {
  readonly clock = new SimulatedClock()
  readonly submitted: ApplicationDraft[] = []
  readonly openPages = new Set<string>()
  readonly faults: unknown[] = []
  #pending: { readonly name: string; readonly signal: AbortSignalLike | undefined; settle: (pick: Pick) => void }[] = []
  #pages = 0
  #drafts = 0
  readonly actor

  constructor() {
    this.actor = createActor(createJourney(this.#ports()), {
      clock: this.clock,
      input: {
        pack, terminal: { id: 'T-1', name: words, hall: words, demonstration: true, phone: '12345' },
        display: { language: 'zh-CN', textSize: 'standard', theme: 'standard', care: false, lowReach: false }, today: TODAY, startedAt: this.clock.now(),
      },
    })
    this.actor.subscribe({ error: (fault) => this.faults.push(fault) })
    this.actor.start()
  }

  #operation<T>(name: string, signal: AbortSignalLike | undefined, answers: readonly (() => T)[]): Promise<T> {
    return new Promise((resolve) => {
      this.#pending.push({ name, signal, settle: (pick) => resolve((answers[pick(answers.length)] ?? (() => { throw new Error('no answers') }))()) })
    })
  }

  #page(signal: AbortSignalLike): string {
    const page = `page-${++this.#pages}`
    if (!signal.aborted) this.openPages.add(page)
    return page
  }

  #ports(): JourneyPorts {
    return {
      now: () => this.clock.now(),
      today: () => TODAY,
      newId: () => `draft-${++this.#drafts}`,
      readCard: (onProgress, signal) => {
        onProgress({ kind: 'waiting' })
        return this.#operation<Result<CardReading, CardReadError>>('card', signal, [
          () => ok(chen), () => ok(chen), () => ok(zhou), () => ok({ ...chen, validTo: '2020-01-02' }), () => ok({ ...chen, birth: '2015-01-01' }),
          () => err({ kind: 'card-refused', code: '33' }), () => err({ kind: 'timeout', code: 't' }),
        ])
      },
      fetchLicence: (_draft, _material, licenceType, signal) => this.#operation<Result<Extract<GivenMaterial, { way: 'licence' }>, Problem>>('licence', signal, [() => ok({ way: 'licence' as const, licenceType, reference: 'r', name: words, detail: words }), () => err(problem)]),
      checkData: (_draft, _material, check, signal) => this.#operation<Result<Extract<GivenMaterial, { way: 'data-check' }>, Problem>>('check', signal, [() => ok({ way: 'data-check' as const, check, reference: 'r', detail: words }), () => err(problem)]),
      scanPage: (_source, _onProgress, signal) => this.#operation<Result<string, ScanError>>('scan', signal, [() => ok(this.#page(signal)), () => err({ kind: 'jam' })]),
      scanFeeder: (_onProgress, signal) => this.#operation<ScannedPages>('scan', signal, [
        () => ({ pages: [this.#page(signal), this.#page(signal)], error: undefined }), () => ({ pages: [this.#page(signal)], error: { kind: 'jam' } }), () => ({ pages: [], error: { kind: 'feeder-empty' } }),
      ]),
      takePhotograph: (_jpeg, signal) => this.#operation<Result<string, ScanError>>('scan', signal, [() => ok(this.#page(signal)), () => err({ kind: 'bad-image', code: 'jpeg' })]),
      lookAtPage: (page, _kind, _corners, _onProgress, signal) => this.#operation<Result<LookedPage, Problem>>('look', signal, [
        () => ok(lookedPage(page)), () => ok(lookedPage(page, foundWith('too-small'), this.#page(signal))), () => ok(lookedPage(page, foundWith('blurred', 'glare'), this.#page(signal))),
        () => ok(lookedPage(page, unsure(0.4, 'no-page'))), () => ok(lookedPage(page, unsure(0, 'no-page'))), () => err(problem),
      ]),
      bindPages: (_pages, signal) => this.#operation<Result<string, Problem>>('bind', signal, [() => ok(this.#page(signal)), () => err(problem)]),
      readPages: (pages, _kind, _cardName, onProgress, signal) => {
        for (const page of pages) onProgress(page, words, 50)
        const fields = [{ id: 'address', label: words, value: '幸福路8号', state: 'sure', why: undefined, keyboard: 'pinyin' }] as const
        return this.#operation<ReadPaper>('read', signal, [() => ({ fields, notices: [], paper: 'wanted' }), () => ({ fields, notices: [problem], paper: 'mixed' }), () => ({ fields: [], notices: [problem], paper: 'not-recognised' })])
      },
      dropPage: (page) => void this.openPages.delete(page),
      preCheck: (_draft, signal) => this.#operation<Result<readonly Gap[], Problem>>('pre-check', signal, [
        () => ok([]), () => ok([]), () => err(problem),
        () => ok([{ id: 'server-0', about: 'server', sentence: words, remedy: words, target: { kind: 'material', material: 'lease' } }]),
        () => ok([{ id: 'server-0', about: 'server', sentence: words, remedy: words, target: { kind: 'field', pointer: '/nowhere' } }]),
      ]),
      submit: (draft, onStep, signal) => {
        this.submitted.push(draft)
        onStep('sending')
        return this.#operation<SubmissionOutcome>('submit', signal, [
          () => ({ kind: 'received', caseNumber: '99010120250108000123H', receivedAt: this.clock.now(), tolerated: [], proof: undefined }),
          () => ({ kind: 'received', caseNumber: '99010120250108000123H', receivedAt: this.clock.now(), tolerated: [], proof: { verificationCode: 'AAAA-BBBB-CCCC-DDDD', verifyUrl: 'http://x', lines: [] } }),
          () => ({ kind: 'kept', localNumber: 'T1-1', why: words }),
          () => ({ kind: 'refused', code: 'no', sentence: words, localNumber: undefined }),
        ])
      },
      print: () => this.#operation<PrintOutcome>('print', undefined, [() => ({ kind: 'printed', proof: 'process-id' }), () => ({ kind: 'unknown', why: 'silent' }), () => ({ kind: 'voided', why: 'no-paper' }), () => ({ kind: 'not-started', why: 'no-paper' })]),
      printProof: () => this.#operation<Result<PagePrintOutcome, Problem>>('print', undefined, [
        () => ok({ kind: 'printed', pages: 1 }), () => ok({ kind: 'not-started', why: 'no-paper' }), () => ok({ kind: 'stopped', why: 'jam', pages: 1 }), () => ok({ kind: 'unknown', why: 'silent' }), () => err(problem),
      ]),
      evaluate: () => undefined,
    }
  }

  async settle(pick: Pick): Promise<void> {
    const [operation] = this.#pending.splice(this.#pending.length === 0 ? 0 : pick(this.#pending.length), 1)
    operation?.settle(pick)
    await this.clock.advance(0)
  }

  /** Operations under way that nobody has told to stop; a print cannot be called back. */
  unstopped(): readonly string[] {
    return this.#pending.filter(({ name, signal }) => name !== 'print' && signal?.aborted !== true).map(({ name }) => name)
  }

  /** As the session service does it: refused or sent, then the touch. */
  async send(command: Command): Promise<void> {
    const snapshot = this.actor.getSnapshot()
    const lost = positionOf(snapshot.value)?.pageLost === true
    if (lost && !['leave', 'retry', 'display'].includes(command.type)) return
    if (snapshot.can(command)) this.actor.send(command)
    if (!lost && this.actor.getSnapshot().status === 'active') this.actor.send({ type: 'touch' })
    await this.clock.advance(0)
  }

  screen(): ScreenView | undefined {
    const { value, context } = this.actor.getSnapshot()
    const position = positionOf(value)
    if (position === undefined) return undefined
    sessionOf(context, position)
    return screenOf(context, position, { canPrint: true, canScan: true, scanSources: ['platen', 'feeder', 'camera'] as const, online: true, matters: [], availability: () => ({ state: 'available' }) })
  }
}

const ANY: readonly Command[] = [
  { type: 'start' }, { type: 'activity' }, { type: 'display', care: true }, { type: 'back' }, { type: 'choose-matter', matter: 'M01' }, { type: 'choose-matter', matter: 'M05' },
  { type: 'choose-matter', matter: 'M12' }, { type: 'choose-matter', matter: 'none' }, { type: 'continue' }, { type: 'answer', question: 'basis', value: 'work' },
  { type: 'answer', question: 'basis', value: 'home' }, { type: 'answer', question: 'half', value: 'yes' }, { type: 'answer', question: 'half', value: 'no' },
  { type: 'change-answers' }, { type: 'print-checklist' }, { type: 'retry' }, { type: 'accept-consent' }, { type: 'decline-consent' },
  { type: 'save-form', data: {}, next: true }, { type: 'save-form', data: { name: '别人', basis: 'x', address: '', phone: '' }, next: true }, { type: 'save-form', data: { phone: '1' }, next: false },
  { type: 'choose-way', material: 'lease', way: { kind: 'scan', document: 'letter' } }, { type: 'choose-way', material: 'lease', way: { kind: 'later' } },
  { type: 'choose-way', material: 'id-card', way: { kind: 'later' } }, { type: 'choose-way', material: '__proto__', way: { kind: 'later' } },
  { type: 'clear-material', material: 'lease' }, { type: 'clear-material', material: 'id-card' }, { type: 'accept-commitment' }, { type: 'scan-page', source: 'feeder' }, { type: 'keep-page' }, { type: 'add-page' }, { type: 'show-pages' }, ...['page-1', 'page-2', 'page-3'].flatMap((page) => [{ type: 'retake-page', page }, { type: 'drop-page', page }, { type: 'adjust-edges', page }] as const), { type: 'set-corners', corners: [...somewhere] }, { type: 'set-corners', corners: [somewhere[0], somewhere[0], somewhere[2], somewhere[3]] },
  { type: 'scan-again' }, { type: 'confirm-fields', fields: { nonsense: 'x', address: 'y' } }, { type: 'go-to-gap', gap: 'form-0' }, { type: 'go-to-gap', gap: 'server-0' }, { type: 'go-to-gap', gap: 'check-lease-address' },
  { type: 'change-line', target: { kind: 'field', pointer: '/phone' } }, { type: 'change-line', target: { kind: 'material', material: 'lease' } }, { type: 'change-line', target: { kind: 'questions' } },
  { type: 'sign', signature: ink }, { type: 'sign', signature: dot }, { type: 'print-again' }, { type: 'print-proof-again' }, { type: 'paper-came', came: true }, { type: 'paper-came', came: false },
  { type: 'evaluate', grade: 1, details: ['slow', 'invented'] }, { type: 'skip-evaluation' },
]

/** What can be done to the pages that the screen shows. */
function changesOf(stage: ScanView['stage'], pick: Pick): readonly Command[] {
  if (stage.kind === 'confirm' || stage.kind === 'reading') return [{ type: 'show-pages' }]
  const page = stage.kind === 'look' ? stage.pages[pick(stage.pages.length)] : undefined
  return page === undefined ? [] : [{ type: 'add-page' }, { type: 'retake-page', page }, { type: 'drop-page', page }, { type: 'adjust-edges', page }]
}

/** What a citizen who wants to get done would do on this screen; chance chooses where there is a choice. */
function willing(screen: ScreenView, pick: Pick): Command {
  const one = (...commands: readonly Command[]): Command => commands[pick(commands.length)] ?? { type: 'continue' }
  switch (screen.kind) {
    case 'matters': return { type: 'choose-matter', matter: (['M05', 'M05', 'M12', 'M01'] as const)[pick(4)] ?? 'M05' }
    case 'question': return { type: 'answer', question: screen.question.id, value: screen.question.options[pick(screen.question.options.length)]?.value ?? '' }
    case 'barrier': return one({ type: 'back' }, { type: 'change-answers' }, { type: 'back' })
    case 'identify': return { type: 'retry' }
    case 'consent': return { type: 'accept-consent' }
    case 'form': return { type: 'save-form', data: { address: '幸福路8号', phone: '10000000001' }, next: true }
    case 'materials': return one({ type: 'continue' }, ...screen.items.flatMap((item) => item.ways.flatMap((way): Command[] => {
      switch (way.kind) {
        case 'licence': return [{ type: 'choose-way', material: item.id, way: { kind: 'licence', licenceType: way.licenceType } }]
        case 'data-check': return [{ type: 'choose-way', material: item.id, way: { kind: 'data-check', check: way.check } }]
        case 'commitment': return [{ type: 'choose-way', material: item.id, way: { kind: 'commitment', commitment: way.commitment } }]
        case 'scan': return [{ type: 'choose-way', material: item.id, way: { kind: 'scan', document: way.document } }]
        case 'later': return [{ type: 'choose-way', material: item.id, way: { kind: 'later' } }]
        default: return []
      }
    })))
    case 'commitment': return { type: 'accept-commitment' }
    case 'scan': return one(...changesOf(screen.stage, pick), { type: 'set-corners', corners: [...somewhere] }, { type: 'scan-page', source: 'platen' }, { type: 'scan-page', source: 'feeder' }, { type: 'keep-page' }, { type: 'confirm-fields', fields: { address: '幸福路9号' } }, { type: 'confirm-fields', fields: {} })
    case 'gaps': return screen.gaps[0] === undefined ? { type: 'continue' } : one({ type: 'go-to-gap', gap: screen.gaps[0].id }, { type: 'retry' })
    case 'sign': return { type: 'sign', signature: ink }
    case 'outcome': return one({ type: 'continue' }, { type: 'paper-came', came: true }, { type: 'print-again' })
    case 'evaluation': return { type: 'evaluate', grade: 5, details: [] }
    default: return { type: 'continue' }
  }
}

/** A submission is complete, by the pack's own rules and nothing that the chart says. */
function judge(draft: ApplicationDraft): void {
  const matter = pack.matters.find(({ id }) => id === draft.matter) as Matter
  const { applicant } = draft
  const facts = {
    answers: draft.answers, form: draft.form, today: TODAY,
    identity: { age: ageAt(applicant.birth, TODAY), birth: applicant.birth, sex: applicant.sex, region: '990101', kind: applicant.kind, cardExpired: false },
  }
  const situation = resolveSituation(matter, facts)
  expect(situation.next, 'every question is answered').toBeUndefined()
  expect(situation.barrier, 'nothing bars this person').toBeUndefined()
  expect(applicant.validTo >= TODAY && applicant.number !== undefined).toBe(true)
  expect(draft.consentAt).toBeGreaterThan(0)
  expect(validateForm(matter.form, draft.form, facts)).toEqual([])
  expect(draft.materials.map(({ material }) => material)).toEqual(situation.materials.map(({ id }) => id))
  expect(draft.materials.filter(({ given }) => given === undefined)).toEqual([])
  const lease = draft.materials.find(({ material }) => material === 'lease')?.given
  const readSurely = lease?.way === 'scan' && lease.sources['address'] === 'read-sure'
  if (readSurely) expect(lease.fields['address'], 'no paper contradicts the form').toBe(draft.form['address'])
  const asked = lease?.way === 'scan' ? [...(lease.document === 'lease' && !readSurely ? ['address'] : []), 'tenant'] : lease?.way === 'licence' || lease?.way === 'commitment' ? ['tenant'] : []
  expect(draft.reviewPoints.map(({ check }) => check), 'what nobody could decide goes to a clerk').toEqual(lease?.way === 'scan' && lease.paper !== undefined ? [...asked, 'picture-not-recognised'] : asked)
  expect(draft.signature !== undefined && draft.signedAt !== undefined).toBe(matter.flow === 'application')
  for (const { to, from, locked } of matter.form.prefill) {
    if (locked && from.kind === 'answer') expect(valueAt(draft.form, to), 'the form says what was answered').toBe(draft.answers[from.question])
    if (locked && from.kind === 'identity') expect(valueAt(draft.form, to)).toBe(applicant.name)
  }
}

const UNNAMED: readonly ScreenView['kind'][] = ['matters', 'guide', 'question', 'barrier', 'checklist', 'identify', 'consent', 'resume', 'evaluation', 'sign', 'submitting']
const FINISH: readonly string[] = ['submitting', 'outcome', 'evaluation', 'farewell', 'resume']

/** What holds at every moment. */
function inspect(kiosk: Terminal): void {
  expect(kiosk.faults, 'the chart never breaks').toEqual([])
  const screen = kiosk.screen()
  expect(kiosk.submitted.length).toBeLessThanOrEqual(1)
  if (screen === undefined) {
    expect(kiosk.clock.pending, 'no timer outlives the session').toBe(0)
    expect(kiosk.unstopped(), 'every operation was told to stop').toEqual([])
    return
  }
  if (kiosk.submitted.length > 0) expect(FINISH).toContain(screen.kind)
  if (UNNAMED.includes(screen.kind)) expect(JSON.stringify(screen)).not.toMatch(/陈志远|周桂兰|990101199011050014|990101195803120027/)
  const { context } = kiosk.actor.getSnapshot()
  if (context.consentAt === undefined) expect(context.form).toBeUndefined()
  const matter = pack.matters.find(({ id }) => id === context.matterId)
  if (matter?.flow === 'proof') expect(['materials', 'commitment', 'scan', 'sign']).not.toContain(screen.kind)
  const held = [...Object.values(context.given).flatMap((given) => (given.way === 'scan' ? [...given.pages, ...(given.bound === undefined ? [] : [given.bound])] : [])), ...(context.scan === undefined ? [] : picturesOf(context.scan))]
  expect([...kiosk.openPages].sort(), 'every picture in memory belongs to something').toEqual([...new Set(held)].sort())
}

const step = fc.record({ dice: fc.nat(99), choice: fc.array(fc.nat(1000), { minLength: 3, maxLength: 3 }) })

async function walk(steps: readonly { readonly dice: number; readonly choice: readonly number[] }[]): Promise<Terminal> {
  const kiosk = new Terminal()
  for (const { dice, choice } of steps) {
    let turn = 0
    const pick: Pick = (count) => (choice[turn++ % choice.length] ?? 0) % count
    const screen = kiosk.screen()
    if (screen === undefined) break
    if (dice < 50) await kiosk.send(willing(screen, pick))
    else if (dice < 75) await kiosk.settle(pick)
    else if (dice < 93) await kiosk.send(ANY[pick(ANY.length)] ?? { type: 'back' })
    else if (dice < 96) await kiosk.clock.advance([1, 500, 5_000, 30_000, 61_000][pick(5)] ?? 1)
    else if (dice < 98) {
      kiosk.actor.send({ type: 'page-lost' })
      await kiosk.clock.advance(0)
    } else if (dice === 98) await kiosk.send({ type: 'leave' })
    inspect(kiosk)
  }
  kiosk.submitted.forEach(judge)
  return kiosk
}

describe('whatever a citizen and the devices do, in any order', () => {
  it('nothing is submitted that is not complete, shown to the wrong person, or left running', async () => {
    const reached = new Set<string>()
    await fc.assert(fc.asyncProperty(fc.array(step, { minLength: 40, maxLength: 160, size: 'max' }), async (steps) => {
      const kiosk = await walk(steps)
      for (const draft of kiosk.submitted) reached.add(draft.matter)
    }), { numRuns: 300, seed: 20260101 })
    // The walk is worth nothing if it never gets to the end.
    expect([...reached].sort()).toEqual(['M01', 'M05', 'M12'])
  }, 60_000)

  it('a session that nobody touches any more ends by itself, wherever it stands', async () => {
    await fc.assert(fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 80, size: 'max' }), async (steps) => {
      const kiosk = await walk(steps)
      for (let round = 0; round < 12 && kiosk.screen() !== undefined; round++) {
        await kiosk.settle((count) => count - 1)
        await kiosk.clock.advance(60_000)
      }
      expect(kiosk.screen()?.kind).toBeUndefined()
      inspect(kiosk)
    }), { numRuns: 150, seed: 20260102 })
  }, 60_000)
})
