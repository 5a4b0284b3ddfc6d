/**
 * Writes a set of made papers: for every kind and state so many copies, each as `<name>.jpg` with its truth `<name>.json`.
 *
 *   node tests/papers/make-set.ts <folder> [--set tuning|held-back] [--copies N] [--kinds a,b] [--states a,b]
 */
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { PAPER_STATES } from '../../sandbox/papers/states.ts'
import { findBrowser } from '../../tools/browser.mjs'
import { PAPER_KINDS } from './kinds/index.ts'
import { makePaper } from './make.ts'
import { openPress } from './render.ts'

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { set: { type: 'string', default: 'tuning' }, copies: { type: 'string', default: '1' }, kinds: { type: 'string' }, states: { type: 'string' } },
})
const folder = positionals[0]
if (folder === undefined || (values.set !== 'tuning' && values.set !== 'held-back')) throw new Error('node tests/papers/make-set.ts <folder> [--set tuning|held-back] [--copies N] [--kinds a,b] [--states a,b]')
const kinds = PAPER_KINDS.filter((kind) => values.kinds?.split(',').includes(kind) ?? true)
const states = PAPER_STATES.filter((state) => values.states?.split(',').includes(state) ?? true)
mkdirSync(folder, { recursive: true })
const browser = await openPress(findBrowser() ?? 'chromium')
try {
  for (let copy = 0; copy < Number(values.copies); copy++) {
    for (const kind of kinds) {
      for (const [index, state] of states.entries()) {
        // Every state shows another person, so that a set of ten states holds ten papers of a kind.
        const made = await makePaper(browser, { set: values.set, kind, copy: copy * PAPER_STATES.length + index, state })
        writeFileSync(join(folder, `${made.name}.jpg`), made.jpeg)
        writeFileSync(join(folder, `${made.name}.json`), JSON.stringify(made.truth))
        process.stdout.write(`${made.name}: ${Math.round(made.jpeg.length / 1024)} KB\n`)
      }
    }
  }
} finally {
  await browser.close()
}
