import { lineBoxOf } from '../../core/document/characters.ts'
import type { FoundDocument, FoundField } from '../../core/document/extract.ts'
import { checkedTogether, extractDocument } from '../../core/document/extract.ts'
import type { EngineReading, OcrEngine, PixelPage, RecognisedCharacter } from '../../core/document/engine.ts'
import { boxBeforeTurn } from '../../core/document/engine.ts'
import { judgeField } from '../../core/document/judge-field.ts'
import type { DocumentReadError, DocumentReading, FieldReading, OtherDocument, ReadProgress, ReadStage } from '../../core/document/reading.ts'
import { narrowReadingOf, proofOf } from '../../core/document/value-rules.ts'
import { wantedLines } from '../../core/document/wanted-lines.ts'
import type { ReadRequest } from '../../core/document/worker-protocol.ts'
import { err, ok } from '../../core/result/result.ts'
import type { Result } from '../../core/result/result.ts'
import { decodeFast } from './page/picture.ts'

/** Share of the whole time at which each stage begins, from measurements on A4 at 200 dpi. */
const BEGINS: Readonly<Record<ReadStage, number>> = { starting: 0, decoding: 0.02, preparing: 0.08, recognising: 0.35, 'finding-fields': 0.93, 'checking-numbers': 0.95 }
/** Where in the recognising the first look at every line ends, and the reading on of the lines that the kinds want; what is left is for all the others. */
const FIRST_LOOK_ENDS = 0.8
const WANTED_LINES_END = 0.95

type Extracted = ReturnType<typeof extractDocument>

/**
 * One page from picture to fields: decode, recognise what the kinds need of it, find the fields, read those values a second
 * time that failed their check, and check them against each other.
 */
export async function readPage(engine: OcrEngine, request: Pick<ReadRequest, 'page' | 'kinds' | 'all' | 'today'>, onProgress: (progress: ReadProgress) => void): Promise<Result<DocumentReading, DocumentReadError>> {
  onProgress({ stage: 'decoding', share: BEGINS.decoding })
  const pixels = await decodeFast(request.page)
  if (!pixels.ok) return err({ kind: 'picture-unreadable', code: pixels.error })
  try {
    return await readPixels(engine, pixels.value, request, onProgress)
  } finally {
    engine.forget()
    // Also where the engine never came to have it, or worked on a copy.
    pixels.value.data.fill(0)
  }
}

async function readPixels(engine: OcrEngine, pixels: PixelPage, request: Pick<ReadRequest, 'page' | 'kinds' | 'all' | 'today'>, onProgress: (progress: ReadProgress) => void): Promise<Result<DocumentReading, DocumentReadError>> {
  const shareOf = (stage: 'preparing' | 'recognising', share: number): number => {
    const ends = stage === 'preparing' ? BEGINS.recognising : BEGINS['finding-fields']
    return BEGINS[stage] + (ends - BEGINS[stage]) * share
  }
  const reading = await engine.read(pixels, { dpi: request.page.dpi, extent: 'heads' }, (stage, share) =>
    onProgress({ stage, share: shareOf(stage, stage === 'recognising' ? share * FIRST_LOOK_ENDS : share) }))
  if (!reading.ok) return err({ kind: 'reader-failed', code: reading.error.code })
  let read = reading.value
  const complete = async (lines: readonly number[], from: number, to: number): Promise<boolean> => {
    if (lines.length === 0) return true
    const more = await engine.complete(lines, (share) => onProgress({ stage: 'recognising', share: shareOf('recognising', from + (to - from) * share) }))
    if (more.ok) read = more.value
    return more.ok
  }
  if (!(await complete(wantedLines(read.lines, request.kinds), FIRST_LOOK_ENDS, WANTED_LINES_END))) return err({ kind: 'reader-failed', code: 'complete' })
  const extract = (): Extracted => extractDocument({ lines: read.lines, size: read }, request.kinds, request.all, engine.thresholds)
  let found = extract()
  if (lacksSomething(found)) {
    const unread = read.lines.flatMap((line, index) => (line.extent === 'head' ? [index] : []))
    if (!(await complete(unread, WANTED_LINES_END, 1))) return err({ kind: 'reader-failed', code: 'complete' })
    if (unread.length > 0) found = extract()
  }
  onProgress({ stage: 'finding-fields', share: BEGINS['finding-fields'] })
  if (!found.ok) return found
  onProgress({ stage: 'checking-numbers', share: BEGINS['checking-numbers'] })
  const fields: FieldReading[] = []
  for (const field of found.value.fields) fields.push(inDeliveredPicture(await secondOpinion(engine, field), pixels, read))
  return ok({ kind: found.value.kind.id, fields: checkedTogether(found.value.kind, fields, request.today) })
}

/** Whether the rest of the page may hold what has not been found yet. A paper that is plainly another one is not read on. */
function lacksSomething(found: Result<FoundDocument, { readonly kind: 'blank-page' } | OtherDocument>): boolean {
  if (!found.ok) return found.error.kind === 'other-document' && found.error.found === undefined
  return found.value.fields.some(({ field, reading }) => reading.state === 'missing' && field.presence === 'always')
}

/**
 * A date, an amount, a telephone number: nothing proves a digit of it, and one that was not read leaves a value that is as good.
 * On one line it stays sure only where the print reads the same from another channel.
 */
async function readTwice(engine: OcrEngine, { field, reading, characters }: FoundField): Promise<FieldReading> {
  const region = lineBoxOf(characters)
  if (region === undefined || isWrapped(characters)) return reading
  const line = await engine.readAgain(region)
  const second = judgeField(field, line.ok ? (line.value?.characters ?? []) : [], engine.thresholds)
  return second.value === reading.value ? reading : { ...reading, state: 'unsure', why: 'readings-differ' }
}

/**
 * A number that failed its check, or an address whose end was read badly, is read again where only its own characters can
 * stand. A second reading that fits better is a better proposal, but never sure: the page gave two answers, and one ID
 * number in eleven passes its check by chance.
 */
async function secondOpinion(engine: OcrEngine, found: FoundField): Promise<FieldReading> {
  const { field, reading, characters } = found
  if (reading.state === 'sure' && proofOf(field.rule) === 'numeric' && reading.confidence < (engine.thresholds.again ?? 0)) return readTwice(engine, found)
  const narrow = narrowReadingOf(field.rule)
  const lowConfidence = reading.why === 'low-confidence' || reading.why === 'guessed-place'
  if (narrow === undefined || reading.state !== 'unsure' || reading.why === 'values-disagree' || lowConfidence !== (narrow.part === 'from-first-digit')) return reading
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
