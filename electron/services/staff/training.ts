import type { Clock } from '../../../core/clock/clock.ts'
import type { DocumentKind } from '../../../core/document/document-kind.ts'
import type { PageSource, PaperSize } from '../../../core/document/page-look.ts'
import { PAPER_MM, weightOf } from '../../../core/document/page-look.ts'
import { lookStageSentence, pageProblemSentence, pageProblemStaffSentence } from '../../../core/document/page-sentences.ts'
import type { DocumentReadError, DocumentReading } from '../../../core/document/reading.ts'
import { documentReadSentence, documentReadStaffSentence, fieldDoubtSentence, readStageSentence } from '../../../core/document/sentences.ts'
import type { Log } from '../../../core/log/events.ts'
import type { TrainingCode } from '../../../core/staff/training.ts'
import { ANY_PAPER } from '../../../core/staff/training.ts'
import { NO_KNOWN_PAPER, NO_PAGE, OPENING, TRAINING_FILE_SENTENCES, UNSURE_EDGES } from '../../../core/staff/training-sentences.ts'
import type { StaffTrainingResult, StaffTrainingRunView, StaffTrainingView } from '../../../core/staff/view.ts'
import type { LocalText } from '../../../core/text/local-text.ts'
import type { DocumentReader } from '../documents.ts'
import type { TrainingFiles } from './training-files.ts'
import { listTrainingFiles, readTrainingFile } from './training-files.ts'

/** As for citizens: papers whose kind is not known are straightened to this. */
const ARCHIVE_DPI = 300
const MM_PER_INCH = 25.4
/** A picture whose sides differ this little from a paper's (as a factor) is taken for that paper alone. */
const SAME_SHAPE = 1.08
/** The look is about so much of the work, for one bar over both. */
const LOOK_PERCENT = 40

export interface TrainingDependencies {
  readonly clock: Clock
  readonly log: Log
  /** The one folder that pictures come from. */
  readonly folder: string
  readonly documents: Pick<DocumentReader, 'check' | 'look' | 'read' | 'recycle'>
  readonly kinds: readonly DocumentKind[]
  readonly onChange: () => void
}

export interface TrainingWish {
  readonly name: string
  /** Id of a document kind, or `any`. */
  readonly paper: string
  readonly source: PageSource
}

/** Reads pictures of the training folder as a citizen's paper is read. Nothing is submitted and nothing is kept. */
export interface Training {
  view(): StaffTrainingView
  /** Looks into the folder again. */
  list(): Promise<void>
  /** Stands in the list that was shown, and is a paper that can be asked for. */
  knows(wish: Pick<TrainingWish, 'name' | 'paper'>): boolean
  runs(): boolean
  /** Resolves with how it ended, when the pictures are wiped and the worker is replaced. */
  start(wish: TrainingWish): Promise<TrainingCode>
  /** Ends the try under way and drops what was read. The pictures go with it. */
  forget(): void
}

interface Run {
  readonly file: string
  readonly abort: AbortController
  shown: StaffTrainingRunView
  usesWorker: boolean
}

type Ended = StaffTrainingResult & { readonly code: TrainingCode }
const NOTHING = { paper: undefined, citizenSentence: undefined, staffSentence: undefined, findings: [], fields: [], lookMs: undefined, readMs: undefined } as const

export function createTraining(deps: TrainingDependencies): Training {
  const { clock, documents, kinds } = deps
  let found: TrainingFiles = { files: [], unusable: 0 }
  let current: Run | undefined

  async function work(run: Run, wish: TrainingWish): Promise<Ended> {
    const { signal } = run.abort
    /** Every picture of this try, overwritten whatever happens. */
    const pictures: Uint8Array[] = []
    const tell = (step: LocalText, percent: number): void => {
      if (current !== run || signal.aborted) return
      run.shown = { state: 'running', file: run.file, step, percent }
      deps.onChange()
    }
    try {
      const file = await readTrainingFile(deps.folder, wish.name)
      if (!file.ok) return { ...NOTHING, code: file.error, end: 'failed', staffSentence: TRAINING_FILE_SENTENCES[file.error] }
      pictures.push(file.value.bytes)
      if (signal.aborted) return cancelled()
      run.usesWorker = true
      const size = await documents.check(file.value, signal)
      if (!size.ok) return size.error === 'cancelled' ? cancelled() : notRead({ kind: 'picture-unreadable', code: size.error }, NOTHING)
      const kind = kinds.find(({ id }) => id === wish.paper)
      const paper = kind?.paper ?? 'free'
      const { widthPx, heightPx } = size.value
      const dpi = dpiOf(widthPx, heightPx, paper)
      const began = clock.now()
      const seen = await documents.look({ ...file.value, ...size.value, dpi }, { paper, dpi: wish.source === 'camera' ? (kind?.dpi ?? ARCHIVE_DPI) : dpi, source: wish.source }, ({ stage, share }) => tell(lookStageSentence(stage), share * LOOK_PERCENT), signal)
      if (!seen.ok) return notRead(seen.error, NOTHING)
      const { look, picture } = seen.value
      if (picture !== undefined) pictures.push(picture.bytes)
      const findings = look.problems.map((problem) => ({ problem, weight: weightOf(problem), sentence: pageProblemSentence(problem, wish.source), staffSentence: pageProblemStaffSentence(problem) }))
      const told = { ...NOTHING, findings, lookMs: clock.now() - began }
      if (signal.aborted) return cancelled()
      if (picture === undefined) return { ...told, code: 'no-page', end: 'stopped', staffSentence: look.place.kind === 'unsure' && look.place.confidence > 0 ? UNSURE_EDGES : NO_PAGE }
      const readBegan = clock.now()
      const wanted = wish.paper === ANY_PAPER ? kinds.map(({ id }) => id) : [wish.paper]
      const read = await documents.read(picture, wanted, ({ stage, share }) => tell(readStageSentence(stage), LOOK_PERCENT + share * (100 - LOOK_PERCENT)), signal)
      if (signal.aborted) return cancelled()
      const timed = { ...told, readMs: clock.now() - readBegan }
      return read.ok ? fieldsOf(read.value, timed) : notRead(read.error, timed, kind)
    } finally {
      for (const bytes of pictures) bytes.fill(0)
    }
  }

  const cancelled = (): Ended => ({ ...NOTHING, code: 'cancelled', end: 'stopped' })

  function notRead(error: DocumentReadError, told: Omit<StaffTrainingResult, 'end'>, wanted?: DocumentKind): Ended {
    const isPaper = error.kind === 'other-document' || error.kind === 'blank-page'
    // Any paper was asked for, and it is none of them: no citizen is ever told that.
    if (error.kind === 'other-document' && wanted === undefined) return { ...told, code: error.kind, end: 'stopped', staffSentence: NO_KNOWN_PAPER }
    const other = error.kind === 'other-document' ? kinds.find(({ id }) => id === error.found)?.name : undefined
    const names = wanted === undefined ? undefined : { wanted: wanted.name, ...(other && { found: other }) }
    return { ...told, code: error.kind, end: isPaper || error.kind === 'cancelled' ? 'stopped' : 'failed', paper: other, citizenSentence: documentReadSentence(error, names), staffSentence: documentReadStaffSentence(error, names) }
  }

  function fieldsOf(reading: DocumentReading, told: Omit<StaffTrainingResult, 'end'>): Ended {
    const kind = kinds.find(({ id }) => id === reading.kind)
    const fields = (kind?.fields ?? []).map(({ id, name }) => {
      const field = reading.fields.find((candidate) => candidate.field === id)
      return { id, label: name, value: field?.value ?? '', state: field?.state ?? 'missing', why: field?.why === undefined ? undefined : fieldDoubtSentence(field.why) }
    })
    return { ...told, code: 'read', end: 'read', paper: kind?.name, fields }
  }

  return {
    view: () => ({ folder: deps.folder, ...found, papers: kinds.map(({ id, name }) => ({ id, name })), run: current?.shown }),
    async list() {
      found = await listTrainingFiles(deps.folder)
    },
    knows: ({ name, paper }) => found.files.some((file) => file.name === name) && (paper === ANY_PAPER || kinds.some(({ id }) => id === paper)),
    runs: () => current?.shown.state === 'running',
    async start(wish) {
      current?.abort.abort()
      const run: Run = { file: wish.name, abort: new AbortController(), shown: { state: 'running', file: wish.name, step: OPENING, percent: 0 }, usesWorker: false }
      current = run
      deps.onChange()
      const began = clock.now()
      const { code, ...result } = await work(run, wish).catch((): Ended => ({ ...NOTHING, code: 'reader-failed', end: 'failed' }))
      const tookMs = clock.now() - began
      // As after a session, and before anybody can begin the next one.
      if (run.usesWorker) await documents.recycle().catch(() => deps.log('session.wipe-failed', { step: 'document-worker' }))
      deps.log('training.ended', { code, paper: wish.paper, fields: result.fields.length, sure: result.fields.filter(({ state }) => state === 'sure').length, tookMs })
      // Given up meanwhile: nobody is to see what came of it.
      if (current === run) {
        if (run.abort.signal.aborted) current = undefined
        else run.shown = { state: 'ended', file: run.file, tookMs, ...result }
        deps.onChange()
      }
      return code
    },
    forget() {
      const run = current
      if (run === undefined) return
      current = undefined
      run.abort.abort()
      deps.onChange()
    },
  }
}

/** No file is asked for its resolution: it is the paper alone where it has its shape, else as if A4 filled it. */
function dpiOf(widthPx: number, heightPx: number, paper: PaperSize): number {
  const long = Math.max(widthPx, heightPx)
  const short = Math.min(widthPx, heightPx)
  const longMm = (size: { readonly width: number; readonly height: number }): number => Math.max(size.width, size.height)
  const own = paper === 'free' ? undefined : PAPER_MM[paper]
  const factor = own === undefined ? 0 : long / short / (longMm(own) / Math.min(own.width, own.height))
  const isOwn = own !== undefined && factor < SAME_SHAPE && factor > 1 / SAME_SHAPE
  return Math.max(1, Math.round((long / longMm(isOwn ? own : PAPER_MM.a4)) * MM_PER_INCH))
}
