import { assign, fromPromise, setup } from 'xstate'
import type { ApplicationDraft, GivenMaterial } from '../case/draft.ts'
import type { Result } from '../result/result.ts'
import { ok } from '../result/result.ts'
import type { AbortSignalLike } from '../clock/clock.ts'
import type { CardReadProgress, PagePrintOutcome, ScanProgress } from '../device/operations.ts'
import type { LocalText } from '../text/local-text.ts'
import { isConfirmable } from './materials.ts'
import { formControls } from '../form/controls.ts'
import { applyScan, applyTyped, prefillAgain, prefillForm } from '../form/prefill.ts'
import { answersInForce } from '../matter-pack/situation.ts'
import type { ReviewLine } from '../kiosk-api/snapshot.ts'
import { reviewSections } from './review.ts'
import { hasInk } from './ink.ts'
import type { ReceiptDocument } from '../receipt/document.ts'
import { checklistPaper, outcomePaper } from './papers.ts'
import type { FormState, JourneyContext, JourneyInput, ScanState } from './context.ts'
import type { Material } from '../matter-pack/schema.ts'
import { barrierOf, confirmedFields, factsOf, materialOf, matterOf, newContext, situationOf } from './context.ts'
import { draftOf } from './draft.ts'
import type { JourneyEvent } from './events.ts'
import { blockingFormGaps, formGaps, localGaps } from './gaps.ts'
import { fieldSources, reopened } from './paper-checks.ts'
import { offeredDetails } from './evaluation.ts'
import { isRetryable } from './card.ts'
import { printingAfter, proofPrintingAfter } from './printing.ts'
import type { JourneyPorts, LookedPage, Problem, ReadPaper, ScannedPages } from './ports.ts'
import { backToPages, binding, captured, closeCorners, confirming, corners, doubtsOf, fits, layAnother, layPage, looked, lookedPercent, originalOf, picturesOf, reading, retakeEdited, unlooked, verdictOf, withCorners, withoutNew, withoutPage } from './scan.ts'
import { validityOn } from '../identity/dates.ts'

/** How long "lay the same card again" stays before everything is wiped. */
const RESUME_LIMIT_MS = 60_000
/** How long the farewell stays before the screen is free again by itself. */
const FAREWELL_MS = 20_000

type Send = { send(event: JourneyEvent): void }

/**
 * The journey of one citizen: one actor from the first touch to the wipe. Two regions run side by side: `flow` is where
 * the citizen stands, `presence` watches whether anybody is there; `page` guards the session when its page was lost.
 */
export function createJourney(ports: JourneyPorts) {
  /** Takes the pictures of a material that is given up, or given anew in another way, out of memory. */
  function dropPagesOf(context: JourneyContext, material: string, now?: GivenMaterial): void {
    const given = context.given[material]
    const kept = now?.way === 'scan' ? filesOf(now) : []
    if (given?.way !== 'scan') return
    filesOf(given).filter((page) => !kept.includes(page)).forEach((page) => ports.dropPage(page))
  }

  function give(context: JourneyContext, material: string, given: GivenMaterial): Pick<JourneyContext, 'given' | 'trying' | 'gaps'> {
    dropPagesOf(context, material, given)
    return { given: { ...context.given, [material]: given }, trying: without(context.trying, material), gaps: [] }
  }

  /** The paper as it stands next. Pictures that it does not name any more go at once; a given paper keeps its own. */
  function become(context: JourneyContext, next: ScanState | undefined): Pick<JourneyContext, 'scan'> {
    const kept = new Set([...(next === undefined ? [] : picturesOf(next)), ...Object.values(context.given).flatMap((one) => (one.way === 'scan' ? filesOf(one) : []))])
    if (context.scan !== undefined) picturesOf(context.scan).filter((page) => !kept.has(page)).forEach((page) => ports.dropPage(page))
    return { scan: next }
  }

  return setup({
    types: {
      context: {} as JourneyContext,
      events: {} as JourneyEvent,
      input: {} as JourneyInput,
    },
    actors: {
      readCard: fromPromise(({ input, signal }: { input: { parent: Send; report: 'card-progress' | 'resume-progress' }; signal: AbortSignalLike }) =>
        ports.readCard(whileWanted(signal, (progress: CardReadProgress) => input.parent.send({ type: input.report, progress })), signal)),
      obtain: fromPromise(({ input, signal }: { input: { draft: ApplicationDraft; request: NonNullable<JourneyContext['request']> }; signal: AbortSignalLike }): Promise<Result<Extract<GivenMaterial, { way: 'licence' | 'data-check' }>, Problem>> =>
        input.request.kind === 'licence'
          ? ports.fetchLicence(input.draft, input.request.material, input.request.code, signal)
          : ports.checkData(input.draft, input.request.material, input.request.code, signal)),
      capture: fromPromise(async ({ input, signal }: { input: { parent: Send; from: Capture }; signal: AbortSignalLike }): Promise<ScannedPages> => {
        const onProgress = whileWanted(signal, (progress: ScanProgress) => input.parent.send({ type: 'scan-progress', progress }))
        if (input.from.source === 'feeder') return ports.scanFeeder(onProgress, signal)
        const page = input.from.source === 'camera' ? await ports.takePhotograph(input.from.jpeg, signal) : await ports.scanPage('platen', onProgress, signal)
        return page.ok ? { pages: [page.value], error: undefined } : { pages: [], error: page.error }
      }),
      /** One picture; the percent is of all that came together. */
      look: fromPromise(({ input, signal }: { input: { parent: Send; scan: ScanState; documentKind: string | undefined }; signal: AbortSignalLike }): Promise<Result<LookedPage, Problem>> => {
        const { corners: set } = input.scan
        const page = unlooked(input.scan) ?? ''
        const onProgress = whileWanted(signal, (step: LocalText, percent: number) => input.parent.send({ type: 'look-progress', step, percent: lookedPercent(input.scan, percent) }))
        return ports.lookAtPage(page, input.documentKind, set?.of === page ? set.quad : undefined, onProgress, signal)
      }),
      bindPages: fromPromise(({ input, signal }: { input: { pages: readonly string[] }; signal: AbortSignalLike }) => ports.bindPages(input.pages, signal)),
      readPages: fromPromise(({ input, signal }: { input: { parent: Send; pages: readonly string[]; documentKind: string; cardName: string | undefined }; signal: AbortSignalLike }): Promise<ReadPaper> =>
        ports.readPages(input.pages, input.documentKind, input.cardName, whileWanted(signal, (page: string, step: LocalText, percent: number) => input.parent.send({ type: 'read-progress', page, step, percent })), signal)),
      preCheck: fromPromise(({ input, signal }: { input: { draft: ApplicationDraft }; signal: AbortSignalLike }) => ports.preCheck(input.draft, signal)),
      submit: fromPromise(({ input, signal }: { input: { parent: Send; draft: ApplicationDraft }; signal: AbortSignalLike }) =>
        ports.submit(input.draft, whileWanted(signal, (step: 'keeping' | 'sending') => input.parent.send({ type: 'submit-step', step })), signal)),
      printProof: fromPromise(({ input, signal }: { input: { proof: ProofToPrint }; signal: AbortSignalLike }): Promise<Result<PagePrintOutcome, Problem>> =>
        ports.printProof?.(input.proof, signal) ?? Promise.resolve(ok({ kind: 'not-started', why: 'link-lost' }))),
      print: fromPromise(({ input }: { input: { document: ReceiptDocument } }) => ports.print(input.document)),
    },
    delays: {
      warnAfter: ({ context }) => timing(context).warnAfterS * 1000,
      endAfterWarning: ({ context }) => timing(context).endAfterWarningS * 1000,
      resumeLimit: RESUME_LIMIT_MS,
      farewell: FAREWELL_MS,
    },
    guards: {
      matterExists: ({ context, event }) => event.type === 'choose-matter' && context.pack.matters.some((matter) => matter.id === event.matter),
      hasQuestions: ({ context }) => situationOf(context).questions.length > 0,
      answersQuestion: ({ context, event }) => event.type === 'answer' && situationOf(context).questions[context.position]?.id === event.question
        && (situationOf(context).questions[context.position]?.options.some((option) => option.value === event.value) ?? false),
      hasBarrier: ({ context }) => barrierOf(context) !== undefined,
      hasNext: ({ context }) => situationOf(context).next !== undefined,
      hasEarlierQuestion: ({ context }) => context.position > 0,
      identified: ({ context }) => context.identity !== undefined,
      consented: ({ context }) => context.consentAt !== undefined,
      formHasGaps: ({ context }) => blockingFormGaps(context).length > 0,
      wantsNext: ({ event }) => event.type === 'save-form' && event.next,
      isProof: ({ context }) => matterOf(context).flow === 'proof',
      received: ({ context }) => context.outcome?.kind === 'received',
      hasPaper: ({ context }) => context.outcome !== undefined && context.outcome.kind !== 'refused',
      printFailed: ({ context }) => context.printing.state === 'failed' && context.printing.canRetry,
      proofIsDue: ({ context }) => ports.printProof !== undefined && context.proofPrinting.state === 'none' && proofOf(context) !== undefined,
      proofFailed: ({ context }) => context.proofPrinting.state === 'failed' && context.proofPrinting.canRetry,
      printUnknown: ({ context }) => context.printing.state === 'unknown',
      hasPages: ({ context }) => (context.scan?.pages.length ?? 0) > 0,
      hasSeveralPages: ({ context }) => (context.scan?.pages.length ?? 0) > 1,
      mayReadAgain: ({ context }) => isRetryable(context.card.error),
      hasGaps: ({ context }) => context.gaps.length > 0,
    },
    actions: {
      setDisplay: assign(({ context, event }) => {
        if (event.type !== 'display') return {}
        const { type: _type, ...changes } = event
        const given = Object.fromEntries(Object.entries(changes).filter(([, value]) => value !== undefined))
        return { display: { ...context.display, ...given } }
      }),
      chooseMatter: assign(({ context, event }) => {
        if (event.type !== 'choose-matter') return {}
        const matter = context.pack.matters.find((candidate) => candidate.id === event.matter)
        for (const material of Object.keys(context.given)) dropPagesOf(context, material)
        return {
          ...newContext(context),
          touchedAt: context.touchedAt,
          identity: context.identity,
          paperTaken: context.paperTaken,
          matterId: event.matter,
          draftId: ports.newId(),
          display: matter?.care === true ? { ...context.display, care: true } : context.display,
        }
      }),
      answer: assign(({ context, event }) => (event.type === 'answer' ? { answers: { ...context.answers, [event.question]: event.value }, position: context.position + 1 } : {})),
      earlierQuestion: assign(({ context }) => ({ position: context.position - 1 })),
      lastQuestion: assign(({ context }) => ({ position: Math.max(0, situationOf(context).questions.length - 1) })),
      firstQuestion: assign({ position: 0 }),
      cardWaiting: assign({ card: { progress: { kind: 'waiting' } as const, error: undefined } }),
      cardProgress: assign(({ context, event }) => (event.type === 'card-progress' || event.type === 'resume-progress' ? { card: { ...context.card, progress: event.progress } } : {})),
      prepareForm: assign(({ context }) => {
        if (context.identity === undefined) return {}
        const answers = answersInForce(matterOf(context), factsOf(context))
        const from = { identity: context.identity, answers, today: context.today }
        if (context.form === undefined) return { form: { ...prefillForm(matterOf(context).form, from), answers, gaps: [], focus: undefined } }
        // The citizen has answered otherwise since: what rests on the answers follows them, what they wrote stays.
        if (JSON.stringify(context.form.answers) === JSON.stringify(answers)) return {}
        return { form: { ...prefillAgain(matterOf(context).form, context.form, from), answers, gaps: [], focus: undefined } }
      }),
      saveForm: assign(({ context, event }) => {
        if (event.type !== 'save-form' || context.form === undefined) return {}
        return { form: { ...context.form, ...applyTyped(matterOf(context).form, context.form, event.data) }, gaps: [] }
      }),
      judgeForm: assign(({ context }) => (context.form === undefined ? {} : { form: { ...context.form, gaps: blockingFormGaps(context), focus: blockingFormGaps(context)[0]?.pointer } })),
      settleForm: assign(({ context }) => (context.form === undefined ? {} : { form: { ...context.form, gaps: [], focus: undefined } })),
      forgetFocus: assign({ focusMaterial: undefined }),
      startObtaining: assign(({ context, event }) => {
        if (event.type !== 'choose-way') return {}
        const { way, material } = event
        const code = way.kind === 'licence' ? way.licenceType : way.kind === 'data-check' ? way.check : undefined
        if (code === undefined || (way.kind !== 'licence' && way.kind !== 'data-check')) return {}
        return { request: { material, kind: way.kind, code }, trying: { ...context.trying, [material]: { state: 'working' as const } }, gaps: [] }
      }),
      giveLater: assign(({ context, event }) => (event.type === 'choose-way' ? give(context, event.material, { way: 'later' }) : {})),
      clearMaterial: assign(({ context, event }) => {
        if (event.type !== 'clear-material') return {}
        dropPagesOf(context, event.material)
        return { given: without(context.given, event.material), trying: without(context.trying, event.material), gaps: [] }
      }),
      openCommitment: assign(({ event }) => (event.type === 'choose-way' && event.way.kind === 'commitment' ? { commitment: { material: event.material, commitment: event.way.commitment } } : {})),
      acceptCommitment: assign(({ context }) => (context.commitment === undefined
        ? {}
        : give(context, context.commitment.material, { way: 'commitment', commitment: context.commitment.commitment, at: ports.now() }))),
      closeCommitment: assign({ commitment: undefined }),
      openScan: assign(({ event }) => (event.type === 'choose-way' && event.way.kind === 'scan'
        ? { scan: layPage({ material: event.material, document: event.way.document }) }
        : {})),
      scanning: assign(({ context }) => (context.scan === undefined ? {} : { scan: { ...context.scan, stage: { kind: 'scanning' as const, percent: undefined } } })),
      scanProgress: assign(({ context, event }) => (event.type === 'scan-progress' && event.progress.kind === 'scanning' && context.scan?.stage.kind === 'scanning'
        ? { scan: { ...context.scan, stage: { kind: 'scanning' as const, percent: event.progress.percent } } }
        : {})),
      dropPages: assign(({ context }) => (context.scan === undefined ? {} : become(context, layPage(context.scan)))),
      leaveScan: assign(({ context }) => become(context, undefined)),
      takePages: assign(({ context, event }) => {
        if (context.scan === undefined || !('output' in event)) return {}
        const { pages, error } = event.output as ScannedPages
        return become(context, captured(context.scan, pages, error))
      }),
      stopLooking: assign(({ context }) => (context.scan === undefined ? {} : become(context, withoutNew(context.scan)))),
      addPage: assign(({ context }) => (context.scan === undefined ? {} : { scan: layAnother(context.scan, undefined) })),
      retakePage: assign(({ context, event }) => {
        const retakes = event.type === 'retake-page' && context.scan !== undefined ? originalOf(context.scan, event.page) : undefined
        return context.scan === undefined || retakes === undefined ? {} : { scan: layAnother(context.scan, retakes) }
      }),
      retakeEdited: assign(({ context }) => (context.scan === undefined ? {} : become(context, retakeEdited(context.scan)))),
      dropPage: assign(({ context, event }) => {
        const original = event.type === 'drop-page' && context.scan !== undefined ? originalOf(context.scan, event.page) : undefined
        return context.scan === undefined || original === undefined ? {} : become(context, withoutPage(context.scan, original))
      }),
      showPages: assign(({ context }) => (context.scan === undefined ? {} : become(context, backToPages(context.scan)))),
      lookProgress: assign(({ context, event }) => (event.type === 'look-progress' && context.scan?.stage.kind === 'looking'
        ? { scan: { ...context.scan, stage: { ...context.scan.stage, step: event.step, percent: event.percent } } }
        : {})),
      openCorners: assign(({ context, event }) => {
        const original = event.type === 'adjust-edges' && context.scan !== undefined ? originalOf(context.scan, event.page) : undefined
        return context.scan === undefined || original === undefined ? {} : { scan: corners(context.scan, original) }
      }),
      closeCorners: assign(({ context }) => (context.scan === undefined ? {} : become(context, closeCorners(context.scan)))),
      setCorners: assign(({ context, event }) => (event.type !== 'set-corners' || context.scan === undefined ? {} : become(context, withCorners(context.scan, event.corners)))),
      readProgress: assign(({ context, event }) => (event.type === 'read-progress' && context.scan !== undefined ? { scan: reading(context.scan, event.page, event.step, event.percent) } : {})),
      keepScan: assign(({ context, event }) => {
        const { scan } = context
        if (scan === undefined || scan.pages.length === 0) return {}
        const confirmed = event.type === 'confirm-fields' && scan.stage.kind === 'confirm' ? { reading: scan.stage, values: event.fields } : undefined
        const fields = confirmed === undefined ? {} : confirmedFields(confirmed.reading.fields, confirmed.values)
        const before = reopened(context, scan.material)
        const given = context.given[scan.material]
        const sources = fieldSources(confirmed?.reading.fields ?? [], fields, before?.pages === scan.pages && given?.way === 'scan' ? given.sources : {})
        const material = situationOf(context).materials.find((candidate) => candidate.id === scan.material)
        // The step is accepted: the untouched pictures go.
        picturesOf(scan).filter((page) => !scan.pages.includes(page) && page !== scan.bound).forEach((page) => ports.dropPage(page))
        const bound = scan.bound ?? (before?.pages === scan.pages && given?.way === 'scan' ? given.bound : undefined)
        const doubts = scan.looks === undefined && given?.way === 'scan' ? (given.doubts ?? []) : doubtsOf(scan)
        const verdict = verdictOf(scan.stage)
        const isUnbound = scan.unbound !== undefined || (scan.looks === undefined && given?.way === 'scan' && given.binding === 'failed')
        return {
          ...give(context, scan.material, { way: 'scan', document: scan.document, pages: scan.pages, fields, sources, ...(doubts.length > 0 && { doubts }), ...(verdict !== undefined && { paper: verdict }), ...(bound !== undefined && { bound }), ...(isUnbound && { binding: 'failed' as const }) }),
          readings: confirmed === undefined ? without(context.readings, scan.material) : { ...context.readings, [scan.material]: confirmed.reading },
          form: context.form && material ? { ...context.form, ...filledFrom(context, material, context.form, fields) } : context.form,
          scan: undefined,
        }
      }),
      goToGap: assign(({ context, event }) => {
        const target = event.type === 'go-to-gap' ? context.gaps.find((gap) => gap.id === event.gap)?.target : event.type === 'change-line' ? event.target : undefined
        if (target?.kind === 'field' && context.form !== undefined) return { form: { ...context.form, gaps: formGaps(context), focus: target.pointer } }
        if (target?.kind === 'material') return { focusMaterial: target.material }
        if (target?.kind === 'paper' && event.type === 'go-to-gap') return { scan: toCorrect(context, target.material, event.gap) }
        return {}
      }),
      sign: assign(({ event }) => (event.type === 'sign' ? { signature: event.signature, signedAt: ports.now() } : {})),
      unsign: assign({ signature: undefined, signedAt: undefined }),
      startSubmitting: assign(() => ({ submitStep: 'keeping' as const, submitSince: ports.now() })),
      submitStep: assign(({ event }) => (event.type === 'submit-step' ? { submitStep: event.step } : {})),
      printing: assign({ printing: { state: 'printing' } as const }),
      proofPrinting: assign({ proofPrinting: { state: 'printing' } as const }),
      checklistPrinting: assign({ checklistPrinting: { state: 'printing' } as const }),
      evaluate: ({ context, event }) => {
        if (event.type !== 'evaluate' || context.outcome?.kind !== 'received') return
        ports.evaluate(context.outcome.caseNumber, event.grade, offeredDetails(event.grade, event.details))
      },
      startFarewell: assign(() => ({ farewellEndsAt: ports.now() + FAREWELL_MS })),
    },
  }).createMachine({
    id: 'journey',
    context: ({ input }) => newContext(input),
    initial: 'open',
    states: {
      open: {
        type: 'parallel',
        // Not while it is being submitted: the citizen must see under which number it is kept or received.
        on: { leave: { guard: ({ context }) => !isSubmitting(context), target: 'ended.left' } },
        states: {
          presence: {
            initial: 'here',
            states: {
              here: { entry: assign(() => ({ touchedAt: ports.now() })), after: { warnAfter: [{ guard: ({ context }) => isBusy(context), target: 'here', reenter: true }, { target: 'warning' }] } },
              warning: { after: { endAfterWarning: { target: '#journey.ended.timedOut' } } },
            },
            on: { touch: { target: '.here' }, display: { actions: 'setDisplay', target: '.here' } },
          },
          page: {
            initial: 'shown',
            states: {
              shown: { on: { 'page-lost': [{ guard: 'identified', target: 'lost' }, { target: '#journey.ended.pageLost' }] } },
              // One time limit for the whole of it: another card or a reader in trouble does not prolong it.
              lost: {
                entry: 'cardWaiting',
                after: { resumeLimit: { target: '#journey.ended.pageLost' } },
                initial: 'reading',
                states: {
                  reading: {
                    on: { 'resume-progress': { actions: 'cardProgress' } },
                    invoke: {
                      src: 'readCard',
                      input: ({ self }) => ({ parent: self as Send, report: 'resume-progress' as const }),
                      onDone: [
                        { guard: ({ context, event }) => event.output.ok && event.output.value.number === context.identity?.number, target: '#journey.open.page.shown', actions: 'cardWaiting' },
                        { guard: ({ event }) => event.output.ok, target: 'reading', reenter: true, actions: assign({ card: { progress: { kind: 'waiting' } as const, error: { kind: 'other-person' } as const } }) },
                        { target: 'trouble', actions: assign(({ event }) => (event.output.ok ? {} : { card: { progress: { kind: 'waiting' } as const, error: event.output.error } })) },
                      ],
                    },
                  },
                  trouble: { on: { retry: 'reading' } },
                },
              },
            },
          },
          flow: {
            initial: 'matters',
            states: {
              matters: { on: { 'choose-matter': { guard: 'matterExists', actions: 'chooseMatter', target: 'guide' }, back: { target: '#journey.ended.left' } } },
              guide: {
                on: {
                  continue: [{ guard: 'hasQuestions', actions: 'firstQuestion', target: 'question' }, { guard: 'hasBarrier', target: 'barrier' }, { target: 'checklist' }],
                  back: 'matters',
                },
              },
              question: {
                on: {
                  answer: { guard: 'answersQuestion', actions: 'answer', target: 'judging' },
                  // Going on with the answer that is already marked.
                  continue: { guard: ({ context }) => (situationOf(context).questions[context.position]?.id ?? '') in context.answers, actions: assign(({ context }) => ({ position: context.position + 1 })), target: 'judging' },
                  back: [{ guard: 'hasEarlierQuestion', actions: 'earlierQuestion' }, { target: 'guide' }],
                },
              },
              judging: {
                always: [
                  { guard: 'hasBarrier', target: 'barrier' },
                  { guard: ({ context }) => context.position < situationOf(context).questions.length, target: 'question' },
                  { guard: 'hasNext', actions: 'lastQuestion', target: 'question' },
                  { target: 'checklist' },
                ],
              },
              barrier: {
                on: {
                  back: [
                    { guard: ({ context }) => context.declined, actions: assign({ declined: false }), target: 'consent' },
                    { guard: 'hasQuestions', actions: 'lastQuestion', target: 'question' },
                    { target: 'guide' },
                  ],
                  'change-answers': { guard: 'hasQuestions', actions: 'firstQuestion', target: 'question' },
                  continue: 'farewell',
                },
              },
              checklist: {
                initial: 'open',
                on: {
                  continue: [
                    // A card that was laid for another matter, or before going back, is judged here as well.
                    { guard: 'hasBarrier', target: 'barrier' },
                    { guard: 'consented', actions: 'prepareForm', target: 'form' },
                    { guard: 'identified', target: 'consent' },
                    { target: 'identify' },
                  ],
                  back: [{ guard: 'hasQuestions', actions: 'lastQuestion', target: 'question' }, { target: 'guide' }],
                  'change-answers': { guard: 'hasQuestions', actions: 'firstQuestion', target: 'question' },
                },
                states: {
                  open: { on: { 'print-checklist': 'printing' } },
                  printing: {
                    entry: 'checklistPrinting',
                    // Whoever goes on meanwhile is not told how it ended; the paper is theirs to take all the same.
                    exit: assign({ checklistPrinting: { state: 'none' } as const, paperTaken: true }),
                    invoke: {
                      src: 'print',
                      input: ({ context }) => ({ document: checklistPaper(context, ports.now()) }),
                      onDone: { target: 'open', actions: assign(({ context, event }) => ({ checklistPrinting: printingAfter(event.output), paperTaken: context.paperTaken || event.output.kind !== 'not-started' })) },
                    },
                  },
                },
              },
              identify: {
                initial: 'reading',
                on: { back: 'checklist' },
                states: {
                  reading: {
                    entry: 'cardWaiting',
                    on: { 'card-progress': { actions: 'cardProgress' } },
                    invoke: {
                      src: 'readCard',
                      input: ({ self }) => ({ parent: self as Send, report: 'card-progress' as const }),
                      onDone: [
                        {
                          guard: ({ context, event }) => event.output.ok && validityOn(event.output.value, context.today) !== 'valid',
                          actions: assign({ card: { progress: { kind: 'lift-card' } as const, error: { kind: 'expired' } as const } }),
                          target: 'problem',
                        },
                        { guard: ({ event }) => event.output.ok, actions: assign(({ event }) => (event.output.ok ? { identity: event.output.value } : {})), target: 'known' },
                        { actions: assign(({ event }) => (event.output.ok ? {} : { card: { progress: { kind: 'waiting' } as const, error: event.output.error } })), target: 'problem' },
                      ],
                    },
                  },
                  problem: { on: { retry: { guard: 'mayReadAgain', target: 'reading' }, continue: { guard: 'mayReadAgain', target: 'reading' } } },
                  known: { always: [{ guard: 'hasBarrier', target: '#journey.open.flow.barrier' }, { guard: 'hasNext', actions: 'lastQuestion', target: '#journey.open.flow.question' }, { target: '#journey.open.flow.consent' }] },
                },
              },
              consent: {
                on: {
                  'accept-consent': { actions: [assign(() => ({ consentAt: ports.now() })), 'prepareForm'], target: 'form' },
                  'decline-consent': { actions: assign({ declined: true }), target: 'barrier' },
                  back: 'checklist',
                },
              },
              form: {
                on: {
                  'save-form': [
                    { guard: ({ event }) => !event.next, actions: 'saveForm' },
                    { actions: 'saveForm', target: 'judgingForm' },
                  ],
                  back: { actions: 'settleForm', target: 'checklist' },
                },
              },
              judgingForm: {
                always: [
                  { guard: 'formHasGaps', actions: 'judgeForm', target: 'form' },
                  { guard: 'hasBarrier', actions: 'settleForm', target: 'barrier' },
                  { guard: 'isProof', actions: 'settleForm', target: 'gaps' },
                  { actions: 'settleForm', target: 'materials' },
                ],
              },
              materials: {
                exit: 'forgetFocus',
                initial: 'open',
                on: { 'clear-material': { actions: 'clearMaterial' } },
                states: {
                  open: {
                    on: {
                      'choose-way': [
                        { guard: ({ context, event }) => !isConfirmable(context, event.material, event.way) },
                        { guard: ({ event }) => event.way.kind === 'commitment', actions: 'openCommitment', target: '#journey.open.flow.commitment' },
                        { guard: ({ event }) => event.way.kind === 'scan', actions: 'openScan', target: '#journey.open.flow.scan' },
                        { guard: ({ event }) => event.way.kind === 'later', actions: 'giveLater' },
                        { actions: 'startObtaining', target: 'obtaining' },
                      ],
                      continue: '#journey.open.flow.gaps',
                      back: '#journey.open.flow.form',
                    },
                  },
                  obtaining: {
                    on: { back: { actions: assign(({ context }) => ({ trying: without(context.trying, context.request?.material ?? ''), request: undefined })), target: 'open' } },
                    invoke: {
                      src: 'obtain',
                      input: ({ context }) => {
                        if (context.request === undefined) throw new Error('nothing to obtain')
                        return { draft: draftOf(context), request: context.request }
                      },
                      onDone: {
                        target: 'open',
                        actions: assign(({ context, event }) => {
                          const material = context.request?.material ?? ''
                          return event.output.ok
                            ? { ...give(context, material, event.output.value), request: undefined }
                            : { trying: { ...context.trying, [material]: { state: 'failed' as const, sentence: event.output.error.sentence } }, request: undefined }
                        }),
                      },
                    },
                  },
                },
              },
              commitment: {
                on: {
                  'accept-commitment': { actions: ['acceptCommitment', 'closeCommitment'], target: 'materials' },
                  back: { actions: 'closeCommitment', target: 'materials' },
                },
              },
              scan: {
                initial: 'lay',
                on: { back: { actions: 'leaveScan', target: 'materials' } },
                states: {
                  lay: {
                    on: {
                      'scan-page': 'scanning',
                      photograph: 'scanning',
                      // The pages that are there stay, whatever becomes of the one that was to come.
                      back: [{ guard: 'hasPages', actions: 'showPages', target: 'look' }, { actions: 'leaveScan', target: '#journey.open.flow.materials' }],
                    },
                  },
                  scanning: {
                    entry: 'scanning',
                    on: { 'scan-progress': { actions: 'scanProgress' } },
                    invoke: { src: 'capture', input: ({ self, event }) => ({ parent: self as Send, from: captureOf(event) }), onDone: { actions: 'takePages', target: 'settled' } },
                  },
                  looking: {
                    on: { 'look-progress': { actions: 'lookProgress' }, 'scan-again': { actions: 'stopLooking', target: 'settled' } },
                    invoke: {
                      src: 'look',
                      input: ({ self, context }) => {
                        if (context.scan === undefined) throw new Error('nothing to look at')
                        return { parent: self as Send, scan: context.scan, documentKind: documentKindOf(context) }
                      },
                      onDone: {
                        actions: assign(({ context, event }) => (context.scan === undefined ? {} : become(context, event.output.ok ? looked(context.scan, event.output.value) : withoutNew(context.scan, event.output.error)))),
                        target: 'settled',
                      },
                    },
                  },
                  /** Where the paper itself says that it goes on. */
                  settled: {
                    always: [
                      { guard: ({ context }) => context.scan?.stage.kind === 'looking', target: 'looking' },
                      { guard: ({ context }) => context.scan?.stage.kind === 'corners', target: 'corners' },
                      { guard: ({ context }) => context.scan?.stage.kind === 'look', target: 'look' },
                      { target: 'lay' },
                    ],
                  },
                  corners: {
                    on: {
                      'set-corners': { guard: ({ context, event }) => fits(context.scan, event.corners), actions: 'setCorners', target: 'looking' },
                      'scan-again': { actions: 'retakeEdited', target: 'lay' },
                      back: { actions: 'closeCorners', target: 'settled' },
                    },
                  },
                  look: {
                    on: {
                      'scan-again': { actions: 'dropPages', target: 'lay' },
                      'add-page': { guard: ({ context }) => context.scan?.stage.kind === 'look' && context.scan.stage.canAdd, actions: 'addPage', target: 'lay' },
                      'retake-page': { guard: ({ context, event }) => context.scan?.pages.includes(event.page) === true, actions: 'retakePage', target: 'lay' },
                      'drop-page': { guard: ({ context, event }) => context.scan?.pages.includes(event.page) === true, actions: 'dropPage', target: 'settled' },
                      'adjust-edges': { guard: ({ context, event }) => context.scan?.stage.kind === 'look' && context.scan.stage.adjustable.includes(event.page), actions: 'openCorners', target: 'corners' },
                      'keep-page': [
                        { guard: ({ context }) => context.scan?.stage.kind === 'look' && context.scan.stage.use === 'no' },
                        { guard: ({ context }) => documentOf(context)?.file === 'pdf', target: 'binding' },
                        { guard: ({ context }) => documentKindOf(context) !== undefined, target: 'reading' },
                        { actions: 'keepScan', target: '#journey.open.flow.materials' },
                      ],
                    },
                  },
                  binding: {
                    entry: assign(({ context }) => (context.scan === undefined ? {} : { scan: binding(context.scan) })),
                    on: { 'show-pages': { guard: 'hasSeveralPages', actions: 'showPages', target: 'look' }, 'scan-again': { actions: 'dropPages', target: 'lay' } },
                    invoke: {
                      src: 'bindPages',
                      input: ({ context }) => ({ pages: context.scan?.pages ?? [] }),
                      onDone: {
                        actions: assign(({ context, event }) => (context.scan === undefined ? {} : { scan: { ...context.scan, ...(event.output.ok ? { bound: event.output.value } : { unbound: event.output.error }) } })),
                        target: 'bound',
                      },
                    },
                  },
                  bound: {
                    always: [
                      { guard: ({ context }) => documentKindOf(context) !== undefined, target: 'reading' },
                      // Nothing is to be read, and something is to be said.
                      { guard: ({ context }) => context.scan?.unbound !== undefined, actions: assign(({ context }) => (context.scan === undefined ? {} : { scan: confirming(context.scan) })), target: 'confirm' },
                      { actions: 'keepScan', target: '#journey.open.flow.materials' },
                    ],
                  },
                  reading: {
                    on: { 'read-progress': { actions: 'readProgress' }, 'show-pages': { guard: 'hasSeveralPages', actions: 'showPages', target: 'look' }, 'scan-again': { actions: 'dropPages', target: 'lay' } },
                    invoke: {
                      src: 'readPages',
                      input: ({ self, context }) => ({ parent: self as Send, pages: context.scan?.pages ?? [], documentKind: documentKindOf(context) ?? '', cardName: context.identity?.name }),
                      onDone: { target: 'confirm', actions: assign(({ context, event }) => (context.scan === undefined ? {} : { scan: confirming(context.scan, event.output) })) },
                    },
                  },
                  confirm: {
                    on: {
                      'show-pages': { guard: ({ context }) => context.scan?.stage.kind === 'confirm' && context.scan.stage.redo === 'pages', actions: 'showPages', target: 'look' },
                      'scan-again': { actions: 'dropPages', target: 'lay' },
                      'confirm-fields': { actions: 'keepScan', target: '#journey.open.flow.materials' },
                    },
                  },
                },
              },
              gaps: {
                initial: 'checking',
                on: { back: [{ guard: 'isProof', target: 'form' }, { target: 'materials' }] },
                states: {
                  checking: {
                    invoke: {
                      src: 'preCheck',
                      input: ({ context }) => ({ draft: draftOf(context) }),
                      onDone: {
                        target: 'judged',
                        actions: assign(({ context, event }) => ({
                          gaps: [...localGaps(context), ...(event.output.ok ? event.output.value : [])],
                          unchecked: event.output.ok ? undefined : event.output.error.sentence,
                        })),
                      },
                    },
                  },
                  judged: { always: [{ guard: 'hasGaps', target: 'found' }, { target: '#journey.open.flow.review' }] },
                  found: {
                    on: {
                      'go-to-gap': [
                        { guard: ({ context, event }) => gapTarget(context, event.gap) === 'field', actions: 'goToGap', target: '#journey.open.flow.form' },
                        { guard: ({ context, event }) => gapTarget(context, event.gap) === 'material', actions: 'goToGap', target: '#journey.open.flow.materials' },
                        { guard: ({ context, event }) => gapTarget(context, event.gap) === 'paper', actions: 'goToGap', target: '#journey.open.flow.scan.confirm' },
                      ],
                      retry: 'checking',
                    },
                  },
                },
              },
              review: {
                entry: 'unsign',
                on: {
                  continue: [{ guard: 'isProof', target: 'submitting' }, { target: 'sign' }],
                  'change-line': [
                    { guard: ({ context, event }) => event.target.kind === 'field' && offersChange(context, event.target), actions: 'goToGap', target: 'form' },
                    { guard: ({ context, event }) => event.target.kind === 'material' && offersChange(context, event.target), actions: 'goToGap', target: 'materials' },
                    { guard: ({ context, event }) => event.target.kind === 'questions' && offersChange(context, event.target), actions: 'firstQuestion', target: 'question' },
                  ],
                  back: [{ guard: 'isProof', target: 'form' }, { target: 'materials' }],
                },
              },
              sign: { on: { sign: { guard: ({ event }) => hasInk(event.signature), actions: 'sign', target: 'submitting' }, back: 'review' } },
              submitting: {
                entry: 'startSubmitting',
                on: { 'submit-step': { actions: 'submitStep' } },
                invoke: {
                  src: 'submit',
                  input: ({ self, context }) => ({ parent: self as Send, draft: draftOf(context) }),
                  onDone: { actions: assign(({ event }) => ({ outcome: event.output })), target: 'outcome' },
                },
              },
              outcome: {
                initial: 'deciding',
                states: {
                  deciding: { always: [{ guard: 'hasPaper', target: 'printing' }, { target: 'shown' }] },
                  printing: {
                    entry: 'printing',
                    invoke: {
                      src: 'print',
                      input: ({ context }) => ({ document: outcomePaper(context, ports.now()) }),
                      onDone: { target: 'proof', actions: assign(({ context, event }) => ({ printing: printingAfter(event.output), paperTaken: context.paperTaken || event.output.kind === 'printed' })) },
                    },
                  },
                  /** After the receipt the proof itself, once and by itself. However that ends, the electronic proof with its code stays. */
                  proof: { always: [{ guard: 'proofIsDue', target: 'printingProof' }, { target: 'shown' }] },
                  printingProof: {
                    entry: 'proofPrinting',
                    invoke: {
                      src: 'printProof',
                      input: ({ context }) => {
                        const proof = proofOf(context)
                        if (proof === undefined) throw new Error('no proof to print')
                        return { proof }
                      },
                      onDone: { target: 'shown', actions: assign(({ context, event }) => ({ proofPrinting: proofPrintingAfter(event.output), paperTaken: context.paperTaken || mayHavePages(event.output) })) },
                    },
                  },
                  shown: {
                    on: {
                      // Nobody goes on while paper is coming, or before it is known whether it came.
                      continue: [{ guard: 'printUnknown' }, { guard: 'received', target: '#journey.open.flow.evaluation' }, { target: '#journey.open.flow.farewell' }],
                      'print-again': { guard: 'printFailed', target: 'printing' },
                      'print-proof-again': { guard: 'proofFailed', target: 'printingProof' },
                      'paper-came': [
                        { guard: ({ context, event }) => context.printing.state === 'unknown' && event.came, actions: assign({ printing: { state: 'printed' } as const, paperTaken: true }) },
                        { guard: 'printUnknown', actions: assign(({ context }) => ({ printing: printingAfter({ kind: 'not-started', why: 'silent' }, context.printing) })) },
                      ],
                    },
                  },
                },
              },
              evaluation: { on: { evaluate: { actions: 'evaluate', target: 'farewell' }, 'skip-evaluation': 'farewell', continue: 'farewell' } },
              farewell: {
                entry: 'startFarewell',
                after: { farewell: { target: '#journey.ended.finished' } },
                on: { continue: { target: '#journey.ended.finished' } },
              },
            },
          },
        },
      },
      ended: {
        initial: 'finished',
        states: { finished: {}, left: {}, timedOut: {}, pageLost: {} },
      },
    },
  })
}

export type JourneyMachine = ReturnType<typeof createJourney>

function timing(context: JourneyContext): { readonly warnAfterS: number; readonly endAfterWarningS: number } {
  return context.display.care ? context.pack.timings.care : context.pack.timings.standard
}

/** While the terminal itself is at work the citizen cannot be blamed for not touching anything. */
function isBusy(context: JourneyContext): boolean {
  const stage = context.scan?.stage.kind
  const isWorking = stage === 'scanning' || stage === 'looking' || stage === 'reading'
  return isWorking || context.request !== undefined || context.printing.state === 'printing' || context.proofPrinting.state === 'printing' || isSubmitting(context)
}

type ProofToPrint = Parameters<NonNullable<JourneyPorts['printProof']>>[0]

function proofOf({ outcome }: JourneyContext): ProofToPrint | undefined {
  return outcome?.kind === 'received' && outcome.proof !== undefined ? { caseNumber: outcome.caseNumber, verificationCode: outcome.proof.verificationCode } : undefined
}

/** Is there anything to take from the tray, or may there be? */
function mayHavePages(result: Result<PagePrintOutcome, Problem>): boolean {
  return result.ok && result.value.kind !== 'not-started'
}

function isSubmitting(context: JourneyContext): boolean {
  return context.submitSince > 0 && context.outcome === undefined
}

/** What a page is taken with. */
type Capture = { readonly source: 'platen' | 'feeder' } | { readonly source: 'camera'; readonly jpeg: Uint8Array }

function captureOf(event: JourneyEvent): Capture {
  if (event.type === 'photograph') return { source: 'camera', jpeg: event.jpeg }
  return { source: event.type === 'scan-page' ? event.source : 'platen' }
}

function documentOf(context: JourneyContext): Material['documents'][number] | undefined {
  const { scan } = context
  if (scan === undefined) return undefined
  const material = situationOf(context).materials.find((candidate) => candidate.id === scan.material)
  return material?.documents.find((document) => document.id === scan.document)
}

function documentKindOf(context: JourneyContext): string | undefined {
  return documentOf(context)?.kind
}

/** Everything of a scanned material that lies in the page store. */
function filesOf(given: Extract<GivenMaterial, { way: 'scan' }>): readonly string[] {
  return given.bound === undefined ? given.pages : [...given.pages, given.bound]
}

function gapTarget(context: JourneyContext, gap: string): 'field' | 'material' | 'paper' | 'none' {
  const target = context.gaps.find((candidate) => candidate.id === gap)?.target
  switch (target?.kind) {
    case 'field': return formControls(matterOf(context).form).some((control) => control.pointer === target.pointer) ? 'field' : 'none'
    // A proof has no step for materials, and what this situation does not ask for cannot be given.
    case 'material': return matterOf(context).flow === 'application' && materialOf(context, target.material) !== undefined ? 'material' : 'none'
    case 'paper': return reopened(context, target.material) === undefined ? 'none' : 'paper'
    case 'none': case undefined: return 'none'
  }
}

/** The paper as it was confirmed, with what is wrong in it said above its values. */
function toCorrect(context: JourneyContext, material: string, gap: string): ScanState | undefined {
  const scan = reopened(context, material)
  if (scan?.stage.kind !== 'confirm') return undefined
  const sentence = context.gaps.find(({ id }) => id === gap)?.sentence
  return { ...scan, stage: { ...scan.stage, notices: sentence === undefined ? [] : [{ sentence }] } }
}

/** Whether the review shows a line with this way back. */
function offersChange(context: JourneyContext, target: NonNullable<ReviewLine['change']>): boolean {
  return reviewSections(context).some((section) => section.lines.some((line) => JSON.stringify(line.change) === JSON.stringify(target)))
}

/** Passes on what an operation reports until it is aborted: a late report belongs to nobody. */
function whileWanted<Report extends readonly unknown[]>(signal: AbortSignalLike, report: (...values: Report) => void): (...values: Report) => void {
  return (...values) => {
    if (!signal.aborted) report(...values)
  }
}

/** What a read paper fills in. The citizen has confirmed each value, so each is as sure as if they had typed it. */
function filledFrom(context: JourneyContext, material: Material, form: FormState, fields: Readonly<Record<string, string>>): Pick<FormState, 'data' | 'sources' | 'locked'> {
  const scanned = Object.fromEntries(Object.entries(fields).map(([field, value]) => [field, { value, state: 'sure' as const }]))
  const { data, sources, locked } = applyScan(matterOf(context).form, form, material, scanned)
  return { data, sources, locked }
}

function without<T>(record: Readonly<Record<string, T>>, key: string): Readonly<Record<string, T>> {
  return Object.fromEntries(Object.entries(record).filter(([candidate]) => candidate !== key))
}
