import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import type * as Tesseract from 'tesseract.js'
import type { Box, EngineReading, EngineThresholds, OcrEngine, RecognisedCharacter, RecognisedLine } from '../../../core/document/engine.ts'
import { err, ok } from '../../../core/result/result.ts'
import type { GreyPage } from '../prepare.ts'
import { prepare } from '../prepare.ts'

const require = createRequire(import.meta.url)

/** LSTM only; the data that we ship has no legacy part. */
const ENGINE_MODE_LSTM = 1
/** PSM 4, one column of text of variable sizes: measured best on forms and certificates. */
const PAGE_MODE = '4'
const LINE_MODE = '7'
/**
 * Tesseract only scales its layout measures by this; 300 read best for 200 and 300 dpi pictures alike, and without it the
 * engine guesses.
 */
const LAYOUT_DPI = '300'
/** White paper around a cut-out line, as a share of its height; without it the first and last signs are misread. */
const LINE_MARGIN = 0.35

/**
 * Tesseract gives nearly every right Chinese character 0.98 or more on clean print, and its mistakes (幢 read as 幅, 蛋)
 * stand between 0.79 and 0.97. Digits with a check character are proved by it and need little.
 */
const THRESHOLDS: EngineThresholds = {
  checked: { mean: 0.85, minimum: 0.6 },
  numeric: { mean: 0.95, minimum: 0.9 },
  text: { mean: 0.98, minimum: 0.975 },
}

/**
 * Tesseract in WebAssembly, in a thread of this process, with the Chinese data from this installation: no network, no
 * cache file. Its memory never shrinks and it learns from page to page, so it lives for one session only.
 */
export async function openTesseractEngine(): Promise<OcrEngine> {
  const { createWorker } = require('tesseract.js') as typeof Tesseract
  const dataFolder = join(dirname(require.resolve('@tesseract.js-data/chi_sim/package.json')), '4.0.0_best_int')
  let onRecognised: (share: number) => void = () => undefined
  const worker = await createWorker('chi_sim', ENGINE_MODE_LSTM, {
    langPath: dataFolder,
    gzip: true,
    cacheMethod: 'none',
    logger: ({ status, progress }) => {
      if (status === 'recognizing text') onRecognised(progress)
    },
    // Without a handler tesseract.js throws out of its message listener; the rejected promise tells the same.
    errorHandler: () => undefined,
  })
  await worker.setParameters({ user_defined_dpi: LAYOUT_DPI })
  let last: GreyPage | undefined
  let reading: EngineReading | undefined
  const forget = (): void => {
    last?.data.fill(0)
    last = undefined
    reading = undefined
  }

  return {
    name: 'tesseract.js-7/chi_sim-4.0.0_best_int',
    thresholds: THRESHOLDS,

    async read(page, _hints, onProgress) {
      forget()
      onProgress('preparing', 0)
      const prepared = prepare(page)
      last = prepared
      onProgress('recognising', 0)
      onRecognised = (share) => onProgress('recognising', share)
      try {
        const lines = await recognise(worker, prepared, { tessedit_pageseg_mode: PAGE_MODE, tessedit_char_whitelist: '' })
        reading = { lines, turnedDegrees: prepared.turnedDegrees, width: prepared.width, height: prepared.height }
        return ok(reading)
      } catch {
        return err({ kind: 'engine-failed', code: 'recognise' })
      } finally {
        onRecognised = () => undefined
      }
    },

    // It reads every line whole at once.
    complete: async () => (reading === undefined ? err({ kind: 'engine-failed', code: 'no-page' }) : ok(reading)),

    async readAgain(region, alphabet) {
      if (last === undefined) return err({ kind: 'engine-failed', code: 'no-page' })
      const cut = cutLine(last, region)
      try {
        const lines = await recognise(worker, cut.page, { tessedit_pageseg_mode: LINE_MODE, tessedit_char_whitelist: alphabet ?? '' })
        const line = [...lines].sort((a, b) => b.characters.length - a.characters.length)[0]
        return ok(line === undefined ? undefined : moved(line, cut.left, cut.top))
      } catch {
        return err({ kind: 'engine-failed', code: 'recognise-line' })
      }
    },

    forget,

    async close() {
      forget()
      await worker.terminate()
    },
  }
}

async function recognise(worker: Tesseract.Worker, page: GreyPage, parameters: Readonly<Record<string, string>>): Promise<RecognisedLine[]> {
  await worker.setParameters(parameters)
  const { data } = await worker.recognize(portableGreyMap(page), {}, { text: false, blocks: true })
  const lines = (data.blocks ?? []).flatMap((block) => block.paragraphs).flatMap((paragraph) => paragraph.lines)
  return lines.map((line) => ({
    box: boxFrom(line.bbox),
    characters: line.words.flatMap((word) => word.symbols).filter((symbol) => symbol.text.trim() !== '').map((symbol): RecognisedCharacter => ({
      text: symbol.text, box: boxFrom(symbol.bbox), confidence: symbol.confidence / 100,
    })),
  })).filter((line) => line.characters.length > 0)
}

const boxFrom = ({ x0, y0, x1, y1 }: { x0: number; y0: number; x1: number; y1: number }): Box => ({ left: x0, top: y0, right: x1, bottom: y1 })

/** PGM, the plainest picture format that Tesseract takes: no time is lost on packing. */
function portableGreyMap(page: GreyPage): Buffer {
  return Buffer.concat([Buffer.from(`P5\n${page.width} ${page.height}\n255\n`, 'latin1'), page.data])
}

function cutLine(page: GreyPage, region: Box): { readonly page: GreyPage; readonly left: number; readonly top: number } {
  const margin = Math.round((region.bottom - region.top) * LINE_MARGIN)
  const left = Math.max(0, Math.floor(region.left) - margin)
  const top = Math.max(0, Math.floor(region.top) - margin)
  const width = Math.min(page.width, Math.ceil(region.right) + margin) - left
  const height = Math.min(page.height, Math.ceil(region.bottom) + margin) - top
  const data = new Uint8Array(width * height)
  for (let row = 0; row < height; row++) {
    const from = (top + row) * page.width + left
    data.set(page.data.subarray(from, from + width), row * width)
  }
  return { page: { width, height, data }, left, top }
}

function moved(line: RecognisedLine, right: number, down: number): RecognisedLine {
  const move = (box: Box): Box => ({ left: box.left + right, top: box.top + down, right: box.right + right, bottom: box.bottom + down })
  return { box: move(line.box), characters: line.characters.map((character) => ({ ...character, box: move(character.box) })) }
}
