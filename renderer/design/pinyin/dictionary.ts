import { z } from 'zod'
import { err, ok, type Result } from '../../../core/result/result.ts'

/**
 * The dictionary of the Chinese keyboard as `tools/build-pinyin.ts` writes it. Little endian:
 *
 *     'PYD1' | u32 length of the header | header (JSON) | padding to an even offset
 *     u16 code units of all words, one after the other   | u16 syllable number for each of those characters
 *     u8 weight of each word | u8 weight as a given name | u8 weight as a surname | u8 flags (1 = place)
 *
 * Words stand sorted by length, then by the first letters of their syllables, then by weight, so that all words with the
 * same first letters are one run ("bucket") that begins with the commonest.
 */
export interface PinyinDictionary {
  /** All syllables in use, ü written as v, in alphabetical order; a syllable's number is its place here. */
  readonly syllables: readonly string[]
  readonly wordCount: number
  readonly weights: Uint8Array
  readonly givenWeights: Uint8Array
  readonly surnameWeights: Uint8Array
  readonly flags: Uint8Array
  /** Syllable numbers of all words, one after the other; those of one word begin at `syllableStart(index, length)`. */
  readonly wordSyllables: Uint16Array
  /** Characters outside the basic plane (of the table of general standard characters), with their syllable number. */
  readonly astral: readonly (readonly [text: string, syllable: number])[]
  textOf(index: number, length: number): string
  syllableStart(index: number, length: number): number
  /** The run of words whose syllables begin with these letters; `key` is built with `extendKey`. */
  bucket(key: number): Bucket | undefined
  /** Whether some longer word begins with these letters; saves searching where nothing can be found. */
  hasLonger(key: number): boolean
}

export interface Bucket {
  readonly first: number
  readonly end: number
}

export type DictionaryError = { readonly kind: 'not-a-dictionary'; readonly detail: string }

export const PLACE_FLAG = 1
export const EMPTY_KEY = 0

/** The longest word that a key can stand for: 27^11 is the last power below 2^53. */
const LONGEST_WORD = 11
const LETTERS = 27
const CODE_OF_A = 97

/** Adds the first letter of one more syllable (char code of a–z) to a bucket key. */
export function extendKey(key: number, letterCode: number): number {
  return key * LETTERS + (letterCode - CODE_OF_A + 1)
}

const headerSchema = z.object({
  syllables: z.array(z.string().regex(/^[a-z]{1,6}$/)).min(1).max(2000),
  countsByLength: z.array(z.int().min(0)).min(1).max(LONGEST_WORD),
  astral: z.array(z.tuple([z.string(), z.int().min(0)])),
})

/** Decodes a dictionary file. Takes some tens of milliseconds for 100,000 words; refuses bytes that are not one. */
export function decodeDictionary(bytes: Uint8Array<ArrayBuffer>): Result<PinyinDictionary, DictionaryError> {
  const refuse = (detail: string) => err({ kind: 'not-a-dictionary', detail } as const)
  if (bytes.length < 8 || String.fromCharCode(...bytes.subarray(0, 4)) !== 'PYD1') return refuse('it does not begin with PYD1')
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const headerLength = view.getUint32(4, true)
  if (8 + headerLength > bytes.length) return refuse('the header is cut off')
  const header = headerSchema.safeParse(parseJson(bytes.subarray(8, 8 + headerLength)))
  if (!header.success) return refuse('the header is not readable')

  const { syllables, countsByLength, astral } = header.data
  const wordCount = countsByLength.reduce((sum, count) => sum + count, 0)
  const unitCount = countsByLength.reduce((sum, count, index) => sum + count * (index + 1), 0)
  const textAt = 8 + headerLength + (headerLength % 2)
  const syllablesAt = textAt + unitCount * 2
  const weightsAt = syllablesAt + unitCount * 2
  if (weightsAt + wordCount * 4 !== bytes.length) return refuse('the length does not agree with the header')

  const text = new TextDecoder('utf-16le').decode(bytes.subarray(textAt, syllablesAt))
  const wordSyllables = new Uint16Array(unitCount)
  for (let unit = 0; unit < unitCount; unit += 1) wordSyllables[unit] = view.getUint16(syllablesAt + unit * 2, true)
  if (wordSyllables.some((syllable) => syllable >= syllables.length)) return refuse('a word names a syllable that is not there')

  // Where the words of each length begin, counted in words and in characters.
  const firstWord: number[] = [0, 0]
  const firstUnit: number[] = [0, 0]
  countsByLength.forEach((count, index) => {
    firstWord[index + 2] = (firstWord[index + 1] ?? 0) + count
    firstUnit[index + 2] = (firstUnit[index + 1] ?? 0) + count * (index + 1)
  })
  const syllableStart = (index: number, length: number): number => (firstUnit[length] ?? 0) + (index - (firstWord[length] ?? 0)) * length

  const initials = Uint8Array.from(syllables, (syllable) => syllable.charCodeAt(0))
  const buckets = new Map<number, { first: number; end: number }>()
  const prefixes = new Set<number>()
  countsByLength.forEach((count, lengthIndex) => {
    const length = lengthIndex + 1
    const first = firstWord[length] ?? 0
    let current: { first: number; end: number } | undefined
    let currentKey = -1
    for (let index = first; index < first + count; index += 1) {
      const start = syllableStart(index, length)
      let key = EMPTY_KEY
      for (let place = 0; place < length; place += 1) key = extendKey(key, initials[wordSyllables[start + place] ?? 0] ?? 0)
      if (key !== currentKey || !current) {
        current = { first: index, end: index }
        currentKey = key
        buckets.set(key, current)
        for (let prefix = Math.floor(key / LETTERS); prefix > 0 && !prefixes.has(prefix); prefix = Math.floor(prefix / LETTERS)) prefixes.add(prefix)
      }
      current.end = index + 1
    }
  })

  return ok({
    syllables,
    wordCount,
    weights: bytes.subarray(weightsAt, weightsAt + wordCount),
    givenWeights: bytes.subarray(weightsAt + wordCount, weightsAt + wordCount * 2),
    surnameWeights: bytes.subarray(weightsAt + wordCount * 2, weightsAt + wordCount * 3),
    flags: bytes.subarray(weightsAt + wordCount * 3),
    wordSyllables,
    astral,
    textOf: (index, length) => {
      const start = syllableStart(index, length)
      return text.slice(start, start + length)
    },
    syllableStart,
    bucket: (key) => buckets.get(key),
    hasLonger: (key) => prefixes.has(key),
  })
}

function parseJson(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(bytes))
  } catch {
    return undefined
  }
}
