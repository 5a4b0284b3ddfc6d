import { describe, expect, it } from 'vitest'
import { LANGUAGES } from '../text/local-text.ts'
import * as sentences from './sentences.ts'
import { DEVICE_CLASSES, DEVICE_STATES, isUsable } from './status.ts'

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
    // Each class × each state × (citizen, staff, one thing to do) × 2 languages, and the operations.
    expect(all.length).toBeGreaterThan(DEVICE_CLASSES.length * DEVICE_STATES.length * 3 * 2 + 200)
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
    expect(all.filter(({ path, sentence }) => path.endsWith('citizen') && /SW3|TCP|HTTP|eSCL|IPP|CUPS|pcscd|SAM|代码|安全模块/.test(sentence))).toEqual([])
  })
})

describe('the states of devices', () => {
  const matrix = DEVICE_CLASSES.flatMap((kind) => DEVICE_STATES.map((state) => ({ kind, state, said: sentences.DEVICE_STATE_SENTENCES[kind][state] })))

  it('never send a citizen away from a device that works, nor to one that does not', () => {
    const away = /人工窗口|不能用|坏了|停用|没有连上/
    expect(matrix.filter(({ state, said }) => isUsable(state) && away.test(said.citizen['zh-CN']))).toEqual([])
    expect(matrix.filter(({ kind, state, said }) => !isUsable(state) && said.citizen['zh-CN'] === sentences.DEVICE_STATE_SENTENCES[kind].ready.citizen['zh-CN'])).toEqual([])
  })

  it('give staff one short thing to do, and nothing when nothing is wrong', () => {
    expect(matrix.filter(({ said }) => said.todo['zh-CN'].length > 20 || said.todo.en.length > 75)).toEqual([])
    for (const { kind, state, said } of matrix) {
      if (state === 'ready' || state === 'busy') expect(`${kind} ${state} ${said.todo['zh-CN']}`).toBe(`${kind} ${state} 不用处理。`)
    }
  })

  it('say of a foreign state that the configuration is wrong', () => {
    expect(sentences.DEVICE_STATE_SENTENCES['code-scanner'].jam.staff['zh-CN']).toBe('扫码器报告了不属于它的状态（卡纸），请检查设备配置。')
    expect(sentences.DEVICE_STATE_SENTENCES['id-card']['paper-low'].citizen).toEqual(sentences.DEVICE_STATE_SENTENCES['id-card'].ready.citizen)
  })

  it('do not send staff to the cable when the device host is away', () => {
    const away = sentences.deviceStateSentences('id-card', { state: 'offline', since: 0, code: 'host-gone' })
    expect(away.staff['zh-CN']).toContain('设备程序正在重新启动')
    expect(away.todo['zh-CN']).not.toContain('数据线')
  })

  it('say why staff took a device out of service', () => {
    const out = sentences.deviceReportSentences({ kind: 'page-printer', status: { state: 'out-of-service', since: 0 }, reason: { 'zh-CN': '正在换墨粉。', en: 'toner is being changed.' } })
    expect(out.citizen).toEqual({ 'zh-CN': 'A4 打印机已停用：正在换墨粉。', en: 'The A4 printer is out of service: toner is being changed.' })
    expect(sentences.deviceReportSentences({ kind: 'page-printer', status: { state: 'out-of-service', since: 0 } }).citizen['zh-CN']).toBe('A4 打印机已停用，需要时请到人工窗口办理。')
  })
})

describe('the sentence for one event', () => {
  it('about pages names the cause when nothing came out, and sends nobody to print again when nobody knows', () => {
    expect(sentences.pagePrintSentences({ kind: 'not-started', why: 'no-toner' }).citizen['zh-CN']).toBe('打印机没有墨粉了，没有打印。请稍后再试，或到人工窗口打印。')
    const unknown = sentences.pagePrintSentences({ kind: 'unknown', why: 'link-lost' })
    expect(unknown.citizen['zh-CN']).not.toContain('再试')
    expect(unknown.staff['zh-CN']).toContain('不要直接重印')
    expect(sentences.pagePrintProgressSentence({ kind: 'printing', page: 2 })['zh-CN']).toBe('正在打印第 2 页，请稍等。')
    expect(sentences.pagePrintProgressSentence({ kind: 'waiting', why: 'no-paper' })['zh-CN']).toContain('加纸')
  })

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
