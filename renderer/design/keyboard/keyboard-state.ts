import type { PinyinCandidate, PinyinHint } from '../pinyin/engine.ts'

/** What a field asks for with `data-keyboard`. */
export const FIELD_KEYBOARDS = ['pinyin', 'latin', 'digits', 'id-number', 'phone', 'date', 'none'] as const
export type FieldKeyboard = (typeof FIELD_KEYBOARDS)[number]
export type KeyboardMode = Exclude<FieldKeyboard, 'none'> | 'symbols'

export interface KeyboardState {
  /** What the field asked for. */
  readonly field: Exclude<FieldKeyboard, 'none'>
  readonly mode: KeyboardMode
  /** The letters that the letter key leads back to. */
  readonly lettersMode: 'pinyin' | 'latin'
  readonly hint: PinyinHint
  readonly shift: 'off' | 'once' | 'locked'
  /** Letters typed and not yet turned into text. */
  readonly letters: string
  /** What has been chosen since the first letter of this row: learned as one when no letters are left. */
  readonly chosen: { readonly letters: string; readonly text: string }
  readonly page: number
  /** Whether the candidates take the place of the keys. */
  readonly expanded: boolean
}

export type KeyboardEffect =
  | { readonly kind: 'insert'; readonly text: string }
  | { readonly kind: 'delete-backward' }
  | { readonly kind: 'clear' }
  | { readonly kind: 'learn'; readonly letters: string; readonly text: string }
  | { readonly kind: 'next-field' }
  | { readonly kind: 'done' }

export interface KeyboardStep {
  readonly state: KeyboardState
  readonly effects: readonly KeyboardEffect[]
}

const NOTHING_CHOSEN = { letters: '', text: '' } as const
/** More letters are not taken: the engine reads no more (48), and nobody types so much before choosing. */
const MOST_LETTERS = 48

/** The keyboard as it stands when a field is opened. */
export function openKeyboard(keyboard: Exclude<FieldKeyboard, 'none'>, hint: PinyinHint): KeyboardState {
  return {
    field: keyboard,
    mode: keyboard,
    lettersMode: keyboard === 'pinyin' ? 'pinyin' : 'latin',
    hint,
    shift: 'off',
    letters: '',
    chosen: NOTHING_CHOSEN,
    page: 0,
    expanded: false,
  }
}

/** Reads the attributes of a field; an unknown value gives `undefined` for the keyboard and `general` for the hint. */
export function readFieldAttributes(keyboard: string | undefined, hint: string | undefined): { readonly keyboard: FieldKeyboard | undefined; readonly hint: PinyinHint } {
  return {
    keyboard: FIELD_KEYBOARDS.find((known) => known === keyboard),
    hint: hint === 'name' || hint === 'address' ? hint : 'general',
  }
}

/**
 * One key pressed. `candidates` are the choices for the letters before the press, the best first; a key that ends the
 * composing (space, a sign, done) takes the first of them. While letters are composed, "next" drops them.
 */
export function pressKey(state: KeyboardState, key: string, candidates: readonly PinyinCandidate[]): KeyboardStep {
  switch (key) {
    case '{bksp}':
      return state.letters === '' ? step({ ...state, chosen: NOTHING_CHOSEN }, { kind: 'delete-backward' }) : step(withLetters(state, state.letters.slice(0, -1)))
    case '{clear}':
      return step({ ...withLetters(state, ''), chosen: NOTHING_CHOSEN }, { kind: 'clear' })
    case '{shift}':
      return step({ ...state, shift: state.shift === 'off' ? 'once' : state.shift === 'once' ? 'locked' : 'off' })
    case '{boundary}':
      return state.letters === '' || state.letters.endsWith("'") ? step(state) : step(withLetters(state, `${state.letters}'`))
    case '{space}':
      return state.letters === '' ? step(state, { kind: 'insert', text: ' ' }) : chooseFirst(state, candidates)
    case '{next}':
      return state.letters === '' ? step(state, { kind: 'next-field' }) : step(withLetters(state, ''))
    case '{done}':
      return state.letters === '' ? step(state, { kind: 'done' }) : chooseFirst(state, candidates)
    case '{language}':
      return afterChoosingAll(state, candidates, (rest) => {
        const mode = rest.mode === 'pinyin' ? 'latin' : 'pinyin'
        return step({ ...rest, mode, lettersMode: mode, shift: 'off' })
      })
    case '{letters}':
      return afterChoosingAll(state, candidates, (rest) => step({ ...rest, mode: rest.lettersMode }))
    case '{digits}':
      return afterChoosingAll(state, candidates, (rest) => step({ ...rest, mode: 'digits' }))
    case '{symbols}':
      return afterChoosingAll(state, candidates, (rest) => step({ ...rest, mode: 'symbols' }))
    default:
      return typeCharacter(state, key, candidates)
  }
}

/** One candidate touched: its text goes to the field, its letters go, the rest of the letters stays. */
export function chooseCandidate(state: KeyboardState, candidate: PinyinCandidate): KeyboardStep {
  const rest = state.letters.slice(candidate.consumed).replace(/^'+/, '')
  const chosen = { letters: state.chosen.letters + state.letters.slice(0, candidate.consumed), text: state.chosen.text + candidate.text }
  const next = { ...withLetters(state, rest), chosen: rest === '' ? NOTHING_CHOSEN : chosen }
  const learn: readonly KeyboardEffect[] =
    rest === '' && candidate.kind !== 'letters' ? [{ kind: 'learn', letters: chosen.letters, text: chosen.text }] : []
  return { state: next, effects: [{ kind: 'insert', text: candidate.text }, ...learn] }
}

/** Turns the pages of the candidates; the component says how many there are. */
export function turnPage(state: KeyboardState, by: 1 | -1, pageCount: number): KeyboardState {
  return { ...state, page: Math.min(Math.max(0, state.page + by), Math.max(0, pageCount - 1)) }
}

/** Shows the candidates in the place of the keys, or the keys again; begins at the first page. */
export function toggleExpanded(state: KeyboardState): KeyboardState {
  return { ...state, expanded: !state.expanded && state.letters !== '', page: 0 }
}

/** Digits and ID numbers in the groups in which people read them; other fields as they are. For showing only. */
export function groupForReading(mode: KeyboardMode, value: string): string {
  if (mode === 'id-number') return value.replace(/\s/g, '').replace(/(.{4})(?=.)/g, '$1 ')
  if (mode === 'phone' && /^1\d{3,10}$/.test(value)) return [value.slice(0, 3), value.slice(3, 7), value.slice(7)].filter(Boolean).join(' ')
  return value
}

/**
 * What really goes into the field for typed text: in a date field the hyphens of 1990-11-05 come by themselves.
 * `before` is what stands before the caret, `atEnd` whether anything follows it.
 */
export function textToInsert(mode: KeyboardMode, before: string, atEnd: boolean, typed: string): string {
  if (mode !== 'date' || !atEnd) return typed
  if (typed === '-') return /^\d{4}$|^\d{4}-\d{2}$/.test(before) ? '-' : ''
  return /^\d{4}$|^\d{4}-\d{2}$/.test(before) && /^\d$/.test(typed) ? `-${typed}` : typed
}

function typeCharacter(state: KeyboardState, character: string, candidates: readonly PinyinCandidate[]): KeyboardStep {
  if (state.mode === 'pinyin' && /^[a-z]$/.test(character)) {
    return step(state.letters.length < MOST_LETTERS ? withLetters(state, state.letters + character) : state)
  }
  return afterChoosingAll(state, candidates, (rest) =>
    step({ ...rest, chosen: NOTHING_CHOSEN, shift: rest.shift === 'once' ? 'off' : rest.shift }, { kind: 'insert', text: character }),
  )
}

function chooseFirst(state: KeyboardState, candidates: readonly PinyinCandidate[]): KeyboardStep {
  const [first] = candidates
  return first ? chooseCandidate(state, first) : step(withLetters(state, ''))
}

/**
 * A key that leaves the letters behind first takes the best choice for them. Letters that this choice does not cover go in
 * as they are: nothing that was typed is lost without being seen.
 */
function afterChoosingAll(state: KeyboardState, candidates: readonly PinyinCandidate[], then: (rest: KeyboardState) => KeyboardStep): KeyboardStep {
  if (state.letters === '') return then(state)
  const first = chooseFirst(state, candidates)
  const left = first.state.letters
  const second = then({ ...withLetters(first.state, ''), chosen: NOTHING_CHOSEN })
  const literal: readonly KeyboardEffect[] = left === '' ? [] : [{ kind: 'insert', text: left.replaceAll("'", '') }]
  return { state: second.state, effects: [...first.effects, ...literal, ...second.effects] }
}

function withLetters(state: KeyboardState, letters: string): KeyboardState {
  return { ...state, letters, page: 0, expanded: letters === '' ? false : state.expanded, chosen: letters === '' ? NOTHING_CHOSEN : state.chosen }
}

function step(state: KeyboardState, ...effects: readonly KeyboardEffect[]): KeyboardStep {
  return { state, effects }
}
