import { lineBoxOf } from '../../core/document/characters.ts'
import { decodePicture } from '../../core/document/decode-picture.ts'
import type { DocumentKind } from '../../core/document/document-kind.ts'
import type { FoundField } from '../../core/document/extract.ts'
import { extractDocument, judgeField } from '../../core/document/extract.ts'
import type { EngineReading, OcrEngine, PixelPage, RecognisedCharacter } from '../../core/document/engine.ts'
import { boxBeforeTurn } from '../../core/document/engine.ts'
import type { DocumentReadError, DocumentReading, FieldReading, ReadProgress, ReadStage } from '../../core/document/reading.ts'
import { narrowReadingOf } from '../../core/document/value-rules.ts'
import type { PageImage } from '../../core/device/operations.ts'
import { err, ok } from '../../core/result/result.ts'
import type { Result } from '../../core/result/result.ts'

/** Share of the whole time at which each stage begins, from measurements on A4 at 200 dpi. */
const BEGINS: Readonly<Record<ReadStage, number>> = { starting: 0, decoding: 0.02, preparing: 0.12, recognising: 0.25, 'finding-fields': 0.93, 'checking-numbers': 0.95 }

/**
 * One page from picture to fields: decode, prepare and recognise, find the fields, and read those numbers a second time
 * that failed their check.
 */
export async function readPage(
  engine: OcrEngine,
  page: PageImage,
  kinds: readonly DocumentKind[],
  onProgress: (progress: ReadProgress) => void,
): Promise<Result<DocumentReading, DocumentReadError>> {
  onProgress({ stage: 'decoding', share: BEGINS.decoding })
  const pixels = decodePicture(page)
  if (!pixels.ok) return err({ kind: 'picture-unreadable', code: pixels.error })
  const read = await engine.read(pixels.value, { dpi: page.dpi, extent: 'whole' }, (stage, share) => {
    const ends = stage === 'preparing' ? BEGINS.recognising : BEGINS['finding-fields']
    onProgress({ stage, share: BEGINS[stage] + (ends - BEGINS[stage]) * share })
  })
  if (!read.ok) return err({ kind: 'reader-failed', code: read.error.code })
  onProgress({ stage: 'finding-fields', share: BEGINS['finding-fields'] })
  const found = extractDocument(read.value.lines, kinds, engine.thresholds)
  if (!found.ok) return found
  onProgress({ stage: 'checking-numbers', share: BEGINS['checking-numbers'] })
  const fields: FieldReading[] = []
  for (const field of found.value.fields) fields.push(inDeliveredPicture(await secondOpinion(engine, field), pixels.value, read.value))
  return ok({ kind: found.value.kind, fields })
}

/**
 * A number that failed its check, or an address whose end was read badly, is read again where only its own characters can
 * stand. A second reading that fits better is a better proposal, but never sure: the page gave two answers, and one ID
 * number in eleven passes its check by chance.
 */
async function secondOpinion(engine: OcrEngine, { field, reading, characters }: FoundField): Promise<FieldReading> {
  const narrow = narrowReadingOf(field.rule)
  const lowConfidence = reading.why === 'low-confidence'
  if (narrow === undefined || reading.state !== 'unsure' || lowConfidence !== (narrow.part === 'from-first-digit')) return reading
  const from = narrow.part === 'whole' ? 0 : characters.findIndex((character) => /\d/.test(character.text))
  const kept = characters.slice(0, from)
  const doubted = characters.slice(from)
  const region = lineBoxOf(doubted)
  if (from < 0 || region === undefined || isWrapped(doubted)) return reading
  const line = await engine.readAgain(region, narrow.alphabet)
  if (!line.ok || line.value === undefined) return reading
  if (narrow.part === 'from-first-digit' && !onlyDoubtfulSignsChanged(doubted, line.value.characters, engine.thresholds.text.minimum)) return reading
  const second = judgeField(field, [...kept, ...line.value.characters], engine.thresholds)
  if (second.value === reading.value || second.state === 'missing' || (second.state === 'unsure' && second.why !== 'low-confidence')) return reading
  return { ...second, ...(reading.box === undefined ? {} : { box: reading.box }), state: 'unsure', why: 'readings-differ' }
}

/** The second reading may only change signs that the first one was not sure of: the alphabet forces it to name something. */
function onlyDoubtfulSignsChanged(first: readonly RecognisedCharacter[], second: readonly RecognisedCharacter[], sure: number): boolean {
  return first.length === second.length && first.every((character, index) => character.text === second[index]?.text || character.confidence < sure)
}

function isWrapped(characters: readonly RecognisedCharacter[]): boolean {
  return characters.some((character, index) => character.box.left < (characters[index - 1]?.box.left ?? -Infinity))
}

function inDeliveredPicture(reading: FieldReading, page: PixelPage, turn: EngineReading): FieldReading {
  return reading.box === undefined ? reading : { ...reading, box: boxBeforeTurn(reading.box, page, turn) }
}
