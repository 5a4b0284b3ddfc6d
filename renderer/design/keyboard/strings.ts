import type { Language } from '../../../core/text/local-text.ts'

/** Every word that the keyboard shows or that a screen reader hears from it. */
export interface KeyboardStrings {
  readonly keyboard: string
  readonly space: string
  readonly backspace: string
  readonly clear: string
  readonly shift: string
  readonly digits: string
  readonly symbols: string
  readonly letters: string
  readonly toChinese: string
  readonly toEnglish: string
  readonly boundary: string
  readonly next: string
  readonly done: string
  readonly choose: string
  readonly hide: string
  readonly candidates: string
  readonly previousPage: string
  readonly nextPage: string
  readonly moreWords: string
  readonly fewerWords: string
  readonly pinyinHelp: string
  readonly preparing: string
  readonly pinyinFailed: string
  readonly empty: string
}

export const KEYBOARD_STRINGS: Readonly<Record<Language, KeyboardStrings>> = {
  'zh-CN': {
    keyboard: '屏幕键盘',
    space: '空格',
    backspace: '删除',
    clear: '清空',
    shift: '大写',
    digits: '数字',
    symbols: '符号',
    letters: '字母',
    toChinese: '中文',
    toEnglish: '英文',
    boundary: '分隔',
    next: '下一项',
    done: '完成',
    choose: '选定',
    hide: '收起',
    candidates: '候选字词',
    previousPage: '上一页',
    nextPage: '下一页',
    moreWords: '更多',
    fewerWords: '返回',
    pinyinHelp: '输入拼音，只打首字母也可以',
    preparing: '拼音正在准备，请稍候',
    pinyinFailed: '拼音暂时不能用，请收起键盘后再点一次输入框',
    empty: '请输入',
  },
  en: {
    keyboard: 'On-screen keyboard',
    space: 'Space',
    backspace: 'Delete',
    clear: 'Clear',
    shift: 'Shift',
    digits: '123',
    symbols: 'Signs',
    letters: 'ABC',
    toChinese: '中文',
    toEnglish: 'English',
    boundary: 'Split',
    next: 'Next',
    done: 'Done',
    choose: 'Choose',
    hide: 'Hide',
    candidates: 'Suggested words',
    previousPage: 'Previous',
    nextPage: 'Next page',
    moreWords: 'More',
    fewerWords: 'Back',
    pinyinHelp: 'Type pinyin; first letters are enough',
    preparing: 'Pinyin is getting ready, one moment',
    pinyinFailed: 'Pinyin is not available now: hide the keyboard and touch the field again',
    empty: 'Please type',
  },
}
