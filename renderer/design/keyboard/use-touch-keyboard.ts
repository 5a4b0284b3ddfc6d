import { computed, shallowRef, type ComputedRef } from 'vue'
import { createPinyinEngine, type PinyinEngine } from '../pinyin/engine.ts'
import { loadDictionary } from '../pinyin/load.ts'
import type { FuzzyPair } from '../pinyin/spelling.ts'
import type { TextField } from './field-editor.ts'
import { type KeyboardState, openKeyboard, readFieldAttributes } from './keyboard-state.ts'

/** The one keyboard of the page: what is open, on which field, and the engine behind it. */
export interface OpenKeyboard {
  readonly field: TextField
  readonly state: KeyboardState
}

const open = shallowRef<OpenKeyboard>()
const pinyin = shallowRef<'preparing' | 'ready' | 'failed'>('preparing')
let engine: PinyinEngine | undefined
let fuzzyPairs: readonly FuzzyPair[] = []

export interface TouchKeyboard {
  readonly isOpen: ComputedRef<boolean>
  /** Letters of a word that is being spelled into this field and not chosen yet; '' when there are none. */
  spelling(field: Element | null): string
  /** Closes the keyboard; the field keeps its text. */
  hide(): void
  /** Sounds that may be typed one for the other; a setting of the session. */
  setFuzzy(pairs: readonly FuzzyPair[]): void
  /** Fetches the dictionary before it is needed, for example while the idle screen stands. */
  prepare(): Promise<void>
}

/** The keyboard for the rest of the page; `<KeyboardHost>` must be mounted once. */
export function useTouchKeyboard(): TouchKeyboard {
  return {
    isOpen: computed(() => open.value !== undefined),
    spelling: (field) => (open.value !== undefined && open.value.field === field ? open.value.state.letters : ''),
    hide: () => void (open.value = undefined),
    setFuzzy(pairs) {
      fuzzyPairs = pairs
      engine?.setFuzzy(pairs)
    },
    prepare: preparePinyin,
  }
}

/** Forgets everything that was typed or learned, closes the keyboard and takes its settings back; part of every session's end. */
export function wipeKeyboard(): void {
  open.value = undefined
  fuzzyPairs = []
  engine?.setFuzzy([])
  engine?.wipe()
}

/** For `<KeyboardHost>` only. */
export const keyboardControl = {
  open: open as Readonly<typeof open>,
  pinyin: pinyin as Readonly<typeof pinyin>,
  engine: (): PinyinEngine | undefined => engine,
  /** Opens the keyboard that the field asks for; a field that asks for none closes it. */
  openOn(field: TextField): void {
    const { keyboard, hint } = readFieldAttributes(field.dataset['keyboard'], field.dataset['keyboardHint'])
    if (keyboard === undefined || keyboard === 'none' || field.readOnly || field.disabled) return void (open.value = undefined)
    if (open.value?.field === field) return
    open.value = { field, state: openKeyboard(keyboard, hint) }
    void preparePinyin()
  },
  setState(state: KeyboardState): void {
    if (open.value) open.value = { field: open.value.field, state }
  },
  close(): void {
    open.value = undefined
  },
}

async function preparePinyin(): Promise<void> {
  if (engine) return
  pinyin.value = 'preparing'
  const dictionary = await loadDictionary()
  if (!dictionary.ok) return void (pinyin.value = 'failed')
  engine ??= createPinyinEngine(dictionary.value, fuzzyPairs)
  // The first search compiles the code; better now than under the citizen's finger.
  engine.candidates('chenzhiyuan', { hint: 'name' })
  pinyin.value = 'ready'
}
