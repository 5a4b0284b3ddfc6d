/**
 * Writes the golden pictures: for every kind of paper one clean page and, over all kinds, one page in each bad state, small
 * enough to be kept. The bench page lays them on the glass, and the tests of the kinds read them.
 *
 *   node tests/papers/make-golden.ts
 */
import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { PaperState } from '../../sandbox/papers/states.ts'
import { findBrowser } from '../../tools/browser.mjs'
import type { PaperKind } from './kinds/index.ts'
import { isCard, PAPER_KINDS } from './kinds/index.ts'
import { makePaper } from './make.ts'
import { openPress } from './render.ts'

const FOLDER = join(import.meta.dirname, '..', '..', 'assets', 'ocr', 'golden')
/** Keeps an A4 page with a safety print near 200 KB. */
const JPEG_QUALITY = 0.6
/** Copies from here on stand in no set. */
const FIRST_COPY = 900
const BAD: readonly (readonly [PaperKind, PaperState])[] = [
  ['residence-lease', 'perspective'], ['property-certificate', 'uneven-light'], ['household-register-page', 'sealed'], ['id-card-front', 'turned'],
  ['marriage-certificate', 'blurred'], ['disability-certificate', 'faint'], ['application-form', 'normal'], ['id-card-back', 'all'],
]

rmSync(FOLDER, { recursive: true, force: true })
const browser = await openPress(findBrowser() ?? 'chromium')
let total = 0
try {
  // Cards are clean at 300 dpi, sheets at 200.
  const clean = PAPER_KINDS.map((kind): readonly [PaperKind, PaperState] => [kind, isCard(kind) ? 'clean300' : 'clean200'])
  for (const [index, [kind, state]] of [...clean, ...BAD].entries()) {
    const made = await makePaper(browser, { set: 'tuning', kind, copy: FIRST_COPY + index, state }, JPEG_QUALITY)
    mkdirSync(join(FOLDER, kind), { recursive: true })
    const name = state.startsWith('clean') ? 'clean' : state
    writeFileSync(join(FOLDER, kind, `${name}.jpg`), made.jpeg)
    writeFileSync(join(FOLDER, kind, `${name}.json`), `${JSON.stringify(made.truth)}\n`)
    total += made.jpeg.length
    process.stdout.write(`${kind}/${name}: ${Math.round(made.jpeg.length / 1024)} KB${made.truth.marked.length > 0 ? ` (${made.truth.marked.join(', ')})` : ''}\n`)
  }
} finally {
  await browser.close()
}
process.stdout.write(`${(total / 2 ** 20).toFixed(1)} MiB\n`)
