/**
 * `npm run bench:ocr`: the product's text engines beside the system's `tesseract`, on the same made pages in the same run,
 * and the page finder on made photographs. Writes `out/bench/ocr.json` and `out/bench/ocr.md`; fails when an aim is missed.
 *
 *   npm run bench:ocr -- [--pages N] [--engines a,b] [--photos N] [--endurance N] [--set held-back|tuning] [--keep]
 *
 * The pages are those of the held-back set, with people, wordings and faces that nothing was tuned with.
 */
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { cpus, loadavg, release, totalmem, type } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import type { EngineName } from '../../../core/document/engine-settings.ts'
import { ENGINE_NAMES } from '../../../core/document/engine-settings.ts'
import type { Truth } from '../../../sandbox/papers/truth.ts'
import { truthSchema } from '../../../sandbox/papers/truth.ts'
import { isCard } from '../../papers/kinds/index.ts'
import { aimsOf } from './aims.ts'
import { markdownOf } from './markdown.ts'
import { makePages, makePhotos } from './material.ts'
import type { PageOutcome } from './messages.ts'
import { nativeTesseractVersion, readNatively } from './native-tesseract.ts'
import { lookAtPhotos } from './photos.ts'
import type { ReaderProcess } from './reader-process.ts'
import { startReader } from './reader-process.ts'
import type { EngineReport, OcrReport, Spent } from './report.ts'
import { engineReport, mean } from './report.ts'
import type { PageScore } from './tally.ts'
import { scorePage } from './tally.ts'

const { values } = parseArgs({
  options: {
    pages: { type: 'string', default: '110' }, engines: { type: 'string', default: ENGINE_NAMES.join(',') }, photos: { type: 'string', default: '4' },
    endurance: { type: 'string', default: '200' }, set: { type: 'string', default: 'held-back' }, keep: { type: 'boolean', default: false },
  },
})
const THREADS = 2
/** The engines take turns on blocks of pages, so that other work on the machine hits all alike. */
const BLOCK_PAGES = 22
const OUT = join(import.meta.dirname, '..', '..', '..', 'out', 'bench')
const say = (line: string): void => void process.stdout.write(`${line}\n`)

const set = values.set === 'tuning' ? 'tuning' : 'held-back'
const engines = ENGINE_NAMES.filter((name) => values.engines.split(',').includes(name))
const machine = `${cpus().length} × ${cpus()[0]?.model ?? '?'}, ${Math.round(totalmem() / 2 ** 30)} GiB, ${type()} ${release()}, Node ${process.versions.node}`
say(`在这台机器上 / on this machine: ${machine}\n`)

const folder = join(OUT, `ocr-${set}`)
if (!values.keep) rmSync(folder, { recursive: true, force: true })
mkdirSync(folder, { recursive: true })
const pages = (await makePages(folder, set, Number(values.pages), say)).map((name) => ({ name, file: join(folder, `${name}.jpg`), truth: truthOf(name) }))
const photos = await makePhotos(folder, set, Number(values.photos), say)

interface Run {
  readonly name: EngineName
  readonly reader: ReaderProcess
  readonly startMs: number
  firstPageMs: number
  readonly outcomes: PageOutcome[]
  readonly scores: PageScore[]
}

const runs: Run[] = []
for (const name of engines) {
  const reader = startReader()
  try {
    runs.push({ name, reader, startMs: await reader.open(name, THREADS), firstPageMs: 0, outcomes: [], scores: [] })
  } catch (error) {
    say(`✗ ${name}: ${error instanceof Error ? error.message : String(error)}`)
    reader.close()
  }
}
const version = nativeTesseractVersion()
if (version === undefined) say('没有找到带中文数据的 tesseract 程序，少一项对照。 / No tesseract program with Chinese data was found; one comparison is missing.')
const native = { scores: [] as PageScore[], read: 0, sheets: [] as Spent[], cards: [] as Spent[], peakMb: 0, coldMs: 0 }
const load = loadavg()[0] ?? 0

try {
  const first = pages[0]
  if (first !== undefined && version !== undefined) native.coldMs = (await readNatively([first.file], THREADS)).wallMs
  for (let from = 0; from < pages.length; from += BLOCK_PAGES) {
    const block = pages.slice(from, from + BLOCK_PAGES)
    for (const run of runs) {
      for (const page of block) {
        const outcome = await run.reader.page({ file: page.file, kind: page.truth.kind, dpi: page.truth.dpi, onDesk: isOnDesk(page.truth), wholeText: true })
        if (run.outcomes.length === 0) run.firstPageMs = outcome.wallMs
        run.outcomes.push(outcome)
        run.scores.push(scorePage(page.truth, outcome.text, outcome))
      }
      say(`  ${run.name}: ${run.outcomes.length} / ${pages.length}   ${(mean(run.outcomes.map(({ wallMs }) => wallMs)) / 1000).toFixed(2)} s/页 page`)
    }
    if (version !== undefined) await readBlockNatively(block)
  }
  const endurance = await endure(runs[0], Number(values.endurance))
  say('\n▸ 找页 / page finding …')
  const finding = photos.length === 0 ? undefined : await lookAtPhotos(photos, folder)
  const reports: EngineReport[] = runs.map((run) => engineReport(run.name, pages.map(({ truth }) => truth), run.scores, run.outcomes, { startMs: run.startMs, firstPageMs: run.firstPageMs }))
  const report: OcrReport = {
    machine, set, threads: THREADS, load, pages: pages.length, engines: reports,
    ...(version === undefined ? {} : { native: engineReport(`tesseract ${version}`, pages.map(({ truth }) => truth), native.scores, undefined, { startMs: 0, firstPageMs: native.coldMs }, native) }),
    ...(endurance === undefined ? {} : { endurance }), ...(finding === undefined ? {} : { finding }),
    misses: runs.map((run) => ({ engine: run.name, pages: pages.flatMap(({ name, truth }, index) => missOf(name, truth, run.scores[index], run.outcomes[index])) })),
  }
  const aims = aimsOf(report)
  writeFileSync(join(OUT, 'ocr.json'), `${JSON.stringify({ ...report, aims }, null, 2)}\n`)
  const markdown = markdownOf(report, aims)
  writeFileSync(join(OUT, 'ocr.md'), markdown)
  say(`\n${markdown}`)
  process.exitCode = aims.every(({ passed }) => passed) ? 0 : 1
} finally {
  for (const run of runs) run.reader.close()
}

function truthOf(name: string): Truth {
  return truthSchema.parse(JSON.parse(readFileSync(join(folder, `${name}.json`), 'utf8')))
}

/** A turned page lies under the lid of a scanner; only what shows a desk came from a camera. */
function isOnDesk({ sheet, state }: Truth): boolean {
  return sheet !== undefined && state !== 'turned'
}

async function readBlockNatively(block: typeof pages): Promise<void> {
  for (const cards of [false, true]) {
    const some = block.filter(({ truth }) => isCard(truth.kind) === cards)
    if (some.length === 0) continue
    const read = await readNatively(some.map(({ file }) => file), THREADS)
    native.peakMb = Math.max(native.peakMb, read.peakMb)
    native[cards ? 'cards' : 'sheets'].push({ pages: some.length, wallMs: read.wallMs, cpuMs: read.cpuMs })
    for (const [index, page] of some.entries()) native.scores[pages.indexOf(page)] = scorePage(page.truth, read.texts[index] ?? '', undefined)
    native.read += some.length
  }
  const spent = [...native.sheets, ...native.cards]
  say(`  tesseract: ${native.read} / ${pages.length}   ${(spent.reduce((sum, { wallMs }) => sum + wallMs, 0) / Math.max(1, native.read) / 1000).toFixed(2)} s/页 page`)
}

/** Goes on with the first engine until it has read so many pages in a row, and looks at its memory. */
async function endure(run: Run | undefined, wanted: number): Promise<OcrReport['endurance']> {
  if (run === undefined || wanted === 0) return undefined
  say(`\n▸ 连续 ${wanted} 页 / ${wanted} pages in a row …`)
  const rss = run.outcomes.map(({ rssMb }) => rssMb)
  let answered = run.outcomes.length
  let peakMb = Math.max(...run.outcomes.map(({ peakMb: peak }) => peak))
  for (let index = run.outcomes.length; index < wanted; index++) {
    const page = pages[index % pages.length]
    if (page === undefined) break
    const outcome = await run.reader.page({ file: page.file, kind: page.truth.kind, dpi: page.truth.dpi, onDesk: isOnDesk(page.truth), wholeText: false })
    // The same page must give the same answer as the first time: nothing is lost and nothing of another page is left over.
    const before = run.outcomes[index % pages.length]
    if (JSON.stringify(outcome.fields) === JSON.stringify(before?.fields)) answered++
    rss.push(outcome.rssMb)
    peakMb = Math.max(peakMb, outcome.peakMb)
    if (index % 20 === 19) say(`  ${index + 1} / ${wanted}   ${Math.round(outcome.rssMb)} MiB`)
  }
  const half = Math.floor(rss.length / 2)
  return { engine: run.name, pages: rss.length, same: answered, firstHalfMb: Math.max(...rss.slice(0, half)), secondHalfMb: Math.max(...rss.slice(half)), peakMb }
}

function missOf(name: string, truth: Truth, score: PageScore | undefined, outcome: PageOutcome | undefined): OcrReport['misses'][number]['pages'] {
  if (score === undefined || (score.missed.length === 0 && score.wrongButSure.length === 0)) return []
  const say = (id: string): string => `${id}: ${truth.fields.find((field) => field.id === id)?.value ?? '–'} → ${outcome?.fields.find(({ field }) => field === id)?.value ?? '–'}`
  return [{ page: name, answer: outcome?.answer ?? '', missed: score.missed.map(say), wrongButSure: score.wrongButSure.map(say) }]
}
