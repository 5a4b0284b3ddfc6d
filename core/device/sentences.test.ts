import { describe, expect, it } from 'vitest'
import { LANGUAGES } from '../text/local-text.ts'
import * as sentences from './sentences.ts'

/** Every sentence of the module with its path, found by walking its exports. */
function collect(value: unknown, path: string): { path: string; language: string; sentence: string }[] {
  if (typeof value !== 'object' || value === null) return []
  const record = value as Record<string, unknown>
  if ('zh-CN' in record) return LANGUAGES.map((language) => ({ path, language, sentence: typeof record[language] === 'string' ? record[language] : '' }))
  return Object.entries(record).flatMap(([key, inner]) => collect(inner, `${path}.${key}`))
}

const all = Object.entries(sentences).flatMap(([name, value]) => collect(value, name))

describe('what people are told about devices', () => {
  it('exists, in both languages', () => {
    // 3 classes × 10 states × 2 readers × 2 languages, and the operations.
    expect(all.length).toBeGreaterThan(120)
    expect(all.filter(({ sentence }) => sentence.trim() === '')).toEqual([])
  })

  it('does not shout', () => {
    expect(all.filter(({ sentence }) => /[!！]/.test(sentence))).toEqual([])
  })

  it('is written in its own language', () => {
    expect(all.filter(({ language, sentence }) => (language === 'zh-CN') !== /\p{Script=Han}/u.test(sentence))).toEqual([])
  })

  it('is a sentence, not a paragraph: it ends with a stop and is short enough to be read while standing', () => {
    const spoken = all.filter(({ path }) => !path.startsWith('DEVICE_CLASS_NAMES'))
    expect(spoken.filter(({ sentence }) => !/[。.]$/.test(sentence))).toEqual([])
    expect(spoken.filter(({ path, language, sentence }) => path.endsWith('citizen') && sentence.length > (language === 'zh-CN' ? 45 : 120))).toEqual([])
  })

  it('tells the citizen nothing of protocols', () => {
    expect(all.filter(({ path, sentence }) => path.endsWith('citizen') && /SW3|TCP|HTTP|eSCL|code|代码/.test(sentence))).toEqual([])
  })
})

describe('the sentence for one event', () => {
  it('after silence sends the citizen to the outlet, not to the reprint button', () => {
    const { citizen, staff } = sentences.printSentences({ kind: 'unknown', why: 'silent' })
    expect(citizen['zh-CN']).toBe('请看一看出纸口：如果没有回执，请凭办件编号查询。')
    expect(staff['zh-CN']).toContain('打印机无回应')
  })

  it('names the cause when nothing was printed, and what to do', () => {
    expect(sentences.printSentences({ kind: 'not-started', why: 'no-paper' }).citizen['zh-CN']).toBe('打印纸用完了，回执没有打印。请记下办件编号，凭编号可以查询和补打。')
  })

  it('gives the code to staff only', () => {
    const { citizen, staff } = sentences.cardReadErrorSentences({ kind: 'card-refused', code: '000033' })
    expect(staff.en).toContain('(Code 000033)')
    expect(JSON.stringify(citizen)).not.toContain('000033')
    expect(sentences.deviceStateSentences('id-card', { state: 'offline', since: 0, code: 'host-gone' }).staff['zh-CN']).toContain('（代码 host-gone）')
    expect(sentences.scanErrorSentences({ kind: 'jam' })).toEqual(sentences.SCAN_SENTENCES.jam)
  })
})
