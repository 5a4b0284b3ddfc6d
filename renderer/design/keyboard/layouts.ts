import { unreachable } from '../../../core/result/result.ts'
import type { KeyboardState } from './keyboard-state.ts'
import type { KeyboardStrings } from './strings.ts'

/** Names of the layouts, as simple-keyboard's `layoutName`. */
export type LayoutName = 'pinyin' | 'latin' | 'latin-shift' | 'digits' | 'id-number' | 'phone' | 'date' | 'symbols'

const PAD = (lowest: string): string[] => ['1 2 3 {bksp}', '4 5 6 {clear}', '7 8 9 {next}', `${lowest} {done}`]

/** Keys of each layout, row by row. Names in braces are function keys. */
export const LAYOUTS: Readonly<Record<LayoutName, string[]>> = {
  pinyin: ['q w e r t y u i o p', 'a s d f g h j k l', '{boundary} z x c v b n m {bksp}', '{digits} {symbols} {language} {space} {next} {done}'],
  latin: ['q w e r t y u i o p', 'a s d f g h j k l', '{shift} z x c v b n m {bksp}', '{digits} {symbols} {language} {space} {next} {done}'],
  'latin-shift': ['Q W E R T Y U I O P', 'A S D F G H J K L', '{shift} Z X C V B N M {bksp}', '{digits} {symbols} {language} {space} {next} {done}'],
  digits: ['1 2 3 {bksp}', '4 5 6 {letters}', '7 8 9 {next}', '. 0 - {done}'],
  'id-number': PAD('X 0'),
  phone: PAD('- 0'),
  date: PAD('- 0'),
  symbols: ['， 。 、 ； ： （ ） 《 》 ·', '# - / _ @ . , : & +', '？ “ ” % * = ~ 〔 〕 {bksp}', '{letters} {digits} {space} {next} {done}'],
}

export function layoutOf(state: KeyboardState): LayoutName {
  switch (state.mode) {
    case 'pinyin':
    case 'digits':
    case 'id-number':
    case 'phone':
    case 'date':
    case 'symbols':
      return state.mode
    case 'latin':
      return state.shift === 'off' ? 'latin' : 'latin-shift'
    default:
      return unreachable(state.mode)
  }
}

/** Whether the layout is a pad of digits, which is drawn narrower. */
export function isPad(layout: LayoutName): boolean {
  return layout === 'digits' || layout === 'id-number' || layout === 'phone' || layout === 'date'
}

/**
 * What stands on the function keys. While letters wait for a choice, the keys that would leave the field choose the first
 * word or drop the letters instead, and say so.
 */
export function displayOf(state: KeyboardState, strings: KeyboardStrings): Record<string, string> {
  const composing = state.letters !== ''
  return {
    '{bksp}': `⌫ ${strings.backspace}`,
    '{clear}': strings.clear,
    '{shift}': `⇧ ${strings.shift}`,
    '{boundary}': strings.boundary,
    '{digits}': strings.digits,
    '{symbols}': strings.symbols,
    '{letters}': strings.letters,
    '{language}': state.mode === 'pinyin' ? strings.toEnglish : strings.toChinese,
    '{space}': composing ? strings.choose : strings.space,
    '{next}': composing ? strings.clear : strings.next,
    '{done}': composing ? strings.choose : strings.done,
  }
}
