import type { OcrReport } from './report.ts'
import { mean } from './report.ts'

export interface Aim {
  readonly what: { readonly 'zh-CN': string; readonly en: string }
  readonly aim: string
  readonly measured: string
  readonly passed: boolean
}

const LARGEST_PEAK_MB = 1024
/** Memory of the second half of a long run may lie above that of the first by this much and still be called flat. */
const FLAT_SHARE = 1.1

/** The aims of the reading of papers, judged on the engine that a terminal runs by default. */
export function aimsOf({ engines, native, endurance }: OcrReport): readonly Aim[] {
  const first = engines[0]
  if (first === undefined) return []
  const aims: Aim[] = []
  const add = (zh: string, en: string, aim: string, measured: string, passed: boolean): void => void aims.push({ what: { 'zh-CN': zh, en }, aim, measured, passed })
  const share = (value: number): string => value.toFixed(4)
  add('字段全对率，清晰页', 'fields exact, clean pages', '≥ 0.98', share(first.clean.fieldsExact), first.clean.fieldsExact >= 0.98)
  const bad = mean(Object.values(first.byState).filter((rates) => rates.fields > 0).map((rates) => rates.fieldsExact))
  add('字段全对率，各种状态平均', 'fields exact, mean over all states', '≥ 0.95', share(bad), bad >= 0.95)
  add('识别性号码全对率', 'identifying numbers exact', '≥ 0.99', share(first.all.numbersExact), first.all.numbersExact >= 0.99)
  add('确信而错的字段', 'wrong but sure', '≤ 0.001', share(first.all.wrongButSure), first.all.wrongButSure <= 0.001)
  if (native !== undefined) {
    const ratio = (ours: number, theirs: number): number => ours / Math.max(1, theirs)
    const pages = ratio(first.warmSheet.wallMs, native.warmSheet.wallMs)
    add('一页热机时间与系统 tesseract 之比', 'warm sheet against the system\'s tesseract', '≤ 1', pages.toFixed(2), pages <= 1)
    const cards = ratio(first.warmCard.wallMs, native.warmSheet.wallMs)
    add('一张卡的时间与系统 tesseract 的一页之比', 'warm card against a sheet of the system\'s tesseract', '≤ 0.5', cards.toFixed(2), cards <= 0.5)
  }
  add('内存峰值', 'peak memory', `≤ ${LARGEST_PEAK_MB} MiB`, `${Math.round(Math.max(first.peakMb, endurance?.peakMb ?? 0))} MiB`, Math.max(first.peakMb, endurance?.peakMb ?? 0) <= LARGEST_PEAK_MB)
  if (endurance !== undefined) {
    add('连续各页都有答复，且与第一次相同', 'every page in a row answered, and as the first time', `${endurance.pages} / ${endurance.pages}`, `${endurance.same} / ${endurance.pages}`, endurance.same === endurance.pages)
    const growth = endurance.secondHalfMb / Math.max(1, endurance.firstHalfMb)
    add('内存不增长', 'memory stays flat', `≤ ${FLAT_SHARE}`, growth.toFixed(2), growth <= FLAT_SHARE)
  }
  return aims
}
