/**
 * Writes photographs of made papers for the page finder: `<scene>-<n>.jpg` with `<scene>-<n>.json` (true corners, what the
 * gate must tell).
 *
 *   node tests/papers/make-photos.ts <folder> [--set tuning|held-back] [--copies N] [--scenes a,b]
 */
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { PHOTO_SCENES } from '../../sandbox/papers/photo.ts'
import { findBrowser } from '../../tools/browser.mjs'
import { makePhoto } from './make.ts'
import { openPress } from './render.ts'

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { set: { type: 'string', default: 'tuning' }, copies: { type: 'string', default: '2' }, scenes: { type: 'string' } },
})
const folder = positionals[0]
if (folder === undefined || (values.set !== 'tuning' && values.set !== 'held-back')) throw new Error('node tests/papers/make-photos.ts <folder> [--set tuning|held-back] [--copies N] [--scenes a,b]')
mkdirSync(folder, { recursive: true })
const browser = await openPress(findBrowser() ?? 'chromium')
try {
  for (const scene of PHOTO_SCENES.filter((name) => values.scenes?.split(',').includes(name) ?? true)) {
    for (let copy = 0; copy < Number(values.copies); copy++) {
      const made = await makePhoto(browser, { set: values.set, scene, copy })
      writeFileSync(join(folder, `${made.name}.jpg`), made.jpeg)
      writeFileSync(join(folder, `${made.name}.json`), JSON.stringify(made.truth))
      process.stdout.write(`${made.name}: ${Math.round(made.jpeg.length / 1024)} KB\n`)
    }
  }
} finally {
  await browser.close()
}
