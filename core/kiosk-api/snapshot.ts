import type { CardReadProgress } from '../device/operations.ts'
import type { ScanSource } from '../device/scan-sources.ts'
import type { DeviceReport } from '../device/status.ts'
import type { PicturePlace } from '../document/field-place.ts'
import type { PageProblem, Quad } from '../document/page-look.ts'
import type { ValueSource } from '../form/prefill.ts'
import type { Barrier, Commitment, DayLimit, Matter, MatterForm, Question } from '../matter-pack/schema.ts'
import type { StaffView } from '../staff/view.ts'
import type { Language, LocalText } from '../text/local-text.ts'

/**
 * The whole of what the screen may know, sent on every change. State flows one way: the page shows snapshots and sends
 * commands; it decides nothing.
 */
export interface Snapshot {
  /** Rises by one with each snapshot of this kiosk process. */
  readonly revision: number
  /** Kiosk's clock when the snapshot was made, epoch milliseconds; deadlines below are on the same clock. */
  readonly now: number
  readonly terminal: TerminalView
  readonly display: DisplaySettings
  readonly session: SessionView | undefined
  readonly screen: ScreenView
}

export interface TerminalView {
  readonly id: string
  readonly name: LocalText
  readonly hall: LocalText
  readonly demonstration: boolean
  readonly languages: readonly Language[]
  readonly hours: '24h' | { readonly open: string; readonly close: string }
  readonly contact: { readonly phone: string; readonly note: LocalText }
  readonly screen: { readonly widthPx: number; readonly heightPx: number; readonly widthMm: number; readonly heightMm: number }
  readonly network: 'online' | 'offline'
  readonly devices: readonly DeviceReport[]
  readonly packVersion: string | undefined
  /** The document camera that this page is to watch and to open; `label` is part of its name. */
  readonly camera?: { readonly label: string | undefined }
  /** A code scanner types into this page: its keys must be told from a person's. */
  readonly keyboardScanner: boolean
}

export interface DisplaySettings {
  readonly language: Language
  readonly textSize: 'standard' | 'large' | 'largest'
  readonly theme: 'standard' | 'contrast-light' | 'contrast-dark'
  /** 关怀模式: large text, longer time limits, one thing at a time. */
  readonly care: boolean
  /** Everything that can be touched moves to the lower half, for a person in a wheelchair. */
  readonly lowReach: boolean
}

/** A citizen's session. It has no name or number here: those stand only in the screens that need them. */
export interface SessionView {
  /** When the warning appears, and when everything is wiped, if nobody touches the screen. */
  readonly warnAt: number
  readonly endAt: number
  readonly warning: boolean
  readonly identified: boolean
  readonly matter: { readonly id: string; readonly name: LocalText; readonly shortName: LocalText; readonly department: LocalText; readonly phone: string; readonly flow: Matter['flow'] } | undefined
  /** Where the citizen stands among the big steps, for the step bar. */
  readonly steps: readonly { readonly id: StepId; readonly state: 'done' | 'current' | 'ahead' }[]
}

export type StepId = 'understand' | 'identify' | 'fill' | 'materials' | 'check' | 'finish'

export interface MatterSummary {
  readonly id: string
  readonly name: LocalText
  readonly shortName: LocalText
  readonly summary: LocalText
  readonly department: string
  readonly lifeEvents: readonly string[]
  /** Lower-case keys to search in: characters, full pinyin, initials. */
  readonly searchKeys: readonly string[]
  readonly availability: Availability
}

export type Availability =
  | { readonly state: 'available' }
  /** Works, with something missing that is told before the citizen starts. */
  | { readonly state: 'limited'; readonly reasons: readonly LocalText[] }
  | { readonly state: 'unavailable'; readonly reasons: readonly LocalText[] }

export type ScreenView =
  | IdleView
  | MattersView
  | GuideView
  | QuestionView
  | BarrierView
  | ChecklistView
  | IdentifyView
  | ConsentView
  | FormView
  | MaterialsView
  | CommitmentView
  | ScanView
  | GapsView
  | ReviewView
  | SignView
  | SubmittingView
  | OutcomeView
  | EvaluationView
  | FarewellView
  | ResumeView
  | OutOfServiceView
  | SorryView
  | StaffScreenView

export interface IdleView {
  readonly kind: 'idle'
  /** What this machine can do now. */
  readonly abilities: readonly { readonly id: 'identify' | 'print' | 'scan' | 'submit'; readonly works: boolean; readonly reason?: LocalText }[]
  readonly matters: readonly MatterSummary[]
}

export interface MattersView {
  readonly kind: 'matters'
  readonly lifeEvents: readonly { readonly id: string; readonly name: LocalText; readonly icon: string }[]
  readonly departments: readonly { readonly id: string; readonly name: LocalText }[]
  readonly matters: readonly MatterSummary[]
}

export interface GuideView {
  readonly kind: 'guide'
  readonly guide: Matter['guide']
  readonly place: Matter['place']
  readonly availability: Availability
  readonly hasQuestions: boolean
}

export interface QuestionView {
  readonly kind: 'question'
  readonly question: Question
  readonly answer: string | undefined
  /** From 1. */
  readonly position: number
  /** How many questions this situation has as far as is known now. */
  readonly total: number
}

export interface BarrierView {
  readonly kind: 'barrier'
  readonly barrier: Barrier
}

export interface ChecklistItem {
  readonly id: string
  readonly name: LocalText
  readonly core: boolean
  readonly requirement: LocalText
  readonly originals: number
  readonly copies: number
  readonly documents: readonly LocalText[]
  /** How it can be given without bringing paper, in words. */
  readonly substitutes: readonly { readonly kind: 'licence' | 'data-check' | 'commitment'; readonly name: LocalText }[]
  readonly tolerance: { readonly limit: DayLimit; readonly how: LocalText } | undefined
}

export interface ChecklistView {
  readonly kind: 'checklist'
  readonly answers: readonly { readonly question: LocalText; readonly answer: LocalText }[]
  readonly items: readonly ChecklistItem[]
  readonly fees: readonly { readonly name: LocalText; readonly amountFen: number; readonly basis: LocalText }[]
  readonly promised: DayLimit | 'at-once'
  readonly place: Matter['place']
  /** The same list as a QR code's text, so that it can be taken away on a phone. */
  readonly qr: string
  readonly canPrint: boolean
  readonly printing: PrintingView
}

export type PrintingView =
  | { readonly state: 'none' }
  | { readonly state: 'printing' }
  | { readonly state: 'printed' }
  | { readonly state: 'failed'; readonly sentence: LocalText; readonly staffSentence: LocalText; readonly canRetry: boolean }
  /** Nobody knows whether paper came out: the citizen is asked. */
  | { readonly state: 'unknown'; readonly sentence: LocalText; readonly staffSentence: LocalText }

export interface IdentifyView {
  readonly kind: 'identify'
  readonly progress: CardReadProgress
  readonly problem: { readonly sentence: LocalText; readonly staffSentence: LocalText; readonly canRetry: boolean } | undefined
}

export interface ConsentView {
  readonly kind: 'consent'
  readonly consent: Matter['consent']
  /** 周*兰 and so on. */
  readonly maskedName: string
  readonly maskedNumber: string
}

export type { ValueSource } from '../form/prefill.ts'

export interface FormView {
  readonly kind: 'form'
  readonly form: Pick<MatterForm, 'title' | 'schema' | 'uischema' | 'texts'>
  readonly data: Readonly<Record<string, unknown>>
  /** JSON pointer → where the value came from. */
  readonly sources: Readonly<Record<string, ValueSource>>
  /** JSON pointers that cannot be changed: the card is their evidence. */
  readonly locked: readonly string[]
  /** Filled after the citizen asked to go on, or when coming back from the gap list. */
  readonly gaps: readonly { readonly pointer: string; readonly message: LocalText }[]
  /** JSON pointer → paper whose scan can still fill this empty field, so that nobody types what can be read. */
  readonly fromPapers: Readonly<Record<string, LocalText>>
  /** Field to bring into view, when coming from a gap. */
  readonly focus: string | undefined
}

export type MaterialWay =
  | { readonly kind: 'card' }
  | { readonly kind: 'generated' }
  | { readonly kind: 'licence'; readonly licenceType: string; readonly name: LocalText }
  | { readonly kind: 'data-check'; readonly check: string; readonly name: LocalText }
  | { readonly kind: 'commitment'; readonly commitment: string; readonly name: LocalText }
  | { readonly kind: 'scan'; readonly document: string; readonly name: LocalText; readonly available: boolean }
  | { readonly kind: 'later'; readonly limit: DayLimit; readonly how: LocalText }

export type MaterialState =
  | { readonly state: 'missing' }
  | { readonly state: 'working' }
  | { readonly state: 'given'; readonly way: MaterialWay['kind']; readonly detail: LocalText }
  | { readonly state: 'failed'; readonly sentence: LocalText }

export interface MaterialsView {
  readonly kind: 'materials'
  readonly items: readonly { readonly id: string; readonly name: LocalText; readonly core: boolean; readonly requirement: LocalText; readonly ways: readonly MaterialWay[]; readonly status: MaterialState }[]
  readonly focus: string | undefined
}

export interface CommitmentView {
  readonly kind: 'commitment'
  readonly material: LocalText
  readonly commitment: Commitment
}

export interface ReadField {
  readonly id: string
  readonly label: LocalText
  readonly value: string
  readonly state: 'sure' | 'unsure' | 'missing'
  readonly why: LocalText | undefined
  readonly keyboard: 'pinyin' | 'digits' | 'id-number' | 'date' | 'phone'
  /** Where this was read, when the citizen is to compare it; several where pages surely say different things. */
  readonly pictures?: readonly { readonly page: string; readonly place: PicturePlace }[]
}

/** Which page of several, from 1; absent for a paper of one page. */
export interface PagePosition {
  readonly number: number
  readonly count: number
}

export type { ScanSource } from '../device/scan-sources.ts'

export interface ScanView {
  readonly kind: 'scan'
  readonly material: LocalText
  readonly document: LocalText
  readonly requirement: LocalText
  /** Where a page can come from now. */
  readonly sources: readonly ScanSource[]
  /** How many pages `back` takes away for good from this stage, counting a picture that is still to become one; none where all stay as they are, or stay given. */
  readonly lostByBack: number
  readonly stage:
    /** `number`: which page of the paper is to be laid, from 1; the others stay. */
    | { readonly kind: 'lay-page'; readonly number: number; readonly problem: LocalText | undefined; readonly staffProblem: LocalText | undefined }
    | { readonly kind: 'scanning'; readonly percent: number | undefined }
    /** The paper is being found, straightened and judged; `page` is the untouched picture. */
    | { readonly kind: 'looking'; readonly page: string; readonly position?: PagePosition; readonly step: LocalText; readonly percent: number }
    /** The corner editor on the untouched picture. `isGuess`: nobody is sure of the edges, so the citizen sets them. */
    | { readonly kind: 'corners'; readonly page: string; readonly number: number; readonly widthPx: number; readonly heightPx: number; readonly corners: Quad; readonly isGuess: boolean }
    | LookStageView
    | { readonly kind: 'reading'; readonly page: string; readonly position?: PagePosition; readonly step: LocalText; readonly percent: number; readonly redo: 'pages' | 'all' }
    | ConfirmStageView
}

/** Fields that the citizen confirms or corrects; none when this paper is only kept as a picture, or is not the one asked for. */
export interface ConfirmStageView {
  readonly kind: 'confirm'
  readonly pages: readonly string[]
  readonly fields: readonly ReadField[]
  /** What the citizen must know of it, and what staff can do about it. */
  readonly notices: readonly { readonly sentence: LocalText; readonly staffSentence?: LocalText }[]
  /** `not-recognised`: no page is the paper asked for. `mixed`: a page among them is another paper. */
  readonly paper: 'wanted' | 'mixed' | 'not-recognised'
  /** Whether the citizen can go back to the pages, to change one of them, or only begin anew. */
  readonly redo: 'pages' | 'all'
}

/** The straightened pages with all that is wrong with them, at once. */
export interface LookStageView {
  readonly kind: 'look'
  /** The one to look at first: the newest, or one that is to be taken again. */
  readonly page: string
  /** In the order in which they are given. */
  readonly pages: readonly string[]
  /** Why a feeder stopped before its last sheet. */
  readonly problem: LocalText | undefined
  readonly staffProblem: LocalText | undefined
  /** Worst first. `hard`: the picture is to be taken again. `pages`: in which, from 1. */
  readonly findings: readonly { readonly problem: PageProblem; readonly weight: 'hard' | 'soft'; readonly sentence: LocalText; readonly staffSentence: LocalText; readonly pages: readonly number[] }[]
  /** Whether they can be used: as they are, all the same (a clerk looks), or not at all. */
  readonly use: 'yes' | 'all-the-same' | 'no'
  /** Pages whose edges can be set by hand. */
  readonly adjustable: readonly string[]
  /** Whether a further page can be laid. */
  readonly canAdd: boolean
}

export interface Gap {
  readonly id: string
  readonly about: 'form' | 'material' | 'server'
  readonly sentence: LocalText
  readonly remedy: LocalText
  /** `paper`: the scanned paper itself, where what was read from it is corrected. */
  readonly target: { readonly kind: 'field'; readonly pointer: string } | { readonly kind: 'material' | 'paper'; readonly material: string } | { readonly kind: 'none' }
}

export interface GapsView {
  readonly kind: 'gaps'
  readonly state: 'checking' | 'found' | 'clear'
  readonly gaps: readonly Gap[]
  /** Set when the backend could not be asked: the list is this terminal's own and may grow. */
  readonly unchecked: LocalText | undefined
}

export interface ReviewLine {
  readonly label: LocalText
  readonly value: LocalText
  readonly source: ValueSource | undefined
  readonly change: { readonly kind: 'field'; readonly pointer: string } | { readonly kind: 'material'; readonly material: string } | { readonly kind: 'questions' } | undefined
}

export interface ReviewView {
  readonly kind: 'review'
  readonly title: LocalText
  readonly sections: readonly { readonly title: LocalText; readonly lines: readonly ReviewLine[] }[]
  /** What a clerk will look at; nothing that the citizen has to do. */
  readonly forClerk: readonly { readonly material: LocalText; readonly question: LocalText }[]
  readonly declaration: LocalText
  readonly needsSignature: boolean
  readonly offline: boolean
}

export interface SignView {
  readonly kind: 'sign'
  readonly declaration: LocalText
}

export interface SubmittingView {
  readonly kind: 'submitting'
  readonly step: 'keeping' | 'sending'
  readonly since: number
}

export interface OutcomeView {
  readonly kind: 'outcome'
  readonly outcome:
    | { readonly kind: 'received'; readonly caseNumber: string; readonly receivedAt: number; readonly promised: DayLimit | 'at-once'; readonly tolerated: readonly { readonly name: LocalText; readonly until: string }[]; readonly proof: { readonly verificationCode: string; readonly lines: readonly { readonly label: LocalText; readonly value: LocalText }[] } | undefined }
    /** Kept here, not yet received. */
    | { readonly kind: 'kept'; readonly localNumber: string; readonly why: LocalText }
    | { readonly kind: 'refused'; readonly code: string; readonly sentence: LocalText; readonly localNumber: string | undefined }
  readonly printing: PrintingView
  /** The proof itself on A4; `none` where the matter gives none or the terminal has no page printer. */
  readonly proofPrinting: PrintingView
  readonly qr: string | undefined
}

export interface EvaluationView {
  readonly kind: 'evaluation'
  readonly details: readonly { readonly id: string; readonly text: LocalText; readonly grades: readonly number[] }[]
}

export interface FarewellView {
  readonly kind: 'farewell'
  readonly takeCard: boolean
  readonly takePaper: boolean
  readonly takeOriginals: boolean
  readonly endsAt: number
  readonly number: string | undefined
}

/** The page was lost in mid-session: it goes on only after the same card, and is wiped otherwise. */
export interface ResumeView {
  readonly kind: 'resume'
  readonly progress: CardReadProgress
  readonly problem: LocalText | undefined
}

export interface OutOfServiceView {
  readonly kind: 'out-of-service'
  readonly reason: LocalText
}

/**
 * What became of an application when the service broke off: nothing was sent or kept; it was received, is kept here, or was
 * sent and not accepted, under its number; or it was on its way, and this screen cannot know.
 */
export type LeftBehind = { readonly kind: 'nothing' } | { readonly kind: 'received' | 'kept' | 'refused'; readonly number: string } | { readonly kind: 'on-its-way' }

/** A fault of ours has ended the session. Nothing of the citizen is here any more but the number, if there is one. */
export interface SorryView {
  readonly kind: 'sorry'
  readonly left: LeftBehind
  /** Then the idle screen comes, or at the first touch of the button. */
  readonly endsAt: number
}

/** The staff page; it never stands while a citizen is served. */
export interface StaffScreenView {
  readonly kind: 'staff'
  readonly staff: StaffView
}
