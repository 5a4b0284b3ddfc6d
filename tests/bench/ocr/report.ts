import type { PaperState } from '../../../sandbox/papers/states.ts'
import { PAPER_STATES } from '../../../sandbox/papers/states.ts'
import type { Truth } from '../../../sandbox/papers/truth.ts'
import { isCard } from '../../papers/kinds/index.ts'
import type { PageOutcome } from './messages.ts'
import type { FindingReport } from './photos.ts'
import type { PageScore, Rates } from './tally.ts'
import { ratesOf } from './tally.ts'

export interface Spent {
  readonly pages: number
  readonly wallMs: number
  readonly cpuMs: number
}

/** Time of one page once the engine is warm, in milliseconds; mean of so many pages. */
export interface WarmTime {
  readonly pages: number
  readonly wallMs: number
  readonly cpuMs: number
}

export interface EngineReport {
  readonly name: string
  readonly all: Rates
  readonly clean: Rates
  /** Without pages whose name holds a sign that no usual reader knows. */
  readonly withoutRareNames: Rates
  readonly byState: Readonly<Partial<Record<PaperState, Rates>>>
  readonly byKind: Readonly<Record<string, Rates>>
  /** Pages whose kind was named rightly when every kind could have come; absent for a program that gives text only. */
  readonly kindsNamed?: number
  readonly startMs: number
  readonly firstPageMs: number
  readonly warmSheet: WarmTime
  readonly warmCard: WarmTime
  readonly warmAll: WarmTime
  readonly peakMb: number
}

export interface OcrReport {
  readonly machine: string
  readonly set: string
  readonly threads: number
  /** Load of the machine when the reading began: with others at work, wall times say less than processor times. */
  readonly load: number
  readonly pages: number
  readonly engines: readonly EngineReport[]
  readonly native?: EngineReport
  readonly endurance?: { readonly engine: string; readonly pages: number; readonly same: number; readonly firstHalfMb: number; readonly secondHalfMb: number; readonly peakMb: number }
  readonly finding?: FindingReport
  /** What was not read exactly, page by page; every person in it is invented. */
  readonly misses: readonly { readonly engine: string; readonly pages: readonly { readonly page: string; readonly answer: string; readonly missed: readonly string[]; readonly wrongButSure: readonly string[] }[] }[]
}

export const mean = (values: readonly number[]): number => (values.length === 0 ? 0 : values.reduce((sum, value) => sum + value, 0) / values.length)

/** The first page pays for what loads late, so warm pages begin with the second. */
const COLD_PAGES = 1

/**
 * Sums up one engine. `outcomes` are absent for the system's program, whose time is known by blocks (`native`).
 */
export function engineReport(
  name: string, truths: readonly Truth[], scores: readonly PageScore[], outcomes: readonly PageOutcome[] | undefined,
  start: { readonly startMs: number; readonly firstPageMs: number }, native?: { readonly sheets: readonly Spent[]; readonly cards: readonly Spent[]; readonly peakMb: number },
): EngineReport {
  const where = (holds: (truth: Truth) => boolean): Rates => ratesOf(scores.filter((_, index) => truths[index] !== undefined && holds(truths[index])))
  const warm = (holds: (truth: Truth) => boolean): WarmTime => {
    const some = (outcomes ?? []).filter((_, index) => index >= COLD_PAGES && truths[index] !== undefined && holds(truths[index]))
    return { pages: some.length, wallMs: mean(some.map(({ wallMs }) => wallMs)), cpuMs: mean(some.map(({ cpuMs }) => cpuMs)) }
  }
  const blocks = (spent: readonly Spent[]): WarmTime => {
    const pages = spent.reduce((sum, block) => sum + block.pages, 0)
    return { pages, wallMs: spent.reduce((sum, block) => sum + block.wallMs, 0) / Math.max(1, pages), cpuMs: spent.reduce((sum, block) => sum + block.cpuMs, 0) / Math.max(1, pages) }
  }
  return {
    name, all: where(() => true), clean: where(({ state }) => state === 'clean300' || state === 'clean200'), withoutRareNames: where(({ marked }) => !marked.includes('rare-name')),
    byState: Object.fromEntries(PAPER_STATES.map((state) => [state, where((truth) => truth.state === state)])),
    byKind: Object.fromEntries([...new Set(truths.map(({ kind }) => kind))].map((kind) => [kind, where((truth) => truth.kind === kind)])),
    ...(outcomes === undefined ? {} : { kindsNamed: outcomes.filter(({ kindOfAll }, index) => kindOfAll === truths[index]?.kind).length }),
    ...start,
    warmSheet: native === undefined ? warm(({ kind }) => !isCard(kind)) : blocks(native.sheets),
    warmCard: native === undefined ? warm(({ kind }) => isCard(kind)) : blocks(native.cards),
    warmAll: native === undefined ? warm(() => true) : blocks([...native.sheets, ...native.cards]),
    peakMb: native === undefined ? Math.max(0, ...(outcomes ?? []).map(({ peakMb }) => peakMb)) : native.peakMb,
  }
}
