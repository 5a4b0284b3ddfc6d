import type { EngineReport } from '../document/engine-sentences.ts'
import type { DeviceClass, DeviceDetails, DeviceStatus } from '../device/status.ts'
import type { LocalText } from '../text/local-text.ts'
import type { PageProblem } from '../document/page-look.ts'
import type { OutOfServiceReason, StaffActKind } from './act.ts'
import type { StaffRole } from './roles.ts'

/**
 * What the staff page shows; part of the one snapshot. No PIN, no secret, nothing about a citizen ever stands here. What is
 * read in training comes from pictures that staff put there for it.
 */
export type StaffView = StaffSignInView | StaffFactorView | StaffDeskView

export interface StaffSignInView {
  readonly stage: 'sign-in'
  /** PIN is being checked (argon2id takes its time). */
  readonly checking: boolean
  readonly problem: LocalText | undefined
  /** Epoch ms until which no PIN is taken, after wrong ones. */
  readonly lockedUntil: number | undefined
  /** Epoch ms at which the page goes back to the idle screen by itself. */
  readonly endsAt: number
}

/** An act waits for its second factor. */
export interface StaffFactorView {
  readonly stage: 'second-factor'
  readonly act: StaffActKind
  readonly ways: readonly ('code' | 'card')[]
  /** `card`: the reader waits for the staff card. */
  readonly reading: boolean
  readonly problem: LocalText | undefined
  readonly lockedUntil: number | undefined
  readonly signsOutAt: number
}

export interface StaffDeskView {
  readonly stage: 'desk'
  readonly page: 'devices' | 'queue' | 'machine' | 'training' | 'journal'
  readonly who: { readonly staff: string; readonly name: string; readonly role: StaffRole }
  /** Acts of this role at this moment; the page offers nothing else. */
  readonly may: readonly StaffActKind[]
  /** Epoch ms: two minutes after the last touch. */
  readonly signsOutAt: number
  readonly devices: readonly StaffDeviceView[]
  readonly test: StaffTestView | undefined
  readonly queue: StaffQueueView
  readonly machine: StaffMachineView
  readonly training: StaffTrainingView
  readonly journal: StaffJournalView
  /** What the last act came to. */
  readonly notice: { readonly kind: 'done' | 'problem'; readonly sentence: LocalText; readonly at: number } | undefined
}

export interface StaffDeviceView {
  readonly id: string
  readonly kind: DeviceClass
  readonly name: LocalText
  readonly address: string
  readonly status: DeviceStatus
  /** What is wrong, and the one thing to do now. */
  readonly sentence: LocalText
  readonly details: DeviceDetails
  /** For citizens: what cannot be done without it now. */
  readonly blocks: readonly LocalText[]
  readonly outOfService: { readonly reason: OutOfServiceReason; readonly since: number } | undefined
  readonly counters: readonly { readonly id: 'reads' | 'receipts' | 'metres' | 'cuts' | 'pages' | 'scans' | 'codes'; readonly label: LocalText; readonly total: number; readonly today: number }[]
  readonly faults: readonly { readonly state: string; readonly label: LocalText; readonly count: number; readonly lastAt: number }[]
  readonly consumable: StaffConsumableView | undefined
  readonly lastTest: { readonly at: number; readonly passed: boolean } | undefined
}

export interface StaffConsumableView {
  readonly kind: 'roll' | 'sheets'
  /** Of what was put in, 0 to 1; undefined when nobody has said how much was put in. */
  readonly left: number | undefined
  /** `m` or sheets. */
  readonly amountLeft: number | undefined
  readonly amountLoaded: number | undefined
  readonly loadedAt: number | undefined
  /** Epoch ms at which it runs out at the pace of the last days; undefined when too little is known. */
  readonly runsOutAt: number | undefined
}

export interface StaffTestView {
  readonly about: string
  readonly startedAt: number
  readonly state: 'running' | 'asking' | 'ended'
  readonly steps: readonly StaffTestStep[]
  /** In `asking`: what the tester must do or look at. `doing` asks for a deed (lay a card), `looking` for a yes or no. */
  readonly question: { readonly step: string; readonly kind: 'doing' | 'looking'; readonly sentence: LocalText } | undefined
  readonly passed: boolean | undefined
}

export interface StaffTestStep {
  readonly id: string
  readonly device: string | undefined
  readonly name: LocalText
  readonly state: 'waiting' | 'running' | 'passed' | 'failed' | 'skipped'
  readonly detail: LocalText | undefined
}

export interface StaffQueueView {
  readonly waiting: number
  readonly held: number
  readonly full: boolean
  readonly items: readonly { readonly localNumber: string; readonly matter: string; readonly state: 'waiting' | 'sending' | 'held'; readonly keptAt: number; readonly tries: number; readonly nextAt: number | undefined; readonly code: string | undefined; readonly sentence: LocalText | undefined }[]
  /** Receipts of which nobody knows whether they came out. */
  readonly unknownPrints: readonly { readonly job: number; readonly at: number; readonly attempt: number; readonly why: LocalText; readonly canReprint: boolean }[]
}

export interface StaffMachineView {
  readonly terminalId: string
  readonly software: string
  readonly packVersion: string | undefined
  readonly startedAt: number
  readonly network: 'online' | 'offline'
  readonly lastBackendAnswerAt: number | undefined
  readonly outOfService: { readonly reason: OutOfServiceReason; readonly since: number } | undefined
  readonly hours: '24h' | { readonly open: string; readonly close: string }
  readonly openNow: boolean
  readonly disk: { readonly freeBytes: number; readonly totalBytes: number } | undefined
  /** The text engine that reads pages. */
  readonly reading: EngineReport
  readonly bundle: { readonly state: 'none' } | { readonly state: 'making' } | { readonly state: 'ready'; readonly file: string; readonly bytes: number; readonly at: number } | { readonly state: 'failed'; readonly sentence: LocalText }
}

export interface StaffJournalView {
  /** Newest first, at most 100. */
  readonly entries: readonly { readonly number: number; readonly at: number; readonly staff: string; readonly act: string; readonly about: string; readonly result: 'done' | 'refused' | 'failed'; readonly sentence: LocalText }[]
  readonly total: number
  /** The chain was checked when the page was opened. */
  readonly chain: 'checking' | 'whole' | 'broken'
}

/** Pictures in the training folder, and the try under way or the last one until it is put away. */
export interface StaffTrainingView {
  /** Where pictures are put. */
  readonly folder: string
  readonly files: readonly { readonly name: string; readonly bytes: number }[]
  /** Other things in the folder, which are not used. */
  readonly unusable: number
  /** Kinds of paper that this terminal knows. */
  readonly papers: readonly { readonly id: string; readonly name: LocalText }[]
  readonly run: StaffTrainingRunView | undefined
}

export type StaffTrainingRunView =
  | { readonly state: 'running'; readonly file: string; readonly step: LocalText; readonly percent: number }
  | (StaffTrainingResult & { readonly state: 'ended'; readonly file: string; readonly tookMs: number })

/** What came of it: all of it text; the pictures are wiped by then. */
export interface StaffTrainingResult {
  /** `read`: fields follow. `stopped`: a citizen would be asked to do something else. `failed`: the machine's fault, or the file's. */
  readonly end: 'read' | 'stopped' | 'failed'
  /** What the paper is. */
  readonly paper: LocalText | undefined
  /** What a citizen would be told; and what is for staff. */
  readonly citizenSentence: LocalText | undefined
  readonly staffSentence: LocalText | undefined
  /** Wrong with the picture, worst first. */
  readonly findings: readonly { readonly problem: PageProblem; readonly weight: 'hard' | 'soft'; readonly sentence: LocalText; readonly staffSentence: LocalText }[]
  readonly fields: readonly { readonly id: string; readonly label: LocalText; readonly value: string; readonly state: 'sure' | 'unsure' | 'missing'; readonly why: LocalText | undefined }[]
  /** Of the whole time: finding, straightening and judging; reading. */
  readonly lookMs: number | undefined
  readonly readMs: number | undefined
}
