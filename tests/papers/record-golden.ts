/**
 * Reads the golden pages with the neural engine and keeps what it gave in `core/document/recorded/golden/<kind>.<state>.json`,
 * for tests that need no engine. To be done when a golden page, a model or the engine changes; look at the difference before
 * keeping it.
 *
 *   node tests/papers/record-golden.ts [kind …]
 */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { DEFAULT_ENGINE_SETTINGS } from '../../core/document/engine-settings.ts'
import type { Box, EngineReading } from '../../core/document/engine.ts'
import { openEngine } from '../../electron/document-worker/engines/open-engine.ts'
import { decodeFast } from '../../electron/document-worker/page/picture.ts'
import { goldenPages } from '../../sandbox/papers/golden.ts'

const folder = join(import.meta.dirname, '../../core/document/recorded/golden')
mkdirSync(folder, { recursive: true })
const wanted = process.argv.slice(2)
const opened = await openEngine(DEFAULT_ENGINE_SETTINGS)
if (!opened.ok) throw new Error(opened.error.kind)
const { engine, name } = opened.value
console.log(name)
for (const { id, truth, file } of goldenPages().filter((page) => wanted.length === 0 || wanted.includes(page.truth.kind))) {
  const pixels = await decodeFast({ mime: 'image/jpeg', bytes: readFileSync(file) })
  if (!pixels.ok) throw new Error(`${id}: ${pixels.error}`)
  const read = await engine.read(pixels.value, { dpi: truth.dpi, extent: 'whole' }, () => undefined)
  if (!read.ok) throw new Error(`${id}: ${read.error.code}`)
  writeFileSync(join(folder, `${id.replace('/', '.')}.json`), recordOf(read.value))
  console.log(id)
}
await engine.close()

/** One printed line a line; places in whole pixels, confidence in hundredths, rounded down. */
function recordOf({ width, height, lines }: EngineReading): string {
  const numbers = ({ left, top, right, bottom }: Box): number[] => [left, top, right, bottom].map(Math.round)
  const records = lines.filter(({ characters }) => characters.length > 0).map(({ box, characters }) =>
    JSON.stringify({ box: numbers(box), characters: characters.map((character) => [character.text, ...numbers(character.box), Math.floor(character.confidence * 100)]) }))
  return `{"width": ${width}, "height": ${height}, "lines": [\n${records.join(',\n')}\n]}\n`
}
