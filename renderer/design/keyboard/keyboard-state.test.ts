import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { PinyinCandidate } from '../pinyin/engine.ts'
import {
  chooseCandidate,
  groupForReading,
  type KeyboardEffect,
  type KeyboardState,
  openKeyboard,
  pressKey,
  readFieldAttributes,
  textToInsert,
  toggleExpanded,
  turnPage,
} from './keyboard-state.ts'
import { displayOf, layoutOf, LAYOUTS } from './layouts.ts'
import { KEYBOARD_STRINGS } from './strings.ts'

/** A little keyboard with a field behind it and an engine that knows these few readings. */
const KNOWN: readonly PinyinCandidate[] = [
  { text: '居住证', consumed: 10, kind: 'word' },
  { text: '居住', consumed: 5, kind: 'word' },
  { text: '证', consumed: 5, kind: 'word' },
]
const READINGS: Readonly<Record<string, readonly PinyinCandidate[]>> = {
  juzhuzheng: [KNOWN[0]!, KNOWN[1]!],
  juzhu: [KNOWN[1]!],
  zheng: [KNOWN[2]!],
  "ju'zhu": [{ text: '居住', consumed: 6, kind: 'word' }],
  juzhui: [KNOWN[1]!],
  vvv: [{ text: 'vvv', consumed: 3, kind: 'letters' }],
}

function type(keyboard: Parameters<typeof openKeyboard>[0], ...keys: readonly string[]) {
  let state: KeyboardState = openKeyboard(keyboard, 'general')
  let text = ''
  const other: KeyboardEffect[] = []
  for (const key of keys) {
    const candidates = READINGS[state.letters] ?? []
    const picked = key.startsWith('=') ? candidates.find((candidate) => candidate.text === key.slice(1)) : undefined
    const step = picked ? chooseCandidate(state, picked) : pressKey(state, key, candidates)
    state = step.state
    for (const effect of step.effects) {
      if (effect.kind === 'insert') text += effect.text
      else if (effect.kind === 'delete-backward') text = text.slice(0, -1)
      else if (effect.kind === 'clear') text = ''
      else other.push(effect)
    }
  }
  return { state, text, other }
}

describe('pinyin', () => {
  it('keeps letters until a word is chosen', () => {
    expect(type('pinyin', ...'juzhu')).toMatchObject({ text: '', state: { letters: 'juzhu' } })
    expect(type('pinyin', ...'juzhu', '{space}')).toMatchObject({ text: '居住', state: { letters: '' } })
  })

  it('a word for a part of the letters leaves the rest', () => {
    expect(type('pinyin', ...'juzhuzheng', '=居住')).toMatchObject({ text: '居住', state: { letters: 'zheng' } })
  })

  it('learns the whole row that was put together from parts', () => {
    const done = type('pinyin', ...'juzhuzheng', '=居住', '=证')
    expect(done).toMatchObject({ text: '居住证', state: { letters: '' } })
    expect(done.other).toEqual([{ kind: 'learn', letters: 'juzhuzheng', text: '居住证' }])
  })

  it('does not learn letters that were taken as they are', () => {
    expect(type('pinyin', ...'vvv', '{space}')).toMatchObject({ text: 'vvv', other: [] })
  })

  it('delete takes letters first, then the text', () => {
    expect(type('pinyin', ...'juzhu', '{bksp}').state.letters).toBe('juzh')
    expect(type('pinyin', ...'juzhu', '{space}', '{bksp}').text).toBe('居')
  })

  it('done chooses while letters wait, and only then ends', () => {
    expect(type('pinyin', ...'juzhu', '{done}')).toMatchObject({ text: '居住', other: [{ kind: 'learn' }] })
    expect(type('pinyin', ...'juzhu', '{done}', '{done}').other.at(-1)).toEqual({ kind: 'done' })
  })

  it('next drops the letters while some wait, and says so on the key', () => {
    const dropped = type('pinyin', ...'juzhu', '{next}')
    expect(dropped).toMatchObject({ text: '', other: [], state: { letters: '' } })
    expect(displayOf(type('pinyin', 'j').state, KEYBOARD_STRINGS['zh-CN'])).toMatchObject({ '{next}': '清空', '{done}': '选定' })
    expect(displayOf(dropped.state, KEYBOARD_STRINGS['zh-CN'])).toMatchObject({ '{next}': '下一项', '{done}': '完成' })
  })

  it('an apostrophe stands between letters, once', () => {
    expect(type('pinyin', '{boundary}', 'j', '{boundary}', '{boundary}', 'u').state.letters).toBe("j'u")
  })

  it('the boundary at the join goes with the word', () => {
    const state = { ...openKeyboard('pinyin', 'general'), letters: "ju'zhu" }
    expect(chooseCandidate(state, { text: '居', consumed: 2, kind: 'word' }).state.letters).toBe('zhu')
  })

  it('a sign takes the first word before it', () => {
    expect(type('pinyin', ...'juzhu', '，').text).toBe('居住，')
    expect(type('pinyin', ...'juzhui', '，').text).toBe('居住i，')
  })

  it('changing the keys takes the first word', () => {
    expect(type('pinyin', ...'juzhu', '{digits}', '8')).toMatchObject({ text: '居住8', state: { mode: 'digits', letters: '' } })
    expect(type('pinyin', '{digits}', '8', '{letters}', 'j')).toMatchObject({ text: '8', state: { mode: 'pinyin', letters: 'j' } })
  })

  it('takes no more letters than the engine reads', () => {
    expect(type('pinyin', ...'a'.repeat(90)).state.letters).toHaveLength(48)
  })
})

describe('other keyboards', () => {
  it('Latin letters go in at once; shift holds for one letter, twice for all', () => {
    expect(type('latin', '{shift}', 'A', 'b')).toMatchObject({ text: 'Ab', state: { shift: 'off' } })
    expect(type('latin', '{shift}', '{shift}', 'A', 'B')).toMatchObject({ text: 'AB', state: { shift: 'locked' } })
    expect(type('latin', '{shift}', '{shift}', '{shift}').state.shift).toBe('off')
  })

  it('the language key goes there and back', () => {
    expect(type('pinyin', '{language}', 'a').text).toBe('a')
    expect(type('pinyin', '{language}', '{language}', 'a')).toMatchObject({ text: '', state: { letters: 'a' } })
    expect(type('pinyin', '{language}', '{symbols}', '{letters}').state.mode).toBe('latin')
  })

  it('an ID number takes digits and X, and can be cleared', () => {
    expect(type('id-number', ...'99010119901105001', 'X').text).toBe('99010119901105001X')
    expect(type('id-number', '9', '9', '{clear}', '1').text).toBe('1')
  })

  it('every layout can delete, go on and end, except where a pad has other work', () => {
    for (const [name, rows] of Object.entries(LAYOUTS)) {
      for (const key of ['{bksp}', '{next}', '{done}']) expect(`${name}: ${rows.join(' ')}`).toContain(key)
    }
  })

  it('every key of every layout has a caption, and every state a layout', () => {
    const captions = displayOf(openKeyboard('pinyin', 'general'), KEYBOARD_STRINGS.en)
    const functionKeys = Object.values(LAYOUTS).flat().join(' ').match(/\{\w+\}/g) ?? []
    expect([...new Set(functionKeys)].filter((key) => !captions[key])).toEqual([])
    expect(layoutOf({ ...openKeyboard('latin', 'general'), shift: 'locked' })).toBe('latin-shift')
  })

  it('has the signs that addresses need', () => {
    const signs = LAYOUTS.symbols.join(' ').split(' ')
    expect(signs).toEqual(expect.arrayContaining(['。', '，', '、', '；', '（', '）', '#', '-', '/']))
  })
})

describe('dates', () => {
  const typeDate = (digits: string): string => [...digits].reduce((before, digit) => before + textToInsert('date', before, true, digit), '')
  it('the hyphens come by themselves, also when they are typed', () => {
    expect(typeDate('19901105')).toBe('1990-11-05')
    expect(typeDate('1990-11-05')).toBe('1990-11-05')
    expect(typeDate('1-99')).toBe('199')
  })
  it('nothing is added in the middle, nor in other fields', () => {
    expect(textToInsert('date', '1990', false, '1')).toBe('1')
    expect(textToInsert('digits', '1990', true, '1')).toBe('1')
  })
})

describe('grouping', () => {
  it.each([
    ['id-number', '990101199011050014', '9901 0119 9011 0500 14'],
    ['id-number', '9901', '9901'],
    ['id-number', '', ''],
    ['phone', '13800138000', '138 0013 8000'],
    ['phone', '1380', '138 0'],
    ['phone', '0571-8800', '0571-8800'],
    ['pinyin', '一二三四五', '一二三四五'],
  ] as const)('%s %s', (mode, value, shown) => expect(groupForReading(mode, value)).toBe(shown))
})

describe('pages', () => {
  it('stay within what there is, and begin anew with each letter', () => {
    const state = type('pinyin', ...'juzhu').state
    expect(turnPage(state, -1, 3).page).toBe(0)
    expect(turnPage({ ...state, page: 2 }, 1, 3).page).toBe(2)
    expect(turnPage(state, 1, 0).page).toBe(0)
    expect(pressKey({ ...state, page: 2 }, 'a', []).state.page).toBe(0)
  })
  it('open over the keys only while there are letters, and close with the last', () => {
    expect(toggleExpanded(openKeyboard('pinyin', 'general')).expanded).toBe(false)
    const state = toggleExpanded(type('pinyin', ...'juzhu').state)
    expect(state.expanded).toBe(true)
    expect(chooseCandidate(state, KNOWN[1]!).state.expanded).toBe(false)
  })
})

it('reads the attributes of a field', () => {
  expect(readFieldAttributes('pinyin', 'name')).toEqual({ keyboard: 'pinyin', hint: 'name' })
  expect(readFieldAttributes('id-number', undefined)).toEqual({ keyboard: 'id-number', hint: 'general' })
  expect(readFieldAttributes('qwerty', 'shoe size')).toEqual({ keyboard: undefined, hint: 'general' })
})

it('says everything in both languages', () => {
  expect(Object.keys(KEYBOARD_STRINGS.en).sort()).toEqual(Object.keys(KEYBOARD_STRINGS['zh-CN']).sort())
})

it('whatever keys are pressed, letters are only ever letters and nothing is thrown', () => {
  const key = fc.constantFrom('a', 'j', 'u', 'v', '1', '，', '{bksp}', '{clear}', '{shift}', '{boundary}', '{space}', '{next}', '{done}', '{language}', '{letters}', '{digits}', '{symbols}')
  fc.assert(
    fc.property(fc.constantFrom('pinyin', 'latin', 'digits', 'id-number', 'phone', 'date'), fc.array(key, { maxLength: 60 }), (keyboard, keys) => {
      const { state } = type(keyboard, ...keys)
      expect(state.letters).toMatch(/^[a-z']{0,48}$/)
      if (state.mode !== 'pinyin') expect(state.letters).toBe('')
    }),
  )
})
