/**
 * Builds the dictionary of the Chinese keyboard, `assets/pinyin/pinyin.bin`, from the word list of `@node-rs/jieba` and the
 * readings of `pinyin-pro`. The same inputs give the same bytes. Run: `node tools/build-pinyin.ts`; `--check` only compares
 * with what is checked in and ends with 1 when they differ.
 *
 * The format is described in `renderer/design/pinyin/dictionary.ts`, which reads it.
 */
import { readFileSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { fileURLToPath } from 'node:url'
import { gzipSync } from 'node:zlib'
import { pinyin } from 'pinyin-pro'
import { ADDRESS_WORDS, CITIES, COMMON_SURNAMES, COMPOUND_SURNAMES, HALL_TERMS, OTHER_SURNAMES, PROVINCES, SURNAME_READINGS } from './pinyin-lists.ts'

export const DICTIONARY_PATH = fileURLToPath(new URL('../assets/pinyin/pinyin.bin', import.meta.url))

const WORD_COUNT = 90_000
const LONGEST_WORD = 8
/** A weight is this many times the natural logarithm of the frequency; the commonest word (的) stays under 255. */
const WEIGHT_PER_LOG = 18
const GIVEN_PER_LOG = 32
const PLACE_FLAG = 1

interface Entry {
  readonly text: string
  readonly syllables: readonly string[]
  weight: number
  given: number
  surname: number
  place: boolean
}

interface SourceWord {
  readonly text: string
  readonly frequency: number
  readonly part: string
}

const isHan = (text: string): boolean => /^[\u3400-\u4dbf\u4e00-\u9fff]+$/.test(text)
const isSyllable = (reading: string): boolean => /^[a-z]*[aeiouv][a-z]*$/.test(reading)
const weightOf = (frequency: number): number => Math.min(255, Math.max(1, Math.round(Math.log(frequency + 1) * WEIGHT_PER_LOG)))
const byCode = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)

function readingsOfWord(text: string): readonly string[] {
  return pinyin(text, { toneType: 'none', type: 'array', v: true })
}

/** Every reading of one character, the usual one first; an interjection without a vowel gets the spelling that people type. */
function readingsOfCharacter(character: string): readonly string[] {
  if (character === '嗯') return ['en']
  const readings = pinyin(character, { toneType: 'none', type: 'array', v: true, multiple: true })
  return [...new Set(readings)].filter((reading) => reading !== character && isSyllable(reading))
}

function readSource(): readonly SourceWord[] {
  const path = createRequire(import.meta.url).resolve('@node-rs/jieba/package.json').replace('package.json', 'dict.txt')
  return readFileSync(path, 'utf8')
    .split('\n')
    .map((line) => line.split(' '))
    .filter((fields) => fields.length === 3)
    .map(([text = '', frequency = '0', part = '']) => ({ text, frequency: Number(frequency), part }))
    .filter(({ text }) => isHan(text))
}

/** Frequencies below which a word of our own lists never falls, whatever the general corpus says. */
function handWrittenWords(): ReadonlyMap<string, { readonly floor: number; readonly place: boolean }> {
  const words = new Map<string, { floor: number; place: boolean }>()
  for (const text of HALL_TERMS) words.set(text, { floor: 8000, place: false })
  for (const text of ADDRESS_WORDS) words.set(text, { floor: text.length === 1 ? 4000 : 2000, place: true })
  for (const city of CITIES) {
    words.set(city, { floor: 3000, place: true })
    words.set(`${city}市`, { floor: 1000, place: true })
  }
  for (const text of PROVINCES) words.set(text, { floor: 6000, place: true })
  return words
}

const PLACE_ENDINGS = /(省|市|区|县|镇|乡|村|街道|路|大道|街|巷|胡同|小区|花园|新村|自治州|自治县)$/

function isPlace(text: string, part: string): boolean {
  return part === 'ns' || (text.length >= 3 && part.startsWith('n') && part !== 'nr' && PLACE_ENDINGS.test(text))
}

/** How often characters and pairs of characters stand after a surname in the names of the word list. */
function countGivenNames(source: readonly SourceWord[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>()
  const add = (text: string): void => void counts.set(text, (counts.get(text) ?? 0) + 1)
  const surnames = new Set([...COMMON_SURNAMES, ...OTHER_SURNAMES])
  for (const { text, part } of source) {
    if (part !== 'nr' || text.length < 2 || text.length > 3 || !surnames.has(text[0] ?? '')) continue
    const given = text.slice(1)
    for (const character of given) add(character)
    if (given.length === 2) add(given)
  }
  return counts
}

export function buildDictionary(): Uint8Array {
  const source = readSource()
  const handWritten = handWrittenWords()
  const entries = new Map<string, Entry>()

  const put = (text: string, syllables: readonly string[]): Entry | undefined => {
    if (!syllables.every(isSyllable) || syllables.length !== [...text].length) return undefined
    const key = `${text} ${syllables.join("'")}`
    const known = entries.get(key)
    if (known) return known
    const entry: Entry = { text, syllables, weight: 0, given: 0, surname: 0, place: false }
    entries.set(key, entry)
    return entry
  }

  // Words of two to eight characters, the most frequent first. Full names of persons are left out: the name ranking makes them.
  // The word list also holds garbled text (UTF-8 once read as GBK), all of it outside GB 2312, with high frequencies.
  const gb2312 = charactersOfGb2312()
  const useful = source
    .filter(({ text }) => [...text].every((character) => gb2312.has(character)))
    .filter(({ text, part, frequency }) => text.length >= 2 && text.length <= LONGEST_WORD && !(part === 'nr' && text.length > 2 && frequency < 500))
    .sort((a, b) => b.frequency - a.frequency || byCode(a.text, b.text))
    .slice(0, WORD_COUNT)
  const frequencies = new Map(source.map(({ text, frequency }) => [text, frequency]))
  for (const { text, frequency, part } of useful) {
    const entry = put(text, readingsOfWord(text))
    if (!entry) continue
    entry.weight = weightOf(frequency)
    entry.place = isPlace(text, part)
  }
  for (const [text, { floor, place }] of handWritten) {
    if (text.length < 2) continue
    const entry = put(text, readingsOfWord(text))
    if (!entry) throw new Error(`no reading for ${text}`)
    entry.weight = Math.max(entry.weight, weightOf(Math.max(floor, frequencies.get(text) ?? 0)))
    entry.place ||= place
  }

  // Characters. A character counts by itself and, less, by the words it stands in; each of its readings gets its share.
  const characterUse = new Map<string, number>()
  const readingUse = new Map<string, number>()
  for (const { text, frequency } of useful) {
    const readings = readingsOfWord(text)
    ;[...text].forEach((character, index) => {
      characterUse.set(character, (characterUse.get(character) ?? 0) + frequency * 0.1)
      const key = `${character} ${readings[index] ?? ''}`
      readingUse.set(key, (readingUse.get(key) ?? 0) + frequency)
    })
  }
  for (const character of allCharacters()) {
    const readings = readingsOfCharacter(character)
    const usesInWords = readings.map((reading) => readingUse.get(`${character} ${reading}`) ?? 0)
    const total = usesInWords.reduce((sum, use) => sum + use, 0)
    const own = Math.max(frequencies.get(character) ?? 0, handWritten.get(character)?.floor ?? 0)
    const frequency = gb2312.has(character) ? own + (characterUse.get(character) ?? 0) + 3 : 1
    readings.forEach((reading, index) => {
      const entry = put(character, [reading])
      if (!entry) return
      const share = total > 0 ? (usesInWords[index] ?? 0) / total : index === 0 ? 1 : 0.05
      entry.weight = weightOf(frequency * Math.max(share, index === 0 ? 0.2 : 0.005))
      entry.place = index === 0 && (handWritten.get(character)?.place ?? false)
    })
  }

  for (const [text, count] of countGivenNames(source)) {
    if (text.length === 2 && count < 3) continue
    const entry = put(text, text.length === 1 ? [readingsOfCharacter(text)[0] ?? ''] : readingsOfWord(text))
    if (entry) entry.given = Math.min(255, Math.round(Math.log(count + 1) * GIVEN_PER_LOG))
  }
  const surnames: readonly (readonly [string, number])[] = [
    ...[...COMMON_SURNAMES].map((text, rank) => [text, 255 - rank] as const),
    ...[...OTHER_SURNAMES].map((text) => [text, 120] as const),
    ...COMPOUND_SURNAMES.map((text) => [text, 110] as const),
  ]
  for (const [text, weight] of surnames) {
    const readings = SURNAME_READINGS[text] ?? [pinyin(text, { toneType: 'none', type: 'array', v: true, surname: 'head' }).join('')]
    for (const reading of readings) {
      const syllables = text.length === 1 ? [reading] : splitCompound(reading, text)
      const entry = put(text, syllables)
      if (!entry) throw new Error(`no reading for the surname ${text}`)
      entry.surname = Math.max(entry.surname, weight)
      if (text.length === 1) entry.weight = Math.max(entry.weight, 1)
    }
  }
  return encode([...entries.values()])
}

/** The two syllables of a compound surname whose reading is written as one. */
function splitCompound(reading: string, text: string): readonly string[] {
  const usual = pinyin(text, { toneType: 'none', type: 'array', v: true, surname: 'head' })
  if (usual.join('') === reading) return usual
  for (let at = 1; at < reading.length; at += 1) {
    const halves = [reading.slice(0, at), reading.slice(at)]
    const known = [...text].every((character, index) => readingsOfCharacter(character).includes(halves[index] ?? ''))
    if (known) return halves
  }
  throw new Error(`the surname ${text} cannot be read ${reading}`)
}

/** The 6763 characters of GB 2312-80, which printers and older systems know; they rank before the rest. */
function charactersOfGb2312(): ReadonlySet<string> {
  const decoder = new TextDecoder('gb2312')
  const characters = new Set<string>()
  for (let lead = 0xb0; lead <= 0xf7; lead += 1) {
    for (let trail = 0xa1; trail <= 0xfe; trail += 1) {
      const character = decoder.decode(Uint8Array.of(lead, trail))
      if (isHan(character)) characters.add(character)
    }
  }
  return characters
}

/**
 * Every character that pinyin-pro can read. Outside the basic plane it knows just the 196 characters that the table of
 * general standard characters (通用规范汉字表, 2013) has there, so the whole table is covered.
 */
function* allCharacters(): Generator<string> {
  for (const [first, last] of [[0x3400, 0x4dbf], [0x4e00, 0x9fff], [0x20000, 0x323af]] as const) {
    for (let code = first; code <= last; code += 1) yield String.fromCodePoint(code)
  }
}

function encode(all: readonly Entry[]): Uint8Array {
  const syllables = [...new Set(all.flatMap((entry) => entry.syllables))].sort(byCode)
  const syllableIds = new Map(syllables.map((syllable, id) => [syllable, id]))
  const initials = (entry: Entry): string => entry.syllables.map((syllable) => syllable[0]).join('')
  const isAstral = (entry: Entry): boolean => entry.text.length !== entry.syllables.length
  const sorted = all
    .map((entry) => ({ entry, initials: initials(entry), rank: Math.max(entry.weight, 0) }))
    .sort(
      (a, b) =>
        a.initials.length - b.initials.length ||
        byCode(a.initials, b.initials) ||
        b.rank - a.rank ||
        byCode(a.entry.text, b.entry.text) ||
        byCode(a.entry.syllables.join("'"), b.entry.syllables.join("'")),
    )
    .map(({ entry }) => entry)
  const plain = sorted.filter((entry) => !isAstral(entry))
  const countsByLength = Array.from({ length: LONGEST_WORD + 8 }, (_, index) => plain.filter((entry) => entry.syllables.length === index + 1).length)
  while (countsByLength.at(-1) === 0) countsByLength.pop()

  const header = new TextEncoder().encode(
    JSON.stringify({
      syllables,
      countsByLength,
      astral: sorted.filter(isAstral).map((entry) => [entry.text, syllableIds.get(entry.syllables[0] ?? '')]),
    }),
  )
  const units = plain.reduce((sum, entry) => sum + entry.text.length, 0)
  const headerBytes = Math.ceil(header.length / 2) * 2
  const bytes = new Uint8Array(8 + headerBytes + units * 4 + plain.length * 4)
  const view = new DataView(bytes.buffer)
  bytes.set([0x50, 0x59, 0x44, 0x31])
  view.setUint32(4, header.length, true)
  bytes.set(header, 8)
  if (headerBytes > header.length) bytes[8 + header.length] = 0x20

  let at = 8 + headerBytes
  for (const entry of plain) for (const unit of entry.text) at = writeUint16(view, at, unit.charCodeAt(0))
  for (const entry of plain) for (const syllable of entry.syllables) at = writeUint16(view, at, syllableIds.get(syllable) ?? 0)
  for (const entry of plain) bytes[at++] = entry.weight
  for (const entry of plain) bytes[at++] = entry.given
  for (const entry of plain) bytes[at++] = entry.surname
  for (const entry of plain) bytes[at++] = entry.place ? PLACE_FLAG : 0
  return bytes
}

function writeUint16(view: DataView, at: number, value: number): number {
  view.setUint16(at, value, true)
  return at + 2
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const built = buildDictionary()
  if (process.argv.includes('--check')) {
    const same = Buffer.compare(built, readFileSync(DICTIONARY_PATH)) === 0
    console.log(same ? 'assets/pinyin/pinyin.bin is up to date' : 'assets/pinyin/pinyin.bin differs: run node tools/build-pinyin.ts')
    process.exitCode = same ? 0 : 1
  } else {
    writeFileSync(DICTIONARY_PATH, built)
    console.log(`assets/pinyin/pinyin.bin: ${built.length} bytes, ${gzipSync(built).length} gzipped`)
  }
}
