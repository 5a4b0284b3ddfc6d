import { PAPER_STATES } from '../../../sandbox/papers/states.ts'
import type { Aim } from './aims.ts'
import type { EngineReport, OcrReport } from './report.ts'

const percent = (value: number, digits = 1): string => (value * 100).toFixed(digits)
const seconds = (ms: number): string => (ms / 1000).toFixed(2)
const row = (cells: readonly (string | number)[]): string => `| ${cells.join(' | ')} |\n`
const head = (cells: readonly string[]): string => row(cells) + row(cells.map(() => '---'))

/** The report as tables. */
export function markdownOf(report: OcrReport, aims: readonly Aim[]): string {
  const all = [...report.engines, ...(report.native === undefined ? [] : [report.native])]
  let text = `# 读取材料的测量 / Reading papers, measured\n\n${report.machine}; ${report.pages} 页 / pages (${report.set}); ${report.threads} 线程 / threads each; 负载 / load ${report.load.toFixed(1)}\n\n`
  text += head(['引擎 engine', 'CER %', '字段在文中 in text %', '号码在文中 numbers in text %', '字段全对 exact %', '号码全对 numbers exact %', '确信且对 sure and exact %', '确信而错 wrong but sure %', '种类 kinds named'])
  for (const engine of all) {
    const own = engine.kindsNamed !== undefined
    text += row([engine.name, percent(engine.all.characterErrorRate, 2), percent(engine.all.fieldsInText), percent(engine.all.numbersInText), own ? percent(engine.all.fieldsExact) : '–', own ? percent(engine.all.numbersExact) : '–', own ? percent(engine.all.sureAndExact) : '–', own ? percent(engine.all.wrongButSure, 2) : '–', own ? `${engine.kindsNamed} / ${engine.all.pages}` : '–'])
  }
  text += `\n${head(['引擎 engine', '启动 start s', '首页 first page s', 'A4 等 sheet s', 'CPU s', '卡 card s', 'CPU s', '全部 all s', 'CPU s', '内存峰值 peak MiB'])}`
  for (const engine of all) text += row([engine.name, seconds(engine.startMs), seconds(engine.firstPageMs), seconds(engine.warmSheet.wallMs), seconds(engine.warmSheet.cpuMs), seconds(engine.warmCard.wallMs), seconds(engine.warmCard.cpuMs), seconds(engine.warmAll.wallMs), seconds(engine.warmAll.cpuMs), Math.round(engine.peakMb)])
  text += `\n字段全对 % / fields exact % (tesseract: 在文中 in text)\n\n${byState(all)}\n${byKind(all)}`
  const first = report.engines[0]
  if (first !== undefined) text += `\n不计生僻字姓名的页 / without pages with rare names: ${percent(first.withoutRareNames.fieldsExact)} % (${first.withoutRareNames.pages} 页 pages), 确信而错 wrong but sure ${percent(first.withoutRareNames.wrongButSure, 2)} %\n`
  if (report.endurance !== undefined) text += `\n连续 ${report.endurance.pages} 页 / pages in a row: ${report.endurance.same} 相同 same; ${Math.round(report.endurance.firstHalfMb)} → ${Math.round(report.endurance.secondHalfMb)} MiB\n`
  if (report.finding !== undefined) {
    text += `\n${head(['照片 scene', '张 photos', '找到 found', '角误差 corner error px', '%', '最大 worst %', '该说的说了 told', '误报 false alarms', 's'])}`
    for (const scene of report.finding.scenes) text += row([scene.scene, scene.photos, scene.found, (scene.meanError * report.finding.longerSidePx).toFixed(1), percent(scene.meanError, 2), percent(scene.worstError, 2), `${scene.told} / ${scene.photos}`, scene.falseAlarms, seconds(scene.meanMs)])
  }
  text += `\n${head(['目标 aim', '', '测得 measured', ''])}`
  for (const aim of aims) text += row([`${aim.what['zh-CN']} / ${aim.what.en}`, aim.aim, aim.measured, aim.passed ? '✓' : '✗'])
  return text
}

const exactOf = (engine: EngineReport, rates: EngineReport['all'] | undefined): string => (rates === undefined || rates.fields === 0 ? '–' : percent(engine.kindsNamed === undefined ? rates.fieldsInText : rates.fieldsExact))

function byState(engines: readonly EngineReport[]): string {
  return head(['状态 state', ...engines.map(({ name }) => name)]) + PAPER_STATES.map((state) => row([state, ...engines.map((engine) => exactOf(engine, engine.byState[state]))])).join('')
}

function byKind(engines: readonly EngineReport[]): string {
  const kinds = Object.keys(engines[0]?.byKind ?? {})
  return head(['种类 kind', ...engines.map(({ name }) => name)]) + kinds.map((kind) => row([kind, ...engines.map((engine) => exactOf(engine, engine.byKind[kind]))])).join('')
}
